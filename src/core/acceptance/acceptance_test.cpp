#include <gtest/gtest.h>

#include <fstream>

#include "core/acceptance/clocks.h"
#include "core/acceptance/field_check.h"
#include "core/acceptance/order_life.h"
#include "core/acceptance/reconcile.h"
#include "core/acceptance/testing.h"

namespace tingan {
namespace {

using testing_acceptance::Desk;

const Instant kNow = from_millis(1795226400000);

OrderId order_id(std::uint8_t n) {
  OrderId id;
  id.bytes.fill(n);
  return id;
}

}  // namespace

TEST(FieldCheck, TheCheckDigitOfTheStandardsOwnExamples) {
  // The examples of GB 11643-1999.
  EXPECT_EQ(resident_id_check("11010519491231002"), 'X');
  EXPECT_EQ(resident_id_check("44052418800101001"), '4');
  const LocalTime today = local_time(kNow, Zone{});
  EXPECT_TRUE(is_resident_id("11010519491231002X", today));
  EXPECT_TRUE(is_resident_id("11010519491231002x", today));
  EXPECT_TRUE(is_resident_id("440524188001010014", today));
  EXPECT_FALSE(is_resident_id("110105194912310021", today)) << "wrong check digit";
  EXPECT_FALSE(is_resident_id("11010519491331002X", today)) << "no such month";
  EXPECT_FALSE(is_resident_id("11010519491231002", today)) << "too short";
  EXPECT_FALSE(is_resident_id(std::string("11010529990101002") + resident_id_check("11010529990101002"), today))
      << "not born yet";
}

// Any one changed digit is found: that is what the digit is for.
TEST(FieldCheck, EverySingleWrongDigitIsFound) {
  const std::string good = "440524188001010014";
  for (std::size_t at = 0; at < 17; ++at) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string bad = good;
      if (bad[at] == digit) continue;
      bad[at] = digit;
      EXPECT_NE(resident_id_check(bad), bad[17]) << bad;
    }
  }
}

TEST(FieldCheck, MobilesPassportsMoneyDatesPatterns) {
  EXPECT_TRUE(is_mobile("13812345678"));
  EXPECT_FALSE(is_mobile("12812345678"));
  EXPECT_FALSE(is_mobile("1381234567"));
  EXPECT_TRUE(is_passport("E12345678"));
  EXPECT_FALSE(is_passport("12345678"));
  EXPECT_EQ(parse_money("128.50"), 12850);
  EXPECT_EQ(parse_money("128.5"), 12850);
  EXPECT_EQ(parse_money("7"), 700);
  EXPECT_EQ(parse_money("-1"), std::nullopt);
  EXPECT_EQ(parse_money("1.234"), std::nullopt);
  EXPECT_EQ(parse_money(""), std::nullopt);
  EXPECT_TRUE(is_date("2024-02-29"));
  EXPECT_FALSE(is_date("2026-02-29"));
  EXPECT_TRUE(matches("8986001234", "89869+"));
  EXPECT_TRUE(matches("AB12", "AA9+"));
  EXPECT_FALSE(matches("AB", "AA9+"));
}

TEST(FieldCheck, EverythingThatIsWrongIsNamed) {
  const BusinessType type = Desk::bill_payment();
  Filled filled{.name = "张三", .mobile = "123", .fields = {{"amount", "x"}, {"colour", "red"}}};
  const auto errors = check_filled(type, filled, Zone{}, kNow);
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_EQ(errors[0].where, "mobile");
  EXPECT_EQ(errors[1].where, "amount");
  EXPECT_EQ(errors[2].code, "field.unknown");
  filled = {.name = "张三", .mobile = "13812345678", .fields = {{"amount", "50"}}};
  EXPECT_TRUE(check_filled(type, filled, Zone{}, kNow).empty());
}

TEST(FieldCheck, MaskingLeavesEnoughToRecogniseAndTooLittleToUse) {
  EXPECT_EQ(mask_name("张三丰"), "张*");
  EXPECT_EQ(mask(FieldKind::mobile, "13812345678"), "138****5678");
  EXPECT_EQ(mask(FieldKind::resident_id, "440524188001010014"), "4405************14");
}

// Every move from every state: what the table does not have is refused, and nothing is written.
TEST(OrderLife, WhatTheTableDoesNotHaveIsRefused) {
  const std::pair<OrderMove, OrderCommand> kMoves[] = {
      {OrderMove::repair, RepairOrder{}},
      {OrderMove::lose, LoseOutcome{"timeout"}},
      {OrderMove::absent, FindAbsent{}},
      {OrderMove::enter, EnterOrder{EnteredVia::connector, "r1"}},
      {OrderMove::enter_by_hand, EnterOrder{EnteredVia::hand, "r1"}},
      {OrderMove::reject, RejectOrder{"withdrawn", {}}},
      {OrderMove::set_aside, SetOrderAside{"bad", {}}},
      {OrderMove::leave_to_person, LeaveToPerson{"cannot-ask"}},
      {OrderMove::hand_back, HandOrderBack{}},
  };
  for (unsigned i = 0; i <= static_cast<unsigned>(OrderStatus::handed_back); ++i) {
    for (const auto& [move, command] : kMoves) {
      Desk desk(kNow);
      const auto from = static_cast<OrderStatus>(i);
      desk.force(order_id(1), from);
      const auto decision = desk.run(order_id(1), command);
      const bool allowed = may_move(from, move);
      EXPECT_EQ(decision.has_value(), allowed) << name_of(from) << " " << transition(move).name;
      if (allowed) {
        EXPECT_EQ(desk.order(order_id(1))->status, transition(move).to);
      } else {
        EXPECT_EQ(decision.error().code, "order.wrong-state");
        EXPECT_EQ(desk.order(order_id(1))->status, from);
      }
    }
  }
}

TEST(OrderLife, ThePictureInTheDocumentIsTheTable) {
  std::ifstream in("docs/formats/acceptance.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(page.find(life_diagram()), std::string::npos) << life_diagram();
}

TEST(Orders, HandedOverTwiceIsOneOrder) {
  Desk desk(kNow);
  ASSERT_TRUE(desk.take(order_id(1)));
  const auto again = desk.take(order_id(1));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->events.empty());
  EXPECT_EQ(desk.all().size(), 1U);
}

TEST(Orders, TwoDevicesNeverHoldTheSameNumber) {
  Desk desk(kNow);
  ASSERT_TRUE(desk.run_hall(GrantBlock{"phone-1", 10}));
  ASSERT_TRUE(desk.run_hall(GrantBlock{"phone-2", 10}));
  ASSERT_TRUE(desk.run_hall(PrintPack{BusinessId(), 10}));
  const auto& blocks = desk.hall(Desk::kHall())->blocks;
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_LT(blocks[0].last, blocks[1].first);
  EXPECT_LT(blocks[1].last, blocks[2].first);
  const std::uint32_t other = blocks[1].first;
  EXPECT_EQ(desk.take(order_id(1), other, "phone-1").error().code, "number.not-granted");
  ASSERT_TRUE(desk.take(order_id(1), other, "phone-2"));
  EXPECT_EQ(desk.take(order_id(2), other, "phone-2").error().code, "number.used");
}

TEST(Orders, CapsHoldForOneAndForAll) {
  Desk desk(kNow);
  desk.type.cap_item_fen = 10000;
  desk.type.cap_total_fen = 15000;
  EXPECT_EQ(desk.take(order_id(1), 0, "", 10001).error().code, "order.over-cap");
  ASSERT_TRUE(desk.take(order_id(2), 0, "", 10000));
  EXPECT_EQ(desk.take(order_id(3), 0, "", 5001).error().code, "order.over-total-cap");
  ASSERT_TRUE(desk.take(order_id(4), 0, "", 5000));
  // Taken while the node was away: money is in the drawer, so it is kept and put aside.
  ASSERT_TRUE(desk.take(order_id(5), 0, "", 9000, true));
  EXPECT_EQ(desk.order(order_id(5))->status, OrderStatus::set_aside);
  EXPECT_EQ(desk.order(order_id(5))->code, "order.over-total-cap");
}

TEST(Orders, WhatCannotBePreAcceptedBecomesACallback) {
  Desk desk(kNow);
  desk.type.pre_acceptable = false;
  EXPECT_EQ(desk.take(order_id(1)).error().code, "order.not-pre-acceptable");
  TakeOrder callback = desk.taking();
  callback.kind = OrderKind::callback;
  ASSERT_TRUE(desk.run(order_id(1), callback));
  EXPECT_EQ(desk.order(order_id(1))->promise, PromiseKind::call_back);
  EXPECT_EQ(desk.order(order_id(1))->status, OrderStatus::by_hand);
  ASSERT_TRUE(desk.run(order_id(1), NoteCall{false, {}}));
  EXPECT_EQ(desk.order(order_id(1))->status, OrderStatus::by_hand);
  ASSERT_TRUE(desk.run(order_id(1), NoteCall{true, {}}));
  EXPECT_EQ(desk.order(order_id(1))->status, OrderStatus::entered);
  EXPECT_EQ(desk.order(order_id(1))->promise_status, PromiseStatus::kept);
}

TEST(Promises, WarnTwiceThenAreBrokenAndThatIsRecorded) {
  Desk desk(kNow);
  ASSERT_TRUE(desk.take(order_id(1)));
  const Instant due = desk.order(order_id(1))->promise_due;
  EXPECT_EQ(next_deadline(*desk.order(order_id(1))), due - kFirstWarning);
  desk.now = due - kFirstWarning;
  ASSERT_TRUE(desk.run(order_id(1), TickOrder{}));
  EXPECT_EQ(desk.order(order_id(1))->promise_level, 1);
  EXPECT_EQ(next_deadline(*desk.order(order_id(1))), due - kSecondWarning);
  desk.now = due;  // the node was down: both fire, in order
  const auto fired = desk.run(order_id(1), TickOrder{});
  ASSERT_TRUE(fired);
  ASSERT_EQ(fired->events.size(), 2U);
  EXPECT_EQ(std::get<PromiseAtRisk>(fired->events[0]).level, 2);
  EXPECT_TRUE(std::holds_alternative<PromiseBroken>(fired->events[1]));
  EXPECT_EQ(desk.order(order_id(1))->promise_status, PromiseStatus::broken);
  // Entered late: the promise stays broken.
  desk.force(order_id(1), OrderStatus::sent);
  ASSERT_TRUE(desk.run(order_id(1), EnterOrder{EnteredVia::connector, "r"}));
  EXPECT_EQ(desk.order(order_id(1))->promise_status, PromiseStatus::broken);
}

TEST(Orders, PersonalDataGoesWhenItsTimeIsOverAndNotBefore) {
  Desk desk(kNow);
  ASSERT_TRUE(desk.take(order_id(1)));
  desk.force(order_id(1), OrderStatus::sent);
  ASSERT_TRUE(desk.run(order_id(1), EnterOrder{EnteredVia::connector, "r"}));
  const Instant erase_at = desk.now + std::chrono::days(desk.type.keep_days);
  EXPECT_EQ(next_deadline(*desk.order(order_id(1))), erase_at);
  desk.now = erase_at - Duration{1};
  EXPECT_TRUE(desk.run(order_id(1), TickOrder{})->events.empty());
  desk.now = erase_at;
  ASSERT_TRUE(desk.run(order_id(1), TickOrder{}));
  EXPECT_TRUE(desk.order(order_id(1))->erased);
  EXPECT_EQ(next_deadline(*desk.order(order_id(1))), kNever);
  EXPECT_EQ(desk.run(order_id(1), ShowPerson{"x"}).error().code, "order.erased");
}

TEST(Reconciliation, NamesTheNumbersThatAreMissing) {
  Desk desk(kNow);
  ASSERT_TRUE(desk.run_hall(GrantBlock{"phone-1", 10}));
  ASSERT_TRUE(desk.take(order_id(1), 1, "phone-1"));
  ASSERT_TRUE(desk.take(order_id(2), 4, "phone-1"));
  Reconciliation found = reconcile(*desk.hall(Desk::kHall()), desk.all());
  ASSERT_EQ(found.blocks.size(), 1U);
  EXPECT_EQ(found.blocks[0].missing, (std::vector<NumberSpan>{{2, 3}}));
  EXPECT_EQ(found.blocks[0].unused, 6U);
  EXPECT_TRUE(found.all.balances());
  EXPECT_EQ(found.all.waiting, 2U);
  EXPECT_FALSE(found.reconciled());
  ASSERT_TRUE(desk.run_hall(VoidNumbers{2, 3, {}}));
  for (const std::uint8_t n : {1, 2}) ASSERT_TRUE(desk.run(order_id(n), HandOrderBack{}));
  found = reconcile(*desk.hall(Desk::kHall()), desk.all());
  EXPECT_TRUE(found.reconciled());
  EXPECT_EQ(found.all.handed_back, 2U);
}

TEST(Replay, IsRehearsedByPromisedTime) {
  Desk desk(kNow);
  for (const std::uint8_t n : {1, 2, 3}) {
    TakeOrder taking = desk.taking();
    taking.promise_due = kNow + std::chrono::hours(10 - n);
    taking.fingerprint = n == 3 ? "same" : n == 1 ? "same" : "";
    ASSERT_TRUE(desk.run(order_id(n), taking));
  }
  const Rehearsal found = rehearse_replay(desk.all(), 60, kNow);
  ASSERT_EQ(found.orders, 3U);
  EXPECT_EQ(found.order[0]->id, order_id(3));
  EXPECT_EQ(found.duplicates, 1U);
  EXPECT_EQ(found.finishing, kNow + Duration{3000});
}

TEST(Acceptance, ThePaceIsWhatWasSetOrWhatWasSeen) {
  constexpr Instant kStart = from_millis(1'000'000);
  ReplayState replay{.id = 1, .status = ReplayStatus::running, .rate_per_minute = 30, .started_at = kStart};
  EXPECT_EQ(usual_rate(replay, 500, kStart + Duration{60'000}), 30);
  replay.rate_per_minute = 0;
  EXPECT_EQ(usual_rate(replay, 19, kStart + Duration{60'000}), 0) << "too few to tell";
  EXPECT_EQ(usual_rate(replay, 500, kStart + Duration{120'000}), 250);
  EXPECT_EQ(usual_rate(replay, 500, kStart), 60'000);
  replay.status = ReplayStatus::finished;
  replay.finished_at = kStart + Duration{60'000};
  EXPECT_EQ(usual_rate(replay, 500, kStart + Duration{3'600'000}), 500) << "not slower for having ended long ago";
}

}  // namespace tingan
