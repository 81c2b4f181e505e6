#include "core/roster/directory.h"

#include <algorithm>

#include "model/vocabulary.h"

namespace tingan {
namespace {

bool in_span(const MinuteSpan& span, int minute) {
  if (span.from == span.to) return true;  // round the clock
  if (span.from < span.to) return minute >= span.from && minute < span.to;
  return minute >= span.from || minute < span.to;
}

bool has(Weekdays days, int weekday) { return (days >> weekday & 1U) != 0; }

bool contains(const std::vector<PersonId>& people, PersonId person) {
  return std::find(people.begin(), people.end(), person) != people.end();
}

void add_all(std::vector<PersonId>& into, const std::vector<PersonId>& more) {
  for (const PersonId person : more) {
    if (!contains(into, person)) into.push_back(person);
  }
}

// Whom a unit turns to above itself when it has nobody: those who lead there, lowest first.
const std::vector<RoleId>& leading_roles() {
  static const std::vector<RoleId> roles = {RoleId("general-group"), RoleId("centre-head"), RoleId("company-leader")};
  return roles;
}

}  // namespace

Directory::Directory(OrganisationPtr organisation, RosterChanges changes)
    : organisation_(std::move(organisation)), changes_(std::move(changes)) {
  for (const Unit& unit : organisation_->units) units_[unit.id].unit = &unit;
  for (const Shift& shift : organisation_->roster) units_[shift.unit].shifts.push_back(&shift);
  for (const Person& person : organisation_->people) {
    people_[person.id] = &person;
    units_[person.unit].people.push_back(&person);
  }
}

const Directory::Here* Directory::here(UnitId unit) const {
  const auto found = units_.find(unit);
  return found == units_.end() ? nullptr : &found->second;
}

const Unit* Directory::unit(UnitId id) const {
  const Here* at = here(id);
  return at == nullptr ? nullptr : at->unit;
}

const Person* Directory::person(PersonId id) const {
  const auto found = people_.find(id);
  return found == people_.end() ? nullptr : found->second;
}

bool Directory::is_within(UnitId unit_id, UnitId above_id) const {
  for (const Unit* at = unit(unit_id); at != nullptr; at = unit(at->parent)) {
    if (at->id == above_id) return true;
  }
  return false;
}

std::vector<PersonId> Directory::standing(UnitId unit, RoleId role) const {
  std::vector<PersonId> out;
  const Here* at = here(unit);
  if (at == nullptr) return out;
  for (const Person* person : at->people) {
    if (std::find(person->roles.begin(), person->roles.end(), role) != person->roles.end()) out.push_back(person->id);
  }
  return out;
}

UnitId Directory::home_of(RoleId role, UnitId unit_id) const {
  if (is_hall_role(role) || role == staff_role()) return unit_id;
  for (const Unit* at = unit(unit_id); at != nullptr; at = unit(at->parent)) {
    if (!standing(at->id, role).empty()) return at->id;
  }
  return UnitId();
}

int Directory::weekday_of(Instant now) const {
  const LocalTime local = local_time(now, organisation_->zone);
  for (const Holiday& holiday : organisation_->holidays) {
    if (holiday.year == local.year && holiday.month == local.month && holiday.day == local.day)
      return holiday.as_weekday;
  }
  return local.weekday;
}

bool Directory::in_business_hours(UnitId unit_id, Instant now) const {
  const Unit* at = unit(unit_id);
  if (at == nullptr) return false;
  const int weekday = weekday_of(now);
  const int minute = local_time(now, organisation_->zone).minute;
  return std::any_of(at->hours.begin(), at->hours.end(),
                     [&](const OpeningHours& open) { return has(open.days, weekday) && in_span(open.span, minute); });
}

// A shift belongs to the day on which it begins; past midnight it is still yesterday's.
bool Directory::covers(const Shift& shift, const LocalTime& local) const {
  if (!in_span(shift.span, local.minute)) return false;
  const bool overnight = shift.span.to <= shift.span.from && shift.span.to != shift.span.from;
  if (overnight && local.minute < shift.span.to) return has(shift.days, (local.weekday + 6) % 7);
  return has(shift.days, local.weekday);
}

std::vector<PersonId> Directory::on_shift(const Here& at, RoleId role, bool on_call, Instant now) const {
  LocalTime local = local_time(now, organisation_->zone);
  local.weekday = weekday_of(now);
  std::vector<PersonId> people;
  for (const Shift* shift : at.shifts) {
    if (shift->on_call != on_call) continue;
    const auto found = shift->people.find(role);
    if (found != shift->people.end() && covers(*shift, local)) add_all(people, found->second);
  }
  if (!on_call) apply_changes(at, role, now, people);
  std::erase_if(people, [&](PersonId id) {
    return std::any_of(changes_.presence.begin(), changes_.presence.end(), [&](const PresenceStated& stated) {
      return stated.person == id && !stated.present && now < stated.until;
    });
  });
  return people;
}

void Directory::apply_changes(const Here& at, RoleId role, Instant now, std::vector<PersonId>& people) const {
  for (const SubstitutionSet& change : changes_.substitutions) {
    const auto found = std::find(people.begin(), people.end(), change.person);
    if (found == people.end() || now < change.from || now >= change.to) continue;
    if (contains(people, change.stand_in)) {
      people.erase(found);
    } else {
      *found = change.stand_in;
    }
  }
  for (const RoleHandedOver& change : changes_.handovers) {
    if (change.unit != at.unit->id || change.role != role || now >= change.until) continue;
    std::erase(people, change.from);
    if (!contains(people, change.to)) people.push_back(change.to);
  }
  // Somebody who says "I am here" outside the roster is here, in every standing role.
  for (const PresenceStated& stated : changes_.presence) {
    if (!stated.present || now >= stated.until || contains(people, stated.person)) continue;
    const Person* known = person(stated.person);
    if (known != nullptr && known->unit == at.unit->id &&
        std::find(known->roles.begin(), known->roles.end(), role) != known->roles.end()) {
      people.push_back(stated.person);
    }
  }
}

Found Directory::at_unit(const Here& at, RoleId role, Instant now) const {
  for (const bool on_call : {false, true}) {
    auto people = on_shift(at, role, on_call, now);
    if (!people.empty()) return {std::move(people), on_call ? FoundBy::on_call : FoundBy::roster, role};
  }
  return {};
}

Found Directory::staff(const Here& at, Instant now) const {
  for (const bool on_call : {false, true}) {
    std::vector<PersonId> people;
    for (const RoleInfo& role : roles()) {
      if (role.level == Level::hall) add_all(people, on_shift(at, role.id, on_call, now));
    }
    if (!people.empty()) return {std::move(people), on_call ? FoundBy::on_call : FoundBy::roster, staff_role()};
  }
  return {};
}

Found Directory::above(UnitId unit_id, RoleId role, Instant now) const {
  const Unit* below = unit(unit_id);
  for (const Unit* at = below == nullptr ? nullptr : unit(below->parent); at != nullptr; at = unit(at->parent)) {
    const Here* there = here(at->id);
    std::vector<RoleId> candidates{role};
    candidates.insert(candidates.end(), leading_roles().begin(), leading_roles().end());
    for (const RoleId candidate : candidates) {
      Found found = at_unit(*there, candidate, now);
      if (!found.people.empty()) return {std::move(found.people), FoundBy::unit_above, candidate};
    }
  }
  return {};
}

Found Directory::who(UnitId unit_id, RoleId role, Instant now) const {
  UnitId home = home_of(role, unit_id);
  if (home.empty()) home = unit_id;
  const Here* at = here(home);
  if (at == nullptr || at->unit == nullptr) return {};
  if (role == staff_role()) {
    Found found = staff(*at, now);
    return found.people.empty() ? above(home, role, now) : found;
  }
  if (Found found = at_unit(*at, role, now); !found.people.empty()) return found;
  const auto fallbacks = organisation_->fallbacks.find(role);
  if (fallbacks != organisation_->fallbacks.end()) {
    for (const RoleId stand_in : fallbacks->second) {
      const UnitId stand_in_home = home_of(stand_in, unit_id);
      const Here* there = stand_in_home.empty() ? nullptr : here(stand_in_home);
      if (there == nullptr) continue;
      if (Found found = at_unit(*there, stand_in, now); !found.people.empty()) {
        return {std::move(found.people), FoundBy::fallback, stand_in};
      }
    }
  }
  if (Found found = above(home, role, now); !found.people.empty()) return found;
  if (auto people = standing(home, role); !people.empty()) return {std::move(people), FoundBy::standing, role};
  return {};
}

Instant Directory::shift_end(PersonId person_id, Instant now) const {
  const Person* known = person(person_id);
  const Here* at = known == nullptr ? nullptr : here(known->unit);
  Instant end = now + std::chrono::hours{12};
  if (at == nullptr) return end;
  LocalTime local = local_time(now, organisation_->zone);
  local.weekday = weekday_of(now);
  for (const Shift* shift : at->shifts) {
    if (shift->on_call || !covers(*shift, local)) continue;
    for (const auto& [role, people] : shift->people) {
      if (!contains(people, person_id)) continue;
      const int left = (shift->span.to - local.minute + 1440) % 1440;
      end = now + std::chrono::minutes{left == 0 ? 1440 : left};
    }
  }
  return end;
}

}  // namespace tingan
