// What one person has to do now, complete enough for a phone, and what they were told.
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

constexpr const char* kDirector = "hall-director@hall-a";

json::value task_of(const Reply& reply, std::string_view step) {
  for (const auto& item : json::array(reply.at("/items").as_array())) {
    if (item.at("step").at("id").as_string() == step) return item;
  }
  return {};
}

TEST(MySteps, TellWhatToDoWhomToCallAndWhatToSay) {
  World world;
  world.declare("clerk@hall-a", "hall-a", "fire", R"({"size":"large"})");
  const Reply mine = world.get("clerk@hall-a", "/me/steps");
  ASSERT_EQ(mine.status, 200) << mine.body;
  EXPECT_EQ(mine.text("/now"), "2026-11-23T10:00:00+08:00");
  const json::value call = task_of(mine, "call-119");
  ASSERT_TRUE(call.is_object());
  EXPECT_EQ(call.at("unit_name").at("zh").as_string(), "湖滨路营业厅");
  const json::value& step = call.at("step");
  EXPECT_EQ(step.at("call").at("number").as_string(), "119");
  const std::string say(step.at("call").at("say").at("zh").as_string());
  EXPECT_NE(say.find("湖滨路 118 号"), std::string::npos) << say;
  EXPECT_NE(say.find("湖滨公园东门对面"), std::string::npos) << say;
  EXPECT_EQ(say.find('{'), std::string::npos) << say;
  EXPECT_EQ(step.at("script").at("text"), step.at("call").at("say"));
  EXPECT_EQ(step.at("due").as_string(), "2026-11-23T10:01:00+08:00");
  const auto& never = call.at("prohibitions").as_array();
  EXPECT_TRUE(std::any_of(never.begin(), never.end(), [](const json::value& one) {
    return std::string_view(one.at("text").at("zh").as_string()).find("电梯") != std::string_view::npos;
  }));
  const json::value& next = call.at("next_escalation");
  EXPECT_EQ(next.at("kind").as_string(), "late");
  EXPECT_EQ(next.at("in_s").as_int64(), 60);
  EXPECT_EQ(next.at("to"), json::array({"hall-director"}));
  EXPECT_EQ(next.at("to_names").at("zh").as_string(), "营业厅主任");
}

TEST(MySteps, AskTheirQuestionsWithAnswersToTap) {
  World world;
  const std::string id = world.declare(kDirector, "hall-a", "outage", R"({"cause":"system"})");
  const json::value find = task_of(world.get(kDirector, "/me/steps"), "find-scope");
  ASSERT_TRUE(find.is_object());
  const json::value& asks = find.at("step").at("asks");
  EXPECT_EQ(asks.at("fact").as_string(), "scope");
  EXPECT_FALSE(asks.at("question").at("zh").as_string().empty());
  const auto& options = asks.at("options").as_array();
  ASSERT_EQ(options.size(), 3U);
  EXPECT_EQ(options.at(1).at("value").as_string(), "single");
  EXPECT_FALSE(options.at(1).at("label").at("zh").as_string().empty());
  EXPECT_FALSE(options.at(1).at("label").at("en").as_string().empty());
  EXPECT_EQ(world.post(kDirector, "/incidents/" + id + "/facts", R"({"set":{"scope":"single"}})").status, 200);
  EXPECT_TRUE(task_of(world.get(kDirector, "/me/steps"), "find-scope").is_null()) << "answered is done";
  EXPECT_TRUE(task_of(world.get(kDirector, "/me/steps"), "call-support-centre").is_object());
}

TEST(MySteps, AreMineAloneMostUrgentFirstAndLateOnesSaySo) {
  World world;
  world.declare(kDirector, "hall-a", "outage");
  EXPECT_EQ(world.get("clerk@hall-b", "/me/steps").at("/total"), json::value(0));
  for (const auto& item : json::array(world.get("guide@hall-a", "/me/steps").at("/items").as_array())) {
    EXPECT_TRUE(item.at("step").at("role") == "guide" || item.at("step").at("role") == "staff");
  }
  world.pass(6min);
  const Reply mine = world.get(kDirector, "/me/steps");
  EXPECT_EQ(mine.at("/items/0/step/late"), json::value(true));
  std::string before;
  for (const auto& item : json::array(mine.at("/items").as_array())) {
    const std::string due(item.at("step").at("due").is_null() ? "9999" : item.at("step").at("due").as_string());
    EXPECT_LE(before, due);
    before = due;
  }
  EXPECT_EQ(world.get(kDirector, "/me/steps?limit=1").at("/items").as_array().size(), 1U);
}

TEST(MyNotices, AreAcknowledgedByThePersonAlone) {
  World world;
  const std::string id = world.declare("clerk@hall-a", "hall-a", "outage");
  const Reply mine = world.get(kDirector, "/me/notices");
  ASSERT_GE(mine.at("/items").as_array().size(), 1U);
  const std::string notice = mine.text("/items/0/notice/id");
  EXPECT_TRUE(mine.at("/items/0/notice/ladder/acknowledged").is_null());
  EXPECT_EQ(world.post("clerk@hall-a", "/notices/" + notice + "/ack").status, 403);
  EXPECT_EQ(world.post("clerk@hall-b", "/notices/" + notice + "/ack").status, 404);
  EXPECT_EQ(world.post(kDirector, "/notices/" + notice + "/seen").status, 200);
  const Reply acked = world.post(kDirector, "/notices/" + notice + "/ack");
  ASSERT_EQ(acked.status, 200) << acked.body;
  EXPECT_EQ(acked.text("/ladder/acknowledged"), "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(world.post(kDirector, "/notices/" + notice + "/ack").status, 200) << "twice is once";
  for (const char* nonsense : {"x", "0", "x.1", ".1"}) {
    EXPECT_EQ(world.post(kDirector, std::string("/notices/") + nonsense + "/ack").status, 404) << nonsense;
  }
  EXPECT_EQ(world.post(kDirector, "/notices/" + id + ".99999/ack").status, 404);
  EXPECT_EQ(world.post(kDirector, "/notices/" + id + ".0/ack").status, 404);
}

}  // namespace
}  // namespace tingan::api
