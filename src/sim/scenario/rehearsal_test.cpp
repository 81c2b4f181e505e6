// What the console's rehearsal page asks for.
#include "sim/scenario/rehearsal.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/scenario/testing.h"

namespace tingan::scenario {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Instant kMorning = *parse_rfc3339("2026-11-23T10:00:00+08:00");

RehearsalRequest outage() {
  RehearsalRequest request;
  request.type = PlanId("outage");
  request.unit = UnitId("hall-a");
  request.start = kMorning;
  request.facts = {{FactId("cause"), ValueId("system")}, {FactId("scope"), ValueId("single")}};
  return request;
}

bool is_called(const Rehearsal& rehearsal, const char* person, Duration from, Duration until) {
  return std::any_of(rehearsal.calls.begin(), rehearsal.calls.end(), [&](const Call& call) {
    return call.person == PersonId(person) && call.at >= kMorning + from && call.at <= kMorning + until;
  });
}

TEST(Rehearsal, SaysWhoIsCalledWhen) {
  const auto rehearsal = rehearse(testing::shipped(), outage());
  ASSERT_TRUE(rehearsal) << to_string(rehearsal.error());
  EXPECT_TRUE(is_called(*rehearsal, "hall-director@hall-a", Duration{0}, Duration{0}));
  EXPECT_FALSE(is_called(*rehearsal, "company-leader@centre", Duration{0}, minutes{59}));
  EXPECT_TRUE(is_called(*rehearsal, "company-leader@centre", minutes{60}, minutes{60}));
  EXPECT_TRUE(rehearsal->nobody.empty());
  for (const Entry& entry : rehearsal->entries) EXPECT_LE(entry.at, kMorning + hours{3});
}

TEST(Rehearsal, WhoIsAbsentIsNotCalled) {
  RehearsalRequest request = outage();
  request.absent = {PersonId("hall-director@hall-a")};
  const auto rehearsal = rehearse(testing::shipped(), request);
  ASSERT_TRUE(rehearsal) << to_string(rehearsal.error());
  EXPECT_FALSE(is_called(*rehearsal, "hall-director@hall-a", Duration{0}, hours{3}));
  EXPECT_TRUE(is_called(*rehearsal, "duty-manager@hall-a", Duration{0}, Duration{0}));
}

// What a rehearsal tells is what the roster says: a night belongs to the evening on which it began, and 1 January 2027
// counts as a Sunday there.
TEST(Rehearsal, CallsTheGuardOfTheEveningOnWhichTheNightBegan) {
  Setting setting = testing::shipped_setting();
  setting.organisation_yaml = testing::read_file("tests/roster/holiday-night.org.yaml");
  setting.organisation_file = "tests/roster/holiday-night.org.yaml";
  const auto prepared = Prepared::make(std::move(setting));
  ASSERT_TRUE(prepared) << to_string(prepared.error());
  const auto guards = [&](const char* start) {
    RehearsalRequest request;
    request.type = PlanId("fire");
    request.unit = UnitId("hall-a");
    request.start = *parse_rfc3339(start);
    request.length = minutes{1};
    request.facts = {{FactId("size"), ValueId("small")}};
    const auto rehearsal = rehearse(**prepared, request);
    std::set<std::string> called;
    for (const Call& call : rehearsal ? rehearsal->calls : std::vector<Call>{}) {
      if (call.person.str().starts_with("g") && call.person != PersonId("gd") && call.person != PersonId("gg")) {
        called.insert(call.person.str());
      }
    }
    return called;
  };
  EXPECT_EQ(guards("2027-01-01T03:00:00+08:00"), std::set<std::string>{"gthu"});
  EXPECT_EQ(guards("2027-01-02T03:00:00+08:00"), std::set<std::string>{"gsun"});
  EXPECT_EQ(guards("2027-02-15T03:00:00+08:00"), std::set<std::string>{"gmon"});
}

TEST(Rehearsal, FactsOnTheWayChangeWhatComes) {
  RehearsalRequest request = outage();
  request.later = {{minutes{40}, {{FactId("restored"), ValueId("true")}}}};
  const auto rehearsal = rehearse(testing::shipped(), request);
  ASSERT_TRUE(rehearsal) << to_string(rehearsal.error());
  EXPECT_TRUE(is_called(*rehearsal, "general-group@centre", minutes{30}, minutes{30}));
  EXPECT_FALSE(is_called(*rehearsal, "company-leader@centre", Duration{0}, hours{3}));
}

TEST(Rehearsal, WhatCannotBeIsRefusedWithItsCode) {
  const auto code = [](const RehearsalRequest& request) {
    const auto rehearsal = rehearse(testing::shipped(), request);
    return rehearsal ? std::string() : rehearsal.error().code;
  };
  RehearsalRequest request = outage();
  request.unit = UnitId("hall-z");
  EXPECT_EQ(code(request), "unit.unknown");
  request = outage();
  request.type = PlanId("flood");
  EXPECT_EQ(code(request), "incident.unknown-type");
  request = outage();
  request.facts = {{FactId("cause"), ValueId("moon")}};
  EXPECT_EQ(code(request), "incident.unknown-value");
  request = outage();
  request.later = {{minutes{1}, {{FactId("mood"), ValueId("bad")}}}};
  EXPECT_EQ(code(request), "incident.unknown-fact");
  request = outage();
  request.length = hours{49};
  EXPECT_EQ(code(request), "rehearsal.too-long");
  request = outage();
  request.start = from_millis(0);
  EXPECT_EQ(code(request), "scenario.too-early");
}

TEST(Rehearsal, AHallWithoutPeopleShowsWhereNobodyIs) {
  Setting setting = testing::shipped_setting();
  setting.organisation_yaml =
      "organisation: o\ntitle: {zh: 小, en: small}\nzone: \"+08:00\"\n"
      "units:\n  - {id: top, kind: centre, name: {zh: 中心, en: centre}}\n"
      "  - {id: h, kind: hall, parent: top, name: {zh: 厅, en: hall}}\n"
      "people:\n  - {id: g, name: G, unit: h, roles: [guard]}\n"
      "roster:\n  - {unit: h, days: mon-sun, from: \"00:00\", to: \"24:00\", people: {guard: [g]}}\n";
  const auto prepared = Prepared::make(setting);
  ASSERT_TRUE(prepared) << to_string(prepared.error());
  RehearsalRequest request;
  request.type = PlanId("fire");
  request.unit = UnitId("h");
  request.start = kMorning;
  const auto code = rehearse(**prepared, request);
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().code, "roster.nobody");
}

TEST(Rehearsal, ACandidatePlanIsTriedBeforeItIsPublished) {
  const auto node = VirtualNode::start(testing::shipped(), kMorning);
  ASSERT_TRUE(node);
  std::string yaml = testing::read_file("plans/outage.yaml");
  const auto at = yaml.find("at: 30m\n");
  ASSERT_NE(at, std::string::npos);
  yaml.replace(at, 7, "at: 20m");
  const PlanText candidate{"candidate.yaml", yaml};
  const auto prepared = Prepared::make(setting_of((*node)->registry(), &candidate));
  ASSERT_TRUE(prepared) << to_string(prepared.error());
  const auto rehearsal = rehearse(**prepared, outage());
  ASSERT_TRUE(rehearsal) << to_string(rehearsal.error());
  const auto fired = std::find_if(rehearsal->entries.begin(), rehearsal->entries.end(),
                                  [](const Entry& entry) { return entry.event == "escalation-fired"; });
  ASSERT_NE(fired, rehearsal->entries.end());
  EXPECT_EQ(fired->at, kMorning + minutes{20});
  EXPECT_FALSE(fired->people.empty());
}

}  // namespace
}  // namespace tingan::scenario
