#include "core/incident/advance.h"
#include "core/incident/decide.h"
#include "core/incident/telling.h"

namespace tingan::detail {
namespace {

// The transitions that a person may make; everything else is the plan's own doing (advance.cpp). A must that was left
// out is still owed: it may be done later.
bool may_move(const Step& step, StepStatus from, StepStatus to) {
  switch (from) {
    case StepStatus::skipped:
      return step.must && to == StepStatus::done;
    case StepStatus::open:
      return to == StepStatus::started || to == StepStatus::done || to == StepStatus::skipped;
    case StepStatus::started:
      return to == StepStatus::done || to == StepStatus::skipped;
    default:
      return false;
  }
}

Text say_status(StepStatus status) {
  switch (status) {
    case StepStatus::waiting:
      return {"还没有轮到", "waiting"};
    case StepStatus::open:
      return {"待办", "open"};
    case StepStatus::started:
      return {"进行中", "started"};
    case StepStatus::done:
      return {"已完成", "done"};
    case StepStatus::skipped:
      return {"已跳过", "skipped"};
    case StepStatus::withdrawn:
      return {"已撤回", "withdrawn"};
  }
  return {};
}

bool contains(const std::vector<PersonId>& people, PersonId person) {
  return std::find(people.begin(), people.end(), person) != people.end();
}

// An `each` step is done when everyone whom it opened for has done the own part.
bool finishes_each(const StepState& state, PersonId person) {
  return std::all_of(state.people.begin(), state.people.end(),
                     [&](PersonId wanted) { return wanted == person || contains(state.done_by, wanted); });
}

// Doing a step says "I have it" to every notice of the person that asked for it.
std::vector<std::uint32_t> notices_about(const IncidentState& state, PartId step, PersonId person) {
  std::vector<std::uint32_t> found;
  for (const TellingState& telling : state.tellings) {
    const bool about = std::any_of(telling.reasons.begin(), telling.reasons.end(),
                                   [&](const Reason& reason) { return reason.part == step; });
    if (!about) continue;
    for (const std::uint32_t n : telling.notices) {
      if (state.notices[n - 1].person == person && std::find(found.begin(), found.end(), n) == found.end())
        found.push_back(n);
    }
  }
  return found;
}

struct Standing {
  RoleId role;
  bool on_behalf = false;
};

// Two who count are two: the second one is not the first again, in whatever name.
Expected<void> check_second(const IncidentState& state, const Step& step, const MarkStep& command,
                            const DecideContext& context) {
  if (command.status != StepStatus::done) return {};
  const auto done_by = [&](int index) {
    const StepState& other = state.steps[static_cast<std::size_t>(index)];
    return other.status == StepStatus::done && other.marked_by.person == context.who.person;
  };
  bool again = step.second_to >= 0 && done_by(step.second_to);
  for (std::size_t i = 0; i < state.steps.size(); ++i) {
    const int first = state.plan->steps[i].second_to;
    if (first >= 0 && state.plan->steps[static_cast<std::size_t>(first)].id == step.id) {
      again = again || done_by(static_cast<int>(i));
    }
  }
  if (!again) return {};
  return fail("incident.same-person",
              {"这一步要由另一个人来做，不能一个人做两份",
               fmt::format("Expected somebody else to do '{}', but you did the other part of it", step.id.str())},
              "step");
}

// Where doing a step settles a fact, it is stated with it.
void state_with(Draft& draft, const Step& step) {
  FactsStated event;
  for (const FactSetting& setting : step.states) {
    const int index = find_fact(draft.plan(), setting.fact);
    const FactState& now = draft.state().facts[static_cast<std::size_t>(index)];
    if (now.value != setting.value || !now.stated) event.set.push_back(setting);
  }
  if (!event.set.empty()) draft.emit(std::move(event));
}

Expected<Standing> standing_for(const IncidentState& state, const Step& step, const StepState& step_state,
                                const DecideContext& context) {
  RoleId role = role_for(context.directory, context.who, step.role, state.unit);
  for (const RoleId other : step.also_by) {
    if (role.empty()) role = role_for(context.directory, context.who, other, state.unit);
  }
  if (!role.empty()) return Standing{role, false};
  if (contains(step_state.people, context.who.person)) return Standing{acting_role(context.who), false};
  if (may_act_on_behalf(context.directory, context.who, state.unit)) return Standing{acting_role(context.who), true};
  return not_allowed(
      {"这一步由别的岗位处理", fmt::format("Expected a holder of role '{}', but you hold none", step.role.str())});
}

}  // namespace

Expected<Decision> mark_step(const IncidentState& state, const MarkStep& command, const DecideContext& context) {
  if (is_ended(state)) return ended(state, context);
  const int index = find_step(*state.plan, command.step);
  if (index < 0) {
    return fail("incident.unknown-step",
                {fmt::format("预案里没有步骤“{}”", command.step.str()),
                 fmt::format("Expected a step of the plan, but got '{}'", command.step.str())},
                "step");
  }
  const Step& step = state.plan->steps[static_cast<std::size_t>(index)];
  const StepState& now = state.steps[static_cast<std::size_t>(index)];
  const auto standing = standing_for(state, step, now, context);
  if (!standing) return tl::unexpected(standing.error());
  if (command.status == StepStatus::skipped && !command.has_reason) {
    return fail("incident.reason-needed", {"跳过步骤请写明原因", "Expected a reason for skipping, but there was none"},
                "reason");
  }
  if (!may_move(step, now.status, command.status)) {
    const Text status = say_status(now.status);
    return fail("incident.step-not-open",
                {fmt::format("这一步现在是“{}”，不能这样标记", status.zh),
                 fmt::format("Expected step '{}' to be open, but it is {}", step.id.str(), status.en)},
                "step");
  }
  if (auto fine = check_second(state, step, command, context); !fine) return tl::unexpected(fine.error());
  StepMarked event{.step = step.id, .status = command.status, .note = command.note};
  if (standing->on_behalf) event.on_behalf_of = step.role;
  const bool own_part = step.each && !standing->on_behalf && command.status == StepStatus::done;
  if (own_part) {
    event.finished_by = context.who.person;
    if (!finishes_each(now, context.who.person)) event.status = StepStatus::started;
  }
  Draft draft(state, context, {context.who.person, standing->role});
  draft.emit(std::move(event));
  acknowledge(draft, notices_about(draft.state(), step.id, context.who.person));
  if (draft.state().steps[static_cast<std::size_t>(index)].status == StepStatus::done) state_with(draft, step);
  advance(draft);
  return std::move(draft).finish();
}

}  // namespace tingan::detail
