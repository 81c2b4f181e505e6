// Who may change who is on duty, and for how long: handovers, stand-ins, presence. Every write to a roster is also a
// right to read, for whoever is told of an incident may see it: so nobody changes another unit's roster, nobody acts
// on those above, and nobody takes on what the organisation does not let that person hold.
#pragma once
#include "core/roster/rights.h"

namespace tingan {

constexpr Duration kHandoverMax = std::chrono::hours{24};
constexpr Duration kPresenceMax = std::chrono::hours{24};            // by the person
constexpr Duration kPresenceByLeaderMax = std::chrono::hours{744};   // 31 days
constexpr Duration kStandInMax = std::chrono::hours{744};            // 31 days
constexpr Duration kStandInAheadMax = std::chrono::hours{24 * 366};  // how far ahead one may be set
constexpr Duration kStandInBehindMax = std::chrono::hours{24};       // one that began this morning may be written down

// Those who lead the unit: a hall's own leaders, those of the centre above it. Not the administrator, who has no part
// in operations: he publishes shifts and writes down who stands in, between people who may do that work anyway.
bool leads_unit(const Directory& directory, const Who& who, UnitId unit);
// Leads the person's unit, and does not stand below the person.
bool leads_person(const Directory& directory, const Who& who, PersonId person);
// A person of the unit who holds the role by standing, is rostered in it, or whom the organisation lets stand in for it
// (its `fallbacks`).
bool may_hold(const Directory& directory, UnitId unit, RoleId role, PersonId person);
// The program would tell this person for the role now.
bool holds_now(const Directory& directory, UnitId unit, RoleId role, PersonId person, Instant now);

struct DutyChange {
  UnitEvent event;
  UnitId log;  // whose roster it changes
};

// Refusals: roster.unknown-person, roster.unknown-role, roster.unknown-handover, unit.unknown, roster.not-allowed,
// roster.not-holder, roster.not-its-unit, roster.other-unit, roster.same-person, roster.cannot-hold,
// roster.empty-span, roster.too-long, roster.too-far. An `until` of zero: to the end of the shift.
Expected<DutyChange> decide_duty(const Directory& directory, const SubstitutionSet& command, const Who& who,
                                 Instant now);
Expected<DutyChange> decide_duty(const Directory& directory, const RoleHandedOver& command, const Who& who,
                                 Instant now);
Expected<DutyChange> decide_duty(const Directory& directory, IncidentId undone_handover, const Who& who, Instant now);
Expected<DutyChange> decide_duty(const Directory& directory, const PresenceStated& command, const Who& who,
                                 Instant now);

// Who has left by this event, and in which role (empty: altogether), seen from the directory before and after it. What
// is open with them in incidents of `unit` and below passes on.
struct Leaver {
  UnitId unit;
  PersonId person;
  RoleId role;
};
std::vector<Leaver> leavers(const UnitEvent& event, const Directory& before, const Directory& after, Instant now);

}  // namespace tingan
