// What a refused closing misses, as members of the problem: the gates, and the steps with those who can do them.
#pragma once
#include <string>

#include "core/roster/rights.h"
#include "runtime/engine.h"

namespace tingan::api {

// Empty where it was no refused closing. `reader` is shown what he may see of it: the cover, where there is one for
// him.
std::string missing_members(const Outcome& outcome, const Directory& directory, const Who& reader, Instant now);

}  // namespace tingan::api
