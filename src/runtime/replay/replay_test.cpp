// Entering afterwards, against a back office and a network that lose, repeat, refuse and go down, with crashes of the
// node anywhere: each order is entered exactly once or accounted for.
#include <rapidcheck.h>

#include <random>
#include <set>

#include "codec/organisation_edit.h"
#include "core/acceptance/reconcile.h"
#include "runtime/testing_acceptance.h"

namespace tingan {
namespace {

using testing_acceptance::HallNode;
using testing_acceptance::order_id;

struct Odds {
  int lost_request = 0;  // in a hundred
  int lost_answer = 0;
  int busy = 0;
  int rejected = 0;
  bool can_ask = true;
};

// Remembers what it has entered, beyond any crash of the node. It does not look at keys when it enters: entering twice
// under one key would show.
class SeededOffice : public BackOffice {
 public:
  SeededOffice(std::mt19937& dice, Odds odds) : odds_(odds), dice_(dice) {}

  std::map<std::string, int> entered;
  std::set<std::string> refused;
  bool down = false;
  bool swallows = false;  // never answers, and afterwards was never asked
  bool holds = false;     // what is sent lies there until settle_held(), and nobody hears of it
  std::vector<std::string> held;
  std::size_t most = 16;
  int decides_after = 0;  // questions, until then an order is pending
  int room = 1'000'000;   // of so many between two looks at the clock; then it is busy
  std::map<std::string, int> asked;
  std::deque<std::function<void()>> answers;  // on their way back

  bool knows(const std::string& connector) const override { return connector == "billing"; }
  bool can_ask(const std::string&) const override { return odds_.can_ask; }
  std::size_t at_once(const std::string&) const override { return most; }
  void send(const OrderToEnter& order, Done done) override {
    if (holds) return held.push_back(order.key);
    if (swallows) return answer(std::move(done), {.outcome = EntryOutcome::unknown});
    if (decides_after > 0) {
      ++entered[order.key];
      return answer(std::move(done), {.outcome = EntryOutcome::pending});
    }
    if (room-- <= 0) return answer(std::move(done), {.outcome = EntryOutcome::busy, .retry_after = Duration{1000}});
    if (down || happens(odds_.lost_request)) return answer(std::move(done), {.outcome = EntryOutcome::unknown});
    if (happens(odds_.busy)) return answer(std::move(done), {.outcome = EntryOutcome::busy});
    if (refused.contains(order.key) || happens(odds_.rejected)) {
      refused.insert(order.key);
      return reply(std::move(done), {.outcome = EntryOutcome::rejected, .code = "invalid", .reason = "no"});
    }
    ++entered[order.key];
    reply(std::move(done), {.outcome = EntryOutcome::entered, .reference = "ref-" + order.number});
  }
  void ask(const OrderToEnter& order, Done done) override {
    if (++asked[order.key] <= decides_after) return answer(std::move(done), {.outcome = EntryOutcome::pending});
    if (down || happens(odds_.lost_request)) return answer(std::move(done), {.outcome = EntryOutcome::unknown});
    if (entered.contains(order.key)) {
      return reply(std::move(done), {.outcome = EntryOutcome::entered, .reference = "ref-" + order.number});
    }
    reply(std::move(done), {.outcome = EntryOutcome::absent});
  }
  void settle_held() {
    for (const std::string& key : std::exchange(held, {})) ++entered[key];
    holds = false;
  }
  void heal() { odds_ = {.can_ask = odds_.can_ask}; }

 private:
  bool happens(int percent) { return std::uniform_int_distribution<int>(0, 99)(dice_) < percent; }
  void reply(Done done, EntryResult result) {
    if (happens(odds_.lost_answer)) result = {.outcome = EntryOutcome::unknown};
    answer(std::move(done), std::move(result));
  }
  void answer(Done done, EntryResult result) {
    answers.push_back([done = std::move(done), result = std::move(result)] { done(result); });
  }

  Odds odds_;
  std::mt19937& dice_;
};

// The driver's thread in one place: its tasks run when the test says so, and all are lost in a crash.
struct Course {
  HallNode node;
  std::mt19937 dice;
  SeededOffice office;
  std::shared_ptr<std::deque<std::function<void(Instant)>>> tasks;
  std::unique_ptr<ReplayDriver> driver;
  int crashes = 0;

  Course(unsigned seed, Odds odds) : dice(seed), office(dice, odds) { boot_driver(); }

  void boot_driver() {
    driver.reset();
    office.answers.clear();  // nobody listens any more
    tasks = std::make_shared<std::deque<std::function<void(Instant)>>>();
    driver = std::make_unique<ReplayDriver>(
        node.core->view().acceptance(), office,
        ReplayDriver::Doors{[this](Submission submission) { waiting.push_back(std::move(submission)); },
                            [this](const OrderState& order) { return open_for_entry(order, node.sealer); },
                            [this](OrderId id, const std::string& why) { return node.sealer.seal(order_key(id), why); },
                            [tasks = tasks](std::function<void(Instant)> task) { tasks->push_back(std::move(task)); }});
  }
  void crash() {
    ++crashes;
    waiting.clear();
    driver.reset();
    node.boot();
    boot_driver();
  }
  int roll(int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(dice); }

  // One small thing happens.
  void move(bool faults) {
    if (faults && roll(200) == 0) return crash();
    if (!waiting.empty() && roll(2) == 0) {
      Submission next = std::move(waiting.front());
      waiting.pop_front();
      // A crash between the commit and what follows from it.
      const bool cut = faults && roll(100) == 0;
      if (cut) next.done = nullptr;
      node.run(std::move(next));
      if (cut) crash();
      return;
    }
    if (!office.answers.empty() && roll(2) == 0) {
      auto answer = std::move(office.answers.front());
      office.answers.pop_front();
      return answer();
    }
    if (!tasks->empty() && roll(2) == 0) {
      auto task = std::move(tasks->front());
      tasks->pop_front();
      task(node.now);
    }
    const Instant next = driver->step(node.now);
    if (waiting.empty() && office.answers.empty() && tasks->empty()) {
      node.now = next == kNever ? node.now + Duration{1000} : std::max(node.now + Duration{1}, next);
    }
  }

  std::deque<Submission> waiting;
};

void start_or_resume(Course& course) {
  const ReplayStatus status = course.node.hall()->replay.status;
  if (status == ReplayStatus::paused) {
    course.node.to_hall(ResumeReplay{});
  } else if (status != ReplayStatus::running) {
    course.node.to_hall(StartReplay{});
  }
}

constexpr std::uint32_t kOrders = 12;

// A stormy part, then a healed one that must come to an end.
void run_course(unsigned seed, Odds odds) {
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Course course(seed, odds);
  for (std::uint32_t n = 1; n <= kOrders; ++n) ASSERT_FALSE(course.node.take(order_id(n)).refused);
  start_or_resume(course);
  for (int i = 0; i < 400; ++i) {
    if (course.roll(60) == 0) course.office.down = !course.office.down;
    if (course.roll(40) == 0) start_or_resume(course);
    course.move(true);
  }
  course.office.down = false;
  course.office.heal();
  for (int i = 0; i < 20000; ++i) {
    const auto all = course.node.core->view().acceptance().of_unit(UnitId("hall-a"));
    const bool moving = std::any_of(all.begin(), all.end(), [](const OrderPtr& order) {
      return order->status == OrderStatus::waiting || order->status == OrderStatus::sent ||
             order->status == OrderStatus::unknown;
    });
    if (!moving) break;
    if (i % 50 == 0) start_or_resume(course);
    course.move(false);
  }
  const auto all = course.node.core->view().acceptance().of_unit(UnitId("hall-a"));
  ASSERT_EQ(all.size(), kOrders) << "an order is lost";
  for (const OrderPtr& order : all) {
    const std::string key = to_string(order->id);
    const int times = course.office.entered.contains(key) ? course.office.entered.at(key) : 0;
    EXPECT_LE(times, 1) << order->number << " was entered twice";
    if (order->status == OrderStatus::entered) {
      EXPECT_EQ(times, 1) << order->number << " is said to be entered";
    } else if (order->status == OrderStatus::set_aside) {
      EXPECT_EQ(times, 0) << order->number << " was set aside";
    } else {
      EXPECT_EQ(order->status, OrderStatus::by_hand) << "the healed part must make progress";
      EXPECT_FALSE(odds.can_ask) << order->code;
    }
  }
  EXPECT_TRUE(reconcile(*course.node.hall(), all).all.balances());
}

}  // namespace

TEST(Replay, EachIsEnteredExactlyOnceWhateverIsLost) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    run_course(seed, {.lost_request = 15, .lost_answer = 20, .busy = 10, .rejected = 5});
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

TEST(Replay, WhoCannotBeAskedIsLeftToAPerson) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    run_course(seed, {.lost_request = 15, .lost_answer = 20, .busy = 10, .rejected = 5, .can_ask = false});
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

TEST(Replay, GoesByPromiseKeepsItsPaceAndEnds) {
  Course course(7, {});
  for (std::uint32_t n = 1; n <= 3; ++n) ASSERT_FALSE(course.node.take(order_id(n)).refused);
  ASSERT_FALSE(
      course.node.to_order(order_id(3), MakePromise{PromiseKind::done, course.node.now + Duration{3600000}}).refused);
  ASSERT_FALSE(course.node.to_hall(StartReplay{.rate_per_minute = 1}).refused);
  const Instant start = course.node.now;
  std::vector<OrderId> sent;
  for (int i = 0; i < 5000 && course.node.hall()->replay.status == ReplayStatus::running; ++i) {
    course.move(false);
    for (std::uint32_t n = 1; n <= 3; ++n) {
      const bool new_one = course.office.entered.contains(to_string(order_id(n))) &&
                           std::find(sent.begin(), sent.end(), order_id(n)) == sent.end();
      if (new_one) sent.push_back(order_id(n));
    }
  }
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(sent.front(), order_id(3)) << "the earliest promise first";
  EXPECT_GE(course.node.now - start, Duration{120000}) << "one a minute";
  EXPECT_EQ(course.node.hall()->replay.status, ReplayStatus::finished);
  EXPECT_EQ(course.node.hall()->replay.entered, 3U);
}

TEST(Replay, PausesByItselfWhenTheBackOfficeIsSilent) {
  Course course(7, {});
  course.office.down = true;
  for (std::uint32_t n = 1; n <= kOrders; ++n) ASSERT_FALSE(course.node.take(order_id(n)).refused);
  ASSERT_FALSE(course.node.to_hall(StartReplay{}).refused);
  for (int i = 0; i < 2000 && course.node.hall()->replay.status == ReplayStatus::running; ++i) course.move(false);
  EXPECT_EQ(course.node.hall()->replay.status, ReplayStatus::paused);
  EXPECT_EQ(course.node.hall()->replay.why, "back-office-silent");
}

// More are with the other side than go out at once; none is sent twice, and none is forgotten.
TEST(Replay, WhatTheOtherSideDecidesLaterIsAskedAboutAndHoldsNobodyUp) {
  constexpr std::uint32_t kMany = 40;
  Course course(7, {});
  course.office.decides_after = 3;
  for (std::uint32_t n = 1; n <= kMany; ++n) ASSERT_FALSE(course.node.take(order_id(n)).refused);
  ASSERT_FALSE(course.node.to_hall(StartReplay{}).refused);
  for (int i = 0; i < 3000 && course.office.entered.size() < kMany; ++i) course.move(false);
  EXPECT_EQ(course.office.entered.size(), kMany) << "the sixteen that wait for an answer do not block the rest";
  EXPECT_EQ(course.node.hall()->replay.status, ReplayStatus::running) << "to be asked about later is no trouble";
  course.crash();
  for (int i = 0; i < 5000 && course.node.hall()->replay.status != ReplayStatus::finished; ++i) course.move(false);
  EXPECT_EQ(course.node.hall()->replay.entered, kMany);
  for (const auto& [key, times] : course.office.entered) EXPECT_EQ(times, 1) << key;
}

TEST(Replay, NoMoreAreUnderWayThanTheOtherSideTakesAtOnce) {
  Course course(7, {.lost_request = 15, .lost_answer = 20, .busy = 10});
  course.office.most = 3;
  for (std::uint32_t n = 1; n <= kOrders; ++n) ASSERT_FALSE(course.node.take(order_id(n)).refused);
  ASSERT_FALSE(course.node.to_hall(StartReplay{}).refused);
  std::size_t most = 0;
  for (int i = 0; i < 20000 && course.node.hall()->replay.status != ReplayStatus::finished; ++i) {
    if (i % 50 == 0) start_or_resume(course);
    course.move(false);
    most = std::max(most, course.driver->at_once(UnitId("hall-a")));
  }
  EXPECT_EQ(course.office.entered.size(), kOrders);
  EXPECT_EQ(most, 3U);
}

TEST(Replay, APersonMaySettleWhatTheOtherSideHasNotDecided) {
  Course course(7, {});
  course.office.decides_after = 1000;
  ASSERT_FALSE(course.node.take(order_id(1)).refused);
  ASSERT_FALSE(course.node.to_hall(StartReplay{}).refused);
  for (int i = 0; i < 200; ++i) course.move(false);
  ASSERT_EQ(course.node.order(order_id(1))->status, OrderStatus::unknown);
  ASSERT_FALSE(course.node.to_order(order_id(1), EnterOrder{EnteredVia::hand, "B-1"}, "clerk@hall-a").refused);
  for (int i = 0; i < 200 && course.node.hall()->replay.status != ReplayStatus::finished; ++i) course.move(false);
  EXPECT_EQ(course.node.hall()->replay.status, ReplayStatus::finished);
  EXPECT_EQ(course.driver->under_way(), 0U);
}

// The node is back at once and asks, while the request that went out before is still on its way.
TEST(Replay, AQuestionDoesNotOvertakeItsRequest) {
  Course course(7, {});
  course.office.holds = true;
  ASSERT_FALSE(course.node.take(order_id(1)).refused);
  ASSERT_FALSE(course.node.to_hall(StartReplay{}).refused);
  for (int i = 0; i < 200 && course.office.held.empty(); ++i) course.move(false);
  ASSERT_EQ(course.office.held.size(), 1U);
  const Instant sent = course.node.now;
  course.crash();
  while (course.node.now < sent + ReplayLimits{}.settle - Duration{2000}) course.move(false);
  EXPECT_TRUE(course.office.asked.empty());
  course.office.settle_held();
  for (int i = 0; i < 5000 && course.node.hall()->replay.status != ReplayStatus::finished; ++i) course.move(false);
  EXPECT_EQ(course.node.order(order_id(1))->via, EnteredVia::asked);
  EXPECT_EQ(course.office.entered.begin()->second, 1);
}

TEST(Replay, WhatNeverArrivesGoesToAPersonAndNotRoundForEver) {
  Course course(7, {});
  course.office.swallows = true;
  ASSERT_FALSE(course.node.take(order_id(1)).refused);
  ASSERT_FALSE(course.node.to_hall(StartReplay{}).refused);
  for (int i = 0; i < 5000 && course.node.hall()->replay.status == ReplayStatus::running; ++i) course.move(false);
  EXPECT_EQ(course.node.order(order_id(1))->status, OrderStatus::by_hand);
  EXPECT_EQ(course.node.order(order_id(1))->code, "never-arrives");
  EXPECT_EQ(course.node.order(order_id(1))->attempts, ReplayLimits{}.sends_max);
}

// Its limit is no outage: those who come together hear "later" together.
TEST(Replay, ABackOfficeThatTakesOnlySoManyASecondDoesNotPauseIt) {
  Course course(7, {});
  for (std::uint32_t n = 1; n <= 60; ++n) ASSERT_FALSE(course.node.take(order_id(n)).refused);
  ASSERT_FALSE(course.node.to_hall(StartReplay{}).refused);
  std::int64_t second = -1;
  for (int i = 0; i < 20000 && course.node.hall()->replay.status == ReplayStatus::running; ++i) {
    if (const std::int64_t now = to_millis(course.node.now) / 1000; now != second) {
      second = now;
      course.office.room = 3;
    }
    course.move(false);
  }
  EXPECT_EQ(course.node.hall()->replay.status, ReplayStatus::finished);
  EXPECT_EQ(course.office.entered.size(), 60U);
}

// A person who has left, by name: the keys go, the records stay, the id does not come back.
TEST(Replay, TheWorkerDestroysTheKeysOfPeopleAndIncidentsThatWereErased) {
  HallNode node;
  const auto erase = [&](EraseData what) {
    return node.run({.person = PersonId("admin@centre"), .unit = UnitId("centre"), .command = UnitCommand(what)});
  };
  const auto keys_left = [&] {
    EXPECT_TRUE(erase_keys(node.core->view().acceptance(), *node.core->view().registry(), node.key_store));
    return node.key_store.get("person:clerk@hall-a")->has_value();
  };
  const EraseData clerk{.person = PersonId("clerk@hall-a"), .incident = {}, .unit = {}};
  EXPECT_EQ(erase(clerk).refused->code, "person.still-here");
  EXPECT_EQ(erase({.person = PersonId("nobody@hall-a"), .incident = {}, .unit = {}}).refused->code, "person.not-found");
  EXPECT_TRUE(keys_left());
  const auto without = remove_person(testing_acceptance::file_text("org/demo.yaml"), clerk.person);
  ASSERT_TRUE(without) << to_string(without.error());
  auto event = seal_organisation(*without, "org", node.sealer);
  ASSERT_TRUE(event) << to_string(event.error());
  ASSERT_FALSE(node.run({.person = PersonId("admin@centre"),
                         .unit = UnitId("centre"),
                         .command = UnitCommand(PublishOrganisation{std::move(*event), 0})})
                   .refused);
  EXPECT_TRUE(keys_left()) << "who has left may still be named in what is being worked on";
  const std::uint64_t before = node.core->view().last_gseq();
  EXPECT_FALSE(erase(clerk).refused);
  EXPECT_FALSE(erase(clerk).refused) << "once more changes nothing";
  EXPECT_EQ(node.core->view().last_gseq(), before + 1);
  EXPECT_FALSE(keys_left());
  const EraseData incident{.person = {}, .incident = new_incident_id(node.now, node.random), .unit = UnitId("hall-a")};
  const std::string key = "incident:" + to_string(incident.incident);
  ASSERT_TRUE(node.sealer.seal(key, "证人张三的话"));
  EXPECT_FALSE(erase(incident).refused);
  EXPECT_FALSE(keys_left());
  EXPECT_FALSE(node.key_store.get(key)->has_value());
  node.boot();
  EXPECT_EQ(node.core->view().registry()->erased().size(), 2U);
}

// What was erased in the log is erased on the disk.
TEST(Replay, TheWorkerDestroysTheKeysOfErasedOrders) {
  HallNode node;
  ASSERT_FALSE(node.take(order_id(1)).refused);
  ASSERT_FALSE(node.to_order(order_id(1), HandOrderBack{}).refused);
  const Sealed envelope = node.order(order_id(1))->personal;
  ASSERT_TRUE(node.sealer.open(envelope)->has_value());
  node.now = node.order(order_id(1))->erase_at;
  while (node.core->next_deadline() <= node.now) ASSERT_TRUE(node.core->tick(node.now));
  ASSERT_TRUE(node.order(order_id(1))->erased);
  ASSERT_TRUE(erase_keys(node.core->view().acceptance(), *node.core->view().registry(), node.key_store));
  EXPECT_FALSE(node.sealer.open(envelope)->has_value()) << "the person is gone";
  EXPECT_TRUE(node.order(order_id(1))->personal == envelope) << "the proof stays";
}

}  // namespace tingan
