// Who acts for a role: people come from the organisation's roster at that time.
#pragma once
#include <vector>

#include "core/roster/directory.h"

namespace tingan::scenario {

struct Cast {
  std::vector<PersonId> people;  // empty: nobody
  RoleId role;                   // that they act in
};

// On the spot or on call; else whoever holds the role by standing (rights do not end with the shift); else who stands
// in.
Cast cast_for(const Directory& directory, UnitId unit, RoleId role, Instant now);

}  // namespace tingan::scenario
