// The same key gives the same answer and no second effect, also after a restart; what is no answer is not kept.
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

const std::string kDeclare = R"({"unit":"hall-a","type":"outage"})";
const Fields kKey{{"Idempotency-Key", "tap-1"}};

TEST(Idempotency, TheSameKeyGivesTheSameAnswerAndNoSecondEffect) {
  World world;
  const Reply first = world.post("clerk@hall-a", "/incidents", kDeclare, kKey);
  ASSERT_EQ(first.status, 201);
  EXPECT_EQ(first.header("Location"), "/api/v1/incidents/" + first.text("/id"));
  EXPECT_EQ(first.header("Idempotency-Replayed"), "");
  world.pass(10min);
  const Reply again = world.post("clerk@hall-a", "/incidents", kDeclare, kKey);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
  world.restart();
  world.forget_tokens();
  const Reply after = world.post("clerk@hall-a", "/incidents", kDeclare, kKey);
  EXPECT_EQ(after.status, 201);
  EXPECT_EQ(after.body, first.body);
  EXPECT_EQ(world.get("clerk@hall-a", "/incidents").at("/items").as_array().size(), 1U);
}

TEST(Idempotency, TheSameKeyWithAnotherBodyIsRefused) {
  World world;
  ASSERT_EQ(world.post("clerk@hall-a", "/incidents", kDeclare, kKey).status, 201);
  const Reply other = world.post("clerk@hall-a", "/incidents", R"({"unit":"hall-a","type":"fire"})", kKey);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.code(), "idempotency.reused");
  EXPECT_EQ(world.get("clerk@hall-a", "/incidents").at("/items").as_array().size(), 1U);
}

TEST(Idempotency, AKeyBelongsToThePersonAndTheRoute) {
  World world;
  const std::string first = world.post("clerk@hall-a", "/incidents", kDeclare, kKey).text("/id");
  const Reply guard = world.post("guard@hall-a", "/incidents", kDeclare, kKey);
  EXPECT_EQ(guard.status, 201);
  EXPECT_NE(guard.text("/id"), first);
  EXPECT_EQ(guard.at("/similar").as_array().size(), 1U);
  const Reply facts =
      world.post("clerk@hall-a", "/incidents/" + first + "/facts", R"({"set":{"cause":"power"}})", kKey);
  EXPECT_EQ(facts.status, 200);
  EXPECT_EQ(facts.text("/facts/cause/value"), "power");
}

TEST(Idempotency, ARefusalIsKeptToo) {
  World world;
  const std::string id = world.declare("hall-director@hall-a", "hall-a", "outage");
  const std::string path = "/incidents/" + id + "/close";
  const Reply refused = world.post("hall-director@hall-a", path, "", kKey);
  EXPECT_EQ(refused.code(), "incident.gates-unmet");
  const Reply again = world.post("hall-director@hall-a", path, "", kKey);
  EXPECT_EQ(again.status, refused.status);
  EXPECT_EQ(again.body, refused.body);
}

TEST(Idempotency, AFullDiskIsNoAnswerToKeep) {
  World world;
  (void)world.token("clerk@hall-a");
  world.disk().full = true;
  const Reply refused = world.post("clerk@hall-a", "/incidents", kDeclare, kKey);
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.header("Retry-After"), "");
  EXPECT_EQ(world.get("clerk@hall-a", "/incidents").status, 200);
  EXPECT_EQ(world.send(Method::kGet, "/readyz").at("/writes"), json::value(false));
  world.disk().full = false;
  const Reply then = world.post("clerk@hall-a", "/incidents", kDeclare, kKey);
  EXPECT_EQ(then.status, 201) << then.body;
  EXPECT_EQ(then.header("Idempotency-Replayed"), "");
}

TEST(Idempotency, A429IsNoAnswerToKeep) {
  World world([](Options& options) {
    options.demo = false;
    options.person_rate = 1;
    options.person_burst = 1;
  });
  world.set_password("clerk@hall-a", "a good long password", false);
  Fields me{{"Authorization", "Bearer " + world.sign_in("clerk@hall-a", "a good long password").text("/token")}};
  me.insert(me.end(), kKey.begin(), kKey.end());
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", me).status, 200);
  EXPECT_EQ(world.send(Method::kPost, "/api/v1/incidents", kDeclare, me).status, 429);
  world.wall_clock.set(world.wall_clock.now() + 2s);
  EXPECT_EQ(world.send(Method::kPost, "/api/v1/incidents", kDeclare, me).status, 201);
}

TEST(Idempotency, NoTokenAndNoPasswordIsEverStored) {
  World world;
  const std::string body = R"({"user":"clerk@hall-a","password":"tingan-demo"})";
  const Reply first = world.send(Method::kPost, "/api/v1/session", body, kKey);
  const Reply second = world.send(Method::kPost, "/api/v1/session", body, kKey);
  EXPECT_NE(first.text("/token"), second.text("/token"));
  EXPECT_EQ(
      world.post("clerk@hall-a", "/session/password", R"({"old":"tingan-demo","new":"a new long one"})", kKey).status,
      204);
  EXPECT_TRUE(world.disk().answers.empty());
}

TEST(Idempotency, AKeptAnswerHoldsNoNames) {
  World world;
  ASSERT_EQ(world.post("clerk@hall-a", "/incidents", kDeclare, kKey).status, 201);
  ASSERT_EQ(world.disk().answers.size(), 1U);
  const std::string& kept = world.disk().answers.begin()->second.body;
  EXPECT_EQ(kept.find("王静"), std::string::npos);
  EXPECT_EQ(kept.find("陈晓雯"), std::string::npos);
}

TEST(Idempotency, AMalformedKeyIsRefused) {
  World world;
  for (const std::string& key : {std::string(), std::string("a b"), std::string("厅"), std::string(201, 'k')}) {
    const Reply reply = world.post("clerk@hall-a", "/incidents", kDeclare, {{"Idempotency-Key", key}});
    EXPECT_EQ(reply.code(), "idempotency.malformed") << key;
  }
  EXPECT_EQ(world.post("clerk@hall-a", "/incidents", kDeclare, {{"Idempotency-Key", std::string(200, 'k')}}).status,
            201);
}

}  // namespace
}  // namespace tingan::api
