// Who is on duty, and what changes it: handover in the middle of an incident, substitution, presence.
#include "api/testing.h"
#include "model/vocabulary.h"

namespace tingan::api {
namespace {

using namespace testing;

std::set<std::string> people_of(const Reply& roster, std::string_view role) {
  std::set<std::string> out;
  for (const auto& row : json::array(roster.at("/items").as_array())) {
    if (row.at("role").as_string() != role) continue;
    for (const auto& person : row.at("people").as_array()) out.insert(std::string(person.at("person").as_string()));
  }
  return out;
}

TEST(Roster, SaysWhoIsThereByDayAndByNight) {
  World world;
  const Reply day = world.get("clerk@hall-a", "/roster?unit=hall-a");
  EXPECT_EQ(day.at("/business_hours"), json::value(true));
  EXPECT_TRUE(people_of(day, "hall-director").contains("hall-director@hall-a"));
  const Reply night = world.get("clerk@hall-a", "/roster?unit=hall-a&at=2026-11-24T02:00:00%2B08:00");
  EXPECT_EQ(night.at("/business_hours"), json::value(false));
  EXPECT_FALSE(people_of(night, "guard").empty());
}

TEST(Roster, AHandoverMovesOpenStepsToTheOtherPerson) {
  World world;
  const std::string id = world.declare("clerk@hall-a", "hall-a", "outage");
  const Reply done =
      world.post("shift-leader@hall-a", "/roster/handover", R"({"role":"shift-leader","to":"duty-manager@hall-a"})");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.text("/from"), "shift-leader@hall-a");
  EXPECT_EQ(people_of(world.get("clerk@hall-a", "/roster"), "shift-leader"),
            std::set<std::string>{"duty-manager@hall-a"});
  EXPECT_EQ(world
                .post("clerk@hall-b", "/roster/handover",
                      R"({"unit":"hall-a","role":"shift-leader","from":"shift-leader@hall-a","to":"clerk@hall-a"})")
                .status,
            403);
}

TEST(Roster, SubstitutionAndPresenceChangeWhoIsTold) {
  World world;
  const Reply substituted =
      world.post("hall-director@hall-a", "/roster/substitutions",
                 R"({"person":"clerk@hall-a","stand_in":"clerk-2@hall-a","from":"2026-11-23T09:00:00+08:00",)"
                 R"("to":"2026-11-23T18:00:00+08:00"})");
  ASSERT_EQ(substituted.status, 200) << substituted.body;
  EXPECT_FALSE(people_of(world.get("guide@hall-a", "/roster"), "clerk").contains("clerk@hall-a"));
  const Reply listed = world.get("guide@hall-a", "/roster/substitutions");
  ASSERT_EQ(listed.at("/items").as_array().size(), 1U) << listed.body;
  EXPECT_EQ(listed.text("/items/0/stand_in"), "clerk-2@hall-a");
  EXPECT_EQ(world.get("guide@hall-b", "/roster/substitutions?unit=hall-a").code(), "unit.not-allowed");
  const Reply away = world.post("guide@hall-a", "/roster/presence", R"({"present":false})");
  ASSERT_EQ(away.status, 200) << away.body;
  EXPECT_FALSE(people_of(world.get("guard@hall-a", "/roster"), "guide").contains("guide@hall-a"));
  EXPECT_EQ(world.post("guide@hall-a", "/roster/presence", R"({"present":true})").status, 200);
  EXPECT_TRUE(people_of(world.get("guard@hall-a", "/roster"), "guide").contains("guide@hall-a"));
  EXPECT_EQ(world.post("guide@hall-a", "/roster/presence", R"({"person":"nobody","present":true})").code(),
            "roster.unknown-person");
  EXPECT_EQ(world.post("guide@hall-a", "/roster/handover", R"({"role":"king","to":"clerk@hall-a"})").code(),
            "roster.unknown-role");
}

// By role: whom the program would tell, as the leaders above see it.
std::map<std::string, std::set<std::string>> everybody(World& world, const std::string& unit, const char* at) {
  std::map<std::string, std::set<std::string>> out;
  const Reply roster = world.get("general-group@centre", "/roster?unit=" + unit + at);
  for (const auto& row : json::array(roster.at("/items").as_array())) {
    const std::string role(row.at("role").as_string());
    out[role] = people_of(roster, role);
  }
  return out;
}

// The worst that was found: any signed-in person could take any role of any unit. Every role of hall-a against every
// other unit and every role there, and those without a part in operations against all: refused, and who is told stays.
TEST(Roster, NobodyTakesOrGivesARoleOfAnotherUnit) {
  World world;
  const std::vector<const char*> hours = {"", "&at=2026-11-23T23:00:00%2B08:00"};
  std::vector<std::map<std::string, std::set<std::string>>> before;
  for (const char* unit : {"hall-a", "hall-b", "hall-e", "centre"}) {
    for (const char* at : hours) before.push_back(everybody(world, unit, at));
  }
  for (const char* who : {"clerk@hall-a", "guard@hall-a", "shift-leader@hall-a", "hall-director@hall-a",
                          "support-centre@centre", "security-dept@centre", "admin@centre"}) {
    for (const char* unit : {"hall-b", "hall-e", "centre"}) {
      if (std::string(who).ends_with(unit)) continue;
      for (const RoleInfo& role : roles()) {
        const std::string there = role.id.str() + "@" + (is_hall_role(role.id) ? unit : "centre");
        for (const std::string& from : {std::string(), there}) {
          const std::string given = from.empty() ? "" : R"("from":")" + from + R"(",)";
          const Reply reply = world.post(who, "/roster/handover",
                                         R"({"unit":")" + std::string(unit) + R"(",)" + given + R"("role":")" +
                                             role.id.str() + R"(","to":")" + who + R"("})");
          EXPECT_TRUE(reply.status == 403 || reply.status == 422) << who << " " << unit << " " << reply.body;
        }
      }
      const std::string victim =
          unit == std::string("centre") ? "general-group@centre" : "hall-director@" + std::string(unit);
      EXPECT_EQ(world.post(who, "/roster/presence", R"({"person":")" + victim + R"(","present":false})").status, 403);
      EXPECT_EQ(world
                    .post(who, "/roster/substitutions",
                          R"({"person":")" + victim + R"(","stand_in":")" + who +
                              R"(","from":"2026-11-23T10:00:00+08:00","to":"2026-11-23T18:00:00+08:00"})")
                    .status,
                403);
    }
  }
  std::size_t i = 0;
  for (const char* unit : {"hall-a", "hall-b", "hall-e", "centre"}) {
    for (const char* at : hours) EXPECT_EQ(before[i++], everybody(world, unit, at)) << unit << at;
  }
}

TEST(Roster, AHandoverIsListedAndUndone) {
  World world;
  const Reply done =
      world.post("hall-director@hall-a", "/roster/handover", R"({"role":"hall-director","to":"duty-manager@hall-a"})");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.text("/until"), "2026-11-23T18:30:00+08:00");
  const std::string id = done.text("/id");
  ASSERT_EQ(world
                .post("shift-leader@hall-a", "/roster/handover",
                      R"({"role":"clerk","from":"clerk@hall-a","to":"shift-leader@hall-a"})")
                .status,
            200);
  const Reply first = world.get("clerk@hall-a", "/roster/handovers?limit=1");
  ASSERT_EQ(first.at("/items").as_array().size(), 1U) << first.body;
  EXPECT_EQ(first.text("/items/0/role"), "clerk");
  EXPECT_EQ(first.text("/items/0/by/person"), "shift-leader@hall-a");
  const Reply second = world.get("clerk@hall-a", "/roster/handovers?limit=1&cursor=" + first.text("/next"));
  EXPECT_EQ(second.text("/items/0/id"), id);
  EXPECT_TRUE(second.at("/next").is_null());
  EXPECT_EQ(world.get("clerk@hall-a", "/roster/handovers?cursor=none").code(), "query.malformed-cursor");
  EXPECT_EQ(world.get("clerk@hall-b", "/roster/handovers?unit=hall-a").code(), "unit.not-allowed");
  EXPECT_EQ(world.as("clerk@hall-b", Method::kDelete, "/roster/handovers/" + id).code(), "roster.unknown-handover");
  EXPECT_EQ(world.as("clerk@hall-a", Method::kDelete, "/roster/handovers/" + id).code(), "roster.not-allowed");
  const Reply undone = world.as("hall-director@hall-a", Method::kDelete, "/roster/handovers/" + id);
  ASSERT_EQ(undone.status, 200) << undone.body;
  EXPECT_EQ(undone.text("/undone"), "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(people_of(world.get("clerk@hall-a", "/roster"), "hall-director"),
            std::set<std::string>{"hall-director@hall-a"});
  EXPECT_EQ(world.as("hall-director@hall-a", Method::kDelete, "/roster/handovers/" + id).status, 404);
  EXPECT_EQ(world.get("clerk@hall-a", "/roster/handovers").at("/items").as_array().size(), 1U);
}

TEST(Roster, ALeaderWhoNamesNobodyMeansTheOneWhoHoldsTheRole) {
  World world;
  const Reply done =
      world.post("hall-director@hall-a", "/roster/handover", R"({"role":"guard","to":"shift-leader@hall-a"})");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.text("/from"), "guard@hall-a");
}

TEST(Roster, ChangesHaveAnEnd) {
  World world;
  const auto handed = [&](const char* until) {
    return world
        .post("guard@hall-a", "/roster/handover",
              std::string(R"({"role":"guard","to":"shift-leader@hall-a","until":")") + until + R"("})")
        .code();
  };
  EXPECT_EQ(handed("2099-01-01T00:00:00+08:00"), "roster.too-long");
  EXPECT_EQ(handed("2026-11-23T09:00:00+08:00"), "roster.empty-span");
  EXPECT_EQ(handed("1970-01-01T00:00:00Z"), "roster.empty-span");
  EXPECT_EQ(
      world.post("guide@hall-a", "/roster/presence", R"({"present":false,"until":"2099-01-01T00:00:00+08:00"})").code(),
      "roster.too-long");
  EXPECT_EQ(world
                .post("hall-director@hall-a", "/roster/substitutions",
                      R"({"person":"clerk@hall-a","stand_in":"clerk-2@hall-a","from":"2026-11-23T10:00:00+08:00",)"
                      R"("to":"2099-01-01T00:00:00+08:00"})")
                .code(),
            "roster.too-long");
  EXPECT_EQ(world
                .post("hall-director@hall-a", "/roster/substitutions",
                      R"({"person":"clerk@hall-a","stand_in":"clerk@hall-a","from":"2026-11-23T10:00:00+08:00",)"
                      R"("to":"2026-11-23T18:00:00+08:00"})")
                .code(),
            "roster.same-person");
}

TEST(Roster, AStandInIsCalledAtNightAndTheRosterSaysForWhom) {
  World world;
  ASSERT_EQ(world
                .post("general-group@centre", "/roster/substitutions",
                      R"({"person":"hall-director@hall-a","stand_in":"duty-manager@hall-a",)"
                      R"("from":"2026-11-23T10:00:00+08:00","to":"2026-11-25T10:00:00+08:00"})")
                .status,
            200);
  const Reply night = world.get("clerk@hall-a", "/roster?at=2026-11-23T23:00:00%2B08:00");
  EXPECT_EQ(people_of(night, "hall-director"), std::set<std::string>{"duty-manager@hall-a"});
  for (const auto& row : json::array(night.at("/items").as_array())) {
    if (row.at("role") != "hall-director") continue;
    EXPECT_EQ(row.at("via"), "on_call");
    EXPECT_EQ(row.at("people").at(0).at("in_place_of"), "hall-director@hall-a");
    EXPECT_EQ(row.at("on_call").at(0), "duty-manager@hall-a");
  }
}

TEST(Roster, WhoGaveTheRoleAwayHasNothingToReadOfIt) {
  World world;
  const std::string id = world.declare("clerk@hall-a", "hall-a", "fire");
  const auto waiting = [&](const char* who) {
    std::size_t open = 0;
    const Reply mine = world.get(who, "/me/notices");
    for (const auto& item : json::array(mine.at("/items").as_array())) {
      if (item.at("incident").as_string() == id) ++open;
    }
    return open;
  };
  ASSERT_GT(waiting("hall-director@hall-a"), 0U);
  ASSERT_EQ(world.post("hall-director@hall-a", "/roster/presence", R"({"present":false})").status, 200);
  EXPECT_EQ(waiting("hall-director@hall-a"), 0U);
  EXPECT_GT(waiting("duty-manager@hall-a"), 0U);
}

TEST(Units, CarryWhatAPhoneNeedsWithoutTheNetwork) {
  World world;
  const Reply units = world.get("clerk@hall-a", "/units");
  ASSERT_EQ(units.status, 200) << units.body;
  bool own = false;
  for (const auto& unit : json::array(units.at("/items").as_array())) {
    EXPECT_TRUE(unit.at("id") != "hall-b" || unit.at("roster").is_null());
    if (unit.at("id") != "hall-a") continue;
    own = true;
    EXPECT_FALSE(unit.at("address").at("zh").as_string().empty());
    EXPECT_FALSE(unit.at("landmarks").at("zh").as_string().empty());
    EXPECT_FALSE(unit.at("assembly_point").at("en").as_string().empty());
    EXPECT_EQ(unit.at("phone").as_string(), "0571-5550-1000");
    EXPECT_EQ(unit.at("numbers").at("police-station").as_string(), "0571-5550-1110");
    bool director = false;
    for (const auto& row : unit.at("roster").as_array()) {
      if (row.at("role") != "hall-director") continue;
      director = row.at("people").at(0).at("phone").as_string() == "138-0000-1001";
    }
    EXPECT_TRUE(director);
  }
  EXPECT_TRUE(own);
  std::size_t walked = 0;
  std::string cursor;
  do {
    const Reply page = world.get("clerk@hall-a", "/units?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    walked += page.at("/items").as_array().size();
    cursor = page.at("/next").is_null() ? "" : page.text("/next");
  } while (!cursor.empty());
  EXPECT_EQ(walked, units.at("/items").as_array().size());
  EXPECT_EQ(world.get("clerk@hall-a", "/units/hall-a").text("/id"), "hall-a");
  EXPECT_EQ(world.get("general-group@centre", "/units/hall-b").at("/roster").is_array(), true);
}

}  // namespace
}  // namespace tingan::api
