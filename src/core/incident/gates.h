// What must be true, and what must be done, before an incident may be closed (S5F.9: three no-let-go).
#pragma once
#include <vector>

#include "model/incident_state.h"

namespace tingan {

struct GateView {
  const Gate* gate = nullptr;
  bool met = false;
};

// The gates that concern this incident (the parent's own, or the children's), in the plan's order. A condition counts
// only what somebody stated, never the value that a fact has at first. `related`: the child incidents of a parent and
// what chains have started, for the gates that wait for them. `acceptance_reconciled`: every order taken during it is
// entered, rejected or handed back, and no number is missing.
std::vector<GateView> gates_of(const IncidentState& state, const std::vector<IncidentPtr>& related,
                               bool acceptance_reconciled = true);
// Some gate asks for it; where none does, nobody needs to count.
bool asks_for_reconciliation(const Plan& plan);

// Indices of the steps that hold the closing up: they carry a clause, and somebody still has to do them. A must that
// was skipped is one of them.
std::vector<int> open_demands(const IncidentState& state);
// It is done, not skipped, before the incident closes: always, once somebody has stated what the plan says with it,
// or unless somebody has.
bool is_must(const IncidentState& state, const Step& step);

// How a refusal to close names what is missing, in Error::where: "gates.a,b;steps.c,d".
struct Missing {
  std::vector<PartId> gates;
  std::vector<PartId> steps;
};
std::string to_where(const Missing& missing);
Missing missing_of(std::string_view where);

}  // namespace tingan
