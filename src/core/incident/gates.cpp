#include "core/incident/gates.h"

#include "core/incident/advance.h"

namespace tingan {
namespace {

bool holds_in(const IncidentState& state, const Condition& condition) {
  return holds(condition, [&state](int fact) { return state.facts[static_cast<std::size_t>(fact)].value; });
}

bool step_settled(const IncidentState& state, int index) {
  const auto i = static_cast<std::size_t>(index);
  const StepStatus status = state.steps[i].status;
  return status == StepStatus::done || status == StepStatus::skipped || !applies(state, state.plan->steps[i]);
}

bool report_filed(const IncidentState& state, const std::string& kind) {
  return std::any_of(state.reports.begin(), state.reports.end(),
                     [&](const ReportState& report) { return report.kind == kind && report.filed_count > 0; });
}

bool met(const IncidentState& state, const Need& need, const std::vector<IncidentPtr>& children,
         bool acceptance_reconciled) {
  if (need.acceptance && !acceptance_reconciled) return false;
  if (!holds_in(state, need.condition)) return false;
  if (!std::all_of(need.steps.begin(), need.steps.end(), [&](int step) { return step_settled(state, step); }))
    return false;
  if (!need.report.empty() && !report_filed(state, need.report)) return false;
  if (!need.form.empty() && std::none_of(state.forms.begin(), state.forms.end(),
                                         [&](const FormState& form) { return form.form == need.form; })) {
    return false;
  }
  if (!need.children) return true;
  return std::all_of(children.begin(), children.end(), [&](const IncidentPtr& child) {
    return child->status == IncidentStatus::retracted || holds_in(*child, *need.children);
  });
}

}  // namespace

bool asks_for_reconciliation(const Plan& plan) {
  return std::any_of(plan.gates.begin(), plan.gates.end(), [](const Gate& gate) { return gate.needs.acceptance; });
}

std::vector<GateView> gates_of(const IncidentState& state, const std::vector<IncidentPtr>& children,
                               bool acceptance_reconciled) {
  std::vector<GateView> views;
  for (const Gate& gate : state.plan->gates) {
    if (belongs(state, gate.of_parent))
      views.push_back({&gate, met(state, gate.needs, children, acceptance_reconciled)});
  }
  return views;
}

}  // namespace tingan
