// The fixed words of the domain: roles and outside parties, with what staff read (the glossary's list).
#pragma once
#include <span>

#include "base/text.h"
#include "model/ids.h"

namespace tingan {

enum class Level { hall, centre, company };

struct RoleInfo {
  RoleId id;
  Level level;  // where the role lives: escalations go from hall to centre to company
  Text name;
};

// The glossary's roles in rising order of reach; `staff`, `admin` and `auditor` are not among them.
std::span<const RoleInfo> roles();
const RoleInfo* find_role(RoleId id);

// `staff`: whoever of the hall is there. Stands for all hall roles.
RoleId staff_role();
// Keeps people, rosters, plans and channels; has no part in incidents.
RoleId admin_role();
// Reads the log of what touches security and proves the log; reads and does nothing else.
RoleId auditor_role();
// Those two: they have no part in what happens in the halls.
bool is_technical_role(RoleId id);
bool is_hall_role(RoleId id);

struct OutsideParty {
  PartId id;
  Text name;
  const char* number;  // the public number, or nullptr where each unit has its own
};
std::span<const OutsideParty> outside_parties();
const OutsideParty* find_outside_party(PartId id);

}  // namespace tingan
