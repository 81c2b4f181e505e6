// What follows in the plan from what is now known: steps open, are answered or withdrawn, scripts and prohibitions
// switch, silence begins or ends, chains start, people are told. Runs until nothing more follows.
#pragma once
#include "core/incident/draft.h"

namespace tingan {

// Also fires every clock that is due at the draft's time (clocks.h): a fact may make an old one due at once.
void advance(Draft& draft);

// A part of the plan that belongs to this incident: to the parent of a correlation, or to everybody else.
bool belongs(const IncidentState& state, bool of_parent);
// Indices of the steps that would open now.
std::vector<int> openings(const IncidentState& state);
// By the plan and the facts as they are; `state.silent` follows with the next move.
bool wants_silence(const IncidentState& state);
// The step's conditions hold, whatever its order and clocks say.
bool applies(const IncidentState& state, const Step& step);

}  // namespace tingan
