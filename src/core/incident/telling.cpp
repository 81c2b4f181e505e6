#include "core/incident/telling.h"

#include "core/incident/clocks.h"
#include "core/incident/cover.h"
#include "model/vocabulary.h"

namespace tingan {
namespace {

bool same_policy(const AckPolicy& a, const AckPolicy& b) {
  return a.need == b.need && a.repeat == b.repeat && a.times == b.times && a.then == b.then;
}

const NoticeState& notice_of(const IncidentState& state, std::uint32_t n) { return state.notices[n - 1]; }

bool acknowledged(const NoticeState& notice) { return notice.acknowledged != kNever; }

struct Group {
  RoleId role;
  AckPolicy policy;
  bool all;
  std::vector<Reason> reasons;
};

std::vector<Group> group(const std::vector<Wish>& wishes) {
  std::vector<Group> groups;
  for (const Wish& wish : wishes) {
    const auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& known) {
      return known.role == wish.role && known.all == wish.all && same_policy(known.policy, wish.policy);
    });
    if (found == groups.end()) {
      groups.push_back({wish.role, wish.policy, wish.all, {wish.reason}});
    } else if (std::find(found->reasons.begin(), found->reasons.end(), wish.reason) == found->reasons.end()) {
      found->reasons.push_back(wish.reason);
    }
  }
  return groups;
}

// Fills in notices: fresh ones, and those that these people got a moment ago for another role.
void address(Draft& draft, const std::vector<PersonId>& people, Told& told) {
  std::uint32_t next = draft.state().next_notice;
  for (const PersonId person : people) {
    const auto known = std::find_if(draft.notices_now.begin(), draft.notices_now.end(),
                                    [&](const auto& entry) { return entry.first == person; });
    if (known != draft.notices_now.end()) {
      told.shared.push_back(known->second);
    } else {
      told.notices.push_back({next, person});
      draft.notices_now.emplace_back(person, next);
      ++next;
    }
  }
}

void tell_group(Draft& draft, const Group& group, const Found& found, int passes) {
  Told told;
  told.telling = draft.state().next_telling;
  told.role = group.role;
  told.reasons = group.reasons;
  told.via = found.via;
  told.acting = found.acting;
  told.passes = passes;
  const auto people = static_cast<int>(found.people.size());
  told.need = group.all || group.policy.need == 0 ? people : std::min(group.policy.need, people);
  if (people > 0) told.again_at = draft.now() + group.policy.repeat;
  address(draft, found.people, told);
  draft.emit(std::move(told));
}

const AckPolicy* policy_of_reason(const Plan& plan, const Reason& reason) {
  if (reason.kind == ReasonKind::escalation) {
    const int index = find_escalation(plan, reason.part);
    return index < 0 ? nullptr : &policy_of(plan, plan.escalations[static_cast<std::size_t>(index)]);
  }
  const int index = find_step(plan, reason.part);
  return index < 0 ? nullptr : &policy_of(plan, plan.steps[static_cast<std::size_t>(index)]);
}

const AckPolicy& policy_of_telling(const Plan& plan, const TellingState& telling) {
  for (const Reason& reason : telling.reasons) {
    if (const AckPolicy* policy = policy_of_reason(plan, reason)) return *policy;
  }
  return plan.acknowledge;
}

// People and role that come next when nobody of a telling answers: the plan's `then`, else the role's fallbacks and the
// unit above. Nobody who was told for the same reason already.
Found next_in_line(const Draft& draft, const TellingState& telling, const AckPolicy& policy) {
  const Directory& directory = draft.context().directory;
  const IncidentState& state = draft.state();
  std::vector<RoleId> line = policy.then;
  if (line.empty()) {
    const auto fallbacks = directory.organisation().fallbacks.find(telling.role);
    if (fallbacks != directory.organisation().fallbacks.end()) line = fallbacks->second;
    line.emplace_back("general-group");
    line.emplace_back("centre-head");
  }
  const auto was_told = [&](PersonId person) {
    return std::any_of(state.tellings.begin(), state.tellings.end(), [&](const TellingState& other) {
      if (other.reasons.empty() || telling.reasons.empty() || !(other.reasons.front() == telling.reasons.front()))
        return false;
      return std::any_of(other.notices.begin(), other.notices.end(),
                         [&](std::uint32_t n) { return notice_of(state, n).person == person; });
    });
  };
  for (const RoleId role : line) {
    Found found = detail::without_covered(draft, directory.who(state.unit, role, draft.now()));
    std::erase_if(found.people, was_told);
    if (!found.people.empty()) {
      found.acting = role;
      return found;
    }
  }
  return {};
}

bool reason_is_over(const IncidentState& state, const Reason& reason) {
  if (state.status == IncidentStatus::closed || state.status == IncidentStatus::retracted) return true;
  switch (reason.kind) {
    case ReasonKind::step:
    case ReasonKind::passed_on:
    case ReasonKind::nobody_left:
    case ReasonKind::late: {
      const int index = find_step(*state.plan, reason.part);
      if (index < 0) return true;
      const StepStatus status = state.steps[static_cast<std::size_t>(index)].status;
      return status != StepStatus::open && status != StepStatus::started;
    }
    case ReasonKind::escalation: {
      const int index = find_escalation(*state.plan, reason.part);
      return index < 0 || escalation_is_stopped(state, index);
    }
    case ReasonKind::report:
    case ReasonKind::report_late:
      return std::any_of(state.reports.begin(), state.reports.end(), [&](const ReportState& report) {
        return report.kind == reason.part.str() && report.filed_count > 0 && !report.missed;
      });
    default:
      return false;  // news: heard once acknowledged, or told often enough
  }
}

}  // namespace

const AckPolicy& policy_of(const Plan& plan, const Step& step) {
  return step.acknowledge ? *step.acknowledge : plan.acknowledge;
}

const AckPolicy& policy_of(const Plan& plan, const Escalation& escalation) {
  return escalation.acknowledge ? *escalation.acknowledge : plan.acknowledge;
}

bool is_satisfied(const IncidentState& state, const TellingState& telling) {
  const auto count = std::count_if(telling.notices.begin(), telling.notices.end(),
                                   [&](std::uint32_t n) { return acknowledged(notice_of(state, n)); });
  return count >= telling.need;
}

void tell(Draft& draft, const std::vector<Wish>& wishes) {
  for (const Group& g : group(wishes)) {
    Found found = draft.context().directory.who(draft.state().unit, g.role, draft.now());
    tell_group(draft, g, detail::without_covered(draft, std::move(found)), 0);
  }
}

void tell_found(Draft& draft, const Wish& wish, const Found& found) {
  tell_group(draft, {wish.role, wish.policy, wish.all, {wish.reason}}, detail::without_covered(draft, found), 0);
}

void tell_again_or_pass_on(Draft& draft, const TellingState& old) {
  const TellingState telling = old;  // the draft's state moves under us
  const AckPolicy policy = policy_of_telling(draft.plan(), telling);
  if (telling.round < policy.times) {
    ToldAgain again{.telling = telling.id, .round = telling.round + 1, .again_at = draft.now() + policy.repeat};
    for (const std::uint32_t n : telling.notices) {
      auto& repeated = draft.repeated_now;
      if (acknowledged(notice_of(draft.state(), n)) || std::find(repeated.begin(), repeated.end(), n) != repeated.end())
        continue;
      again.notices.push_back(n);
      repeated.push_back(n);
    }
    draft.emit(std::move(again));
    return;
  }
  const Found found = next_in_line(draft, telling, policy);
  draft.emit(TellingEnded{{telling.id}, found.people.empty() ? "nobody-left" : "passed-on"});
  if (!found.people.empty()) {
    tell_group(draft, {telling.role, policy, false, telling.reasons}, found, telling.passes + 1);
  }
}

void tell_rest_to_others(Draft& draft, const TellingState& before, std::vector<Reason> reasons, PersonId leaver) {
  std::erase_if(reasons, [&](const Reason& reason) { return reason_is_over(draft.state(), reason); });
  const TellingState& now = draft.state().tellings[before.id - 1];
  const bool heard = !now.notices.empty() && is_satisfied(draft.state(), now);
  if (reasons.empty() || heard) return;
  Found found =
      detail::without_covered(draft, draft.context().directory.who(draft.state().unit, before.role, draft.now()));
  std::erase_if(found.people, [&](PersonId person) {
    return person == leaver || std::any_of(now.notices.begin(), now.notices.end(), [&](std::uint32_t n) {
             return notice_of(draft.state(), n).person == person;
           });
  });
  const AckPolicy policy = policy_of_telling(draft.plan(), before);
  if (found.people.empty() && now.notices.empty()) {
    found = next_in_line(draft, before, policy);
    std::erase(found.people, leaver);
  }
  if (found.people.empty()) return;
  tell_group(draft, {before.role, policy, false, std::move(reasons)}, found, before.passes);
}

void tell_everyone_told(Draft& draft, const Reason& reason) {
  std::vector<std::pair<RoleId, std::vector<PersonId>>> by_role;
  std::vector<PersonId> seen;
  for (const NoticeState& notice : draft.state().notices) {
    if (std::find(seen.begin(), seen.end(), notice.person) != seen.end()) continue;
    seen.push_back(notice.person);
    const RoleId role = draft.state().tellings[notice.telling - 1].role;
    const auto known =
        std::find_if(by_role.begin(), by_role.end(), [&](const auto& entry) { return entry.first == role; });
    if (known == by_role.end()) {
      by_role.push_back({role, {notice.person}});
    } else {
      known->second.push_back(notice.person);
    }
  }
  for (const auto& [role, people] : by_role) {
    Told told{.telling = draft.state().next_telling, .role = role, .reasons = {reason}, .acting = role};
    address(draft, people, told);
    draft.emit(std::move(told));
  }
}

void end_moot_tellings(Draft& draft) {
  TellingEnded moot{{}, "moot"};
  for (const TellingState& telling : draft.state().tellings) {
    if (telling.ended) continue;
    const bool over = std::all_of(telling.reasons.begin(), telling.reasons.end(),
                                  [&](const Reason& reason) { return reason_is_over(draft.state(), reason); });
    if (over) moot.tellings.push_back(telling.id);
  }
  if (!moot.tellings.empty()) draft.emit(std::move(moot));
}

void acknowledge(Draft& draft, const std::vector<std::uint32_t>& notices) {
  NoticeProgressed progress{.rung = Rung::acknowledged};
  for (const std::uint32_t n : notices) {
    if (!acknowledged(notice_of(draft.state(), n))) progress.notices.push_back(n);
  }
  if (progress.notices.empty()) return;
  const std::vector<std::uint32_t> fresh = progress.notices;
  draft.emit(std::move(progress));
  std::vector<PartId> escalations;
  for (const TellingState& telling : draft.state().tellings) {
    const bool touched = std::any_of(fresh.begin(), fresh.end(), [&](std::uint32_t n) {
      return std::find(telling.notices.begin(), telling.notices.end(), n) != telling.notices.end();
    });
    if (!touched || !is_satisfied(draft.state(), telling)) continue;
    for (const Reason& reason : telling.reasons) {
      if (reason.kind == ReasonKind::escalation) escalations.push_back(reason.part);
    }
  }
  for (const PartId id : escalations) {
    const int index = find_escalation(draft.plan(), id);
    if (!draft.state().escalations[static_cast<std::size_t>(index)].acknowledged)
      draft.emit(EscalationAcknowledged{id});
  }
}

}  // namespace tingan
