// Who may see the figures, what touches security is written down, and who reads it.
#include "api/security_testing.h"

namespace tingan::api {
namespace {

using namespace testing;

std::vector<json::object> events(World& world, const std::string& query = "") {
  const Reply reply = world.get("auditor@centre", "/security-events" + query);
  EXPECT_EQ(reply.status, 200) << reply.body;
  std::vector<json::object> out;
  for (const auto& item : json::array(reply.at("/items").as_array())) out.push_back(item.as_object());
  return out;
}

bool has_event(World& world, const std::string& kind, const std::string& person) {
  const auto all = events(world, "?kind=" + kind);
  return std::any_of(all.begin(), all.end(),
                     [&](const json::object& one) { return one.at("person") == json::value(person); });
}

}  // namespace

TEST(Figures, AreForATokenOrForTheOwnMachine) {
  World world([](Options& options) { options.metrics_tokens = {to_hex(sha256("let-me-count"))}; });
  const auto ask = [&](const std::string& peer, const Fields& headers) {
    return world.send(Method::kGet, "/metrics", "", headers, peer).status;
  };
  EXPECT_EQ(ask("192.0.2.7", {}), 401);
  EXPECT_EQ(ask("192.0.2.7", bearer("let-me-in")), 401);
  EXPECT_EQ(ask("192.0.2.7", bearer("let-me-count")), 200);
  EXPECT_EQ(ask("127.0.0.1", {}), 200);
  EXPECT_EQ(ask("::1", {}), 200);
  EXPECT_EQ(ask("192.0.2.7", bearer(world.token("admin@centre"))), 401);
}

TEST(Figures, BehindAProxyEverybodyIsAStranger) {
  World world([](Options& options) {
    options.metrics_tokens = {to_hex(sha256("let-me-count"))};
    options.behind_proxy = true;
  });
  const auto ask = [&](const Fields& headers) {
    return world.send(Method::kGet, "/metrics", "", headers, "127.0.0.1").status;
  };
  EXPECT_EQ(ask({}), 401);
  EXPECT_EQ(ask({{"X-Forwarded-For", "127.0.0.1"}}), 401);
  EXPECT_EQ(ask(bearer("let-me-count")), 200);
  // A demo's machine that raises alarms without a token is not everybody.
  const std::string alarm = R"({"source":"panel","labels":{}})";
  EXPECT_EQ(world.send(Method::kPost, "/api/v1/alarms", alarm, no_fields, "127.0.0.1").status, 401);
}

TEST(Figures, BehindAProxyThrottlesLookAtTheClientAndBelieveTheProxyAlone) {
  World world([](Options& options) { options.behind_proxy = true; });
  const std::string body = R"({"user":"clerk@hall-a","password":"wrong"})";
  const auto guess = [&](const std::string& forwarded) {
    return world.send(Method::kPost, "/api/v1/session", body, {{"X-Forwarded-For", forwarded}}, "127.0.0.1").status;
  };
  int status = 401;
  // What the client itself wrote changes; what the proxy saw does not.
  for (int i = 0; i < 12 && status == 401; ++i) status = guess("10.0.0." + std::to_string(i) + ", 198.51.100.7");
  EXPECT_EQ(status, 429);
  EXPECT_EQ(guess("203.0.113.9"), 401);
  const auto all = events(world, "?kind=sign-in-throttled");
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front().at("from"), "198.51.100.*");
}

TEST(SecurityEvents, AreReadByAuditorsAlone) {
  World world;
  for (const char* person : {"admin@centre", "centre-head@centre", "clerk@hall-a", "company-leader@centre"}) {
    EXPECT_EQ(world.get(person, "/security-events").status, 403) << person;
  }
  EXPECT_EQ(world.get("auditor@centre", "/security-events").status, 200);
  for (const char* path : {"/incidents", "/orders?unit=hall-a", "/people", "/org", "/plans", "/me/steps", "/stream"}) {
    EXPECT_EQ(world.get("auditor@centre", path).status, 403) << path;
  }
  EXPECT_EQ(world.post("auditor@centre", "/incidents", R"({"unit":"hall-a","type":"fire"})").status, 403);
  EXPECT_EQ(world.post("auditor@centre", "/log/verify").status, 503) << "may ask; this node cannot";
}

TEST(SecurityEvents, SayWhoDidWhatAndNothingPersonal) {
  World world;
  world.sign_in("clerk@hall-a", "wrong");
  world.sign_in("my secret typed into the wrong field", "wrong");
  world.get("clerk@hall-a", "/units");
  world.get("clerk@hall-a", "/people");
  world.as("admin@centre", Method::kPut, "/people/new@hall-a", person_body(R"(["guide"])"));
  world.post("admin@centre", "/people/clerk@hall-b/password");
  world.get("admin@centre", "/people");
  EXPECT_TRUE(has_event(world, "sign-in-failed", "clerk@hall-a"));
  EXPECT_TRUE(has_event(world, "sign-in", "clerk@hall-a"));
  EXPECT_TRUE(has_event(world, "refused", "clerk@hall-a"));
  EXPECT_TRUE(has_event(world, "person-changed", "admin@centre"));
  EXPECT_TRUE(has_event(world, "password-reset", "admin@centre"));
  EXPECT_TRUE(has_event(world, "look", "admin@centre"));
  const Reply all = world.get("auditor@centre", "/security-events?limit=500");
  for (const char* secret : {"my secret", "192.0.2.7", "新人", "陈晓雯", "138"}) {
    EXPECT_EQ(all.body.find(secret), std::string::npos) << secret;
  }
  for (const StoredRecord& record : world.disk().records) {
    EXPECT_EQ(record.bytes.find("my secret"), std::string::npos);
  }
}

TEST(SecurityEvents, AFloodIsCountedAndNotWrittenOut) {
  World world;
  for (int i = 0; i < 300; ++i) {
    world.send(Method::kPost, "/api/v1/session", R"({"user":"clerk@hall-a","password":"wrong"})", no_fields,
               "198.51." + std::to_string(i) + ".9");
  }
  const std::size_t before = world.disk().records.size();
  std::int64_t counted = 0;
  for (const char* kind : {"sign-in-failed", "sign-in-throttled"}) {
    const auto all = events(world, "?limit=500&kind=" + std::string(kind));
    EXPECT_LE(all.size(), 70U);
    for (const auto& one : all) counted += one.at("count").as_int64();
  }
  EXPECT_EQ(counted, 300);
  EXPECT_LE(world.disk().records.size(), before + 2);
}

TEST(SecurityEvents, PageByCursorAndOutliveARestart) {
  World world;
  for (int i = 0; i < 5; ++i) {
    world.sign_in("guard@hall-" + std::string(1, static_cast<char>('a' + i)));
    events(world, "?limit=1");
  }
  world.restart();
  world.forget_tokens();
  std::set<std::string> seen;
  std::string cursor;
  for (int page = 0; page < 50; ++page) {
    const Reply reply = world.get(
        "auditor@centre", "/security-events?kind=sign-in&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(reply.status, 200) << reply.body;
    for (const auto& item : json::array(reply.at("/items").as_array())) {
      EXPECT_TRUE(seen.insert(std::string(item.at("id").as_string())).second) << "twice";
    }
    if (!reply.at("/next").is_string()) break;
    cursor = reply.text("/next");
  }
  EXPECT_GE(seen.size(), 6U);
  for (const char* wrong :
       {"?kind=nothing", "?person=nobody-at-all", "?from=yesterday", "?cursor=x", "?limit=0", "?what=1"}) {
    EXPECT_EQ(world.get("auditor@centre", "/security-events" + std::string(wrong)).status, 400) << wrong;
  }
  const std::string now = net::percent_encode(world.get("auditor@centre", "/session").text("/expires"));
  EXPECT_TRUE(events(world, "?from=" + now).empty());
}

}  // namespace tingan::api
