// What concerns more than one incident: several halls' outages become one event, a chain starts another plan, what the
// parent knows is handed down. A policy is pure: an event and a read model in, commands out. The ids of what it starts
// are derived from what caused it, so that a replay cannot start it twice.
#pragma once
#include <vector>

#include "core/roster/directory.h"
#include "model/command.h"
#include "model/incident_state.h"

namespace tingan {

// The open incidents, as the decision sees them (speculative state included).
class IncidentLookup {
 public:
  virtual ~IncidentLookup() = default;
  // nullptr: unknown.
  virtual IncidentPtr find(IncidentId id) const = 0;
  // The open parent incident of this type at the unit above; nullptr: none.
  virtual IncidentPtr open_parent(PlanId type, UnitId above, bool drill) const = 0;
  // Open incidents of this type in units directly below `above` that were declared at or after `since`, oldest first.
  virtual std::vector<IncidentPtr> recent(PlanId type, UnitId above, bool drill, Instant since) const = 0;
};

struct FollowUp {
  IncidentId incident;  // to whom; for a Declare the new incident's id
  IncidentCommand command;
};

// What follows from the events that one command made. `state` is the incident after them.
std::vector<FollowUp> follow_ups(const IncidentState& state, const std::vector<IncidentEvent>& events,
                                 const IncidentLookup& lookup, const Directory& directory);

}  // namespace tingan
