// Entering afterwards into a back office that lies: what the key protects from, what it does not, and that comparing
// order by order with its books finds every order whose entry is not what it said (docs/formats/connectors.md).
#include "core/acceptance/reconcile.h"
#include "runtime/testing_acceptance.h"
#include "sim/reference_back_office.h"

namespace tingan::sim {
namespace {

using testing_acceptance::HallNode;
using testing_acceptance::order_id;

class ModelOffice final : public BackOffice {
 public:
  ModelOffice(OfficeTemper temper, std::uint64_t seed, const Instant& now) : model(temper), dice_(seed), now_(now) {}

  ReferenceBackOffice model;
  std::deque<std::function<void()>> answers;

  bool knows(const std::string&) const override { return true; }
  bool can_ask(const std::string&) const override { return true; }
  void send(const OrderToEnter& order, Done done) override { reply(model.send(order, now_, dice_), std::move(done)); }
  void ask(const OrderToEnter& order, Done done) override { reply(model.ask(order.key, dice_), std::move(done)); }

 private:
  void reply(const OfficeAnswer& answer, Done done) {
    answers.push_back([done = std::move(done), result = answer.result.value_or(EntryResult{})] { done(result); });
  }

  SeededRandom dice_;
  const Instant& now_;
};

struct Found {
  std::uint32_t entered = 0;          // as the node has it
  std::set<std::uint32_t> differ;     // orders whose number and reference do not stand in the books
  std::set<std::uint32_t> truly_out;  // said to be entered, and not in the books
  std::size_t named_twice = 0;        // what the node's own reconciliation shows of it
  OfficeCounts books;
};

constexpr std::uint32_t kOrders = 200;

// A replay from the first order to the last; a person resumes it whenever it pauses.
Found replay_all(OfficeTemper temper, std::uint64_t seed) {
  HallNode node;
  ModelOffice office(temper, seed, node.now);
  std::deque<std::function<void(Instant)>> tasks;
  std::deque<Submission> waiting;
  ReplayDriver driver(node.core->view().acceptance(), office,
                      {[&](Submission submission) { waiting.push_back(std::move(submission)); },
                       [&](const OrderState& order) { return open_for_entry(order, node.sealer); },
                       [&](OrderId id, const std::string& why) { return node.sealer.seal(order_key(id), why); },
                       [&](std::function<void(Instant)> task) { tasks.push_back(std::move(task)); }});
  for (std::uint32_t n = 1; n <= kOrders; ++n) EXPECT_FALSE(node.take(order_id(n)).refused);
  EXPECT_FALSE(node.to_hall(StartReplay{}).refused);
  for (int i = 0; i < 100'000 && node.hall()->replay.status != ReplayStatus::finished; ++i) {
    if (node.hall()->replay.status == ReplayStatus::paused) node.to_hall(ResumeReplay{});
    const Instant next = driver.step(node.now);
    if (waiting.empty() && tasks.empty() && office.answers.empty()) {
      node.now = next == kNever ? node.now + Duration{1000} : std::max(node.now + Duration{1}, next);
    }
    for (; !waiting.empty(); waiting.pop_front()) node.run(std::move(waiting.front()));
    for (; !office.answers.empty(); office.answers.pop_front()) office.answers.front()();
    for (; !tasks.empty(); tasks.pop_front()) tasks.front()(node.now);
  }
  EXPECT_EQ(node.hall()->replay.status, ReplayStatus::finished);
  Found found{.books = office.model.counts()};
  const auto all = node.core->view().acceptance().of_unit(UnitId("hall-a"));
  found.named_twice = reconcile(*node.hall(), all).named_twice.size();
  for (const OrderPtr& order : all) {
    if (order->status != OrderStatus::entered) continue;
    ++found.entered;
    const auto entry = office.model.entries().find(to_string(order->id));
    const bool in = entry != office.model.entries().end();
    if (!in) found.truly_out.insert(order->number);
    if (!in || entry->second.reference != order->reference) found.differ.insert(order->number);
  }
  return found;
}

TEST(ReplayLies, SayingAbsentDoesNoHarmToWhoHeedsKeys) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Found found = replay_all({.lose_request = 50, .lose_answer = 300, .false_absent = 400}, seed);
    EXPECT_GT(found.books.lies, 10U);
    EXPECT_EQ(found.entered, kOrders);
    EXPECT_EQ(found.books.entries, kOrders);
    EXPECT_EQ(found.books.doubled, 0U);
    EXPECT_TRUE(found.differ.empty());
    EXPECT_EQ(found.named_twice, 0U);
  }
}

// Nobody on this side can know: the answers are those of one that had lost the request.
TEST(ReplayLies, SayingAbsentDoublesWhereKeysAreNotHeeded) {
  const Found found = replay_all({.lose_answer = 300, .heeds_keys = false, .false_absent = 400}, 1);
  EXPECT_EQ(found.entered, kOrders);
  EXPECT_GT(found.books.doubled, 0U);
  EXPECT_GT(found.books.entries, found.entered) << "its books show more than was taken";
}

// Without lies a system that does not heed keys gets each order once all the same: that is what asking first is for.
TEST(ReplayLies, WithoutLiesNothingDoublesEvenWithoutKeys) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Found found = replay_all({.lose_request = 100, .lose_answer = 300, .busy = 100, .heeds_keys = false}, seed);
    EXPECT_EQ(found.books.entries, kOrders);
    EXPECT_EQ(found.books.doubled, 0U);
  }
}

TEST(ReplayLies, SayingEnteredIsFoundByComparingWithTheBooks) {
  const Found found = replay_all({.false_entered = 50}, 1);
  EXPECT_EQ(found.entered, kOrders) << "the program knows only what it is told";
  EXPECT_GT(found.truly_out.size(), 0U);
  EXPECT_EQ(found.books.keys + found.truly_out.size(), kOrders);
  EXPECT_EQ(found.differ, found.truly_out) << "exactly those that are not there";
  EXPECT_GT(found.named_twice, 0U) << "what it named for nothing it names again for the next";
}

TEST(ReplayLies, WrongReferencesAreFoundByComparingWithTheBooks) {
  const Found found = replay_all({.wrong_reference = 50}, 1);
  EXPECT_EQ(found.books.entries, kOrders);
  EXPECT_GT(found.differ.size(), 0U);
  EXPECT_GT(found.named_twice, 0U) << "the reconciliation shows it without any list of the other side";
  EXPECT_TRUE(found.truly_out.empty());
}

}  // namespace
}  // namespace tingan::sim
