// Closing: nothing that the source demands may vanish with it.
#include <fmt/format.h>

#include "core/incident/advance.h"
#include "core/incident/cover.h"
#include "core/incident/decide.h"
#include "core/incident/gates.h"
#include "core/incident/telling.h"
#include "model/vocabulary.h"

namespace tingan::detail {
namespace {

const Step& step_at(const IncidentState& state, int index) {
  return state.plan->steps[static_cast<std::size_t>(index)];
}

void append(Text& text, const Text& more) {
  text.zh += (text.zh.empty() ? "" : "；") + more.zh;
  text.en += (text.en.empty() ? "" : "; ") + more.en;
}

Text role_of(const Step& step) {
  const RoleInfo* role = find_role(step.role);
  return role == nullptr ? Text{"在岗人员", "whoever is there"} : role->name;
}

Text step_with_role(const Step& step) {
  const Text role = role_of(step);
  return {fmt::format("{}（{}）", step.text.zh, role.zh), fmt::format("{} ({})", step.text.en, role.en)};
}

// What stands in the way, first for people, then by name (Error::where).
Error refusal(const IncidentState& state, const Missing& missing, bool with_skip) {
  Text gates;
  for (const Gate& gate : state.plan->gates) {
    const bool named = std::find(missing.gates.begin(), missing.gates.end(), gate.id) != missing.gates.end();
    if (named) append(gates, gate.text);
  }
  Text musts;
  Text others;
  for (const PartId id : missing.steps) {
    const Step& step = step_at(state, find_step(*state.plan, id));
    append(is_must(state, step) ? musts : others, step_with_role(step));
  }
  Text all;
  if (!gates.empty()) append(all, {"尚缺：" + gates.zh, "these closing gates are not met: " + gates.en});
  if (!musts.empty()) append(all, {"必须做完：" + musts.zh, "these steps must be done: " + musts.en});
  if (!others.empty() && !with_skip) {
    append(all, {"还没做：" + others.zh + "。这几步做完，或者写一条理由一并说明",
                 "these steps are open, to be done or settled with one reason: " + others.en});
  }
  return {"incident.gates-unmet",
          {"还不能结案。" + all.zh, "Expected everything that closing asks for, but " + all.en},
          to_where(missing)};
}

// Skips them and whatever opens behind them, until only musts are left; these are given back.
std::vector<PartId> settle(Draft& draft, const Sealed& reason) {
  std::vector<PartId> musts;
  std::vector<int> wanted = open_demands(draft.state());
  while (!wanted.empty()) {
    for (const int index : wanted) {
      const Step& step = step_at(draft.state(), index);
      if (step.clauses.empty()) continue;
      if (is_must(draft.state(), step)) {
        musts.push_back(step.id);
      } else {
        draft.emit(StepMarked{.step = step.id, .status = StepStatus::skipped, .note = reason});
      }
    }
    if (!musts.empty()) return musts;
    wanted = openings(draft.state());
    std::erase_if(wanted, [&](int index) { return step_at(draft.state(), index).clauses.empty(); });
  }
  return musts;
}

}  // namespace

Expected<Decision> close(const IncidentState& state, const CloseIncident& command, const DecideContext& context) {
  if (is_ended(state)) return ended(state, context);
  if (!may_close(context.directory, context.who, state)) return may_not_lead();
  IncidentClosed event;
  Missing missing;
  for (const GateView& view : gates_of(state, context.related, context.acceptance_reconciled)) {
    event.gates.push_back(view.gate->id);
    if (!view.met) missing.gates.push_back(view.gate->id);
  }
  Draft draft(state, context, actor_of(context));
  if (command.has_skip) {
    missing.steps = settle(draft, command.skip);
  } else {
    for (const int index : open_demands(state)) missing.steps.push_back(step_at(state, index).id);
  }
  if (!missing.gates.empty() || !missing.steps.empty()) {
    return tl::unexpected(refusal(state, missing, command.has_skip));
  }
  lift_cover(draft);
  draft.emit(std::move(event));
  end_moot_tellings(draft);
  return std::move(draft).finish();
}

}  // namespace tingan::detail
