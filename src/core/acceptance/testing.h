// For tests: a hall's desk over the pure core, as plain maps. What the runtime's board does fast, this does simply, so
// that the two can be compared.
#pragma once
#include <map>

#include "core/acceptance/decide.h"
#include "core/acceptance/evolve.h"

namespace tingan::testing_acceptance {

class Desk : public AcceptanceLookup {
 public:
  static UnitId kHall() { return UnitId("hall-a"); }
  static BusinessType bill_payment() {
    BusinessType type;
    type.id = BusinessId("bill-payment");
    type.title = {"缴费", "Bill payment"};
    type.fields = {{.id = "amount", .title = {"金额", "the amount"}, .kind = FieldKind::money, .required = true}};
    type.amount_field = "amount";
    type.connector = "billing";
    return type;
  }

  explicit Desk(Instant at) : type(bill_payment()), now(at), directory_(organisation(), {}) {}

  BusinessType type;
  Instant now;
  Who who = program_who();

  TakeOrder taking() const { return {.business = std::make_shared<const BusinessType>(type)}; }
  Expected<AcceptanceDecision> take(OrderId id, std::uint32_t number = 0, const std::string& device = {},
                                    std::int64_t amount = 0, bool handed_over = false) {
    TakeOrder command = taking();
    command.number = number;
    command.device = device;
    command.amount_fen = amount;
    command.handed_over = handed_over;
    return run(id, command);
  }
  Expected<AcceptanceDecision> run(OrderId id, const OrderCommand& command) {
    return apply(decide_order(id, kHall(), command, {now, directory_, who, *this}));
  }
  Expected<AcceptanceDecision> run_hall(const HallCommand& command) {
    return apply(decide_hall(kHall(), command, {now, directory_, who, *this}));
  }
  // As its own decisions see it, but for the other orders.
  AcceptanceContext context(const AcceptanceLookup& others) const { return {now, directory_, who, others}; }
  // Puts an order into a state, however it got there.
  void force(OrderId id, OrderStatus status) {
    OrderState state = orders_.contains(id) ? *orders_.at(id) : OrderState{};
    if (!orders_.contains(id)) {
      state.id = id;
      state.unit = kHall();
      state.number = 1;
      state.connector = "billing";
      state.promise_status = PromiseStatus::released;
    }
    state.status = status;
    orders_[id] = std::make_shared<const OrderState>(state);
  }
  std::vector<OrderPtr> all() const {
    std::vector<OrderPtr> out;
    for (const auto& [id, order] : orders_) out.push_back(order);
    return out;
  }

  OrderPtr order(OrderId id) const override { return orders_.contains(id) ? orders_.at(id) : nullptr; }
  HallPtr hall(UnitId) const override { return std::make_shared<const AcceptanceHall>(hall_); }
  OrderId holder_of(UnitId, std::uint32_t number) const override {
    for (const auto& [id, order] : orders_) {
      if (order->number == number) return id;
    }
    return {};
  }
  OrderId twin_of(UnitId, const std::string& fingerprint) const override {
    OrderId found;
    for (const auto& [id, order] : orders_) {
      if (order->fingerprint == fingerprint) found = id;
    }
    return found;
  }
  std::int64_t taken_fen(UnitId, IncidentId incident, BusinessId business) const override {
    std::int64_t sum = 0;
    for (const auto& [id, order] : orders_) {
      const bool given_up = order->status == OrderStatus::rejected || order->status == OrderStatus::handed_back;
      if (order->incident == incident && order->business == business && !given_up) sum += order->amount_fen;
    }
    return sum;
  }
  std::size_t unsettled(IncidentId incident) const override {
    return count([&](const OrderState& order) { return order.incident == incident && !is_settled(order.status); });
  }
  std::size_t sendable(UnitId) const override {
    return count([](const OrderState& order) { return is_sendable(order); });
  }

 private:
  static OrganisationPtr organisation() {
    auto made = std::make_shared<Organisation>();
    made->units.push_back({.id = UnitId("centre"), .kind = UnitKind::centre});
    made->units.push_back({.id = kHall(), .kind = UnitKind::hall, .parent = UnitId("centre")});
    return made;
  }
  template <class Wanted>
  std::size_t count(const Wanted& wanted) const {
    return static_cast<std::size_t>(
        std::count_if(orders_.begin(), orders_.end(), [&](const auto& one) { return wanted(*one.second); }));
  }
  Expected<AcceptanceDecision> apply(Expected<AcceptanceDecision> decision) {
    if (!decision) return decision;
    for (const AcceptanceEvent& event : decision->events) {
      evolve(hall_, event, now, decision->by);
      const OrderId id = order_of(event);
      if (id.none()) continue;
      OrderState state = orders_.contains(id) ? *orders_.at(id) : OrderState{.id = id, .unit = kHall()};
      evolve(state, event, now, decision->by);
      orders_[id] = std::make_shared<const OrderState>(std::move(state));
    }
    return decision;
  }

  Directory directory_;
  std::map<OrderId, OrderPtr> orders_;
  AcceptanceHall hall_{.unit = kHall()};
};

}  // namespace tingan::testing_acceptance
