#include "core/incident/advance.h"
#include "core/incident/cover.h"
#include "core/incident/decide.h"
#include "core/incident/telling.h"

namespace tingan::detail {
namespace {

// The halls that made the event are no news to those whom its opening told; and while nobody has acknowledged one
// further hall, the next ones stand in the same list: forty halls are not forty calls.
bool is_news(const IncidentState& state, Instant now) {
  if (now == state.declared_at) return false;
  return std::none_of(state.tellings.begin(), state.tellings.end(), [&](const TellingState& telling) {
    return !telling.ended && telling.reasons.front().kind == ReasonKind::joined && !is_satisfied(state, telling);
  });
}

}  // namespace

Actor actor_of(const DecideContext& context) {
  return context.who.program ? program_actor() : Actor{context.who.person, acting_role(context.who)};
}

tl::unexpected<Error> may_not_lead() {
  return not_allowed(
      {"结案、重开由营业厅主任、值班经理、综合组或中心负责人办理",
       "Expected the hall director, duty manager, general group or centre head, but you are none of these"});
}

Expected<Decision> reopen(const IncidentState& state, const ReopenIncident& command, const DecideContext& context) {
  if (state.status == IncidentStatus::retracted) {
    return fail("incident.retracted",
                {"事件已撤销，请重新启动预案", "Expected a closed incident, but it was retracted: declare anew"});
  }
  if (state.status != IncidentStatus::closed) {
    return fail("incident.not-ended", {"事件没有结案，不用重开", "Expected a closed incident, but it is open"});
  }
  if (!may_close(context.directory, context.who, state)) return may_not_lead();
  if (command.reason.empty()) {
    return fail("incident.reason-needed", {"重新打开请写明原因", "Expected a reason for reopening, but there was none"},
                "reason");
  }
  Draft draft(state, context, actor_of(context));
  draft.emit(IncidentReopened{command.reason});
  std::vector<Wish> wishes;
  for (const char* role : {"hall-director", "general-group"}) {
    if (state.parent_role && std::string_view(role) == "hall-director") continue;
    wishes.push_back({RoleId(role), {ReasonKind::reopened, PartId()}, state.plan->acknowledge, false});
  }
  tell(draft, wishes);
  advance(draft);
  return std::move(draft).finish();
}

// A slip of the finger: within a minute, by who declared or the director; everyone told is told again that it is
// nothing.
Expected<Decision> retract(const IncidentState& state, const RetractIncident& command, const DecideContext& context) {
  if (is_ended(state)) return ended(state, context);
  const bool own = state.declared_by.person == context.who.person;
  const bool director = !role_for(context.directory, context.who, RoleId("hall-director"), state.unit).empty();
  if (!own && !director && !context.who.program) {
    return not_allowed(
        {"只有发起人或营业厅主任可以撤销", "Expected who declared or the hall director, but you are neither"});
  }
  if (context.now - state.declared_at > kRetractWindow && !context.who.program) {
    return fail("incident.retract-too-late",
                {"启动已超过 60 秒，请按预案处置后结案",
                 "Expected to be within 60 s of the declare, but it is later: run the plan and close"});
  }
  Draft draft(state, context, actor_of(context));
  draft.emit(IncidentRetracted{command.reason});
  tell_everyone_told(draft, {ReasonKind::retracted, PartId()});
  end_moot_tellings(draft);
  return std::move(draft).finish();
}

Expected<Decision> join_parent(const IncidentState& state, const JoinParent& command, const DecideContext& context) {
  Draft draft(state, context, program_actor());
  if (is_ended(state) || state.parent == command.parent) return std::move(draft).finish();
  draft.emit(ParentJoined{command.parent});
  return std::move(draft).finish();
}

Expected<Decision> add_child(const IncidentState& state, const AddChild& command, const DecideContext& context) {
  Draft draft(state, context, program_actor());
  const bool known = std::any_of(state.children.begin(), state.children.end(),
                                 [&](const ChildLink& link) { return link.child == command.child; });
  if (is_ended(state) || known) return std::move(draft).finish();
  draft.emit(ChildJoined{command.child, command.unit});
  if (is_news(state, context.now)) {
    tell(draft, {{RoleId("general-group"), {ReasonKind::joined, PartId()}, state.plan->acknowledge, false}});
  }
  return std::move(draft).finish();
}

}  // namespace tingan::detail
