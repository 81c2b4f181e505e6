// One record of the engine as timeline entries, with a sentence for each.
#pragma once
#include <functional>
#include <vector>

#include "core/roster/directory.h"
#include "sim/scenario/timeline.h"

namespace tingan::scenario {

// `incident` is the state after the record's batch: its plan is read, and who holds a notice. Appends to `out`.
void flatten(const Record& record, const IncidentState& incident, const Directory& directory, const std::string& name,
             std::vector<Entry>& out);

// A record of emergency acceptance; `name` gives an order's name in the scenario, empty where it has none.
void flatten_acceptance(const Record& record, const Directory& directory,
                        const std::function<std::string(OrderId)>& name, std::vector<Entry>& out);

// 营业厅主任、营业员 / hall director, clerk.
Text say_roles(const std::vector<RoleId>& roles);

}  // namespace tingan::scenario
