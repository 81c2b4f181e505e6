// Who may change who is on duty: every role of every unit against every other unit, and who is told does not change.
#include "core/roster/duty.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "codec/organisation_yaml.h"
#include "model/vocabulary.h"

namespace tingan {
namespace {

using std::chrono::hours;

const Instant kDay = *parse_rfc3339("2026-11-23T10:00:00+08:00");
const Instant kNight = *parse_rfc3339("2026-11-23T22:00:00+08:00");

const Directory& demo() {
  static const Directory directory = [] {
    std::ifstream in("org/demo.yaml");
    std::stringstream text;
    text << in.rdbuf();
    return Directory(*parse_organisation(text.str(), "org/demo.yaml"), {});
  }();
  return directory;
}

Who as(const char* person) { return *who_is(demo(), PersonId(person)); }

template <class Command>
std::string code(const Command& command, const Who& who, Instant now = kDay) {
  const auto decided = decide_duty(demo(), command, who, now);
  return decided ? "" : decided.error().code;
}

RoleHandedOver handover(const char* unit, const char* role, const char* from, const char* to,
                        Instant until = Instant{}) {
  return {IncidentId{}, UnitId(unit), RoleId(role), PersonId(from), PersonId(to), until};
}

SubstitutionSet stand_in(const char* person, const char* other, Duration length = hours{8}, Duration in = {}) {
  return {PersonId(person), PersonId(other), kDay + in, kDay + in + length};
}

// The people of one unit, as victims of a write from elsewhere.
std::vector<PersonId> people_of(UnitId unit) {
  std::vector<PersonId> out;
  for (const Person& person : demo().organisation().people) {
    if (person.unit == unit) out.push_back(person.id);
  }
  return out;
}

// Whoever it is, from whatever other unit, with whatever role: refused for every role, giver and taker there.
TEST(Duty, NobodyHandsOverAnotherUnitsRoles) {
  for (const Person& person : demo().organisation().people) {
    const Who who = *who_is(demo(), person.id);
    for (const Unit& unit : demo().organisation().units) {
      if (unit.id == person.unit || leads_unit(demo(), who, unit.id)) continue;
      for (const RoleInfo& role : roles()) {
        for (const Instant now : {kDay, kNight}) {
          for (const PersonId there : people_of(unit.id)) {
            const auto taken =
                decide_duty(demo(), RoleHandedOver{{}, unit.id, role.id, there, person.id, {}}, who, now);
            EXPECT_FALSE(taken) << person.id.str() << " took " << role.id.str() << " at " << unit.id.str();
            const auto given =
                decide_duty(demo(), RoleHandedOver{{}, unit.id, role.id, person.id, there, {}}, who, now);
            EXPECT_FALSE(given) << person.id.str() << " gave " << role.id.str() << " at " << unit.id.str();
          }
        }
      }
    }
  }
}

TEST(Duty, NobodySaysWhoIsAwayOrStandsInElsewhere) {
  for (const Person& person : demo().organisation().people) {
    const Who who = *who_is(demo(), person.id);
    for (const Person& other : demo().organisation().people) {
      if (other.unit == person.unit || leads_unit(demo(), who, other.unit)) continue;
      EXPECT_FALSE(decide_duty(demo(), PresenceStated{other.id, false, {}}, who, kDay)) << person.id.str();
      EXPECT_FALSE(decide_duty(demo(), PresenceStated{other.id, true, {}}, who, kDay)) << person.id.str();
      const SubstitutionSet own{other.id, person.id, kDay, kDay + hours{1}};
      EXPECT_FALSE(decide_duty(demo(), own, who, kDay)) << person.id.str();
      if (who.holds(admin_role())) continue;  // writes stand-ins down, but never takes part
      for (const PersonId third : people_of(other.unit)) {
        EXPECT_FALSE(decide_duty(demo(), SubstitutionSet{other.id, third, kDay, kDay + hours{1}}, who, kDay))
            << person.id.str();
      }
    }
  }
}

TEST(Duty, WhoHoldsARoleGivesItToOneWhoMayHoldIt) {
  const auto own = handover("hall-a", "hall-director", "hall-director@hall-a", "duty-manager@hall-a");
  EXPECT_EQ(code(own, as("hall-director@hall-a")), "");
  EXPECT_EQ(code(own, as("hall-director@hall-a"), kNight), "");  // on call is holding it, too
  EXPECT_EQ(code(own, as("general-group@centre")), "");
  EXPECT_EQ(code(own, as("duty-manager@hall-a")), "roster.not-allowed");  // below the director
  EXPECT_EQ(code(own, as("clerk@hall-a")), "roster.not-allowed");
  EXPECT_EQ(code(own, as("admin@centre")), "roster.not-allowed");
  EXPECT_EQ(
      code(handover("hall-a", "hall-director", "hall-director@hall-a", "clerk@hall-a"), as("hall-director@hall-a")),
      "roster.cannot-hold");
  EXPECT_EQ(code(handover("hall-a", "hall-director", "hall-director@hall-a", "hall-director@hall-b"),
                 as("hall-director@hall-a")),
            "roster.other-unit");
  EXPECT_EQ(code(handover("hall-a", "hall-director", "hall-director@hall-a", "hall-director@hall-a"),
                 as("hall-director@hall-a")),
            "roster.same-person");
}

TEST(Duty, WhoDoesNotHoldARoleHasNothingToGive) {
  EXPECT_EQ(code(handover("hall-a", "hall-director", "clerk@hall-a", "clerk@hall-a"), as("clerk@hall-a")),
            "roster.not-holder");
  EXPECT_EQ(code(handover("hall-a", "guard", "hall-director@hall-a", "clerk@hall-a"), as("hall-director@hall-a")),
            "roster.not-holder");
  EXPECT_EQ(code(handover("hall-a", "hall-director", "duty-manager@hall-a", "shift-leader@hall-a"),
                 as("duty-manager@hall-a")),
            "roster.not-holder");
  EXPECT_EQ(code(handover("hall-a", "general-group", "general-group@centre", "back-office@centre"),
                 as("general-group@centre")),
            "roster.not-its-unit");
  EXPECT_EQ(code(handover("centre", "general-group", "general-group@centre", "back-office@centre"),
                 as("general-group@centre")),
            "");
}

TEST(Duty, AHandoverLastsADayAtMostAndDoesNotBeginInThePast) {
  const auto until = [](Instant end) {
    return code(handover("hall-a", "guard", "guard@hall-a", "shift-leader@hall-a", end), as("guard@hall-a"));
  };
  EXPECT_EQ(until(kDay + hours{24}), "");
  EXPECT_EQ(until(kDay + hours{24} + Duration{1}), "roster.too-long");
  EXPECT_EQ(until(*parse_rfc3339("2099-01-01T00:00:00+08:00")), "roster.too-long");
  EXPECT_EQ(until(kDay), "roster.empty-span");
  EXPECT_EQ(until(kDay - hours{1}), "roster.empty-span");
  const auto decided =
      decide_duty(demo(), handover("hall-a", "guard", "guard@hall-a", "shift-leader@hall-a"), as("guard@hall-a"), kDay);
  EXPECT_EQ(std::get<RoleHandedOver>(decided->event).until, *parse_rfc3339("2026-11-23T18:30:00+08:00"));
  EXPECT_FALSE(std::get<RoleHandedOver>(decided->event).id.none());
}

TEST(Duty, AStandInIsAnotherPersonOfTheUnitWhoMayDoThatWork) {
  EXPECT_EQ(code(stand_in("clerk@hall-a", "clerk-2@hall-a"), as("shift-leader@hall-a")), "");
  EXPECT_EQ(code(stand_in("clerk@hall-a", "clerk-2@hall-a"), as("admin@centre")), "");
  EXPECT_EQ(code(stand_in("clerk@hall-a", "clerk@hall-a"), as("shift-leader@hall-a")), "roster.same-person");
  EXPECT_EQ(code(stand_in("clerk@hall-a", "clerk@hall-b"), as("general-group@centre")), "roster.other-unit");
  EXPECT_EQ(code(stand_in("hall-director@hall-a", "clerk@hall-a"), as("general-group@centre")), "roster.cannot-hold");
  EXPECT_EQ(code(stand_in("hall-director@hall-a", "duty-manager@hall-a"), as("duty-manager@hall-a")),
            "roster.not-allowed");
  EXPECT_EQ(code(stand_in("clerk@hall-a", "clerk-2@hall-a"), as("clerk@hall-a")), "roster.not-allowed");
  EXPECT_EQ(code(stand_in("hall-director@hall-a", "admin@centre"), as("admin@centre")), "roster.not-allowed");
}

TEST(Duty, AStandInHasAnEnd) {
  const Who leader = as("hall-director@hall-a");
  EXPECT_EQ(code(stand_in("clerk@hall-a", "clerk-2@hall-a", hours{24 * 31}), leader), "");
  EXPECT_EQ(code(stand_in("clerk@hall-a", "clerk-2@hall-a", hours{24 * 32}), leader), "roster.too-long");
  EXPECT_EQ(code(stand_in("clerk@hall-a", "clerk-2@hall-a", hours{8}, hours{24 * 400}), leader), "roster.too-far");
  EXPECT_EQ(code(stand_in("clerk@hall-a", "clerk-2@hall-a", hours{1}, hours{-2}), leader), "roster.empty-span");
}

TEST(Duty, NobodyIsStatedAwayForeverNorByThoseBelow) {
  const auto away = [](const char* person, Duration length) {
    return PresenceStated{PersonId(person), false, kDay + length};
  };
  EXPECT_EQ(code(away("guide@hall-a", hours{24}), as("guide@hall-a")), "");
  EXPECT_EQ(code(away("guide@hall-a", hours{25}), as("guide@hall-a")), "roster.too-long");
  EXPECT_EQ(code(away("guide@hall-a", hours{24 * 31}), as("shift-leader@hall-a")), "");
  EXPECT_EQ(code(away("guide@hall-a", hours{24 * 32}), as("shift-leader@hall-a")), "roster.too-long");
  EXPECT_EQ(code(away("hall-director@hall-a", hours{1}), as("shift-leader@hall-a")), "roster.not-allowed");
  EXPECT_EQ(code(away("centre-head@centre", hours{1}), as("general-group@centre")), "roster.not-allowed");
  EXPECT_EQ(code(away("guide@hall-a", hours{1}), as("admin@centre")), "roster.not-allowed");
  EXPECT_EQ(code(away("guide@hall-a", hours{1}), as("clerk@hall-a")), "roster.not-allowed");
  EXPECT_EQ(code(away("guide@hall-a", hours{-1}), as("guide@hall-a")), "roster.empty-span");
}

}  // namespace
}  // namespace tingan
