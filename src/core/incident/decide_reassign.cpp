// Somebody is no longer whom the program tells: gave the role away, is not here, is stood in for, is not in the
// organisation any more. What is open with that person passes on at once, and nothing more goes to that person.
#include "core/incident/advance.h"
#include "core/incident/decide.h"
#include "core/incident/passing.h"
#include "core/incident/telling.h"
#include "model/vocabulary.h"

namespace tingan::detail {
namespace {

bool contains(const std::vector<PersonId>& people, PersonId person) {
  return std::find(people.begin(), people.end(), person) != people.end();
}

bool is_active(const StepState& step) { return step.status == StepStatus::open || step.status == StepStatus::started; }

bool has_declined(const StepState& step, PersonId person) {
  return std::any_of(step.declined.begin(), step.declined.end(),
                     [&](const Declination& one) { return one.person == person; });
}

// Who stands in the leaver's place for the role; empty: nobody in particular.
PersonId replacement(const Draft& draft, const ReassignSteps& command, RoleId role) {
  const Directory& directory = draft.context().directory;
  const UnitId home = directory.home_of(role, draft.state().unit);
  const PersonId next =
      directory.in_place_of(home.empty() ? draft.state().unit : home, role, command.from, draft.now());
  return next == command.from ? PersonId() : next;
}

bool concerns(const ReassignSteps& command, RoleId wanted, RoleId acting) {
  return command.role.empty() || command.role == wanted || command.role == acting;
}

// Everybody does the own part; only who took the leaver's place takes that part, too.
void pass_own_part(const Draft& draft, const ReassignSteps& command, const Step& step, const Found& found,
                   StepPassed& passed) {
  for (const RoleInfo& role : roles()) {
    if (step.role != staff_role() && role.id != step.role) continue;
    const PersonId next = replacement(draft, command, role.id);
    const bool fits = !next.empty() && contains(found.people, next) && !contains(passed.people, next);
    if (fits) passed.people.push_back(next);
  }
}

// To whom the roster has now, beside those who have it already; where that leaves nobody, along the line as after an
// "I cannot".
StepPassed pass(const Draft& draft, const ReassignSteps& command, std::size_t index) {
  const Step& step = draft.plan().steps[index];
  const StepState& now = draft.state().steps[index];
  Found found = draft.context().directory.who(draft.state().unit, step.role, draft.now());
  std::erase_if(found.people, [&](PersonId person) { return person == command.from || has_declined(now, person); });
  StepPassed passed{step.id, now.people, found.via, found.acting};
  std::erase(passed.people, command.from);
  if (step.each) {
    pass_own_part(draft, command, step, found, passed);
  } else {
    for (const PersonId person : found.people) {
      if (!contains(passed.people, person)) passed.people.push_back(person);
    }
  }
  if (!passed.people.empty()) {
    if (passed.via == FoundBy::nobody) passed.via = FoundBy::roster;
    return passed;
  }
  const Found next = next_of_step(draft, step, now, command.from);
  return {step.id, next.people, next.via, next.acting};
}

std::vector<StepPassed> steps_to_pass(const Draft& draft, const ReassignSteps& command) {
  std::vector<StepPassed> out;
  for (std::size_t i = 0; i < draft.state().steps.size(); ++i) {
    const Step& step = draft.plan().steps[i];
    const StepState& now = draft.state().steps[i];
    if (!is_active(now) || !contains(now.people, command.from)) continue;
    if (step.each && contains(now.done_by, command.from)) continue;
    const Found found = draft.context().directory.who(draft.state().unit, step.role, draft.now());
    // Who gave one role away may still be asked for another reason, and whoever else has it keeps it.
    if (!command.role.empty() && contains(found.people, command.from)) continue;
    if (step.role != staff_role() && !concerns(command, step.role, found.acting)) continue;
    out.push_back(pass(draft, command, i));
  }
  return out;
}

bool is_about(const Reason& reason, const std::vector<StepPassed>& steps) {
  return (reason.kind == ReasonKind::step || reason.kind == ReasonKind::passed_on) &&
         std::any_of(steps.begin(), steps.end(), [&](const StepPassed& one) { return one.step == reason.part; });
}

bool told_in(const IncidentState& state, const TellingState& telling, PersonId person) {
  return std::any_of(telling.notices.begin(), telling.notices.end(),
                     [&](std::uint32_t n) { return state.notices[n - 1].person == person; });
}

bool waits_for(const IncidentState& state, const TellingState& telling, PersonId person) {
  return std::any_of(telling.notices.begin(), telling.notices.end(), [&](std::uint32_t n) {
    return state.notices[n - 1].person == person && state.notices[n - 1].acknowledged == kNever;
  });
}

// Tellings of the leaver about the steps that pass on (also those that were acknowledged: who said "I have it" has it
// no more), and whatever else still waits for the leaver's word.
std::vector<std::uint32_t> tellings_to_leave(const Draft& draft, const ReassignSteps& command,
                                             const std::vector<StepPassed>& steps) {
  std::vector<std::uint32_t> out;
  const IncidentState& state = draft.state();
  for (const TellingState& telling : state.tellings) {
    if (!told_in(state, telling, command.from)) continue;
    const bool of_step = std::any_of(telling.reasons.begin(), telling.reasons.end(),
                                     [&](const Reason& reason) { return is_about(reason, steps); });
    const bool of_role = concerns(command, telling.role, telling.acting) ||
                         (telling.role == staff_role() && !command.role.empty() && !steps.empty());
    if (of_step || (of_role && waits_for(state, telling, command.from))) out.push_back(telling.id);
  }
  return out;
}

void tell_of_step(Draft& draft, const StepPassed& passed, const std::vector<PersonId>& before) {
  const Step& step = draft.plan().steps[static_cast<std::size_t>(find_step(draft.plan(), passed.step))];
  if (passed.people.empty()) return tell_that_nobody_is_left(draft, step.id);
  Found fresh{{}, passed.via, passed.acting};
  for (const PersonId person : passed.people) {
    if (!contains(before, person)) fresh.people.push_back(person);
  }
  if (fresh.people.empty()) return;
  tell_found(draft, {step.role, {ReasonKind::passed_on, step.id}, policy_of(draft.plan(), step), step.each}, fresh);
}

}  // namespace

Expected<Decision> reassign(const IncidentState& state, const ReassignSteps& command, const DecideContext& context) {
  Draft draft(state, context, program_actor());
  if (is_ended(state)) return std::move(draft).finish();
  StepsReassigned event{command.from, command.role, steps_to_pass(draft, command), {}};
  event.tellings = tellings_to_leave(draft, command, event.steps);
  if (event.steps.empty() && event.tellings.empty()) return std::move(draft).finish();
  const StepsReassigned moved = event;
  draft.emit(std::move(event));
  for (const StepPassed& passed : moved.steps) {
    tell_of_step(draft, passed, state.steps[static_cast<std::size_t>(find_step(*state.plan, passed.step))].people);
  }
  for (const std::uint32_t id : moved.tellings) {
    const TellingState& before = state.tellings[id - 1];
    if (before.ended) continue;
    std::vector<Reason> reasons = before.reasons;
    std::erase_if(reasons, [&](const Reason& reason) { return is_about(reason, moved.steps); });
    tell_rest_to_others(draft, before, std::move(reasons), command.from);
  }
  advance(draft);
  return std::move(draft).finish();
}

}  // namespace tingan::detail
