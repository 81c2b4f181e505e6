// The board's indices beside the tests' desk, which looks through everything each time: the same answers and the same
// decisions, also after batches that were rolled back.
#include "runtime/acceptance_board.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/acceptance/order_model_testing.h"
#include "core/acceptance/testing.h"

namespace tingan {
namespace {

using testing_acceptance::between;
using testing_acceptance::Desk;

const Instant kNow = from_millis(1795226400000);

OrderId order_id(std::uint8_t n) {
  OrderId id;
  id.bytes.fill(n);
  return id;
}

struct Pair {
  std::unique_ptr<Desk> desk = std::make_unique<Desk>(kNow);
  AcceptanceBoard board;
  std::uint64_t gseq = 0;
  std::uint8_t taken = 0;
  IncidentId incident;

  Pair() { incident.bytes.fill(9); }

  // The desk decides by what it finds, the board by its indices.
  void run(OrderId id, const AcceptanceCommand& command) {
    const AcceptanceContext context = desk->context(board);
    const auto* of_order = std::get_if<OrderCommand>(&command);
    const auto decided = of_order != nullptr ? decide_order(id, Desk::kHall(), *of_order, context)
                                             : decide_hall(Desk::kHall(), std::get<HallCommand>(command), context);
    const auto simply = of_order != nullptr ? desk->run(id, *of_order) : desk->run_hall(std::get<HallCommand>(command));
    RC_ASSERT(decided.has_value() == simply.has_value());
    if (!decided) {
      RC_ASSERT(decided.error().code == simply.error().code);
      return;
    }
    RC_ASSERT(decided->events == simply->events);
    if (decided->events.empty()) return;
    Record record;
    record.unit = Desk::kHall();
    record.time = {desk->now, 0};
    record.by = decided->by;
    record.events.assign(decided->events.begin(), decided->events.end());
    board.apply(record, ++gseq);
  }

  void check() {
    for (std::uint32_t n = 1; n <= 40; ++n) {
      RC_ASSERT(board.holder_of(Desk::kHall(), n) == desk->holder_of(Desk::kHall(), n));
    }
    for (const char* mark : {"a", "b", "c"}) {
      RC_ASSERT(board.twin_of(Desk::kHall(), mark) == desk->twin_of(Desk::kHall(), mark));
    }
    const BusinessId business = desk->type.id;
    for (const IncidentId one : {incident, IncidentId{}}) {
      RC_ASSERT(board.taken_fen(Desk::kHall(), one, business) == desk->taken_fen(Desk::kHall(), one, business));
    }
    RC_ASSERT(board.unsettled(incident) == desk->unsettled(incident));
    RC_ASSERT(board.sendable(Desk::kHall()) == desk->sendable(Desk::kHall()));
    RC_ASSERT(*board.hall(Desk::kHall()) == *desk->hall(Desk::kHall()));
    for (std::uint8_t n = 1; n <= taken; ++n) {
      const OrderPtr simple = desk->order(order_id(n));
      const OrderPtr indexed = board.order(order_id(n));
      RC_ASSERT((simple == nullptr) == (indexed == nullptr));
      if (simple != nullptr) RC_ASSERT(*simple == *indexed);
    }
  }
};

std::string any_mark() { return *rc::gen::elementOf(std::vector<std::string>{"", "a", "b", "c"}); }

void step(Pair& pair) {
  const auto choice = between(0, 10);
  if (choice < 3 && pair.taken < 30) {
    TakeOrder take = pair.desk->taking();
    take.fingerprint = any_mark();
    take.amount_fen = between(0, 5000);
    if (*rc::gen::arbitrary<bool>()) take.incident = pair.incident;
    return pair.run(order_id(++pair.taken), OrderCommand(take));
  }
  if (pair.taken == 0) return;
  const OrderId id = order_id(between<std::uint8_t>(1, static_cast<std::uint8_t>(pair.taken + 1)));
  switch (choice) {
    case 4:
      return pair.run(id, OrderCommand(RepairOrder{.amount_fen = 7, .fingerprint = any_mark()}));
    case 5:
      return pair.run(id, OrderCommand(HandOrderBack{}));
    case 6:
      return pair.run(id, OrderCommand(LeaveToPerson{"x"}));
    case 7:
      return pair.run({}, HallCommand(GrantBlock{"phone-1", 3}));
    case 8:
      return pair.run({}, HallCommand(StartReplay{}));
    default:
      return pair.run(id, OrderCommand(SendOrder{1}));
  }
}

TEST(AcceptanceBoard, AnswersAsIfItLookedThroughEverything) {
  EXPECT_TRUE(rc::check([] {
    Pair pair;
    const int batches = between(1, 30);
    for (int i = 0; i < batches; ++i) {
      const auto desk_before = std::make_unique<Desk>(*pair.desk);
      const std::uint64_t gseq_before = pair.gseq;
      const int length = between(1, 5);
      for (int k = 0; k < length; ++k) {
        step(pair);
        pair.check();
      }
      if (between(0, 3) == 0) {
        pair.board.rollback();
        pair.desk = std::make_unique<Desk>(*desk_before);
        pair.gseq = gseq_before;
      } else {
        pair.board.commit();
      }
      pair.check();
    }
  }));
}

}  // namespace
}  // namespace tingan
