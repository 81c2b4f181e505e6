// Emergency acceptance through the engine: durable before it shows, the same after a crash, with and without a
// snapshot.
#include <filesystem>

#include "runtime/testing_acceptance.h"

namespace tingan {

using testing_acceptance::HallNode;
using testing_acceptance::order_id;

TEST(AcceptanceEngine, OrdersNumbersAndIndicesComeBackAfterACrash) {
  for (const bool with_snapshot : {false, true}) {
    HallNode node;
    ASSERT_FALSE(node.to_hall(GrantBlock{"phone-1", 10}).refused);
    for (std::uint32_t n = 1; n <= 5; ++n) ASSERT_FALSE(node.take(order_id(n)).refused);
    if (with_snapshot) {
      ASSERT_TRUE(node.core->snapshot(true));
    }
    ASSERT_FALSE(node.to_order(order_id(1), HandOrderBack{}).refused);
    ASSERT_FALSE(node.take(order_id(6)).refused);
    const OrderState before = *node.order(order_id(1));
    const AcceptanceHall hall = *node.hall();
    node.boot();
    ASSERT_NE(node.order(order_id(1)), nullptr);
    EXPECT_TRUE(*node.order(order_id(1)) == before) << with_snapshot;
    EXPECT_TRUE(*node.hall() == hall);
    EXPECT_EQ(node.core->view().acceptance().count(), 6U);
    EXPECT_EQ(node.core->view().acceptance().of_unit(UnitId("hall-a")).front()->id, order_id(6));
    const Outcome next = node.take(order_id(7));
    ASSERT_FALSE(next.refused);
    EXPECT_EQ(next.order->number, 17U) << "after the block of ten and six of the node's own";
  }
}

TEST(AcceptanceEngine, AFullDiskRefusesAndChangesNothing) {
  HallNode node;
  ASSERT_FALSE(node.take(order_id(1)).refused);
  const AcceptanceHall hall = *node.hall();
  node.disk->full = true;
  const Outcome refused = node.take(order_id(2));
  ASSERT_TRUE(refused.refused);
  EXPECT_EQ(refused.refused->code, "store.full");
  EXPECT_EQ(node.order(order_id(2)), nullptr);
  node.disk->full = false;
  const Outcome again = node.take(order_id(2));
  ASSERT_FALSE(again.refused);
  EXPECT_EQ(again.order->number, hall.next_number) << "the number that the failed one would have had";
}

TEST(AcceptanceEngine, PromisesWarnAndBreakOnTheEnginesOwnClock) {
  HallNode node;
  ASSERT_FALSE(node.take(order_id(1)).refused);
  const Instant due = node.order(order_id(1))->promise_due;
  node.boot();  // clocks are derived: a restart loses none
  node.now = due;
  while (node.core->next_deadline() <= node.now) ASSERT_TRUE(node.core->tick(node.now));
  EXPECT_EQ(node.order(order_id(1))->promise_status, PromiseStatus::broken);
  EXPECT_EQ(node.order(order_id(1))->promise_level, 2);
}

TEST(AcceptanceEngine, OnlyTheHallsOwnPeopleTakeAndOnlyWhoLeadsStartsAReplay) {
  HallNode node;
  EXPECT_FALSE(node.take(order_id(1), "clerk@hall-a").refused);
  EXPECT_EQ(node.take(order_id(2), "clerk@hall-b").refused->code, "acceptance.not-allowed");
  EXPECT_EQ(node.take(order_id(2), "guard@hall-a").refused->code, "acceptance.not-allowed");
  EXPECT_EQ(node.to_hall(StartReplay{}, "clerk@hall-a").refused->code, "acceptance.not-allowed");
  EXPECT_FALSE(node.to_hall(StartReplay{}, "shift-leader@hall-a").refused);
  // What the back office answered is the program's to say.
  EXPECT_EQ(node.to_order(order_id(1), SendOrder{1}, "hall-director@hall-a").refused->code, "acceptance.not-allowed");
}

// S4.1: the outage cannot be closed while an order waits.
TEST(AcceptanceEngine, AnIncidentIsNotClosedOverAnOpenOrder) {
  const std::string plan = testing_acceptance::file_text("plans/outage.yaml");
  HallNode node({{"plans/outage.yaml", plan}});
  const IncidentId id = new_incident_id(node.now, node.random);
  const auto incident = [&](IncidentCommand command) {
    return node.run({.person = PersonId("hall-director@hall-a"), .incident = id, .command = std::move(command)});
  };
  ASSERT_FALSE(incident(Declare{.id = id, .unit = UnitId("hall-a"), .type = PlanId("outage")}).refused);
  ASSERT_FALSE(node.take(order_id(1), nullptr, id).refused);
  const auto missing = [&] {
    const Outcome closed = incident(CloseIncident{});
    return closed.refused ? closed.refused->where : std::string();
  };
  EXPECT_NE(missing().find("orders-reconciled"), std::string::npos) << missing();
  ASSERT_FALSE(node.to_order(order_id(1), HandOrderBack{}).refused);
  EXPECT_EQ(missing().find("orders-reconciled"), std::string::npos) << missing();
}

// The node was down or busy when the promise's time came: to enter it a moment later does not keep it.
TEST(AcceptanceEngine, WhatIsEnteredAfterItsTimeHasNotKeptItsPromise) {
  HallNode node;
  ASSERT_FALSE(node.take(order_id(1)).refused);
  node.now = node.order(order_id(1))->promise_due + Duration{1};
  ASSERT_FALSE(node.to_order(order_id(1), EnterOrder{EnteredVia::hand, "r"}).refused);
  const OrderPtr order = node.order(order_id(1));
  EXPECT_EQ(order->status, OrderStatus::entered);
  EXPECT_EQ(order->promise_level, 2);
  EXPECT_EQ(order->promise_status, PromiseStatus::broken);
}

}  // namespace tingan
