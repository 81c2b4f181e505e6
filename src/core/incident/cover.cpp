#include "core/incident/cover.h"

#include "base/check.h"
#include "core/incident/advance.h"
#include "core/incident/decide.h"
#include "core/incident/telling.h"

namespace tingan {
namespace {

CoverMoved wrapped(const std::vector<IncidentEvent>& events) {
  CoverMoved moved;
  for (const IncidentEvent& event : events) {
    std::visit(
        [&](const auto& one) {
          using E = std::decay_t<decltype(one)>;
          if constexpr (std::is_constructible_v<PlainIncidentEvent, const E&>) {
            moved.events.emplace_back(one);
          } else {
            CHECK(!"a cover has no cover");
          }
        },
        event);
  }
  return moved;
}

IncidentCommand without_word(IncidentCommand command) {
  if (auto* retract = std::get_if<RetractIncident>(&command)) retract->under_duress = false;
  if (auto* facts = std::get_if<StateFacts>(&command)) facts->under_duress = false;
  if (auto* report = std::get_if<ReportDelivery>(&command)) report->in_cover = false;
  return command;
}

// Nothing more reaches the hall by the real incident: what it believes has tellings of its own.
void end_tellings_in_hall(Draft& draft) {
  TellingEnded ended{{}, "duress"};
  const IncidentState& state = draft.state();
  for (const TellingState& telling : state.tellings) {
    const bool of_hall = std::all_of(telling.notices.begin(), telling.notices.end(), [&](std::uint32_t n) {
      return is_of_hall(draft.context().directory, state.notices[n - 1].person, state.unit);
    });
    if (!telling.ended && of_hall) ended.tellings.push_back(telling.id);
  }
  if (!ended.tellings.empty()) draft.emit(std::move(ended));
}

void tell_those_above(Draft& draft) {
  std::vector<Wish> wishes;
  for (const char* role : {"general-group", "back-office", "centre-head", "safety-officer", "security-dept"}) {
    wishes.push_back({RoleId(role), {ReasonKind::duress, PartId()}, draft.plan().acknowledge, false});
  }
  tell(draft, wishes);
}

Expected<Decision> decide_in_cover(const IncidentState& state, const IncidentCommand& command,
                                   const DecideContext& context) {
  auto shown = decide(state.cover.front(), without_word(command), context);
  if (!shown) return shown;
  Draft draft(state, context, shown->by);
  if (!shown->events.empty()) draft.emit(wrapped(shown->events));
  if (!detail::is_ended(draft.state())) advance(draft);
  return std::move(draft).finish();
}

}  // namespace

bool is_of_hall(const Directory& directory, PersonId person, UnitId unit) {
  const Person* known = directory.person(person);
  return known != nullptr && known->unit == unit;
}

bool sees_cover(const Directory& directory, const Who& who, const IncidentState& state) {
  return !state.cover.empty() && !who.program && is_of_hall(directory, who.person, state.unit);
}

const IncidentState& shown_to(const Directory& directory, const Who& who, const IncidentState& state) {
  return sees_cover(directory, who, state) ? state.cover.front() : state;
}

namespace detail {

bool is_for_cover(const IncidentCommand& command) {
  const auto* report = std::get_if<ReportDelivery>(&command);
  return report != nullptr && report->in_cover;
}

bool is_under_duress(const IncidentCommand& command) {
  if (const auto* retract = std::get_if<RetractIncident>(&command)) return retract->under_duress;
  if (const auto* facts = std::get_if<StateFacts>(&command)) return facts->under_duress;
  return false;
}

Expected<Decision> decide_under_duress(const IncidentState& state, const IncidentCommand& command,
                                       const DecideContext& context) {
  auto shown = decide(state, without_word(command), context);
  if (!shown || shown->events.empty()) return shown;  // the same refusal as ever
  Draft draft(state, context, shown->by);
  draft.emit(StoodDownUnderDuress{std::holds_alternative<RetractIncident>(command) ? "retract" : "facts"});
  draft.emit(wrapped(shown->events));
  end_tellings_in_hall(draft);
  tell_those_above(draft);
  advance(draft);
  return std::move(draft).finish();
}

Expected<Decision> decide_with_cover(const IncidentState& state, const IncidentCommand& command,
                                     const DecideContext& context) {
  if (is_for_cover(command) || sees_cover(context.directory, context.who, state)) {
    return decide_in_cover(state, command, context);
  }
  auto real = decide_plain(state, command, context);
  if (!real || real->state.cover.empty()) return real;
  const auto* tick = std::get_if<Tick>(&command);
  const IncidentState& cover = real->state.cover.front();
  // A role that goes to somebody else does so in both.
  auto shown = std::holds_alternative<ReassignSteps>(command)
                   ? decide_plain(cover, command, context)
                   : detail::tick(cover, tick == nullptr ? Tick{} : *tick, context);
  if (!shown || shown->events.empty()) return real;
  IncidentEvent moved = wrapped(shown->events);
  evolve(real->state, moved, context.now, real->by);
  real->events.push_back(std::move(moved));
  return real;
}

void lift_cover(Draft& draft) {
  if (!draft.state().cover.empty()) draft.emit(CoverLifted{"over"});
}

Found without_covered(const Draft& draft, Found found) {
  const IncidentState& state = draft.state();
  if (state.cover.empty()) return found;
  const Directory& directory = draft.context().directory;
  const auto of_hall = [&](PersonId person) { return is_of_hall(directory, person, state.unit); };
  std::erase_if(found.people, of_hall);
  if (!found.people.empty()) return found;
  found = directory.who(state.unit, RoleId("general-group"), draft.now());
  std::erase_if(found.people, of_hall);
  if (found.people.empty()) found.via = FoundBy::nobody;
  return found;
}

}  // namespace detail
}  // namespace tingan
