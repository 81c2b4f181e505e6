// Who is there for a role, at a unit, at a time: the organisation, its roster, and what changed since (substitutions,
// handovers, presence). Immutable once made: a change makes a new one that shares the rest.
#pragma once
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "model/incident_event.h"
#include "model/organisation.h"
#include "model/unit_event.h"

namespace tingan {

// Changes to the roster that are in force or still to come.
struct RosterChanges {
  std::vector<SubstitutionSet> substitutions;
  std::vector<RoleHandedOver> handovers;
  std::vector<PresenceStated> presence;
};

struct Found {
  std::vector<PersonId> people;
  FoundBy via = FoundBy::nobody;
  RoleId acting;  // the role that they hold: the wanted one, or the one that stands in
};

class Directory {
 public:
  Directory(OrganisationPtr organisation, RosterChanges changes);

  const Organisation& organisation() const { return *organisation_; }
  const RosterChanges& changes() const { return changes_; }
  const Unit* unit(UnitId id) const;  // nullptr: unknown
  const Person* person(PersonId id) const;
  bool is_within(UnitId unit, UnitId above) const;
  Zone zone() const { return organisation_->zone; }

  // Who is told, or has to act, for this role in an incident of this unit: on the spot; else on call; else the role's
  // fallbacks; else one unit up; else whoever holds the role by standing; else nobody. `staff` finds everyone on the
  // spot.
  Found who(UnitId unit, RoleId role, Instant now) const;
  // The unit whose people hold the role for incidents of `unit`: itself or one above. Empty: none has it.
  UnitId home_of(RoleId role, UnitId unit) const;
  bool in_business_hours(UnitId unit, Instant now) const;
  // People with this standing role in exactly this unit.
  std::vector<PersonId> standing(UnitId unit, RoleId role) const;
  // The end of the shift that the person is in now, or twelve hours from now where there is none.
  Instant shift_end(PersonId person, Instant now) const;

 private:
  struct Here {
    const Unit* unit = nullptr;
    std::vector<const Shift*> shifts;
    std::vector<const Person*> people;
  };
  const Here* here(UnitId unit) const;
  std::vector<PersonId> on_shift(const Here& at, RoleId role, bool on_call, Instant now) const;
  Found at_unit(const Here& at, RoleId role, Instant now) const;
  Found staff(const Here& at, Instant now) const;
  Found above(UnitId unit, RoleId role, Instant now) const;
  void apply_changes(const Here& at, RoleId role, Instant now, std::vector<PersonId>& people) const;
  bool covers(const Shift& shift, const LocalTime& local) const;
  int weekday_of(Instant now) const;

  OrganisationPtr organisation_;
  RosterChanges changes_;
  std::unordered_map<UnitId, Here> units_;
  std::unordered_map<PersonId, const Person*> people_;
};

using DirectoryPtr = std::shared_ptr<const Directory>;

}  // namespace tingan
