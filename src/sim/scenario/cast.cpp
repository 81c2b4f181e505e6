#include "sim/scenario/cast.h"

#include "model/vocabulary.h"

namespace tingan::scenario {

Cast cast_for(const Directory& directory, UnitId unit, RoleId role, Instant now) {
  Found found = directory.who(unit, role, now);
  if (found.via == FoundBy::roster || found.via == FoundBy::on_call) return {std::move(found.people), role};
  const UnitId home = directory.home_of(role, unit);
  if (auto standing = directory.standing(home.empty() ? unit : home, role); !standing.empty()) {
    return {std::move(standing), role};
  }
  return {std::move(found.people), found.acting};
}

}  // namespace tingan::scenario
