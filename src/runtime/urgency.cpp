#include "runtime/urgency.h"

namespace tingan {
namespace {

template <class Command, class... Kinds>
bool is_any(const Command& command) {
  return (std::holds_alternative<Kinds>(command) || ...);
}

Urgency urgency_in(const IncidentCommand& command, bool drill) {
  if (const auto* declare = std::get_if<Declare>(&command)) {
    return declare->drill ? Urgency::ordinary : Urgency::people;
  }
  if (drill) return Urgency::ordinary;
  if (is_any<IncidentCommand, AcknowledgeNotice, StateFacts, MarkStep, DeclineStep, TakeHeadcount, RetractIncident,
             JoinParent, AddChild, ReassignSteps>(command)) {
    return Urgency::people;
  }
  return is_any<IncidentCommand, Tick, ReportDelivery>(command) ? Urgency::clocks : Urgency::ordinary;
}

Urgency urgency_in(const UnitCommand& command) {
  if (is_any<UnitCommand, RaiseSuspicion, SettleSuspicion>(command)) return Urgency::people;
  return std::holds_alternative<TickSuspicions>(command) ? Urgency::clocks : Urgency::ordinary;
}

}  // namespace

Urgency urgency_of(const std::variant<IncidentCommand, UnitCommand, AcceptanceCommand>& command, bool drill) {
  if (const auto* incident = std::get_if<IncidentCommand>(&command)) return urgency_in(*incident, drill);
  if (const auto* unit = std::get_if<UnitCommand>(&command)) return urgency_in(*unit);
  return Urgency::ordinary;
}

}  // namespace tingan
