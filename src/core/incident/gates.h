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
std::vector<GateView> gates_of(const IncidentState& state, const std::vector<IncidentPtr>& children);

}  // namespace tingan
