// What must be true before an incident may be closed (S5F.9: three no-let-go).
#pragma once
#include <vector>

#include "model/incident_state.h"

namespace tingan {

struct GateView {
  const Gate* gate = nullptr;
  bool met = false;
};

// The gates that concern this incident (the parent's own, or the children's), in the plan's order.
// `acceptance_reconciled`: every order taken during it is entered, rejected or handed back, and no number is missing.
std::vector<GateView> gates_of(const IncidentState& state, const std::vector<IncidentPtr>& children,
                               bool acceptance_reconciled = true);
// Some gate asks for it; where none does, nobody needs to count.
bool asks_for_reconciliation(const Plan& plan);

}  // namespace tingan
