// Signing in and out, the brake on guessing, first passwords, and what a browser has to send along.
#include "api/testing.h"
#include "api/throttle.h"

namespace tingan::api {
namespace {

using namespace testing;

std::string cookie_of(const Reply& reply) {
  const std::string set = reply.header("Set-Cookie");
  return set.substr(0, set.find(';'));
}

TEST(Session, GivesATokenAndACookieAndSaysWhoItIs) {
  World world;
  const Reply reply = world.sign_in("hall-director@hall-a");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.text("/person"), "hall-director@hall-a");
  EXPECT_EQ(reply.text("/unit"), "hall-a");
  EXPECT_EQ(reply.text("/roles/0"), "hall-director");
  EXPECT_EQ(reply.at("/must_change"), json::value(false));
  const std::string cookie = reply.header("Set-Cookie");
  EXPECT_NE(cookie.find("tingan_session="), std::string::npos);
  EXPECT_NE(cookie.find("HttpOnly"), std::string::npos);
  EXPECT_NE(cookie.find("SameSite=Strict"), std::string::npos);
  EXPECT_EQ(cookie.find("Secure"), std::string::npos);
  EXPECT_EQ(reply.header("Cache-Control"), "no-store");
  const Reply again =
      world.send(Method::kGet, "/api/v1/session", "", {{"Authorization", "Bearer " + reply.text("/token")}});
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.text("/person"), "hall-director@hall-a");
  EXPECT_FALSE(again.value().as_object().contains("token"));
}

TEST(Session, OverTlsTheCookieIsSecureAndBoundToTheHost) {
  World world;
  const Reply reply = world.sign_in("clerk@hall-a", "tingan-demo", {}, true);
  EXPECT_EQ(cookie_of(reply).substr(0, 21), "__Host-tingan_session");
  EXPECT_NE(reply.header("Set-Cookie").find("; Secure"), std::string::npos);
  EXPECT_NE(reply.header("Strict-Transport-Security"), "");
}

TEST(Session, AWrongPasswordAndAnUnknownUserReadTheSame) {
  World world;
  const Reply wrong = world.sign_in("clerk@hall-a", "no");
  const Reply unknown = world.sign_in("nobody@hall-a", "tingan-demo");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(wrong.header("WWW-Authenticate"), "Bearer");
}

TEST(Session, EndsWithASignOutAndWithItsTwelveHours) {
  World world;
  EXPECT_EQ(world.get("clerk@hall-a", "/me/steps").status, 200);
  EXPECT_EQ(world.as("clerk@hall-a", Method::kDelete, "/session").status, 204);
  EXPECT_EQ(world.get("clerk@hall-a", "/me/steps").code(), "auth.required");
  EXPECT_EQ(world.get("guard@hall-a", "/me/steps").status, 200);
  world.wall_clock.set(world.wall_clock.now() + 12h + 1s);
  EXPECT_EQ(world.get("guard@hall-a", "/me/steps").status, 401);
}

TEST(Session, NonsenseInPlaceOfATokenIsRefused) {
  World world;
  for (const std::string header : {"Bearer ", "Bearer x", "Basic Y2xlcms6", "Bearer \xff\xfe", "", "bearer"}) {
    EXPECT_EQ(world.send(Method::kGet, "/api/v1/incidents", "", {{"Authorization", header}}).status, 401) << header;
  }
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/incidents", "", {{"Cookie", "tingan_session"}}).status, 401);
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/incidents", "", {{"Cookie", "a=b; tingan_session=; c"}}).status, 401);
}

TEST(Session, GuessingIsSlowedDownButNobodyIsEverLockedOut) {
  World world([](Options& options) { options.demo = false; });
  world.set_password("hall-director@hall-a", "a good long password", false);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(world.sign_in("hall-director@hall-a", "wrong").status, 401);
  Reply reply = world.sign_in("hall-director@hall-a", "wrong");
  int failures = 0;
  while (reply.status == 401 && ++failures < 5) reply = world.sign_in("hall-director@hall-a", "wrong");
  ASSERT_EQ(reply.status, 429) << reply.body;
  EXPECT_EQ(reply.code(), "auth.throttled");
  EXPECT_GE(std::stoi(reply.header("Retry-After")), 1);
  // However often it was guessed, half a minute later the right password opens.
  for (int i = 0; i < 12; ++i) {
    world.wall_clock.set(world.wall_clock.now() + LoginThrottle::kMost);
    EXPECT_EQ(world.sign_in("hall-director@hall-a", "wrong").status, 401);
  }
  world.wall_clock.set(world.wall_clock.now() + LoginThrottle::kMost);
  EXPECT_EQ(world.sign_in("hall-director@hall-a", "a good long password").status, 200);
}

TEST(Session, GuessesAtTheSameTimeAreNoBetterThanInARow) {
  World world([](Options& options) { options.demo = false; });
  world.set_password("clerk@hall-a", "a good long password", false);
  std::vector<std::future<int>> waiting;
  for (int i = 0; i < 40; ++i) {
    waiting.push_back(std::async(std::launch::async, [&] { return world.sign_in("clerk@hall-a", "wrong").status; }));
  }
  std::map<int, int> statuses;
  for (auto& one : waiting) ++statuses[one.get()];
  EXPECT_EQ(statuses[401], LoginThrottle::kFree);
  EXPECT_EQ(statuses[429], 40 - LoginThrottle::kFree);
  world.wall_clock.set(world.wall_clock.now() + LoginThrottle::kMost);
  EXPECT_EQ(world.sign_in("clerk@hall-a", "a good long password").status, 200);
}

// The password that is asked for again is guessed no faster than at the door.
TEST(Session, TheOldPasswordIsGuessedNoFasterThanAtTheDoor) {
  World world;
  const auto change = [&](const std::string& old_password) {
    return world.post("clerk@hall-a", "/session/password",
                      json::serialize(json::object{{"old", old_password}, {"new", "a new and long one"}}));
  };
  for (int i = 0; i < LoginThrottle::kFree; ++i) EXPECT_EQ(change("wrong").status, 401);
  EXPECT_EQ(change("tingan-demo").code(), "auth.throttled");
  EXPECT_EQ(world.as("clerk@hall-a", Method::kPut, "/units/hall-a/words", R"({"password":"wrong"})").status, 403);
}

TEST(Session, WhoIsSignedInDoesNotPayForStrangersAtTheSameAddress) {
  World world([](Options& options) {
    options.demo = false;
    options.peer_rate = 0.001;
    options.peer_burst = 3;
  });
  world.set_password("clerk@hall-a", "a good long password", false);
  const Reply first = world.sign_in("clerk@hall-a", "a good long password");
  const Fields me{{"Authorization", "Bearer " + first.text("/token")}};
  int limited = 0;
  for (int i = 0; i < 9; ++i) limited += world.sign_in("nobody-" + std::to_string(i), "wrong").status == 429 ? 1 : 0;
  EXPECT_EQ(limited, 7);
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", me).status, 200);
  EXPECT_EQ(world.sign_in("clerk@hall-a", "a good long password").status, 200);
}

TEST(Session, TheFirstPasswordHasToBeChangedBeforeAnythingElse) {
  World world([](Options& options) { options.demo = false; });
  world.set_password("hall-director@hall-a", "first password 1", true);
  const Reply signed_in = world.sign_in("hall-director@hall-a", "first password 1");
  ASSERT_EQ(signed_in.status, 200) << signed_in.body;
  EXPECT_EQ(signed_in.at("/must_change"), json::value(true));
  const Fields me{{"Authorization", "Bearer " + signed_in.text("/token")}};
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/session", "", me).status, 200);
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", me).code(), "auth.must-change");
  const Reply declare = world.send(Method::kPost, "/api/v1/incidents", R"({"unit":"hall-a","type":"fire"})", me);
  EXPECT_EQ(declare.status, 403);
  EXPECT_EQ(declare.code(), "auth.must-change");
  const auto change = [&](const std::string& old_password, const std::string& new_password) {
    return world.send(Method::kPost, "/api/v1/session/password",
                      json::serialize(json::object{{"old", old_password}, {"new", new_password}}), me);
  };
  EXPECT_EQ(change("first password 1", "short").code(), "auth.weak-password");
  EXPECT_EQ(change("not it at all", "second password 2").code(), "auth.bad-credentials");
  EXPECT_EQ(change("first password 1", "second password 2").status, 204);
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", me).status, 200);
  EXPECT_EQ(world.sign_in("hall-director@hall-a", "first password 1").status, 401);
  EXPECT_EQ(world.sign_in("hall-director@hall-a", "second password 2").status, 200);
}

TEST(Session, ANewPasswordEndsThePersonsOtherSessions) {
  World world;
  const std::string other = world.sign_in("clerk@hall-a").text("/token");
  const Reply changed =
      world.post("clerk@hall-a", "/session/password", R"({"old":"tingan-demo","new":"a new long one"})");
  EXPECT_EQ(changed.status, 204) << changed.body;
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", {{"Authorization", "Bearer " + other}}).status, 401);
  EXPECT_EQ(world.get("clerk@hall-a", "/units").status, 200);
}

TEST(Session, AWriteByCookieNeedsTheCsrfValueAndAReadDoesNot) {
  World world;
  const Reply session = world.sign_in("clerk@hall-a");
  const std::string cookie = cookie_of(session);
  const std::string body = R"({"unit":"hall-a","type":"other"})";
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/incidents", "", {{"Cookie", cookie}}).status, 200);
  EXPECT_EQ(world.send(Method::kPost, "/api/v1/incidents", body, {{"Cookie", cookie}}).code(), "auth.csrf");
  EXPECT_EQ(
      world.send(Method::kPost, "/api/v1/incidents", body, {{"Cookie", cookie}, {"X-CSRF-Token", "guess"}}).code(),
      "auth.csrf");
  EXPECT_EQ(
      world
          .send(Method::kPost, "/api/v1/incidents", body, {{"Cookie", cookie}, {"X-CSRF-Token", session.text("/csrf")}})
          .status,
      201);
  EXPECT_EQ(world.send(Method::kDelete, "/api/v1/session", "", {{"Cookie", cookie}}).code(), "auth.csrf");
}

TEST(Session, ThePersonActsInARoleThatTheyHold) {
  World world;
  EXPECT_EQ(world.get("clerk@hall-a", "/me/steps", {{"X-Acting-Role", "clerk"}}).status, 200);
  EXPECT_EQ(world.get("clerk@hall-a", "/me/steps", {{"X-Acting-Role", "hall-director"}}).code(), "role.not-held");
  EXPECT_EQ(world.get("clerk@hall-a", "/me/steps", {{"X-Acting-Role", "king"}}).code(), "role.not-held");
}

TEST(Session, OutsideTheDemoRatesAreLimitedAndThePauseIsNamed) {
  World world([](Options& options) {
    options.demo = false;
    options.person_rate = 1;
    options.person_burst = 3;
  });
  world.set_password("clerk@hall-a", "a good long password", false);
  const Fields me{{"Authorization", "Bearer " + world.sign_in("clerk@hall-a", "a good long password").text("/token")}};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", me).status, 200);
  const Reply limited = world.send(Method::kGet, "/api/v1/units", "", me);
  EXPECT_EQ(limited.code(), "rate.limited");
  EXPECT_EQ(limited.header("Retry-After"), "1");
  world.wall_clock.set(world.wall_clock.now() + 1s);
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", me).status, 200);
}

}  // namespace
}  // namespace tingan::api
