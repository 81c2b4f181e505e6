// Who may do what. Rights come from a person's standing roles at any hour; the roster only decides whom the program
// tells.
#pragma once
#include <optional>
#include <vector>

#include "core/roster/directory.h"
#include "model/incident_state.h"

namespace tingan {

// Somebody who acts: a person with standing roles in one unit, or the program itself.
struct Who {
  PersonId person;
  UnitId unit;
  std::vector<RoleId> roles;
  RoleId preferred;      // the role that the person acts in, where several would do
  bool program = false;  // clocks and policies

  bool holds(RoleId role) const;
};

Who program_who();
// nullopt: nobody of that name.
std::optional<Who> who_is(const Directory& directory, PersonId person);

// The role in which this person may do what `role` has to do in an incident of `unit`; empty: may not.
RoleId role_for(const Directory& directory, const Who& who, RoleId role, UnitId unit);
// The role under which an act without a role of its own is recorded.
RoleId acting_role(const Who& who);

// Holds a role of the plans. Whoever is an administrator or an auditor alone neither reads nor writes what happens.
bool has_part_in_incidents(const Who& who);

bool may_declare(const Directory& directory, const Who& who, UnitId unit);
// The own hall; the centre its halls; the company all. A silent incident (and one that was): only those concerned
// (S5R.3).
bool may_see_unit(const Directory& directory, const Who& who, UnitId unit);
bool may_see(const Directory& directory, const Who& who, const IncidentState& incident);
// Writes to it what is nobody's step: notes, evidence, forms, the count. Not whoever may read it: a hall reads its
// centre's parent incident and writes in its own.
bool may_add_to(const Directory& directory, const Who& who, const IncidentState& incident);
bool may_state(const Directory& directory, const Who& who, const IncidentState& incident, const Fact& fact);
// Hall director, duty manager, general group, centre head, company leader.
bool may_close(const Directory& directory, const Who& who, const IncidentState& incident);
// The words that stand a silent incident down: director of the hall, safety officer above it, administrator.
bool may_set_words(const Directory& directory, const Who& who, UnitId hall);
// Those who lead a hall mark steps on behalf of others (recorded as such).
bool may_act_on_behalf(const Directory& directory, const Who& who, UnitId unit);

}  // namespace tingan
