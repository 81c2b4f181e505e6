#include "sim/reference_back_office.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace tingan::sim {
namespace {

constexpr Instant kNow = from_millis(1'764'000'000'000);

OrderToEnter order(const std::string& key, const std::string& name = "张三") {
  return {.key = key,
          .number = "hall-a-000001",
          .unit = UnitId("hall-a"),
          .business = BusinessId("bill-payment"),
          .connector = "billing",
          .amount_fen = 12850,
          .personal = R"({"name":")" + name + R"(","mobile":"13800138000","fields":{}})"};
}

struct Desk {
  ReferenceBackOffice office;
  SeededRandom dice{7};

  explicit Desk(OfficeTemper temper = {}) : office(temper) {}
  EntryOutcome send(const OrderToEnter& one) { return outcome(office.send(one, kNow, dice)); }
  EntryOutcome ask(const std::string& key) { return outcome(office.ask(key, dice)); }
  static EntryOutcome outcome(const OfficeAnswer& answer) {
    return answer.result ? answer.result->outcome : EntryOutcome::unknown;
  }
};

TEST(ReferenceBackOffice, EntersAKeyOnceAndKnowsItAfterwards) {
  Desk desk;
  EXPECT_EQ(desk.ask("k1"), EntryOutcome::absent);
  const OfficeAnswer first = desk.office.send(order("k1"), kNow, desk.dice);
  ASSERT_TRUE(first.entered);
  EXPECT_EQ(first.result->outcome, EntryOutcome::entered);
  const OfficeAnswer second = desk.office.send(order("k1"), kNow, desk.dice);
  EXPECT_EQ(second.result->outcome, EntryOutcome::duplicate);
  EXPECT_EQ(second.result->reference, first.result->reference);
  EXPECT_FALSE(second.entered);
  EXPECT_EQ(desk.ask("k1"), EntryOutcome::entered);
  EXPECT_EQ(desk.office.counts().entries, 1U);
  EXPECT_EQ(desk.office.counts().amount_fen, 12850);
}

TEST(ReferenceBackOffice, WithoutKeysItDoubles) {
  Desk desk({.heeds_keys = false});
  EXPECT_EQ(desk.send(order("k1")), EntryOutcome::entered);
  EXPECT_EQ(desk.send(order("k1")), EntryOutcome::entered);
  EXPECT_EQ(desk.office.times("k1"), 2);
  EXPECT_EQ(desk.office.counts().entries, 2U);
  EXPECT_EQ(desk.office.counts().keys, 1U);
  EXPECT_EQ(desk.office.counts().doubled, 1U);
}

TEST(ReferenceBackOffice, CountsOrRefusesTheSameContentUnderAnotherKey) {
  Desk counts;
  EXPECT_EQ(counts.send(order("k1")), EntryOutcome::entered);
  EXPECT_EQ(counts.send(order("k2")), EntryOutcome::entered);
  EXPECT_EQ(counts.send(order("k3", "李四")), EntryOutcome::entered);
  EXPECT_EQ(counts.office.counts().twins, 1U);
  Desk refuses({.refuses_twins = true});
  EXPECT_EQ(refuses.send(order("k1")), EntryOutcome::entered);
  EXPECT_EQ(refuses.send(order("k2")), EntryOutcome::rejected);
  EXPECT_EQ(refuses.send(order("k3", "李四")), EntryOutcome::entered);
  EXPECT_EQ(refuses.office.counts().twins, 0U);
}

TEST(ReferenceBackOffice, RefusesWhatIsWrongInside) {
  Desk desk;
  const auto code = [&](const OrderToEnter& one) { return desk.office.send(one, kNow, desk.dice).result->code; };
  OrderToEnter bad = order("k1");
  bad.personal = R"({"name":"张三","mobile":"12345"})";
  EXPECT_EQ(code(bad), "mobile-malformed");
  bad.personal = "{";
  EXPECT_EQ(code(bad), "content-unreadable");
  bad.personal = R"({"mobile":"13800138000"})";
  EXPECT_EQ(code(bad), "name-missing");
  bad = order("k1");
  bad.amount_fen = -1;
  EXPECT_EQ(code(bad), "amount-malformed");
  bad = order("k1");
  bad.number.clear();
  EXPECT_EQ(code(bad), "number-missing");
  EXPECT_EQ(desk.office.counts().entries, 0U);
  EXPECT_EQ(desk.office.counts().refused, 5U);
}

TEST(ReferenceBackOffice, RefusesTheSameKeysWheneverTheyCome) {
  Desk desk({.refuse = 300});
  std::map<std::string, EntryOutcome> first;
  for (int i = 0; i < 200; ++i) first["k" + std::to_string(i)] = desk.send(order("k" + std::to_string(i)));
  int refused = 0;
  for (const auto& [key, outcome] : first) {
    const bool no = outcome == EntryOutcome::rejected;
    EXPECT_EQ(desk.send(order(key)), no ? EntryOutcome::rejected : EntryOutcome::duplicate);
    refused += no ? 1 : 0;
  }
  EXPECT_GT(refused, 30);
  EXPECT_LT(refused, 90);
}

TEST(ReferenceBackOffice, IsBusyBeyondItsPaceAndSaysHowLong) {
  Desk desk({.per_second = 2});
  EXPECT_EQ(desk.send(order("k1")), EntryOutcome::entered);
  EXPECT_EQ(desk.send(order("k2")), EntryOutcome::entered);
  const OfficeAnswer third = desk.office.send(order("k3"), kNow + Duration{400}, desk.dice);
  EXPECT_EQ(third.result->outcome, EntryOutcome::busy);
  EXPECT_EQ(third.result->retry_after, Duration{600});
  EXPECT_EQ(desk.office.send(order("k3"), kNow + Duration{1000}, desk.dice).result->outcome, EntryOutcome::entered);
}

TEST(ReferenceBackOffice, LosesOnTheWayThereOrOnTheWayBack) {
  Desk there({.lose_request = 1000});
  EXPECT_EQ(there.send(order("k1")), EntryOutcome::unknown);
  EXPECT_EQ(there.office.times("k1"), 0);
  Desk back({.lose_answer = 1000});
  const OfficeAnswer lost = back.office.send(order("k1"), kNow, back.dice);
  EXPECT_FALSE(lost.result);
  EXPECT_TRUE(lost.entered) << "it happened";
  EXPECT_EQ(back.office.times("k1"), 1);
  Desk down({.down = true});
  EXPECT_EQ(down.send(order("k1")), EntryOutcome::unknown);
  down.office.become({});
  EXPECT_EQ(down.ask("k1"), EntryOutcome::absent);
}

TEST(ReferenceBackOffice, LiesAsItIsTold) {
  Desk says_entered({.false_entered = 1000});
  EXPECT_EQ(says_entered.send(order("k1")), EntryOutcome::entered);
  EXPECT_EQ(says_entered.office.times("k1"), 0);
  EXPECT_EQ(says_entered.ask("k1"), EntryOutcome::entered) << "it stands by its lie";
  Desk says_absent({.false_absent = 1000});
  EXPECT_EQ(says_absent.send(order("k1")), EntryOutcome::entered);
  EXPECT_EQ(says_absent.ask("k1"), EntryOutcome::absent);
  Desk wrong({.wrong_reference = 1000});
  EXPECT_EQ(wrong.send(order("k1")), EntryOutcome::entered);
  const OfficeAnswer second = wrong.office.send(order("k2", "李四"), kNow, wrong.dice);
  EXPECT_EQ(second.result->reference, wrong.office.entries().at("k1").reference);
  EXPECT_EQ(wrong.office.counts().lies, 2U);
}

// Its books are the sum of what it said to keep: a new life over them gives the same answers.
TEST(ReferenceBackOffice, BooksRestoredAreTheSameBooks) {
  EXPECT_TRUE(rc::check([] {
    const OfficeTemper temper{.lose_request = 100,
                              .lose_answer = 200,
                              .busy = 100,
                              .refuse = 100,
                              .heeds_keys = *rc::gen::arbitrary<bool>(),
                              .false_entered = 50};
    Desk desk(temper);
    desk.dice = SeededRandom(*rc::gen::arbitrary<std::uint64_t>());
    ReferenceBackOffice again(temper);
    for (const int n : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12))) {
      const auto answer = desk.office.send(order("k" + std::to_string(n), std::to_string(n % 5)), kNow, desk.dice);
      if (answer.entered) again.restore(*answer.entered);
    }
    const OfficeCounts was = desk.office.counts();
    const OfficeCounts is = again.counts();
    RC_ASSERT(was.entries == is.entries && was.keys == is.keys && was.doubled == is.doubled && was.twins == is.twins);
    RC_ASSERT(was.amount_fen == is.amount_fen);
    std::uint64_t sum = 0;
    for (const auto& [key, entry] : desk.office.entries()) {
      RC_ASSERT(again.entries().at(key).reference == entry.reference);
      RC_ASSERT(again.times(key) == entry.times);
      sum += static_cast<std::uint64_t>(entry.times);
    }
    RC_ASSERT(sum == was.entries);
    if (temper.heeds_keys) RC_ASSERT(was.doubled == 0U);
  }));
}

}  // namespace
}  // namespace tingan::sim
