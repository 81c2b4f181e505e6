// What was counted stands in the report: orders taken by hand, people at the assembly point, steps that somebody could
// not do.
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

constexpr const char* kDirector = "hall-director@hall-a";
constexpr const char* kClerk = "clerk@hall-a";

World world_with_business() {
  return World([](Options& options) {
    BusinessType type;
    type.id = BusinessId("plan-change");
    type.title = {"套餐变更", "Change of plan"};
    type.promise_within = std::chrono::hours{2};
    options.business[type.id] = std::make_shared<const BusinessType>(type);
  });
}

std::string section(World& world, const std::string& incident, const char* id, const char* kind = "final") {
  const Reply report = world.get(kDirector, "/incidents/" + incident + "/report?kind=" + kind);
  EXPECT_EQ(report.status, 200) << report.body;
  return report.text("/content/" + std::string(id));
}

}  // namespace

TEST(ReportCounts, TheReconciliationStandsInTheEffectWithMissingNumbersAndBrokenPromises) {
  World world = world_with_business();
  const std::string incident = world.declare(kDirector, "hall-a", "outage", R"({"cause":"system"})");
  EXPECT_EQ(section(world, incident, "effect").find("预受理："), std::string::npos) << "nobody took anything";
  ASSERT_EQ(world.post(kClerk, "/number-blocks", R"({"device":"phone-1","size":10})").status, 201);
  const auto take = [&](int number) {
    const Reply taken =
        world.post(kClerk, "/orders",
                   R"({"business":"plan-change","name":"张三丰","mobile":"13812345678","handed_over":true,)"
                   R"("device":"phone-1","number":)" +
                       std::to_string(number) + "}");
    EXPECT_EQ(taken.status, 201) << taken.body;
    return taken.text("/id");
  };
  const std::string first = take(1);
  take(4);
  ASSERT_EQ(world.post(kClerk, "/orders/" + first + "/enter", R"({"reference":"A1"})").status, 200);
  world.pass(3h);
  const std::string effect = section(world, incident, "effect");
  EXPECT_NE(effect.find("受理 2 张（其中回访登记 0 张），已录入 1，已拒绝 0，已退还 0，待处理 1"), std::string::npos)
      << effect;
  EXPECT_NE(effect.find("缺少的号码：000002-000003"), std::string::npos) << effect;
  EXPECT_NE(effect.find("承诺兑现 1 个，未能兑现 1 个：hall-a-000004"), std::string::npos) << effect;
  EXPECT_EQ(effect.find("张"), effect.find("张（其中")) << "no names: " << effect;
  EXPECT_EQ(effect.find("1381234"), std::string::npos);
}

TEST(ReportCounts, TheOutlookKnowsThatTheReconciliationIsOpen) {
  World world = world_with_business();
  const std::string incident = world.declare(kDirector, "hall-a", "outage", R"({"cause":"system"})");
  ASSERT_EQ(world.post(kClerk, "/orders", R"({"business":"plan-change","name":"张三","mobile":"13812345678"})").status,
            201);
  const Reply after = world.get(kDirector, "/incidents/" + incident);
  // Whatever gate the incident itself shows as unmet is named in the report, and no other.
  const std::string outlook = section(world, incident, "outlook", "initial");
  const json::value gates = after.at("/gates");
  for (const json::value& gate : gates.as_array()) {
    const std::string text(gate.at("text").at("zh").as_string());
    EXPECT_EQ(outlook.find(text) == std::string::npos, gate.at("met").as_bool()) << text << outlook;
  }
}

TEST(ReportCounts, AHeadcountStandsInTheEffectAndWhoCouldNotInTheMeasures) {
  World world;
  const std::string incident = world.declare(kDirector, "hall-a", "fire", R"({"size":"small"})");
  const Reply counted =
      world.post(kDirector, "/incidents/" + incident + "/headcount",
                 R"({"staff":[{"person":"clerk@hall-a","state":"here"},{"person":"guard@hall-a","state":"missing"}],)"
                 R"("customers":{"here":12,"missing":1}})");
  ASSERT_LT(counted.status, 300) << counted.body;
  const Reply declined = world.post(kDirector, "/incidents/" + incident + "/steps/take-command",
                                    R"({"state":"declined","reason":"正在救人"})");
  ASSERT_EQ(declined.status, 200) << declined.body;
  const std::string measures = section(world, incident, "measures", "initial");
  EXPECT_NE(measures.find("做不了"), std::string::npos) << measures;
  EXPECT_NE(measures.find("正在救人"), std::string::npos) << measures;
  const std::string effect = section(world, incident, "effect", "initial");
  EXPECT_NE(effect.find("员工已到 1 人，未到 1 人"), std::string::npos) << effect;
  EXPECT_NE(effect.find("客户失联 1 人"), std::string::npos) << effect;
}

}  // namespace tingan::api
