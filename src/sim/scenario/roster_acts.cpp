// Changes of who is on duty: handed over, not here, here, stood in for. By the person of the role where nobody is
// named.
#include "sim/scenario/actions.h"

namespace tingan::scenario {
namespace {

constexpr Duration kUsualStandIn = std::chrono::hours{8};

UnitCommand command_of(const RosterAct& act, PersonId person, PersonId to, Instant now) {
  const Instant until = act.length > Duration{0} ? now + act.length : Instant{};
  switch (act.kind) {
    case RosterAct::Kind::handover:
      return RoleHandedOver{IncidentId{}, act.unit, act.role, person, to, until};
    case RosterAct::Kind::stand_in: {
      const Duration length = act.length > Duration{0} ? act.length : kUsualStandIn;
      return SubstitutionSet{person, to, now + act.in, now + act.in + length};
    }
    case RosterAct::Kind::away:
    case RosterAct::Kind::here:
      return PresenceStated{person, act.kind == RosterAct::Kind::here, until};
  }
  return TickSuspicions{};
}

}  // namespace

Expected<Refusal> Actions::change_duty(const Action& action) {
  const RosterAct& act = action.roster;
  const auto one_of = [&](RoleId role) {
    Action of_role = action;
    of_role.by.reset();
    return cast(of_role, act.unit, role);
  };
  const auto person = one_of(act.role);
  if (!person) return Refusal(person.error());
  PersonId to;
  if (!act.to.empty()) {
    const auto other = one_of(act.to);
    if (!other) return Refusal(other.error());
    to = other->people.front();
  }
  const auto who = cast(action, act.unit, act.role);
  if (!who) return Refusal(who.error());
  Submission submission{.person = who->people.front(), .preferred = who->role, .unit = act.unit};
  submission.command = command_of(act, person->people.front(), to, stage_.node().now());
  auto outcome = stage_.node().act(std::move(submission));
  if (!outcome) return tl::unexpected(outcome.error());
  return outcome->refused;
}

}  // namespace tingan::scenario
