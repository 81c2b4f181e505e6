#include "core/roster/directory.h"

#include <algorithm>

#include "model/vocabulary.h"

namespace tingan {
namespace {

constexpr Duration kOneDay = std::chrono::hours{24};
constexpr int kDayMinutes = 24 * 60;

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

bool Directory::is_rostered(UnitId unit, RoleId role, PersonId person) const {
  const Here* at = here(unit);
  return at != nullptr && std::any_of(at->shifts.begin(), at->shifts.end(), [&](const Shift* shift) {
           const auto found = shift->people.find(role);
           return found != shift->people.end() && contains(found->second, person);
         });
}

// The weekday that counts for that day: a holiday and a make-up day stand for another one.
int Directory::weekday_of(Instant now) const {
  const LocalTime local = local_time(now, organisation_->zone);
  for (const Holiday& holiday : organisation_->holidays) {
    if (holiday.year == local.year && holiday.month == local.month && holiday.day == local.day)
      return holiday.as_weekday;
  }
  return local.weekday;
}

// What runs past midnight belongs to the day on which it began, with what that day counts as: a shift round the clock
// from 08:00 as much as a night.
bool Directory::runs(Weekdays days, const MinuteSpan& span, Instant now) const {
  const int minute = local_time(now, organisation_->zone).minute;
  if (!in_span(span, minute)) return false;
  const bool began_yesterday = span.to <= span.from && minute < span.to;
  return has(days, weekday_of(began_yesterday ? now - kOneDay : now));
}

bool Directory::in_business_hours(UnitId unit_id, Instant now) const {
  const Unit* at = unit(unit_id);
  return at != nullptr && std::any_of(at->hours.begin(), at->hours.end(),
                                      [&](const OpeningHours& open) { return runs(open.days, open.span, now); });
}

bool Directory::is_away(PersonId person, Instant now) const {
  return std::any_of(changes_.presence.begin(), changes_.presence.end(), [&](const Presence& one) {
    return one.set.person == person && !one.set.present && now < one.set.until;
  });
}

// Along handovers and stand-ins from one person to the next, in the order in which they took effect. A handover is
// passed only once and only forwards; stand-ins that lead back (two who swap their shifts) end with the first of them.
PersonId Directory::handed_on(UnitId unit, RoleId role, PersonId person, Instant now, bool with_stand_ins) const {
  std::size_t next_handover = 0;
  Instant held_since = Instant::min();  // by a handover: an older stand-in does not take that away again
  std::vector<PersonId> chain{person};  // of stand-ins, since the last handover
  for (;;) {
    const StandIn* stand_in = nullptr;
    for (const StandIn& one : changes_.substitutions) {
      if (!with_stand_ins || one.set.person != chain.back() || now < one.set.from || now >= one.set.to) continue;
      if (one.set.from >= held_since) stand_in = &one;
    }
    const auto handover = std::find_if(changes_.handovers.begin() + static_cast<std::ptrdiff_t>(next_handover),
                                       changes_.handovers.end(), [&](const Handover& one) {
                                         return one.set.unit == unit && one.set.role == role &&
                                                one.set.from == chain.back() && one.in_force(now) &&
                                                this->person(one.set.to) != nullptr;
                                       });
    if (handover != changes_.handovers.end() && (stand_in == nullptr || handover->at <= stand_in->set.from)) {
      next_handover = static_cast<std::size_t>(handover - changes_.handovers.begin()) + 1;
      held_since = handover->at;
      chain = {handover->set.to};
      continue;
    }
    if (stand_in == nullptr) return chain.back();
    if (contains(chain, stand_in->set.stand_in)) return chain.size() > 1 ? chain[1] : chain.back();
    chain.push_back(stand_in->set.stand_in);
  }
}

PersonId Directory::in_place_of(UnitId unit, RoleId role, PersonId person, Instant now) const {
  return handed_on(unit, role, person, now, true);
}

std::vector<PersonId> Directory::replaced(UnitId unit, RoleId role, const std::vector<PersonId>& people, Instant now,
                                          bool with_stand_ins) const {
  std::vector<PersonId> out;
  for (const PersonId one : people) add_all(out, {handed_on(unit, role, one, now, with_stand_ins)});
  return out;
}

std::vector<PersonId> Directory::on_paper(const Here& at, RoleId role, bool on_call, Instant now) const {
  std::vector<PersonId> people;
  for (const Shift* shift : at.shifts) {
    if (shift->on_call != on_call) continue;
    const auto found = shift->people.find(role);
    if (found != shift->people.end() && runs(shift->days, shift->span, now)) add_all(people, found->second);
  }
  return people;
}

std::vector<PersonId> Directory::on_paper(UnitId unit, RoleId role, bool on_call, Instant now) const {
  const Here* at = here(unit);
  return at == nullptr ? std::vector<PersonId>{} : on_paper(*at, role, on_call, now);
}

std::vector<PersonId> Directory::on_shift(const Here& at, RoleId role, bool on_call, Instant now) const {
  std::vector<PersonId> people = replaced(at.unit->id, role, on_paper(at, role, on_call, now), now, true);
  std::erase_if(people, [&](PersonId id) { return person(id) == nullptr || is_away(id, now); });
  return people;
}

std::vector<PersonId> Directory::on_call(UnitId unit, RoleId role, Instant now) const {
  const Here* at = here(unit);
  return at == nullptr || at->unit == nullptr ? std::vector<PersonId>{} : on_shift(*at, role, true, now);
}

// Somebody who says "I am here" outside the roster is here, in every standing role.
std::vector<PersonId> Directory::here_beside_roster(const Here& at, RoleId role, Instant now) const {
  std::vector<PersonId> people;
  for (const Presence& one : changes_.presence) {
    if (!one.set.present || now >= one.set.until) continue;
    const Person* known = person(one.set.person);
    if (known != nullptr && known->unit == at.unit->id &&
        std::find(known->roles.begin(), known->roles.end(), role) != known->roles.end()) {
      add_all(people, {one.set.person});
    }
  }
  return replaced(at.unit->id, role, people, now, false);
}

// On the spot, else on call. Who is here beside the roster is told, too, and pushes nobody out: those on call are
// called as they would be without.
Found Directory::of_roles(const Here& at, const std::vector<RoleId>& wanted, RoleId acting, Instant now) const {
  std::vector<PersonId> people;
  for (const RoleId role : wanted) add_all(people, on_shift(at, role, false, now));
  const bool rostered = !people.empty();
  for (const RoleId role : wanted) add_all(people, here_beside_roster(at, role, now));
  const bool on_the_spot = !people.empty();
  for (const RoleId role : wanted) {
    if (!rostered) add_all(people, on_shift(at, role, true, now));
  }
  if (people.empty()) return {};
  return {std::move(people), on_the_spot ? FoundBy::roster : FoundBy::on_call, acting};
}

Found Directory::at_unit(const Here& at, RoleId role, Instant now) const { return of_roles(at, {role}, role, now); }

Found Directory::staff(const Here& at, Instant now) const {
  std::vector<RoleId> of_hall;
  for (const RoleInfo& role : roles()) {
    if (role.level == Level::hall) of_hall.push_back(role.id);
  }
  return of_roles(at, of_hall, staff_role(), now);
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

Found Directory::by_fallback(UnitId unit_id, RoleId role, Instant now) const {
  const auto fallbacks = organisation_->fallbacks.find(role);
  if (fallbacks == organisation_->fallbacks.end()) return {};
  for (const RoleId stand_in : fallbacks->second) {
    const UnitId stand_in_home = home_of(stand_in, unit_id);
    const Here* there = stand_in_home.empty() ? nullptr : here(stand_in_home);
    if (there == nullptr || there->unit == nullptr) continue;
    if (Found found = at_unit(*there, stand_in, now); !found.people.empty()) {
      return {std::move(found.people), FoundBy::fallback, stand_in};
    }
  }
  return {};
}

// The last resort: those who hold the role, or who stands in for them, whatever the hour; who is said to be away only
// where there is nobody else.
Found Directory::by_standing(UnitId home, RoleId role, Instant now) const {
  const std::vector<PersonId> all = standing(home, role);
  if (all.empty()) return {};
  std::vector<PersonId> people = replaced(home, role, all, now, true);
  std::erase_if(people, [&](PersonId id) { return person(id) == nullptr || is_away(id, now); });
  return {people.empty() ? all : std::move(people), FoundBy::standing, role};
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
  Found found = by_fallback(unit_id, role, now);
  if (found.people.empty()) found = above(home, role, now);
  if (found.people.empty()) return by_standing(home, role, now);
  // Who acts for the role may have handed just that over.
  found.people = replaced(home, role, found.people, now, false);
  return found;
}

Instant Directory::shift_end(PersonId person_id, Instant now) const {
  const Person* known = person(person_id);
  const Here* at = known == nullptr ? nullptr : here(known->unit);
  const int minute = local_time(now, organisation_->zone).minute;
  for (const bool on_call : {false, true}) {
    int left = 0;
    for (const Shift* shift : at == nullptr ? std::vector<const Shift*>{} : at->shifts) {
      if (shift->on_call != on_call || !runs(shift->days, shift->span, now)) continue;
      for (const auto& [role, people] : shift->people) {
        const bool own =
            contains(people, person_id) || contains(replaced(known->unit, role, people, now, true), person_id);
        const int rest = (shift->span.to - minute + kDayMinutes) % kDayMinutes;
        if (own) left = std::max(left, rest == 0 ? kDayMinutes : rest);
      }
    }
    if (left > 0) return now + std::chrono::minutes{left};
  }
  return now + std::chrono::hours{12};
}

}  // namespace tingan
