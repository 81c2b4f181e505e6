// What is still written when the disk is full: what people's safety hangs on, of real incidents. Drills, orders,
// reports and changes of plans and people wait.
#pragma once
#include <variant>

#include "model/acceptance_command.h"
#include "model/command.h"
#include "ports/disk_room.h"

namespace tingan {

// `drill`: the command's incident is one.
Urgency urgency_of(const std::variant<IncidentCommand, UnitCommand, AcceptanceCommand>& command, bool drill);

}  // namespace tingan
