// state x event -> state. Trivial by rule: one mutation an event, no decisions, no clock, no I/O.
#pragma once
#include "model/incident_state.h"

namespace tingan {

// The empty incident that the first event, IncidentDeclared, is applied to.
IncidentState blank_incident(IncidentId id, PlanPtr plan);

// `at` and `by` come from the record that carries the event. The event must fit the state's pinned plan (CHECK).
void evolve(IncidentState& state, const IncidentEvent& event, Instant at, const Actor& by);

}  // namespace tingan
