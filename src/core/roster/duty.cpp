#include "core/roster/duty.h"

#include <algorithm>
#include <array>

#include "model/vocabulary.h"

namespace tingan {
namespace {

// From below to above; whoever is not in it leads nobody.
int rank_of(RoleId role) {
  static constexpr std::array kLine = {"shift-leader",  "duty-manager", "hall-director",
                                       "general-group", "centre-head",  "company-leader"};
  const auto found = std::find(kLine.begin(), kLine.end(), role.str());
  return found == kLine.end() ? 0 : static_cast<int>(found - kLine.begin()) + 1;
}

int rank_of(const std::vector<RoleId>& roles) {
  int rank = 0;
  for (const RoleId role : roles) rank = std::max(rank, rank_of(role));
  return rank;
}

bool holds(const Person& person, RoleId role) {
  return std::find(person.roles.begin(), person.roles.end(), role) != person.roles.end();
}

bool contains(const std::vector<PersonId>& people, PersonId person) {
  return std::find(people.begin(), people.end(), person) != people.end();
}

Text role_of(RoleId role) {
  const RoleInfo* info = find_role(role);
  return info == nullptr ? Text{role.str(), role.str()} : info->name;
}

tl::unexpected<Error> not_allowed(const char* zh, const char* en) { return fail("roster.not-allowed", {zh, en}); }

Expected<const Person*> known(const Directory& directory, PersonId id, const char* where) {
  const Person* person = directory.person(id);
  if (person != nullptr) return person;
  return fail("roster.unknown-person",
              {fmt::format("没有人员“{}”", id.str()), fmt::format("Expected a known person, but got '{}'", id.str())},
              where);
}

Expected<void> check_until(Instant until, Instant now, Duration most, const char* where) {
  if (until <= now) {
    return fail("roster.empty-span", {"结束时间要晚于现在", "Expected an end after now, but it is before"}, where);
  }
  if (until - now > most) {
    const Text length = say_duration(most);
    return fail("roster.too-long",
                {fmt::format("最长{}", length.zh), fmt::format("Expected {} at most, but it is longer", length.en)},
                where);
  }
  return {};
}

// Nobody answers for a role that the organisation does not let that person hold.
Expected<void> check_able(const Directory& directory, UnitId unit, RoleId role, PersonId person, const char* where) {
  if (may_hold(directory, unit, role, person)) return {};
  const Text name = role_of(role);
  return fail("roster.cannot-hold",
              {fmt::format("“{}”不能担任{}", person.str(), name.zh),
               fmt::format("Expected one who can act as {}, but '{}' cannot", name.en, person.str())},
              where);
}

Expected<void> check_place(const Directory& directory, const RoleHandedOver& c) {
  if (directory.unit(c.unit) == nullptr) {
    return fail(
        "unit.unknown",
        {fmt::format("没有单位“{}”", c.unit.str()), fmt::format("Expected a known unit, but got '{}'", c.unit.str())},
        "unit");
  }
  if (find_role(c.role) == nullptr) {
    return fail(
        "roster.unknown-role",
        {fmt::format("没有岗位“{}”", c.role.str()), fmt::format("Expected a known role, but got '{}'", c.role.str())},
        "role");
  }
  return {};
}

const Handover* find_handover(const Directory& directory, IncidentId id, Instant now) {
  const auto& all = directory.changes().handovers;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Handover& one) { return one.set.id == id && one.in_force(now); });
  return found == all.end() ? nullptr : &*found;
}

// FNV-1a; for callers that have no randomness of their own (the simulator, scenarios).
IncidentId derived_id(const RoleHandedOver& c, Instant now) {
  std::array<std::uint8_t, 10> entropy{};
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char byte : c.unit.str() + "/" + c.role.str() + "/" + c.from.str() + "/" + c.to.str()) {
    hash = (hash ^ static_cast<std::uint8_t>(byte)) * 1099511628211ULL;
  }
  for (std::size_t i = 0; i < 8; ++i) entropy[i] = static_cast<std::uint8_t>(hash >> (8 * i));
  return make_incident_id(to_millis(now), entropy);
}

// What the person is rostered to do; where that is nothing, what the person may do.
std::vector<RoleId> duties_of(const Directory& directory, const Person& person) {
  std::vector<RoleId> out;
  for (const RoleInfo& role : roles()) {
    if (directory.is_rostered(person.unit, role.id, person.id)) out.push_back(role.id);
  }
  if (!out.empty()) return out;
  std::copy_if(person.roles.begin(), person.roles.end(), std::back_inserter(out),
               [](RoleId role) { return find_role(role) != nullptr; });
  return out;
}

Expected<void> check_span(const SubstitutionSet& c, const Who& who, Instant now) {
  if (c.to <= c.from || c.to <= now) {
    return fail("roster.empty-span", {"结束时间要晚于开始时间和现在", "Expected an end after the start and after now"},
                "to");
  }
  if (who.program) return {};
  if (c.to - c.from > kStandInMax) {
    return fail("roster.too-long", {"替班一次最长 31 天", "Expected a stand-in for 31 days at most, but it is longer"},
                "to");
  }
  if (c.from - now > kStandInAheadMax || now - c.from > kStandInBehindMax) {
    return fail("roster.too-far",
                {"替班最早从昨天、最晚从一年后开始",
                 "Expected a stand-in that begins between yesterday and a year from now, but it does not"},
                "from");
  }
  return {};
}

struct LeaverFinder {
  const Directory& before;
  const Directory& after;
  Instant now;
  std::vector<Leaver> out;

  // Where the person may have been told: in the own unit, and wherever else a shift has the person.
  void left(PersonId person, RoleId role) {
    const Person* known = before.person(person);
    if (known == nullptr) return;
    std::vector<UnitId> units{known->unit};
    for (const Shift& shift : before.organisation().roster) {
      const bool in_it = std::any_of(shift.people.begin(), shift.people.end(),
                                     [&](const auto& entry) { return contains(entry.second, person); });
      if (in_it && std::find(units.begin(), units.end(), shift.unit) == units.end()) units.push_back(shift.unit);
    }
    for (const UnitId unit : units) out.push_back({unit, person, role});
  }
  void operator()(const RoleHandedOver& e) { out.push_back({e.unit, e.from, e.role}); }
  void operator()(const HandoverUndone& e) {
    for (const Handover& one : before.changes().handovers) {
      if (one.set.id == e.handover) out.push_back({one.set.unit, one.set.to, one.set.role});
    }
  }
  void operator()(const SubstitutionSet& e) {
    if (e.from <= now && now < e.to) left(e.person, RoleId());
  }
  void operator()(const SubstitutionBegun& e) { left(e.person, RoleId()); }
  void operator()(const PresenceStated& e) {
    if (!e.present && now < e.until) left(e.person, RoleId());
  }
  // Who is not in the organisation any more, is elsewhere in it, or has lost a role.
  void operator()(const OrganisationPublished&) {
    for (const Person& person : before.organisation().people) {
      const Person* still = after.person(person.id);
      if (still == nullptr || still->unit != person.unit) {
        left(person.id, RoleId());
        continue;
      }
      for (const RoleId role : person.roles) {
        if (!holds(*still, role)) left(person.id, role);
      }
    }
  }
  template <class Other>
  void operator()(const Other&) {}
};

}  // namespace

bool leads_unit(const Directory& directory, const Who& who, UnitId unit) {
  static const std::vector<RoleId> of_hall = {RoleId("hall-director"), RoleId("duty-manager"), RoleId("shift-leader")};
  static const std::vector<RoleId> of_centre = {RoleId("general-group"), RoleId("centre-head")};
  const auto holds_one = [&](const std::vector<RoleId>& wanted) {
    return std::any_of(wanted.begin(), wanted.end(), [&](RoleId role) { return who.holds(role); });
  };
  if (who.program) return true;
  return (who.unit == unit && holds_one(of_hall)) || (directory.is_within(unit, who.unit) && holds_one(of_centre));
}

bool leads_person(const Directory& directory, const Who& who, PersonId id) {
  if (who.program) return true;
  const Person* person = directory.person(id);
  return person != nullptr && leads_unit(directory, who, person->unit) && rank_of(who.roles) >= rank_of(person->roles);
}

bool may_hold(const Directory& directory, UnitId unit, RoleId role, PersonId id) {
  const Person* person = directory.person(id);
  if (person == nullptr || person->unit != unit) return false;
  if (holds(*person, role) || directory.is_rostered(unit, role, id)) return true;
  const auto& all = directory.organisation().fallbacks;
  const auto fallbacks = all.find(role);
  return fallbacks != all.end() && std::any_of(fallbacks->second.begin(), fallbacks->second.end(),
                                               [&](RoleId stands_in) { return holds(*person, stands_in); });
}

bool holds_now(const Directory& directory, UnitId unit, RoleId role, PersonId person, Instant now) {
  return contains(directory.who(unit, role, now).people, person);
}

Expected<DutyChange> decide_duty(const Directory& directory, const SubstitutionSet& c, const Who& who, Instant now) {
  const auto person = known(directory, c.person, "person");
  if (!person) return tl::unexpected(person.error());
  const auto stand_in = known(directory, c.stand_in, "stand_in");
  if (!stand_in) return tl::unexpected(stand_in.error());
  const bool own = who.person == c.person || who.person == c.stand_in;
  const bool by_administrator = who.holds(admin_role()) && !own;
  if (!by_administrator && !leads_person(directory, who, c.person)) {
    return not_allowed("替班由本单位负责人或管理员安排，不能替上级安排",
                       "Expected someone who leads this unit and does not stand below the person");
  }
  if (c.person == c.stand_in) {
    return fail("roster.same-person", {"不能自己替自己的班", "Expected another person to stand in, but it is the same"},
                "stand_in");
  }
  if ((*stand_in)->unit != (*person)->unit) {
    return fail("roster.other-unit", {"替班人不是本单位的人", "Expected a person of the same unit to stand in"},
                "stand_in");
  }
  if (auto span = check_span(c, who, now); !span) return tl::unexpected(span.error());
  for (const RoleId role : duties_of(directory, **person)) {
    if (auto able = check_able(directory, (*person)->unit, role, c.stand_in, "stand_in"); !able) {
      return tl::unexpected(able.error());
    }
  }
  return DutyChange{c, (*person)->unit};
}

Expected<DutyChange> decide_duty(const Directory& directory, const RoleHandedOver& c, const Who& who, Instant now) {
  if (const auto from = known(directory, c.from, "from"); !from) return tl::unexpected(from.error());
  const auto to = known(directory, c.to, "to");
  if (!to) return tl::unexpected(to.error());
  if (auto place = check_place(directory, c); !place) return tl::unexpected(place.error());
  const bool by_leader = leads_unit(directory, who, c.unit) && leads_person(directory, who, c.from);
  if (who.person != c.from && !by_leader) {
    return not_allowed("交接由当班人本人或其负责人办理",
                       "Expected who holds the role, or someone who leads the unit and does not stand below");
  }
  if (!holds_now(directory, c.unit, c.role, c.from, now)) {
    const Text role = role_of(c.role);
    return fail(
        "roster.not-holder",
        {fmt::format("“{}”现在不是这里的{}，没有可交接的", c.from.str(), role.zh),
         fmt::format("Expected whom the program would tell now as {} there, but '{}' is not", role.en, c.from.str())},
        "from");
  }
  if (const UnitId home = directory.home_of(c.role, c.unit); !home.empty() && home != c.unit) {
    return fail("roster.not-its-unit",
                {"这个岗位不归这个单位，请在它自己的单位交接",
                 "Expected the unit whose people hold the role, but it is another unit's"},
                "unit");
  }
  if (c.to == c.from) {
    return fail("roster.same-person", {"不能交接给自己", "Expected another person to take over, but it is the same"},
                "to");
  }
  if ((*to)->unit != c.unit) {
    return fail("roster.other-unit", {"接班人不是本单位的人", "Expected a person of the same unit"}, "to");
  }
  if (auto able = check_able(directory, c.unit, c.role, c.to, "to"); !able) return tl::unexpected(able.error());
  RoleHandedOver event = c;
  if (event.id.none()) event.id = derived_id(c, now);
  if (event.until == Instant{}) event.until = std::min(directory.shift_end(c.from, now), now + kHandoverMax);
  if (auto until = check_until(event.until, now, kHandoverMax, "until"); !until) return tl::unexpected(until.error());
  return DutyChange{event, c.unit};
}

Expected<DutyChange> decide_duty(const Directory& directory, IncidentId undone_handover, const Who& who, Instant now) {
  const Handover* handover = find_handover(directory, undone_handover, now);
  if (handover == nullptr) {
    return fail("roster.unknown-handover",
                {"没有这次交接，或者它已经结束", "Expected a handover that is in force, but there is none of this id"},
                "id");
  }
  const RoleHandedOver& set = handover->set;
  const bool by_leader = leads_unit(directory, who, set.unit) && leads_person(directory, who, set.from);
  if (who.person != set.from && who.person != set.to && !by_leader) {
    return not_allowed("交接由交班人、接班人或其负责人撤销", "Expected who gave, who took, or someone who leads them");
  }
  return DutyChange{HandoverUndone{undone_handover}, set.unit};
}

Expected<DutyChange> decide_duty(const Directory& directory, const PresenceStated& c, const Who& who, Instant now) {
  const auto person = known(directory, c.person, "person");
  if (!person) return tl::unexpected(person.error());
  if (who.person != c.person && !leads_person(directory, who, c.person)) {
    return not_allowed("在岗状态由本人或其负责人填报",
                       "Expected the person, or someone who leads the unit and does not stand below");
  }
  PresenceStated event = c;
  if (event.until == Instant{}) event.until = std::min(directory.shift_end(c.person, now), now + kPresenceMax);
  const bool leader = leads_unit(directory, who, (*person)->unit);
  const Duration most = leader ? kPresenceByLeaderMax : kPresenceMax;
  if (!who.program) {
    if (auto until = check_until(event.until, now, most, "until"); !until) return tl::unexpected(until.error());
  }
  return DutyChange{event, (*person)->unit};
}

std::vector<Leaver> leavers(const UnitEvent& event, const Directory& before, const Directory& after, Instant now) {
  LeaverFinder finder{before, after, now, {}};
  std::visit(finder, event);
  return std::move(finder.out);
}

}  // namespace tingan
