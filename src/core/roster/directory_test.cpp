// Who is told at which hour: nights, holidays and make-up days, hours past midnight, stand-ins and their chains,
// handovers. The organisations are those in which it went wrong once (tests/roster/).
#include "core/roster/directory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "codec/organisation_yaml.h"

namespace tingan {
namespace {

using std::chrono::hours;

OrganisationPtr organisation(const char* path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return *parse_organisation(text.str(), path);
}

Instant at(const char* time) { return *parse_rfc3339(std::string(time) + ":00+08:00"); }

std::string names(const std::vector<PersonId>& people) {
  std::string out;
  for (const PersonId person : people) out += (out.empty() ? "" : " ") + person.str();
  return out;
}

std::string told(const Directory& directory, const char* role, Instant now, const char* unit = "hall-a") {
  return names(directory.who(UnitId(unit), RoleId(role), now).people);
}

std::string guard_at(const char* time) {
  static const Directory directory(organisation("tests/roster/holiday-night.org.yaml"), {});
  return told(directory, "guard", at(time));
}

TEST(Night, BelongsToTheEveningOnWhichItBegan) {
  EXPECT_EQ(guard_at("2026-12-31T23:59"), "gthu");
  EXPECT_EQ(guard_at("2027-01-01T00:00"), "gthu");  // the day counts as a Sunday, its small hours are Thursday's night
  EXPECT_EQ(guard_at("2027-01-01T03:00"), "gthu");
  EXPECT_EQ(guard_at("2027-01-01T05:59"), "gthu");
  EXPECT_EQ(guard_at("2027-01-01T06:00"), "gday");
}

TEST(Night, OfAHolidayIsThatOfTheDayThatItCountsAs) {
  EXPECT_EQ(guard_at("2027-01-01T22:00"), "gsun");
  EXPECT_EQ(guard_at("2027-01-02T00:00"), "gsun");
  EXPECT_EQ(guard_at("2027-01-02T03:00"), "gsun");
  EXPECT_EQ(guard_at("2027-01-02T22:00"), "gsat");
  EXPECT_EQ(guard_at("2027-01-03T03:00"), "gsat");
}

TEST(Night, AroundAMakeUpDayLikewise) {
  EXPECT_EQ(guard_at("2027-02-14T03:00"), "gsat");  // a Sunday on which people work, after an ordinary Saturday
  EXPECT_EQ(guard_at("2027-02-14T23:00"), "gmon");
  EXPECT_EQ(guard_at("2027-02-15T03:00"), "gmon");  // a holiday after it
  EXPECT_EQ(guard_at("2027-02-15T23:00"), "gsun");
  EXPECT_EQ(guard_at("2027-02-16T03:00"), "gsun");
}

TEST(Night, EndsWithItsShift) {
  const Directory directory(organisation("tests/roster/holiday-night.org.yaml"), {});
  EXPECT_EQ(directory.shift_end(PersonId("gthu"), at("2027-01-01T03:00")), at("2027-01-01T06:00"));
  EXPECT_EQ(directory.shift_end(PersonId("gthu"), at("2026-12-31T23:00")), at("2027-01-01T06:00"));
  // Not Friday's: the day counts as a Sunday.
  EXPECT_EQ(directory.shift_end(PersonId("gfri"), at("2027-01-01T23:00")), at("2027-01-02T11:00"));
}

// Round the clock, but from 08:00: seven in the morning is still the shift of the day before.
TEST(Night, AShiftRoundTheClockBelongsToTheDayOnWhichItBegan) {
  auto made = std::make_shared<Organisation>(*organisation("tests/roster/holiday-night.org.yaml"));
  std::erase_if(made->roster, [](const Shift& shift) { return shift.people.contains(RoleId("guard")); });
  const std::map<int, const char*> days = {{3, "gthu"}, {4, "gfri"}, {6, "gsun"}};
  for (const auto& [day, guard] : days) {
    made->roster.push_back({UnitId("hall-a"), 1U << day, {480, 480}, false, {{RoleId("guard"), {PersonId(guard)}}}, 0});
  }
  const Directory directory(made, {});
  EXPECT_EQ(told(directory, "guard", at("2027-01-01T07:59")), "gthu");
  EXPECT_EQ(told(directory, "guard", at("2027-01-01T08:00")), "gsun");
  EXPECT_EQ(told(directory, "guard", at("2027-01-02T07:00")), "gsun");
  EXPECT_EQ(directory.shift_end(PersonId("gthu"), at("2027-01-01T07:00")), at("2027-01-01T08:00"));
}

bool is_open(const char* time) {
  static const Directory directory(organisation("tests/roster/hours-past-midnight.org.yaml"), {});
  return directory.in_business_hours(UnitId("hall-a"), at(time));
}

TEST(Hours, PastMidnightAreThoseOfTheEvening) {
  EXPECT_FALSE(is_open("2026-12-04T01:00"));  // a Friday: Thursday has no hours
  EXPECT_FALSE(is_open("2026-12-04T17:59"));
  EXPECT_TRUE(is_open("2026-12-04T18:00"));
  EXPECT_TRUE(is_open("2026-12-05T01:00"));
  EXPECT_FALSE(is_open("2026-12-05T02:00"));
  EXPECT_FALSE(is_open("2026-12-05T19:00"));
}

TEST(Hours, OfAHolidayThatCountsAsAnotherDay) {
  auto made = std::make_shared<Organisation>(*organisation("tests/roster/hours-past-midnight.org.yaml"));
  made->holidays = {{2026, 12, 4, 6, {}}, {2026, 12, 9, 4, {}}};  // the Friday as a Sunday, a Wednesday as a Friday
  const Directory directory(made, {});
  const auto open = [&](const char* time) { return directory.in_business_hours(UnitId("hall-a"), at(time)); };
  EXPECT_FALSE(open("2026-12-04T20:00"));
  EXPECT_FALSE(open("2026-12-05T01:00"));
  EXPECT_TRUE(open("2026-12-09T20:00"));
  EXPECT_TRUE(open("2026-12-10T01:00"));
  EXPECT_FALSE(open("2026-12-10T03:00"));
}

struct Changed {
  RosterChanges changes;
  Instant now = at("2026-11-23T10:00");

  Changed& stands_in(const char* person, const char* stand_in, Duration after = hours{-1}) {
    changes.substitutions.push_back(
        {{PersonId(person), PersonId(stand_in), now + after, now + hours{48}}, {}, now + after, true});
    return *this;
  }
  Changed& hands(const char* role, const char* from, const char* to, const char* unit = "hall-a") {
    changes.handovers.push_back({{IncidentId{{static_cast<std::uint8_t>(changes.handovers.size() + 1)}}, UnitId(unit),
                                  RoleId(role), PersonId(from), PersonId(to), now + hours{12}},
                                 {},
                                 now,
                                 kNever,
                                 {}});
    return *this;
  }
  Changed& says(const char* person, bool present) {
    changes.presence.push_back({{PersonId(person), present, now + hours{12}}, {}, now});
    return *this;
  }
  std::string who(const char* role, Duration later = hours{0}, const char* unit = "hall-a") const {
    const Directory directory(organisation("org/demo.yaml"), changes);
    return told(directory, role, now + later, unit);
  }
};

constexpr hours kNight{12};  // 22:00: on call but for the guard

TEST(StandIn, StandsInOnCallToo) {
  const Changed changed = Changed().stands_in("hall-director@hall-a", "duty-manager@hall-a");
  EXPECT_EQ(changed.who("hall-director"), "duty-manager@hall-a");
  EXPECT_EQ(changed.who("hall-director", kNight), "duty-manager@hall-a");
  EXPECT_EQ(changed.who("hall-director", hours{50}), "hall-director@hall-a");  // it is over
}

TEST(StandIn, AChainEndsWithTheOneWhoIsThere) {
  const Changed chain = Changed()
                            .stands_in("shift-leader@hall-a", "duty-manager@hall-a")
                            .stands_in("duty-manager@hall-a", "hall-director@hall-a", hours{-5});
  EXPECT_EQ(chain.who("shift-leader"), "hall-director@hall-a");
  EXPECT_EQ(chain.who("shift-leader", kNight), "hall-director@hall-a");
}

TEST(StandIn, TwoWhoSwapTheirShiftsAreNoLoop) {
  const Changed swap = Changed().stands_in("clerk@hall-a", "guide@hall-a").stands_in("guide@hall-a", "clerk@hall-a");
  EXPECT_EQ(swap.who("guide"), "clerk@hall-a");
  const Changed ring = Changed()
                           .stands_in("shift-leader@hall-a", "duty-manager@hall-a")
                           .stands_in("duty-manager@hall-a", "hall-director@hall-a")
                           .stands_in("hall-director@hall-a", "shift-leader@hall-a");
  EXPECT_EQ(ring.who("shift-leader"), "duty-manager@hall-a");
  EXPECT_EQ(ring.who("hall-director"), "shift-leader@hall-a");
  EXPECT_EQ(Changed().stands_in("guard@hall-a", "guard@hall-a").who("guard"), "guard@hall-a");
}

TEST(StandIn, WhoIsNotHereIsNotCalledInAnothersPlace) {
  const Changed changed =
      Changed().stands_in("hall-director@hall-a", "duty-manager@hall-a").says("duty-manager@hall-a", false);
  EXPECT_EQ(changed.who("hall-director"), "shift-leader@hall-a");  // by the fallbacks
}

TEST(HandedOver, OnlyTheGiverIsReplaced) {
  const Changed one = Changed().hands("clerk", "clerk@hall-a", "shift-leader@hall-a");
  EXPECT_EQ(one.who("clerk"), "shift-leader@hall-a clerk-2@hall-a");
  const Changed on_call = Changed().hands("clerk", "clerk@hall-a", "shift-leader@hall-a");
  EXPECT_EQ(on_call.who("clerk", hours{11}), "shift-leader@hall-a clerk-2@hall-a");  // 21:00: those on call
}

TEST(HandedOver, OfSomebodyWhoIsNotThereChangesNobody) {
  EXPECT_EQ(Changed().hands("guard", "clerk@hall-a", "guide@hall-a").who("guard"), "guard@hall-a");
  EXPECT_EQ(Changed().hands("hall-director", "clerk@hall-a", "guide@hall-a").who("hall-director", kNight),
            "hall-director@hall-a");
}

TEST(HandedOver, GoesOnFromOneToTheNextAndBack) {
  Changed twice = Changed()
                      .hands("hall-director", "hall-director@hall-a", "duty-manager@hall-a")
                      .hands("hall-director", "duty-manager@hall-a", "shift-leader@hall-a");
  EXPECT_EQ(twice.who("hall-director"), "shift-leader@hall-a");
  twice.hands("hall-director", "shift-leader@hall-a", "hall-director@hall-a");
  EXPECT_EQ(twice.who("hall-director"), "hall-director@hall-a");
  twice.changes.handovers.front().undone_at = twice.now;
  EXPECT_EQ(twice.who("hall-director"), "hall-director@hall-a");
}

TEST(HandedOver, StaysWithWhoTookItWhenAnAbsenceOfTheGiverBegins) {
  const Changed changed = Changed()
                              .hands("hall-director", "hall-director@hall-a", "duty-manager@hall-a")
                              .stands_in("hall-director@hall-a", "shift-leader@hall-a", hours{1});
  EXPECT_EQ(changed.who("hall-director", hours{2}), "duty-manager@hall-a");
}

TEST(Presence, WhoIsHereBesideTheRosterPushesNobodyOut) {
  const Changed night = Changed().says("shift-leader@hall-a", true);
  EXPECT_EQ(night.who("shift-leader", kNight - hours{1}), "shift-leader@hall-a");
  const Changed clerk = Changed().says("clerk@hall-a", true);
  EXPECT_EQ(clerk.who("clerk", kNight - hours{1}), "clerk@hall-a clerk-2@hall-a");  // the other is still called
}

TEST(Presence, WhoSaidNotHereIsCalledByNoOtherWay) {
  const Changed changed = Changed().says("hall-director@hall-a", false);
  EXPECT_EQ(changed.who("hall-director"), "duty-manager@hall-a");
  EXPECT_EQ(changed.who("hall-director", kNight - hours{1}), "duty-manager@hall-a");
}

}  // namespace
}  // namespace tingan
