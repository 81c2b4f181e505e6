// Promises about to break and broken reach the people whom the event names, once, across restarts.
#include "runtime/outbox/promises.h"

#include "runtime/outbox/testing.h"

using namespace std::chrono_literals;

namespace tingan::outbox::testing {
namespace {

const std::string kHook = "kind: webhook, url: \"http://127.0.0.1:1/hook\"";

BusinessTypePtr plan_change() {
  BusinessType type;
  type.id = BusinessId("plan-change");
  type.title = {"套餐变更", "Change of plan"};
  return std::make_shared<const BusinessType>(type);
}

struct PromiseWorld : OutboxWorld {
  explicit PromiseWorld(const std::string& channels) : OutboxWorld(channels) {
    id.bytes = new_incident_id(now, random).bytes;
    TakeOrder taking{.business = plan_change()};
    taking.promise_due = now + 2h;
    CHECK(!order_act(taking).refused);
  }
  Outcome order_act(OrderCommand command) {
    Outcome result;
    std::vector<Submission> batch(1);
    batch[0].unit = UnitId("hall-a");
    batch[0].order = id;
    batch[0].command = AcceptanceCommand(std::move(command));
    batch[0].done = [&result](Outcome outcome) { result = std::move(outcome); };
    CHECK(core->run(std::move(batch), now));
    return result;
  }
  OrderId id;
};

std::vector<std::string> people_of(const std::vector<OutboxCore::Outgoing>& all) {
  std::vector<std::string> out;
  for (const auto& one : all) out.push_back(one.notice.to.person.str());
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Promises, EachStageIsToldToItsPeopleOnce) {
  PromiseWorld world(channel("hook", kHook));
  world.pass(89min);
  EXPECT_TRUE(world.send_all().empty());
  world.pass(1min);
  const auto first = world.send_all();
  EXPECT_EQ(people_of(first), (std::vector<std::string>{"shift-leader@hall-a"}));
  EXPECT_NE(first.front().notice.headline.zh.find("承诺快到时间"), std::string::npos);
  EXPECT_NE(first.front().notice.lines.front().zh.find("hall-a-000001"), std::string::npos);
  EXPECT_EQ(first.front().notice.id, to_string(world.id) + ".1");
  world.pass(20min);
  const auto second = world.send_all();
  EXPECT_EQ(people_of(second),
            (std::vector<std::string>{"duty-manager@hall-a", "hall-director@hall-a", "shift-leader@hall-a"}));
  world.pass(10min);
  const auto broken = world.send_all();
  EXPECT_EQ(broken.size(), 3U);
  EXPECT_NE(broken.front().notice.headline.zh.find("没有兑现"), std::string::npos) << broken.front().notice.headline.zh;
  world.pass(5h);
  EXPECT_TRUE(world.send_all().empty());
}

TEST(Promises, ARestartTellsWhatWasNotToldAndNothingTwice) {
  PromiseWorld world(channel("hook", kHook));
  world.pass(110min);  // both warnings; the newest counts
  const auto all = world.leaving();
  ASSERT_EQ(all.size(), 3U);
  world.answer(all.front(), ok());
  world.boot();  // two answers were never heard
  const auto again = world.send_all();
  EXPECT_EQ(again.size(), 2U);
  for (const auto& one : again) EXPECT_NE(one.notice.to.person, all.front().notice.to.person);
  world.boot();
  EXPECT_TRUE(world.send_all().empty());
}

TEST(Promises, WhatIsKeptOrMadeAnewInTheMeantimeIsNotTold) {
  PromiseWorld kept(channel("hook", kHook));
  kept.pass(90min);
  ASSERT_FALSE(kept.order_act(EnterOrder{EnteredVia::hand, "A1"}).refused);
  EXPECT_TRUE(kept.send_all().empty());
  PromiseWorld moved(channel("hook", kHook));
  moved.pass(90min);
  ASSERT_FALSE(moved.order_act(MakePromise{PromiseKind::done, moved.now + 3h}).refused);
  EXPECT_TRUE(moved.send_all().empty());
  moved.pass(150min);
  EXPECT_EQ(moved.send_all().size(), 1U) << "the new promise warns by itself";
}

TEST(Promises, AChannelTakesItsRolesAndADeadLetterStaysDead) {
  PromiseWorld world(channel("hook", kHook + ", roles: [hall-director]"));
  world.pass(2h);
  const auto all = world.send_all(refused());
  EXPECT_EQ(people_of(all), (std::vector<std::string>{"hall-director@hall-a"}));
  EXPECT_EQ(world.outbox->counts().at(ChannelId("hook")).dead, 1U);
  world.boot();
  EXPECT_TRUE(world.send_all().empty());
}

}  // namespace
}  // namespace tingan::outbox::testing
