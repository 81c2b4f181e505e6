// One record of the engine as timeline entries, with a sentence for each.
#pragma once
#include <vector>

#include "core/roster/directory.h"
#include "sim/scenario/timeline.h"

namespace tingan::scenario {

// `incident` is the state after the record's batch: its plan is read, and who holds a notice. Appends to `out`.
void flatten(const Record& record, const IncidentState& incident, const Directory& directory, const std::string& name,
             std::vector<Entry>& out);

// 营业厅主任、营业员 / hall director, clerk.
Text say_roles(const std::vector<RoleId>& roles);

}  // namespace tingan::scenario
