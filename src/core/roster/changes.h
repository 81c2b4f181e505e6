// What changed in a roster beside its shifts, with who did it and when: in force, or still to come.
#pragma once
#include <vector>

#include "base/time.h"
#include "model/actor.h"
#include "model/unit_event.h"

namespace tingan {

struct StandIn {
  SubstitutionSet set;
  Actor by;
  Instant at{};
  bool begun = true;  // false: set for later, and its time has not come
};

struct Handover {
  RoleHandedOver set;
  Actor by;
  Instant at{};
  Instant undone_at = kNever;  // an undone one is kept to its end, so that both can still be told
  Actor undone_by;

  bool in_force(Instant now) const { return undone_at == kNever && now >= at && now < set.until; }
};

struct Presence {
  PresenceStated set;
  Actor by;
  Instant at{};
};

// Each list in the order in which it happened.
struct RosterChanges {
  std::vector<StandIn> substitutions;
  std::vector<Handover> handovers;
  std::vector<Presence> presence;
};

}  // namespace tingan
