// Machines: Alertmanager's webhook as it is and the simple format, mapped to declares and to suspicions that people
// confirm.
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

// As Alertmanager sends it (version 4), with everything that we do not read.
std::string alertmanager(const std::string& status, const std::string& fingerprint, const std::string& hall,
                         const std::string& starts = "2026-11-23T02:00:00.123Z") {
  return R"({"version":"4","groupKey":"{}:{alertname=\"BossDown\"}","truncatedAlerts":0,"status":")" + status +
         R"(","receiver":"tingan","groupLabels":{"alertname":"BossDown"},"commonLabels":{"alertname":"BossDown"},)"
         R"("commonAnnotations":{"summary":"x"},"externalURL":"http://am.example:9093","alerts":[{"status":")" +
         status + R"(","labels":{"alertname":"BossDown","hall":")" + hall +
         R"(","severity":"page"},"annotations":{"summary":"the business system does not answer"},"startsAt":")" +
         starts + R"(","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prom.example","fingerprint":")" +
         fingerprint + R"("}]})";
}

struct Machine {
  World world{[](Options& options) { options.alarm_tokens = {to_hex(sha256("machine-token"))}; }};

  Reply send(const std::string& body, const std::string& token = "machine-token") {
    return world.send(Method::kPost, "/api/v1/alarms", body, {{"Authorization", "Bearer " + token}});
  }
  json::array suspicions(const std::string& person, const std::string& query = "") {
    return world.get(person, "/suspicions" + query).at("/items").as_array();
  }
  json::array incidents(const std::string& person) { return world.get(person, "/incidents").at("/items").as_array(); }
};

TEST(Alarms, AlertmanagersMessageBecomesASuspicionThatIsConfirmed) {
  Machine machine;
  const Reply taken = machine.send(alertmanager("firing", "c0ffee", "hall-a"));
  ASSERT_EQ(taken.status, 202) << taken.body;
  EXPECT_EQ(taken.at("/accepted"), json::value(1));
  EXPECT_TRUE(machine.incidents("general-group@centre").empty());
  const json::array open = machine.suspicions("general-group@centre", "?state=open");
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].at("type").as_string(), "outage");
  EXPECT_EQ(open[0].at("unit").as_string(), "hall-a");
  EXPECT_EQ(open[0].at("source").as_string(), "alertmanager");
  EXPECT_TRUE(machine.suspicions("clerk@hall-b").empty());
  const std::string id(open[0].at("id").as_string());
  EXPECT_EQ(machine.world.post("clerk@hall-b", "/suspicions/" + id + "/confirm").status, 404);
  EXPECT_EQ(machine.send(alertmanager("firing", "c0ffee", "hall-a")).status, 202);
  EXPECT_EQ(machine.suspicions("general-group@centre").size(), 1U) << "Alertmanager repeats itself";
  const Reply confirmed = machine.world.post("general-group@centre", "/suspicions/" + id + "/confirm");
  ASSERT_EQ(confirmed.status, 200) << confirmed.body;
  EXPECT_EQ(confirmed.text("/state"), "confirmed");
  const Reply incident = machine.world.get("general-group@centre", "/incidents/" + confirmed.text("/incident"));
  EXPECT_EQ(incident.text("/facts/cause/value"), "system");
  EXPECT_EQ(machine.world.post("general-group@centre", "/suspicions/" + id + "/dismiss").status, 409);
}

TEST(Alarms, ASuspicionIsDismissedWithAReason) {
  Machine machine;
  ASSERT_EQ(machine.send(alertmanager("firing", "f00d", "hall-b")).status, 202);
  const std::string id(machine.suspicions("general-group@centre").at(0).at("id").as_string());
  const Reply dismissed =
      machine.world.post("general-group@centre", "/suspicions/" + id + "/dismiss", R"({"reason":"维护窗口"})");
  ASSERT_EQ(dismissed.status, 200) << dismissed.body;
  EXPECT_EQ(dismissed.text("/state"), "dismissed");
  EXPECT_TRUE(machine.suspicions("general-group@centre", "?state=open").empty());
  EXPECT_EQ(machine.suspicions("general-group@centre", "?state=settled").size(), 1U);
  EXPECT_TRUE(machine.incidents("general-group@centre").empty());
}

TEST(Alarms, ThePanicButtonDeclaresOnceAndTheAnswerGivesNothingAway) {
  Machine machine;
  const std::string press = R"({"source":"panic-button","labels":{"hall":"hall-a","button":"3"}})";
  const Reply first = machine.send(press);
  ASSERT_EQ(first.status, 202) << first.body;
  EXPECT_EQ(first.body, R"({"accepted":1,"ignored":0,"resolved":0})");
  EXPECT_EQ(machine.send(press).status, 202);
  const json::array incidents = machine.incidents("general-group@centre");
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].at("type").as_string(), "robbery");
  EXPECT_EQ(incidents[0].at("silent"), json::value(true));
  EXPECT_EQ(incidents[0].at("declared").at("by").at("role").as_string(), "program");
  EXPECT_TRUE(machine.incidents("service-dept@centre").empty());
}

TEST(Alarms, UnknownOnesAndResolvedOnesAreCountedAndLetGo) {
  Machine machine;
  EXPECT_EQ(machine.send(R"({"source":"toaster","labels":{"hall":"hall-a"}})").at("/ignored"), json::value(1));
  EXPECT_EQ(machine.send(R"({"source":"fire-panel","labels":{"hall":"hall-z"}})").at("/ignored"), json::value(1));
  EXPECT_EQ(machine.send(alertmanager("resolved", "c0ffee", "hall-a")).at("/resolved"), json::value(1));
  EXPECT_EQ(machine.send(R"({"alerts":[]})").at("/accepted"), json::value(0));
  EXPECT_TRUE(machine.incidents("general-group@centre").empty());
  EXPECT_TRUE(machine.suspicions("general-group@centre").empty());
}

TEST(Alarms, NeedATokenOfTheirOwn) {
  Machine machine;
  const std::string panel = R"({"source":"fire-panel","labels":{"hall":"hall-a"}})";
  EXPECT_EQ(machine.send(panel, "another").status, 401);
  EXPECT_EQ(machine.world.send(Method::kPost, "/api/v1/alarms", panel).status, 401);
  EXPECT_EQ(machine.world.send(Method::kPost, "/api/v1/alarms", panel, {}, "127.0.0.1").status, 202)
      << "in a demo the own machine may";
  EXPECT_EQ(machine.world.post("clerk@hall-b", "/alarms", panel).status, 403);
  // The machine's token opens nothing else.
  EXPECT_EQ(
      machine.world.send(Method::kGet, "/api/v1/incidents", "", {{"Authorization", "Bearer machine-token"}}).status,
      401);
  EXPECT_EQ(machine.send(R"({"alerts":[{"labels":{"a":1}}]})").status, 400);
  EXPECT_EQ(machine.send(R"({"alerts":{}})").status, 400);
  EXPECT_EQ(machine.send(R"({"source":"x"})").status, 400);
}

}  // namespace
}  // namespace tingan::api
