// Who is on duty, and what changes it: handover in the middle of an incident, substitution, presence.
#include "api/testing.h"

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
