// YAML text -> Plan. Every mistake is found in one pass and named with its line; where a name is nearly right, it says
// what was probably meant. The language is docs/formats/plan.md.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/plan.h"

namespace tingan {

// `file` is for messages ("plans/outage.yaml"); Error::where is "file:line". At least one error, or the plan.
tl::expected<PlanPtr, std::vector<Error>> parse_plan(std::string_view yaml, const std::string& file, int version = 0);

}  // namespace tingan
