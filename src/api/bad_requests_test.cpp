// Bad input of any kind: a problem with a code and a place, nothing changed, no crash.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "api/fuzz_entry.h"
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

TEST(BadRequests, UnknownPathsMethodsAndParametersAreProblems) {
  World world;
  const std::string id = world.declare("clerk@hall-a", "hall-a", "other");
  const std::string one = "/incidents/" + id;
  for (const auto& [path, status, code] : std::vector<std::tuple<std::string, int, std::string>>{
           {"/nothing", 404, "route.unknown"},
           {"/incidents/", 404, "route.unknown"},
           {"/incidents/not-an-id", 404, "incident.not-found"},
           {"/incidents/01933333-0000-7000-8000-000000000000", 404, "incident.not-found"},
           {one + "/nothing", 404, "route.unknown"},
           {"/incidents?colour=red", 400, "query.unknown"},
           {"/incidents?unit=hall-z", 400, "query.unknown-value"},
           {"/incidents?type=earthquake", 400, "query.unknown-value"},
           {"/incidents?state=burning", 400, "query.unknown-value"},
           {"/incidents?limit=0", 400, "query.malformed-limit"},
           {"/incidents?limit=501", 400, "query.malformed-limit"},
           {"/incidents?limit=ten", 400, "query.malformed-limit"},
           {"/incidents?limit=99999999999999999999", 400, "query.malformed-limit"},
           {"/incidents?cursor=xyz", 400, "query.malformed-cursor"},
           {"/units?cursor=nowhere", 400, "query.malformed-cursor"},
           {one + "/timeline?cursor=-1", 400, "query.malformed-cursor"},
           {one + "/timeline?format=pdf", 400, "query.unknown-value"},
           {one + "/report?kind=weekly", 422, "report.unknown-kind"},
           {one + "/report?number=9", 404, "report.not-found"},
           {one + "/report?number=x", 400, "query.unknown-value"},
           {one + "/report?lang=fr", 400, "query.unknown-value"},
           {one + "?full=1", 400, "query.unknown"},
           {"/me/steps?limit=-3", 400, "query.malformed-limit"},
           {"/plans?x=1", 400, "query.unknown"},
           {"/plans/earthquake", 404, "plan.not-found"},
           {"/plans/fire?x=1", 400, "query.unknown"},
           {"/plans/fire/versions/99", 404, "plan.not-found"},
           {"/plans/fire/versions/99999999999999999999", 404, "plan.not-found"},
           {"/plans/fire/diff?from=0", 404, "plan.not-found"},
           {"/forms/none", 404, "form.not-found"},
           {"/units/none", 404, "unit.not-found"},
           {"/roster?unit=none", 400, "query.unknown-value"},
           {"/roster?at=yesterday", 400, "time.malformed"},
           {"/suspicions?state=odd", 400, "query.unknown-value"},
           {"/suspicions/none", 404, "suspicion.unknown"}}) {
    const Reply reply = world.get("clerk@hall-a", path);
    EXPECT_EQ(reply.status, status) << path << " " << reply.body;
    EXPECT_EQ(reply.code(), code) << path;
    EXPECT_EQ(reply.type, "application/problem+json") << path;
    EXPECT_FALSE(reply.text("/message/zh").empty());
    EXPECT_FALSE(reply.text("/message/en").empty());
  }
  const Reply method = world.as("clerk@hall-a", Method::kDelete, "/incidents");
  EXPECT_EQ(method.status, 405);
  EXPECT_NE(method.header("Allow").find("GET"), std::string::npos);
}

TEST(BadRequests, TheDetailSpeaksTheReadersLanguage) {
  World world;
  EXPECT_EQ(world.get("clerk@hall-a", "/plans/x").text("/detail").substr(0, 6), "没有");
  EXPECT_EQ(world.get("clerk@hall-a", "/plans/x", {{"Accept-Language", "en-GB,zh;q=0.5"}}).text("/detail").substr(0, 8),
            "Expected");
}

std::vector<std::string> malformed() {
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "{\"facts\":";
  std::string arrays(50'000, '[');
  return {"",
          " ",
          "{",
          "}",
          "null",
          "true",
          "[]",
          "3",
          "\"text\"",
          "{\"unit\":\"hall-a\",\"type\":\"other\"",
          "{\"unit\":\"hall-a\",\"type\":\"other\"}}",
          "{\"unit\":\"hall-a\",\"type\":\"other\"} {}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",}",
          "{'unit':'hall-a'}",
          "{unit:\"hall-a\"}",
          "{\"unit\":\"hall-a\",\"unit\":\"hall-a\",\"type\":\"other\"}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"facts\":{\"solved\":true,\"solved\":true}}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"colour\":1}",
          "{\"unit\":1,\"type\":\"other\"}",
          "{\"unit\":null,\"type\":\"other\"}",
          "{\"unit\":[\"hall-a\"],\"type\":\"other\"}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"drill\":\"yes\"}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"drill\":1}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"facts\":[]}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"facts\":{\"solved\":{}}}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"facts\":{\"solved\":1e999}}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"facts\":{\"solved\":123456789012345678901234567890}}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"note\":\"" + std::string(60'000, 'x') + "\"}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"note\":\"\xff\xfe\"}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"note\":\"\xc0\xaf\"}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"note\":\"\\ud800\"}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"note\":\"\\x\"}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"note\":\"a\nb\"}",
          std::string("{\"unit\":\"hall-a\0\",\"type\":\"other\"}", 33),
          "\xEF\xBB\xBF{\"unit\":\"hall-a\",\"type\":\"other\"}",
          "{\"unit\":\"\",\"type\":\"other\"}",
          "{\"unit\":\"hall-a\",\"type\":\"\"}",
          "{\"unit\":\"hall-a\",\"type\":\"" + std::string(5000, 'f') + "\"}",
          "{\"unit\":\"hall-a\",\"type\":\"other\",\"facts\":{\"\":true}}",
          "<xml/>",
          "unit=hall-a&type=other",
          deep,
          arrays};
}

TEST(BadRequests, MalformedBodiesOfEveryKindChangeNothing) {
  World world;
  const std::string id = world.declare("hall-director@hall-a", "hall-a", "media");
  const std::uint64_t before = world.view().last_gseq();
  const std::string one = "/incidents/" + id;
  for (const std::string& body : malformed()) {
    const Reply reply = world.post("hall-director@hall-a", "/incidents", body);
    EXPECT_GE(reply.status, 400) << body.substr(0, 120);
    EXPECT_LT(reply.status, 500) << body.substr(0, 120);
    EXPECT_FALSE(reply.code().empty());
    for (const std::string& path :
         {one + "/facts", one + "/steps/receive-politely", one + "/progress", one + "/forms/media-enquiry",
          std::string("/plans/check"), std::string("/roster/handover"), std::string("/roster/substitutions"),
          std::string("/roster/presence"), std::string("/alarms"), std::string("/session/password")}) {
      const Reply other = world.post("hall-director@hall-a", path, body);
      EXPECT_GE(other.status, 400) << path << body.substr(0, 120);
      EXPECT_LT(other.status, 500) << path << body.substr(0, 120) << other.body;
    }
  }
  EXPECT_EQ(world.view().last_gseq(), before);
}

TEST(BadRequests, SayWhereAndWhy) {
  World world;
  const auto declare = [&](const std::string& body) { return world.post("clerk@hall-a", "/incidents", body); };
  Reply reply = declare(R"({"unit":"hall-a","type":"outage","facts":{"cuase":"system"}})");
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.code(), "incident.unknown-fact");
  EXPECT_EQ(reply.text("/where"), "/facts/cuase");
  EXPECT_NE(reply.text("/message/en").find("did you mean 'cause'"), std::string::npos);
  reply = declare(R"({"unit":"hall-a","type":"outage","facts":{"cause":"rain"}})");
  EXPECT_EQ(reply.code(), "incident.unknown-value");
  reply = declare(R"({"unit":"hall-a","type":"otage"})");
  EXPECT_EQ(reply.code(), "incident.unknown-type");
  EXPECT_NE(reply.text("/message/en").find("outage"), std::string::npos);
  reply = declare(R"({"unit":"hall-z","type":"outage"})");
  EXPECT_EQ(reply.code(), "unit.unknown");
  reply = declare(R"({"unit":"hall-a","type":"outage","a/b~c":1})");
  EXPECT_EQ(reply.text("/where"), "/a~1b~0c");
  reply = declare(R"({"unit":"hall-a","unit":"hall-a","type":"outage"})");
  EXPECT_EQ(reply.code(), "body.duplicate-field");
  reply = world.post("clerk@hall-a", "/incidents", "{}", {{"Content-Type", "text/plain"}});
  EXPECT_EQ(reply.status, 415);
}

TEST(BadRequests, BodyLimitsAreByRoute) {
  World world;
  const Api& api = world.api();
  EXPECT_EQ(api.body_limit(Method::kPost, "/api/v1/incidents"), 64U * 1024);
  EXPECT_EQ(api.body_limit(Method::kPost, "/api/v1/alarms"), 1024U * 1024);
  EXPECT_EQ(api.body_limit(Method::kPost, "/api/v1/plans/check"), 1024U * 1024);
  const net::Response refused = api.error_response(413, {"net.body-too-large", {"内容太大", "Too large"}, {}});
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(refused.content_type, "application/problem+json");
  EXPECT_EQ(json::parse(refused.body).at("code").as_string(), "net.body-too-large");
}

net::Request head_of(Method method, const std::string& path, const std::string& token = {}) {
  net::Request head;
  head.method = method;
  head.target_path = path;
  head.peer = "192.0.2.7";
  if (!token.empty()) head.headers.add("Authorization", "Bearer " + token);
  return head;
}

TEST(BadRequests, ALargeBodyIsReadOnlyFromWhoIsSignedIn) {
  World world;
  const Api& api = world.api();
  const std::string clerk = world.token("clerk@hall-a");
  const std::string evidence = "/api/v1/incidents/00000000-0000-0000-0000-000000000001/evidence";
  constexpr std::uint64_t kLarge = 100'000;
  for (const char* path : {evidence.c_str(), "/api/v1/plans/check", "/api/v1/org/check", "/api/v1/orders/import",
                           "/api/v1/orders", "/api/v1/rehearsals"}) {
    bool refused_to_clerk = false;
    for (const std::optional<std::uint64_t> length : {std::optional(kLarge), std::optional<std::uint64_t>()}) {
      const auto refused = api.admit(head_of(Method::kPost, path), length).refusal;
      ASSERT_TRUE(refused) << path;
      EXPECT_EQ(refused->status, 401) << path;
      EXPECT_EQ(api.admit(head_of(Method::kPost, path, "forged"), length).refusal->status, 401) << path;
      const net::Admission let_in = api.admit(head_of(Method::kPost, path, clerk), length);
      if (let_in.refusal) {
        // Not hers, or not there at all.
        EXPECT_TRUE(let_in.refusal->status == 403 || let_in.refusal->status == 404) << path;
        refused_to_clerk = true;
        continue;
      }
      EXPECT_EQ(let_in.bytes_max, api.body_limit(Method::kPost, path)) << path;
      EXPECT_EQ(let_in.purse, net::BodyPurse::large) << path;
    }
    // A small one is answered when it has come: what is wrong with it may be something else.
    EXPECT_FALSE(api.admit(head_of(Method::kPost, path), 64 * 1024).refusal) << path;
    EXPECT_EQ(api.admit(head_of(Method::kPost, path), 64 * 1024).purse, net::BodyPurse::stranger) << path;
    const net::BodyPurse purse = refused_to_clerk ? net::BodyPurse::stranger : net::BodyPurse::known;
    EXPECT_EQ(api.admit(head_of(Method::kPost, path, clerk), 64 * 1024).purse, purse) << path;
  }
  EXPECT_EQ(api.admit(head_of(Method::kPost, "/nowhere"), kLarge).refusal->status, 404);
  EXPECT_EQ(api.admit(head_of(Method::kPost, "/api/v1/units"), kLarge).refusal->status, 405);
  EXPECT_EQ(api.admit(head_of(Method::kPost, "/api/v1/session"), kLarge).bytes_max, 64U * 1024);
}

// Valid bodies of every kind, to be damaged.
std::vector<std::string> valid_bodies() {
  return {R"({"user":"clerk@hall-a","password":"tingan-demo"})",
          R"({"old":"a","new":"b"})",
          R"({"unit":"hall-a","type":"outage","facts":{"cause":"system","restored":false},"note":"断网","drill":true})",
          R"({"set":{"scope":"single","restored":true},"reason":"更正"})",
          R"({"state":"skipped","reason":"\u70df\u592a\u5927","note":"n"})",
          R"({"reason":"复燃"})",
          R"({"text":"主机重启"})",
          R"({"kind":"initial","content":{"place":"p","effect":"e"}})",
          R"({"content":{"writer":"陈","robber_count":2,"list":[1,2.5,null,true,{"a":[]}]}})",
          R"({"yaml":"plan: x\ntitle: {zh: 一, en: One}\n"})",
          R"({"unit":"hall-a","role":"clerk","from":"a","to":"b","until":"2026-11-23T18:00:00+08:00"})",
          R"({"stand_in":"b","from":"2026-11-23T09:00:00+08:00","to":"2026-11-23T18:00:00+08:00"})",
          R"({"present":false,"until":"2026-11-23T18:00:00+08:00"})",
          R"({"source":"fire-panel","labels":{"hall":"hall-a"},"fingerprint":"f"})",
          R"({"version":"4","alerts":[{"status":"firing","labels":{"alertname":"BossDown","hall":"hall-a"},)"
          R"("startsAt":"2026-11-23T10:00:00Z","fingerprint":"c0ffee"}]})",
          R"({"place":"p","written":["place"]})"};
}

// Twenty thousand damaged bodies through every parser: no crash, and what parses is written back the same.
TEST(BadRequests, DamagedBodiesNeverBreakAParser) {
  std::mt19937 random(4);
  const auto upto = [&random](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n)(random); };
  static constexpr std::string_view kSharp[] = {"{",    "}",       "[",     "]", "\"",    "\\",   ",",
                                                ":",    "null",    "1e309", "-", "\\u12", "\xff", "\xe4\xb8",
                                                "true", "\\ud83d", "0",     ".", " ",     "\n"};
  const std::vector<std::string> bodies = valid_bodies();
  for (int round = 0; round < 20'000; ++round) {
    std::string body = bodies[upto(bodies.size() - 1)];
    for (std::size_t n = 1 + upto(4); n > 0; --n) {
      const std::size_t at = upto(body.size());
      switch (upto(5)) {
        case 0:
          if (at < body.size()) body[at] = static_cast<char>(upto(255));
          break;
        case 1:
          body.insert(at, kSharp[upto(std::size(kSharp) - 1)]);
          break;
        case 2:
          body.erase(at, upto(8));
          break;
        case 3:
          body.resize(at);
          break;
        case 4:
          body += body.substr(at);
          break;
        default: {
          const std::string& other = bodies[upto(bodies.size() - 1)];
          body.insert(at, other.substr(upto(other.size() - 1), upto(20)));
        }
      }
    }
    parse_any_body(body);
  }
  for (const std::string& body : valid_bodies()) parse_any_body(body);
  for (const std::string& body : malformed()) parse_any_body(body);
}

RC_GTEST_PROP(BadRequestsProperty, AnyBytesAreParsedWithoutHarm, (const std::string& bytes)) { parse_any_body(bytes); }

}  // namespace
}  // namespace tingan::api
