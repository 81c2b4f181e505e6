// Decides what concerns a unit beside its incidents: plans, organisation, roster, passwords, suspicions. Pure but for
// parsing.
#pragma once
#include <vector>

#include "core/policies/policies.h"
#include "core/roster/rights.h"
#include "model/command.h"
#include "runtime/registry.h"

namespace tingan {

struct UnitDecision {
  std::vector<UnitEvent> events;     // empty: accepted, nothing to change
  std::vector<FollowUp> follow_ups;  // incident commands that belong to it (a confirmed suspicion declares)
  bool as_actor = false;             // the follow-ups are the person's own acts, not the program's
  Actor by;
  UnitId log;  // whose log the events go to
};

// Refusals: plan.*, org.not-allowed, roster.*, suspicion.*.
Expected<UnitDecision> decide_unit(const Registry& registry, const UnitCommand& command, UnitId unit, const Who& who,
                                   Instant now);

}  // namespace tingan
