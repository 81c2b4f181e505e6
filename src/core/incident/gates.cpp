#include "core/incident/gates.h"

#include <set>

#include "core/incident/advance.h"

namespace tingan {
namespace {

const FactState& fact_at(const IncidentState& state, int index) { return state.facts[static_cast<std::size_t>(index)]; }

bool holds_in(const IncidentState& state, const Condition& condition) {
  return holds(condition, [&state](int fact) { return fact_at(state, fact).value; });
}

// Over what somebody has said; the value of the start says nothing.
Truth stated_truth(const IncidentState& state, const Condition& condition) {
  return truth_of(condition, [&state](int fact) {
    const FactState& one = fact_at(state, fact);
    return one.stated ? one.value : ValueId();
  });
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

bool form_filed(const IncidentState& state, FormId wanted) {
  return std::any_of(state.forms.begin(), state.forms.end(),
                     [&](const FormState& form) { return form.form == wanted; });
}

bool children_hold(const IncidentState& state, const Condition& wanted, const std::vector<IncidentPtr>& related) {
  return std::all_of(related.begin(), related.end(), [&](const IncidentPtr& one) {
    const bool child = std::any_of(state.children.begin(), state.children.end(),
                                   [&](const ChildLink& link) { return link.child == one->id; });
    return !child || one->status == IncidentStatus::retracted || holds_in(*one, wanted);
  });
}

// What a chain started is waited for until it is closed or was taken back.
bool chains_ended(const IncidentState& state, const std::vector<PartId>& chains,
                  const std::vector<IncidentPtr>& related) {
  return std::all_of(state.chains.begin(), state.chains.end(), [&](const ChainLink& link) {
    if (std::find(chains.begin(), chains.end(), link.chain) == chains.end()) return true;
    const auto started =
        std::find_if(related.begin(), related.end(), [&](const IncidentPtr& one) { return one->id == link.started; });
    return started != related.end() && (*started)->ended_at != kNever;
  });
}

bool stated_apart(const IncidentState& state, const Apart& apart) {
  std::set<PersonId> persons;
  for (const int index : apart.facts) {
    const FactState& one = fact_at(state, index);
    if (!one.stated) return false;
    if (one.at - state.declared_at >= apart.or_after) return true;
    persons.insert(one.by.person);
  }
  return persons.size() >= static_cast<std::size_t>(apart.persons);
}

bool met(const IncidentState& state, const Need& need, const std::vector<IncidentPtr>& related,
         bool acceptance_reconciled) {
  if (need.acceptance && !acceptance_reconciled) return false;
  if (stated_truth(state, need.condition) != Truth::yes) return false;
  if (!std::all_of(need.steps.begin(), need.steps.end(), [&](int step) { return step_settled(state, step); }))
    return false;
  if (!need.report.empty() && !report_filed(state, need.report)) return false;
  if (!need.form.empty() && !form_filed(state, need.form)) return false;
  if (need.apart && !stated_apart(state, *need.apart)) return false;
  return chains_ended(state, need.chains, related) && (!need.children || children_hold(state, *need.children, related));
}

std::string joined(const char* head, const std::vector<PartId>& ids) {
  std::string out;
  for (const PartId id : ids) out += (out.empty() ? head : ",") + id.str();
  return out;
}

std::vector<PartId> ids_after(std::string_view where, std::string_view head) {
  std::vector<PartId> out;
  const auto start = where.find(head);
  if (start == std::string_view::npos) return out;
  std::string_view rest = where.substr(start + head.size());
  rest = rest.substr(0, rest.find(';'));
  while (!rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    out.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

constexpr const char* kGates = "gates.";
constexpr const char* kSteps = "steps.";

}  // namespace

bool asks_for_reconciliation(const Plan& plan) {
  return std::any_of(plan.gates.begin(), plan.gates.end(), [](const Gate& gate) { return gate.needs.acceptance; });
}

std::vector<GateView> gates_of(const IncidentState& state, const std::vector<IncidentPtr>& related,
                               bool acceptance_reconciled) {
  std::vector<GateView> views;
  for (const Gate& gate : state.plan->gates) {
    if (belongs(state, gate.of_parent))
      views.push_back({&gate, met(state, gate.needs, related, acceptance_reconciled)});
  }
  return views;
}

std::vector<int> open_demands(const IncidentState& state) {
  std::vector<int> out;
  for (std::size_t i = 0; i < state.steps.size(); ++i) {
    const StepStatus status = state.steps[i].status;
    const Step& step = state.plan->steps[i];
    const bool active = status == StepStatus::open || status == StepStatus::started;
    const bool owed = status == StepStatus::skipped && is_must(state, step) && applies(state, step);
    if ((active || owed) && !step.clauses.empty()) out.push_back(static_cast<int>(i));
  }
  return out;
}

bool is_must(const IncidentState& state, const Step& step) {
  if (!step.must) return false;
  return (stated_truth(state, step.must_when) == Truth::yes) != step.must_unless;
}

std::string to_where(const Missing& missing) {
  std::string out = joined(kGates, missing.gates);
  const std::string steps = joined(kSteps, missing.steps);
  if (!out.empty() && !steps.empty()) out += ';';
  return out + steps;
}

Missing missing_of(std::string_view where) { return {ids_after(where, kGates), ids_after(where, kSteps)}; }

}  // namespace tingan
