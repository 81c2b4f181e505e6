#include "core/acceptance/decide.h"

#include <algorithm>

#include "core/acceptance/clocks.h"
#include "core/acceptance/order_life.h"
#include "core/acceptance/promises.h"

namespace tingan {
namespace {

constexpr Duration kClockSlack{5 * 60000};  // a device's clock may run ahead by so much

bool holds_any(const Who& who, std::initializer_list<const char*> roles) {
  return std::any_of(roles.begin(), roles.end(), [&](const char* role) { return who.holds(RoleId(role)); });
}

tl::unexpected<Error> not_allowed() {
  return fail("acceptance.not-allowed",
              {"只有本厅营业员和负责人可以办理预受理单", "Expected a clerk of the hall or someone who leads it"});
}

Actor actor_of(const AcceptanceContext& context) {
  if (context.who.program) return program_actor();
  return {context.who.person, acting_role(context.who)};
}

struct OrderDecider {
  OrderId id;
  UnitId unit;
  const AcceptanceContext& context;
  const OrderState* order = nullptr;  // nullptr only for a new one

  using Result = Expected<std::vector<AcceptanceEvent>>;

  Result move(OrderMove how, AcceptanceEvent event) const {
    if (!may_move(order->status, how)) return tl::unexpected(wrong_state(order->status, how));
    return std::vector<AcceptanceEvent>{std::move(event)};
  }
  // An order that is settled keeps or releases its promise with it; a home visit keeps its own.
  Result settle(Result moved, bool entered) const {
    if (!moved || order->promise_status != PromiseStatus::open) return moved;
    if (entered && order->promise == PromiseKind::home_visit && order->visited_at == kNever) return moved;
    moved->push_back(PromiseSettled{id, entered});
    return moved;
  }

  std::optional<Error> number_trouble(const TakeOrder& c) const {
    if (c.number == 0) return std::nullopt;
    const HallPtr hall = context.lookup.hall(unit);
    const auto held = std::any_of(hall->blocks.begin(), hall->blocks.end(), [&](const NumberBlock& block) {
      const bool own = c.pack != 0 ? block.pack == c.pack : block.pack == 0 && block.device == c.device;
      return own && block.first <= c.number && c.number <= block.last;
    });
    if (!held) {
      return Error{"number.not-granted",
                   {fmt::format("号码 {} 没有发给这台设备或这叠单据", c.number),
                    fmt::format("Expected a number of this device's block or paper pack, but {} is not", c.number)},
                   "number"};
    }
    const bool voided = std::any_of(hall->voided.begin(), hall->voided.end(), [&](const NumberSpan& span) {
      return span.first <= c.number && c.number <= span.last;
    });
    if (voided || !context.lookup.holder_of(unit, c.number).none()) {
      return Error{"number.used",
                   {fmt::format("号码 {} 已经用过或已作废", c.number),
                    fmt::format("Expected an unused number, but {} is used or void", c.number)},
                   "number"};
    }
    return std::nullopt;
  }

  std::optional<Error> cap_trouble(const TakeOrder& c) const {
    const BusinessType& type = *c.business;
    if (type.cap_item_fen > 0 && c.amount_fen > type.cap_item_fen) {
      return Error{"order.over-cap",
                   {fmt::format("单笔金额超过上限 {:.2f} 元", static_cast<double>(type.cap_item_fen) / 100),
                    fmt::format("Expected at most {:.2f} yuan for one order, but it is more",
                                static_cast<double>(type.cap_item_fen) / 100)},
                   "amount"};
    }
    if (type.cap_total_fen > 0 &&
        context.lookup.taken_fen(unit, c.incident, type.id) + c.amount_fen > type.cap_total_fen) {
      return Error{"order.over-total-cap",
                   {fmt::format("本厅此项业务累计金额将超过上限 {:.2f} 元，请改为登记回访",
                                static_cast<double>(type.cap_total_fen) / 100),
                    fmt::format("Expected at most {:.2f} yuan of this business in the hall, but this order would "
                                "exceed it: note a callback",
                                static_cast<double>(type.cap_total_fen) / 100)},
                   "amount"};
    }
    return std::nullopt;
  }

  Result operator()(const TakeOrder& c) const {
    if (order != nullptr) {
      const bool same =
          order->unit == unit && order->business == c.business->id && (c.number == 0 || c.number == order->number);
      if (same) return std::vector<AcceptanceEvent>{};  // handed over once more: nothing happens twice
      return fail("order.exists", {"这个编号已经是另一张单", "Expected a new order id, but another order has it"},
                  "id");
    }
    if (!c.business->pre_acceptable && c.kind == OrderKind::order) {
      return fail("order.not-pre-acceptable",
                  {"此业务不能预受理，请登记回访",
                   "Expected a business that can be "
                   "pre-accepted, but this one can only be noted for a callback"},
                  "business");
    }
    if (auto trouble = number_trouble(c)) return tl::unexpected(*trouble);
    std::vector<std::string> doubts = c.doubts;
    if (auto trouble = cap_trouble(c)) {
      if (!c.handed_over) return tl::unexpected(*trouble);
      doubts.push_back(trouble->code);
    }
    if (!doubts.empty() && !c.handed_over) {
      return fail("order.invalid", {"填写有误", "Expected fields that pass their checks, but some do not"}, "fields");
    }
    OrderTaken e{.order = id, .number = c.number, .kind = c.kind, .business = c.business->id};
    if (e.number == 0) e.number = context.lookup.hall(unit)->next_number;
    if (e.number > kNumberMax)
      return fail("number.exhausted", {"号码用完", "Expected a free number, but all are used"});
    e.incident = c.incident;
    e.drill = c.drill;
    e.device = c.device;
    e.pack = c.pack;
    e.taken_at = std::min(c.taken_at.value_or(context.now), context.now + kClockSlack);
    e.amount_fen = c.amount_fen;
    e.promise = c.promise.value_or(c.kind == OrderKind::callback ? PromiseKind::call_back : c.business->promise);
    e.promise_due = c.promise_due.value_or(e.taken_at + c.business->promise_within);
    if (e.promise_due <= e.taken_at)
      return fail("promise.past", {"承诺时间已过", "Expected a promise in the future"}, "promise");
    e.district = c.district;
    e.personal = c.personal;
    e.photos = c.photos;
    e.fingerprint = c.fingerprint;
    if (!c.fingerprint.empty()) e.twin = context.lookup.twin_of(unit, c.fingerprint);
    e.doubts = doubts;
    e.keep_days = c.business->keep_days;
    e.connector = c.kind == OrderKind::order ? c.business->connector : std::string();
    std::vector<AcceptanceEvent> events{e};
    if (!doubts.empty()) {
      events.emplace_back(OrderSetAside{id, doubts.front(), {}});
    } else if (e.connector.empty()) {
      events.emplace_back(OrderLeftToPerson{id, c.kind == OrderKind::callback ? "callback" : "no-connector"});
    }
    return events;
  }

  Result operator()(const RepairOrder& c) const {
    if (order->erased)
      return fail("order.erased", {"客户资料已删除", "Expected an order with its data, but it was erased"});
    if (!c.doubts.empty())
      return fail("order.invalid", {"填写有误", "Expected fields that pass their checks"}, "fields");
    auto events = move(OrderMove::repair, OrderRepaired{id, c.amount_fen, c.personal, c.fingerprint, c.reason});
    if (events && order->connector.empty()) events->push_back(OrderLeftToPerson{id, "no-connector"});
    return events;
  }
  Result operator()(const SendOrder& c) const {
    if (!is_sendable(*order)) return tl::unexpected(wrong_state(order->status, OrderMove::send));
    const ReplayState& replay = context.lookup.hall(unit)->replay;
    if (replay.id != c.replay || replay.status != ReplayStatus::running) {
      return fail("replay.not-running", {"补录没有在进行", "Expected a running replay, but there is none"});
    }
    return std::vector<AcceptanceEvent>{OrderSent{id, c.replay, order->attempts + 1}};
  }
  Result operator()(const LoseOutcome& c) const { return move(OrderMove::lose, OutcomeUnknown{id, c.why}); }
  Result operator()(const FindAbsent&) const { return move(OrderMove::absent, OutcomeAbsent{id}); }
  Result operator()(const EnterOrder& c) const {
    const bool machine = c.via == EnteredVia::connector || c.via == EnteredVia::asked;
    const bool same = order->reference == c.reference && order->typed == c.typed;
    if (order->status == OrderStatus::entered && same) return std::vector<AcceptanceEvent>{};
    return settle(
        move(machine ? OrderMove::enter : OrderMove::enter_by_hand, OrderEntered{id, c.via, c.reference, c.typed}),
        true);
  }
  Result operator()(const RejectOrder& c) const {
    return settle(move(OrderMove::reject, OrderRejected{id, c.code, c.reason}), false);
  }
  Result operator()(const SetOrderAside& c) const {
    return move(OrderMove::set_aside, OrderSetAside{id, c.code, c.reason});
  }
  Result operator()(const LeaveToPerson& c) const {
    return move(OrderMove::leave_to_person, OrderLeftToPerson{id, c.code});
  }
  Result operator()(const HandOrderBack& c) const {
    return settle(move(OrderMove::hand_back, OrderHandedBack{id, c.reason}), false);
  }
  Result operator()(const MakePromise& c) const {
    if (order->promise_status == PromiseStatus::kept || order->promise_status == PromiseStatus::released) {
      return fail("promise.settled", {"承诺已了结", "Expected an open promise, but it is settled"});
    }
    if (c.due <= context.now) return fail("promise.past", {"承诺时间要在将来", "Expected a time in the future"}, "due");
    return std::vector<AcceptanceEvent>{PromiseMade{id, c.promise, c.due}};
  }
  Result operator()(const AssignVisit& c) const {
    const Person* person = context.directory.person(c.person);
    if (person == nullptr || person->unit != unit) {
      return fail("visit.other-unit", {"上门的人应是本厅员工", "Expected a person of the hall"}, "person");
    }
    if (c.due <= context.now) return fail("visit.past", {"上门时间要在将来", "Expected a time in the future"}, "due");
    std::vector<AcceptanceEvent> events{VisitAssigned{id, c.person, c.due}};
    const bool other = order->promise != PromiseKind::home_visit || order->promise_due != c.due;
    const bool open = order->promise_status == PromiseStatus::open || order->promise_status == PromiseStatus::broken;
    if (other && open) events.emplace_back(PromiseMade{id, PromiseKind::home_visit, c.due});
    return events;
  }
  Result operator()(const NoteVisit& c) const {
    if (order->visitor.empty()) return fail("visit.none", {"没有安排上门", "Expected a visit that was assigned"});
    std::vector<AcceptanceEvent> events{VisitMade{id, c.note}};
    if (order->promise == PromiseKind::home_visit && order->promise_status == PromiseStatus::open) {
      events.emplace_back(PromiseSettled{id, true});
    }
    return events;
  }
  Result operator()(const NoteCall& c) const {
    if (order->kind != OrderKind::callback) {
      return fail("order.no-callback", {"这不是回访登记", "Expected a callback, but it is an order"});
    }
    if (!may_move(order->status, OrderMove::enter_by_hand)) {
      return tl::unexpected(wrong_state(order->status, OrderMove::enter_by_hand));
    }
    std::vector<AcceptanceEvent> events{CallTried{id, c.reached, c.note}};
    if (!c.reached) return events;
    events.emplace_back(OrderEntered{id, EnteredVia::call, {}});
    return settle(std::move(events), true);
  }
  Result operator()(const ShowPerson& c) const {
    if (order->erased)
      return fail("order.erased", {"客户资料已删除", "Expected an order with its data, but it was erased"});
    return std::vector<AcceptanceEvent>{PersonShown{id, c.purpose}};
  }
  Result operator()(const TickOrder&) const { return promise_events(*order, context); }
};

bool is_of_program(const OrderCommand& command) {
  return std::holds_alternative<SendOrder>(command) || std::holds_alternative<LoseOutcome>(command) ||
         std::holds_alternative<FindAbsent>(command) || std::holds_alternative<SetOrderAside>(command) ||
         std::holds_alternative<LeaveToPerson>(command) || std::holds_alternative<TickOrder>(command);
}

// Only the program says what the back office answered; a person says what was done by hand.
std::optional<Error> rights_trouble(const OrderCommand& command, UnitId unit, const AcceptanceContext& context) {
  if (context.who.program) return std::nullopt;
  const auto* entered = std::get_if<EnterOrder>(&command);
  const bool as_machine = entered != nullptr && entered->via != EnteredVia::hand;
  if (is_of_program(command) || as_machine || !may_take_orders(context.who, unit)) return not_allowed().value();
  return std::nullopt;
}

}  // namespace

bool may_take_orders(const Who& who, UnitId hall) {
  return who.program ||
         (who.unit == hall && holds_any(who, {"clerk", "guide", "shift-leader", "duty-manager", "hall-director"}));
}

bool may_lead_replay(const Directory&, const Who& who, UnitId hall) {
  return who.program || (who.unit == hall && holds_any(who, {"shift-leader", "duty-manager", "hall-director"}));
}

bool may_see_orders(const Directory& directory, const Who& who, UnitId hall) {
  if (who.program) return true;
  return may_take_orders(who, hall) ||
         (who.unit != hall && may_see_unit(directory, who, hall) && holds_any(who, {"general-group", "centre-head"}));
}

std::string order_number(UnitId unit, std::uint32_t number) { return fmt::format("{}-{:06}", unit.str(), number); }

Expected<AcceptanceDecision> decide_order(OrderId id, UnitId unit, const OrderCommand& command,
                                          const AcceptanceContext& context) {
  const OrderPtr order = context.lookup.order(id);
  const bool takes = std::holds_alternative<TakeOrder>(command);
  if (order == nullptr && !takes) {
    return fail("order.not-found", {"没有这张单", "Expected a known order, but there is none of this id"}, "id");
  }
  if (!takes) unit = order->unit;
  const Unit* at = context.directory.unit(unit);
  if (at == nullptr || at->kind != UnitKind::hall) {
    return fail("acceptance.no-hall", {"应急受理在营业厅进行", "Expected a hall, but this unit is none"}, "unit");
  }
  if (const auto trouble = rights_trouble(command, unit, context)) return tl::unexpected(*trouble);
  auto events = std::visit(OrderDecider{id, unit, context, order.get()}, command);
  if (!events) return tl::unexpected(events.error());
  return AcceptanceDecision{std::move(*events), actor_of(context)};
}

Expected<AcceptanceDecision> decide_hall(UnitId unit, const HallCommand& command, const AcceptanceContext& context) {
  const Unit* at = context.directory.unit(unit);
  if (at == nullptr || at->kind != UnitKind::hall) {
    return fail("acceptance.no-hall", {"应急受理在营业厅进行", "Expected a hall, but this unit is none"}, "unit");
  }
  auto events = hall_events(unit, command, context);
  if (!events) return tl::unexpected(events.error());
  return AcceptanceDecision{std::move(*events), actor_of(context)};
}

}  // namespace tingan
