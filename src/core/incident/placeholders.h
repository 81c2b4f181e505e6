// Fills the placeholders of plan texts from the organisation and the incident (docs/formats/plan.md): {hall} {address}
// {landmarks} {phone} {time} and {fact:name}. Pure.
#pragma once
#include <string>

#include "core/roster/directory.h"
#include "model/incident_state.h"

namespace tingan {

// Each language with its own words. What the organisation does not know reads as such ("未登记" / "not on file"), so
// that nobody reads braces to the fire brigade; a fact that nobody has stated is "还不清楚" / "not clear yet", whatever
// value the plan starts with; a placeholder that is none of ours stays as it is written. What is
// filled in is never filled again. {time} is the local time of the declare, "10:05".
Text fill_placeholders(const Text& text, const IncidentState& state, const Directory& directory);

// What stands for a fact that nobody has stated, wherever it is shown, printed or spoken.
const Text& not_clear_yet();

// "10:05", local.
std::string clock_time(Instant at, Zone zone);

}  // namespace tingan
