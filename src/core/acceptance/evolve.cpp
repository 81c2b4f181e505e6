#include "core/acceptance/evolve.h"

#include <algorithm>

#include "base/check.h"
#include "core/acceptance/order_life.h"

namespace tingan {
namespace {

struct OrderApplier {
  OrderState& state;
  Instant at;
  const Actor& by;

  void move(OrderMove move) {
    CHECK(may_move(state.status, move));
    state.status = transition(move).to;
    state.moved_at = at;
    const bool settled = is_settled(state.status);
    state.erase_at = settled ? at + std::chrono::days(state.keep_days) : kNever;
  }
  void why(std::string code, Sealed reason = {}) {
    state.code = std::move(code);
    state.reason = std::move(reason);
  }

  void operator()(const OrderTaken& e) {
    state.number = e.number;
    state.kind = e.kind;
    state.business = e.business;
    state.incident = e.incident;
    state.drill = e.drill;
    state.device = e.device;
    state.pack = e.pack;
    state.taken_at = e.taken_at;
    state.received_at = at;
    state.moved_at = at;
    state.taken_by = by;
    state.amount_fen = e.amount_fen;
    state.promise = e.promise;
    state.promise_made = at;
    state.promise_due = e.promise_due;
    state.district = e.district;
    state.personal = e.personal;
    state.photos = e.photos;
    state.fingerprint = e.fingerprint;
    state.twin = e.twin;
    state.doubts = e.doubts;
    state.keep_days = e.keep_days;
    state.connector = e.connector;
  }
  void operator()(const OrderRepaired& e) {
    move(OrderMove::repair);
    why({});
    state.amount_fen = e.amount_fen;
    state.personal = e.personal;
    state.fingerprint = e.fingerprint;
    state.doubts.clear();
  }
  void operator()(const OrderSent& e) {
    move(OrderMove::send);
    state.attempts = e.attempt;
    state.replay = e.replay;
  }
  void operator()(const OutcomeUnknown& e) {
    move(OrderMove::lose);
    why(e.why);
  }
  void operator()(const OutcomeAbsent&) {
    move(OrderMove::absent);
    why({});
  }
  void operator()(const OrderEntered& e) {
    const bool by_machine = e.via == EnteredVia::connector || e.via == EnteredVia::asked;
    move(by_machine ? OrderMove::enter : OrderMove::enter_by_hand);
    why({});
    state.via = e.via;
    state.reference = e.reference;
    state.typed = e.typed;
  }
  void operator()(const OrderRejected& e) {
    move(OrderMove::reject);
    why(e.code, e.reason);
  }
  void operator()(const OrderSetAside& e) {
    move(OrderMove::set_aside);
    why(e.code, e.reason);
  }
  void operator()(const OrderLeftToPerson& e) {
    move(OrderMove::leave_to_person);
    why(e.code);
  }
  void operator()(const OrderHandedBack& e) {
    move(OrderMove::hand_back);
    why("handed-back", e.reason);
  }
  void operator()(const PromiseMade& e) {
    state.promise = e.promise;
    state.promise_due = e.due;
    state.promise_made = at;
    state.promise_status = PromiseStatus::open;
    state.promise_level = 0;
  }
  void operator()(const PromiseAtRisk& e) { state.promise_level = e.level; }
  void operator()(const PromiseBroken&) { state.promise_status = PromiseStatus::broken; }
  void operator()(const PromiseSettled& e) {
    state.promise_status = e.kept ? PromiseStatus::kept : PromiseStatus::released;
  }
  void operator()(const VisitAssigned& e) {
    state.visitor = e.person;
    state.visit_due = e.due;
    state.visited_at = kNever;
  }
  void operator()(const VisitMade&) { state.visited_at = at; }
  void operator()(const CallTried&) { ++state.calls; }
  void operator()(const PersonShown& e) { state.looks.push_back({at, by.person, e.purpose}); }
  void operator()(const OrderErased&) {
    state.erased = true;
    state.erase_at = kNever;
  }
  template <class OfTheHall>
  void operator()(const OfTheHall&) {
    CHECK(!"an event of the hall was given to an order");
  }
};

struct HallApplier {
  AcceptanceHall& state;
  Instant at;
  const Actor& by;

  void operator()(const OrderTaken& e) { state.next_number = std::max(state.next_number, e.number + 1); }
  void operator()(const BlockGranted& e) { grant({e.device, 0, BusinessId(), e.first, e.last, at}); }
  void operator()(const PackPrinted& e) {
    grant({{}, e.pack, e.business, e.first, e.last, at});
    state.next_pack = e.pack + 1;
  }
  void grant(NumberBlock block) {
    CHECK(block.first >= state.next_number && block.last >= block.first);
    state.next_number = block.last + 1;
    state.blocks.push_back(std::move(block));
  }
  void operator()(const NumbersVoided& e) { state.voided.push_back({e.first, e.last}); }
  void operator()(const ReplayStarted& e) {
    state.replay = {.id = e.replay,
                    .status = ReplayStatus::running,
                    .planned = e.planned,
                    .rate_per_minute = e.rate_per_minute,
                    .started_at = at,
                    .by = by};
  }
  void operator()(const ReplayPaced& e) { state.replay.rate_per_minute = e.rate_per_minute; }
  void operator()(const ReplayPaused& e) {
    state.replay.status = ReplayStatus::paused;
    state.replay.why = e.why;
  }
  void operator()(const ReplayResumed&) {
    state.replay.status = ReplayStatus::running;
    state.replay.why.clear();
  }
  void operator()(const ReplayFinished& e) {
    state.replay.status = ReplayStatus::finished;
    state.replay.finished_at = at;
    state.replay.entered = e.entered;
    state.replay.left = e.left;
  }
  template <class OfOneOrder>
  void operator()(const OfOneOrder&) {}
};

}  // namespace

OrderId order_of(const AcceptanceEvent& event) {
  return std::visit(
      [](const auto& e) {
        if constexpr (requires { e.order; }) {
          return e.order;
        } else {
          return OrderId{};
        }
      },
      event);
}

void evolve(OrderState& order, const AcceptanceEvent& event, Instant at, const Actor& by) {
  std::visit(OrderApplier{order, at, by}, event);
  std::visit([&](const auto& e) { order.history.push_back({at, by.person, std::decay_t<decltype(e)>::kName}); }, event);
}

void evolve(AcceptanceHall& hall, const AcceptanceEvent& event, Instant at, const Actor& by) {
  std::visit(HallApplier{hall, at, by}, event);
}

}  // namespace tingan
