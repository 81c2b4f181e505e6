// Who sees what: the own hall, the centre its halls, a silent robbery only those whom it concerns.
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

std::size_t listed(World& world, const std::string& person, const std::string& query = "") {
  const Reply reply = world.get(person, "/incidents" + query);
  EXPECT_EQ(reply.status, 200) << reply.body;
  return reply.at("/items").as_array().size();
}

TEST(Rights, AClerkSeesTheOwnHallAndTheCentreSeesItsHalls) {
  World world;
  const std::string id = world.declare("clerk@hall-b", "hall-b", "outage");
  EXPECT_EQ(listed(world, "clerk@hall-a"), 0U);
  EXPECT_EQ(listed(world, "clerk@hall-b"), 1U);
  EXPECT_EQ(listed(world, "general-group@centre"), 1U);
  for (const char* path : {"", "/timeline", "/report?kind=initial"}) {
    const Reply reply = world.get("clerk@hall-a", "/incidents/" + id + path);
    EXPECT_EQ(reply.status, 403) << path;
    EXPECT_EQ(reply.code(), "incident.not-allowed");
    EXPECT_EQ(world.get("general-group@centre", "/incidents/" + id + path).status, 200) << path;
  }
  EXPECT_EQ(world.get("clerk@hall-a", "/incidents?unit=hall-b").code(), "unit.not-allowed");
  for (const char* command : {"/facts", "/steps/start-acceptance", "/close", "/reopen", "/retract", "/progress",
                              "/report", "/forms/robbery-statement"}) {
    EXPECT_EQ(world.post("hall-director@hall-a", "/incidents/" + id + command, "{}").status, 403) << command;
  }
}

TEST(Rights, NobodyDeclaresInAnotherHall) {
  World world;
  EXPECT_EQ(world.post("clerk@hall-a", "/incidents", R"({"unit":"hall-b","type":"fire"})").status, 403);
  EXPECT_EQ(world.post("clerk@hall-a", "/incidents", R"({"unit":"centre","type":"fire"})").status, 403);
  EXPECT_EQ(world.post("general-group@centre", "/incidents", R"({"unit":"hall-b","type":"fire"})").status, 201);
  EXPECT_EQ(world.post("admin@centre", "/incidents", R"({"unit":"hall-b","type":"fire"})").status, 403);
}

TEST(Rights, ASilentRobberyDoesNotExistForThoseWhomItDoesNotConcern) {
  World world;
  const std::string id = world.declare("clerk@hall-a", "hall-a", "robbery");
  EXPECT_EQ(world.get("clerk@hall-a", "/incidents/" + id).at("/silent"), json::value(true));
  for (const char* person : {"general-group@centre", "centre-head@centre", "hall-director@hall-a"}) {
    EXPECT_EQ(listed(world, person), 1U) << person;
  }
  for (const char* person : {"clerk@hall-b", "service-dept@centre", "support-centre@centre", "admin@centre"}) {
    EXPECT_EQ(listed(world, person), 0U) << person;
    EXPECT_EQ(listed(world, person, "?type=robbery"), 0U) << person;
    const Reply reply = world.get(person, "/incidents/" + id);
    EXPECT_EQ(reply.status, 404) << person;
    EXPECT_EQ(reply.code(), "incident.not-found");
    EXPECT_EQ(world.get(person, "/incidents/" + id + "/timeline").status, 404);
    EXPECT_EQ(world.get(person, "/incidents/" + id + "/report").status, 404);
    EXPECT_EQ(world.post(person, "/incidents/" + id + "/facts", R"({"set":{"injured":true}})").status, 404);
    EXPECT_EQ(world.post(person, "/notices/" + id + ".1/ack").status, 404);
  }
  // It stays so when the silence is over.
  EXPECT_EQ(
      world.post("hall-director@hall-a", "/incidents/" + id + "/facts", R"({"set":{"robbers_present":false}})").status,
      200);
  EXPECT_EQ(world.get("service-dept@centre", "/incidents/" + id).status, 404);
}

TEST(Rights, FactsAreStatedByThoseWhoMay) {
  World world;
  const std::string fire = world.declare("clerk@hall-a", "hall-a", "fire");
  const auto state = [&](const std::string& person, const std::string& id, const std::string& set) {
    return world.post(person, "/incidents/" + id + "/facts", "{\"set\":" + set + "}").status;
  };
  EXPECT_EQ(state("clerk@hall-a", fire, R"({"size":"small"})"), 200);
  for (const char* fact : {"cause_found", "corrected", "responsibility_settled"}) {
    const std::string set = "{\"" + std::string(fact) + "\":true}";
    EXPECT_EQ(state("clerk@hall-a", fire, set), 403) << fact;
    EXPECT_EQ(state("general-group@centre", fire, set), 403) << fact;
  }
  EXPECT_EQ(state("hall-director@hall-a", fire, R"({"cause_found":true})"), 200);
  EXPECT_EQ(state("safety-officer@centre", fire, R"({"corrected":true})"), 200);
  EXPECT_EQ(state("security-dept@centre", fire, R"({"responsibility_settled":true})"), 200);
  const std::string outage = world.declare("clerk@hall-a", "hall-a", "outage");
  EXPECT_EQ(state("service-dept@centre", outage, R"({"restored":true})"), 403);
  EXPECT_EQ(state("support-centre@centre", outage, R"({"restored":true})"), 200);
  const std::string media = world.declare("hall-director@hall-a", "hall-a", "media");
  EXPECT_EQ(state("hall-director@hall-a", media, R"({"reply_fixed":true})"), 403);
  EXPECT_EQ(state("service-dept@centre", media, R"({"reply_fixed":true})"), 200);
  const std::string visit = world.declare("hall-director@hall-a", "hall-a", "visit");
  EXPECT_EQ(state("hall-director@hall-a", visit, R"({"consent":"granted"})"), 403);
  EXPECT_EQ(state("centre-head@centre", visit, R"({"consent":"granted"})"), 200);
  const std::string robbery = world.declare("clerk@hall-a", "hall-a", "robbery");
  EXPECT_EQ(state("clerk@hall-a", robbery, R"({"alarm_real":"real"})"), 403);
  EXPECT_EQ(state("general-group@centre", robbery, R"({"alarm_real":"real"})"), 200);
}

TEST(Rights, NamesAndNumbersGoAlongTheLine) {
  World world;
  const Reply own = world.get("clerk@hall-a", "/roster?unit=hall-a");
  ASSERT_EQ(own.status, 200);
  EXPECT_NE(own.body.find("王静"), std::string::npos);
  EXPECT_EQ(world.get("clerk@hall-a", "/roster?unit=hall-b").code(), "unit.not-allowed");
  EXPECT_EQ(world.get("clerk@hall-a", "/roster?unit=centre").status, 200);
  const Reply people = world.get("clerk@hall-a", "/org");
  EXPECT_EQ(people.status, 200);
  EXPECT_EQ(people.body.find("138-0000"), std::string::npos);
  for (const auto& person : json::array(people.at("/people").as_array())) {
    const bool other_hall = person.at("unit").as_string().starts_with("hall-") && person.at("unit") != "hall-a";
    EXPECT_FALSE(other_hall && person.as_object().contains("name"));
  }
}

}  // namespace
}  // namespace tingan::api
