// Who is there for a role, at a unit, at a time: the organisation, its roster, and what changed since (substitutions,
// handovers, presence). Immutable once made: a change makes a new one that shares the rest.
#pragma once
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "core/roster/changes.h"
#include "model/incident_event.h"
#include "model/organisation.h"
#include "model/unit_event.h"

namespace tingan {

struct Found {
  std::vector<PersonId> people;
  FoundBy via = FoundBy::nobody;
  RoleId acting;  // the role that they hold: the wanted one, or the one that stands in
};

class Directory {
 public:
  Directory(OrganisationPtr organisation, RosterChanges changes);

  const Organisation& organisation() const { return *organisation_; }
  const OrganisationPtr& organisation_ptr() const { return organisation_; }
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
  // Hours that run past midnight belong to the day on which they began, as shifts do.
  bool in_business_hours(UnitId unit, Instant now) const;
  // People with this standing role in exactly this unit.
  std::vector<PersonId> standing(UnitId unit, RoleId role) const;
  // Some shift of the unit, at whatever hour, has the person in this role.
  bool is_rostered(UnitId unit, RoleId role, PersonId person) const;
  // The end of the shift that the person is in now (on the spot; else on call), be it the own one or one that was taken
  // over; or twelve hours from now where there is none.
  Instant shift_end(PersonId person, Instant now) const;
  // Who is told in this person's place for the role at the unit: stand-ins and handovers that are in force, along their
  // chain. The person itself where there are none.
  PersonId in_place_of(UnitId unit, RoleId role, PersonId person, Instant now) const;
  // Somebody said that the person is not here.
  bool is_away(PersonId person, Instant now) const;
  // The people whom the shifts of this hour have for the role, before any change; on the spot and on call.
  std::vector<PersonId> on_paper(UnitId unit, RoleId role, bool on_call, Instant now) const;
  // Who is on call for the role now, also while others are on the spot.
  std::vector<PersonId> on_call(UnitId unit, RoleId role, Instant now) const;

 private:
  struct Here {
    const Unit* unit = nullptr;
    std::vector<const Shift*> shifts;
    std::vector<const Person*> people;
  };
  const Here* here(UnitId unit) const;
  std::vector<PersonId> on_paper(const Here& at, RoleId role, bool on_call, Instant now) const;
  std::vector<PersonId> on_shift(const Here& at, RoleId role, bool on_call, Instant now) const;
  std::vector<PersonId> here_beside_roster(const Here& at, RoleId role, Instant now) const;
  Found of_roles(const Here& at, const std::vector<RoleId>& wanted, RoleId acting, Instant now) const;
  Found at_unit(const Here& at, RoleId role, Instant now) const;
  Found staff(const Here& at, Instant now) const;
  Found above(UnitId unit, RoleId role, Instant now) const;
  Found by_fallback(UnitId unit, RoleId role, Instant now) const;
  Found by_standing(UnitId home, RoleId role, Instant now) const;
  PersonId handed_on(UnitId unit, RoleId role, PersonId person, Instant now, bool with_stand_ins) const;
  std::vector<PersonId> replaced(UnitId unit, RoleId role, const std::vector<PersonId>& people, Instant now,
                                 bool with_stand_ins) const;
  bool runs(Weekdays days, const MinuteSpan& span, Instant now) const;
  int weekday_of(Instant now) const;

  OrganisationPtr organisation_;
  RosterChanges changes_;
  std::unordered_map<UnitId, Here> units_;
  std::unordered_map<PersonId, const Person*> people_;
};

using DirectoryPtr = std::shared_ptr<const Directory>;

}  // namespace tingan
