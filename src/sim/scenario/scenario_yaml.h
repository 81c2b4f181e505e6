// YAML text -> Scenario. Every mistake is found in one pass and named with its line and what was probably meant. The
// language is docs/formats/scenario.md.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sim/scenario/scenario.h"

namespace tingan::scenario {

// `file` is for messages; Error::where is "file:line", the codes are `scenario.*`. At least one error, or the scenario.
// `known_clauses` may be empty: then no clause is unknown. Never throws, whatever the bytes.
tl::expected<Scenario, std::vector<Error>> parse_scenario(std::string_view yaml, const std::string& file,
                                                          const std::vector<std::string>& known_clauses = {});

}  // namespace tingan::scenario
