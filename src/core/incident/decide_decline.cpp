// "I cannot": a step passed on by the one who has it, to the next person, the next role, the next unit.
#include "core/incident/advance.h"
#include "core/incident/decide.h"
#include "core/incident/passing.h"
#include "core/incident/telling.h"

namespace tingan::detail {
namespace {

bool contains(const std::vector<PersonId>& people, PersonId person) {
  return std::find(people.begin(), people.end(), person) != people.end();
}

bool has_declined(const StepState& step, PersonId person) {
  return std::any_of(step.declined.begin(), step.declined.end(),
                     [&](const Declination& one) { return one.person == person; });
}

// Nobody takes another's own part: those who have not done theirs yet go on.
Found rest_of_each(const StepState& now, RoleId role, PersonId decliner) {
  Found rest{now.people, FoundBy::roster, role};
  std::erase(rest.people, decliner);
  const bool all_done = std::all_of(rest.people.begin(), rest.people.end(),
                                    [&](PersonId person) { return contains(now.done_by, person); });
  if (rest.people.empty() || all_done) rest.via = FoundBy::nobody;
  return rest;
}

// The answer was no, but it was an answer: seen. Not acknowledged, for nobody has the step yet.
void mark_seen(Draft& draft, PartId step, PersonId person) {
  NoticeProgressed seen{.rung = Rung::seen};
  for (const TellingState& telling : draft.state().tellings) {
    const bool about = std::any_of(telling.reasons.begin(), telling.reasons.end(),
                                   [&](const Reason& reason) { return reason.part == step; });
    if (!about) continue;
    for (const std::uint32_t n : telling.notices) {
      const NoticeState& notice = draft.state().notices[n - 1];
      const bool listed = std::find(seen.notices.begin(), seen.notices.end(), n) != seen.notices.end();
      if (notice.person == person && notice.seen == kNever && !listed) seen.notices.push_back(n);
    }
  }
  if (!seen.notices.empty()) draft.emit(std::move(seen));
}

// The new telling takes their place; one that is about other things, too, goes on for those.
void end_tellings_about(Draft& draft, PartId step) {
  TellingEnded ended{{}, "declined"};
  for (const TellingState& telling : draft.state().tellings) {
    const bool only = std::all_of(telling.reasons.begin(), telling.reasons.end(), [&](const Reason& reason) {
      return (reason.kind == ReasonKind::step || reason.kind == ReasonKind::passed_on) && reason.part == step;
    });
    if (!telling.ended && only) ended.tellings.push_back(telling.id);
  }
  if (!ended.tellings.empty()) draft.emit(std::move(ended));
}

}  // namespace

Found next_of_step(const Draft& draft, const Step& step, const StepState& now, PersonId leaver) {
  const Directory& directory = draft.context().directory;
  std::vector<RoleId> line{step.role};
  const auto fallbacks = directory.organisation().fallbacks.find(step.role);
  if (fallbacks != directory.organisation().fallbacks.end()) {
    line.insert(line.end(), fallbacks->second.begin(), fallbacks->second.end());
  }
  for (const char* above : {"general-group", "centre-head", "company-leader"}) line.emplace_back(above);
  for (const RoleId role : line) {
    Found found = directory.who(draft.state().unit, role, draft.now());
    std::erase_if(found.people, [&](PersonId person) { return person == leaver || has_declined(now, person); });
    if (found.people.empty()) continue;
    if (role != step.role && found.via == FoundBy::roster) found.via = FoundBy::fallback;
    return found;
  }
  return {};
}

void tell_that_nobody_is_left(Draft& draft, PartId step) {
  std::vector<Wish> wishes;
  for (const char* role : {"hall-director", "general-group"}) {
    if (draft.state().parent_role && std::string_view(role) == "hall-director") continue;
    wishes.push_back({RoleId(role), {ReasonKind::nobody_left, step}, draft.plan().acknowledge, false});
  }
  tell(draft, wishes);
}

Expected<Decision> decline_step(const IncidentState& state, const DeclineStep& command, const DecideContext& context) {
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
  const PersonId person = context.who.person;
  const RoleId role = role_for(context.directory, context.who, step.role, state.unit);
  if (role.empty() && !contains(now.people, person)) {
    return not_allowed({"这一步没有交给您，不用推辞",
                        fmt::format("Expected one who has step '{}', but it is not yours", step.id.str())});
  }
  if (now.status != StepStatus::open && now.status != StepStatus::started) {
    return fail(
        "incident.step-not-open",
        {"这一步现在不是待办，不能推辞", fmt::format("Expected step '{}' to be open, but it is not", step.id.str())},
        "step");
  }
  if (command.reason.empty()) {
    return fail("incident.reason-needed",
                {"做不了请说明原因", "Expected a reason for not doing it, but there was none"}, "reason");
  }
  Draft draft(state, context, {person, role.empty() ? acting_role(context.who) : role});
  if (has_declined(now, person) && !contains(now.people, person)) return std::move(draft).finish();
  const Found next = step.each ? rest_of_each(now, step.role, person) : next_of_step(draft, step, now, person);
  draft.emit(StepDeclined{step.id, command.reason, next.people, next.via, next.acting});
  mark_seen(draft, step.id, person);
  if (next.via == FoundBy::nobody) {
    end_tellings_about(draft, step.id);
    tell_that_nobody_is_left(draft, step.id);
  } else if (!step.each) {
    end_tellings_about(draft, step.id);
    tell_found(draft, {step.role, {ReasonKind::passed_on, step.id}, policy_of(*state.plan, step), false}, next);
  }
  advance(draft);
  return std::move(draft).finish();
}

}  // namespace tingan::detail
