#include "core/incident/advance.h"
#include "core/incident/decide.h"
#include "core/incident/telling.h"

namespace tingan::detail {
namespace {

tl::unexpected<Error> unknown_notice() {
  return fail("notice.unknown", {"没有这条通知", "Expected a known notice, but there is none of this number"},
              "notice");
}

// `sent` counts for each channel: what one has taken may still wait for another, also after a restart.
bool has_climbed(const NoticeState& notice, Rung rung, ChannelId channel) {
  switch (rung) {
    case Rung::sent:
      return notice.sent != kNever && std::find(notice.ways.begin(), notice.ways.end(), channel) != notice.ways.end();
    case Rung::delivered:
      return notice.delivered != kNever;
    case Rung::seen:
      return notice.seen != kNever;
    case Rung::acknowledged:
      return notice.acknowledged != kNever;
    case Rung::failed:
      return false;
  }
  return false;
}

}  // namespace

// Taken also after the end: somebody who reads late still says so.
Expected<Decision> acknowledge_notice(const IncidentState& state, const AcknowledgeNotice& command,
                                      const DecideContext& context) {
  if (command.n == 0 || command.n > state.notices.size()) return unknown_notice();
  const NoticeState& notice = state.notices[command.n - 1];
  if (!context.who.program && notice.person != context.who.person) {
    return not_allowed(
        {"这条通知不是发给您的", "Expected the person who was told, but the notice is for somebody else"});
  }
  Draft draft(state, context, {context.who.person, acting_role(context.who)});
  acknowledge(draft, {command.n});
  if (!is_ended(state) && !draft.unchanged()) advance(draft);
  return std::move(draft).finish();
}

Expected<Decision> report_delivery(const IncidentState& state, const ReportDelivery& command,
                                   const DecideContext& context) {
  NoticeProgressed event{.notices = {}, .rung = command.rung, .channel = command.channel, .error = command.error};
  for (const std::uint32_t n : command.notices) {
    if (n == 0 || n > state.notices.size()) return unknown_notice();
    if (!context.who.program && state.notices[n - 1].person != context.who.person) {
      return not_allowed(
          {"这条通知不是发给您的", "Expected the person who was told, but the notice is for somebody else"});
    }
    if (!has_climbed(state.notices[n - 1], command.rung, command.channel)) event.notices.push_back(n);
  }
  Draft draft(state, context,
              context.who.program ? program_actor() : Actor{context.who.person, acting_role(context.who)});
  if (!event.notices.empty()) draft.emit(std::move(event));
  return std::move(draft).finish();
}

Expected<Decision> note_progress(const IncidentState& state, const NoteProgress& command,
                                 const DecideContext& context) {
  if (is_ended(state)) return ended();
  if (!command.handed_down && !may_add_to(context.directory, context.who, state)) {
    return not_allowed({"您不能在这个事件里写进展", "Expected someone concerned with this incident, but you are not"});
  }
  Draft draft(state, context,
              command.handed_down ? program_actor() : Actor{context.who.person, acting_role(context.who)});
  draft.emit(ProgressNoted{command.text});
  if (command.handed_down) {
    // Those who face the customers must be able to explain (S4.12).
    std::vector<Wish> wishes;
    for (const char* role : {"hall-director", "clerk", "guide"}) {
      AckPolicy once = state.plan->acknowledge;
      once.times = 0;
      wishes.push_back({RoleId(role), {ReasonKind::progress, PartId()}, once, false});
    }
    tell(draft, wishes);
  }
  return std::move(draft).finish();
}

}  // namespace tingan::detail
