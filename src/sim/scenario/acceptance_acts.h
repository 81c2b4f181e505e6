// Does what a line asks of emergency acceptance, as the API would: checks of fields, sealed personal data, the mark by
// which a twin is found.
#pragma once
#include "sim/scenario/actions.h"

namespace tingan::scenario {

class AcceptanceActs {
 public:
  AcceptanceActs(Stage& stage, Timeline& timeline, Instant start) : stage_(stage), timeline_(timeline), start_(start) {}

  // The outer error is a fault of the world.
  Expected<Refusal> perform(const Action& action);

 private:
  Expected<Refusal> take(const Action& action);
  Expected<Refusal> handle(const Action& action);
  Expected<Refusal> run_hall(const Action& action);
  Refusal change_office(const AcceptanceAct& act);
  // What a person does with one order, sealed where it carries words.
  Expected<OrderCommand> handling(const AcceptanceAct& act, const OrderState& order, UnitId unit) const;
  Expected<OrderCommand> repairing(const AcceptanceAct& act, const OrderState& order, Sealed words) const;
  Expected<TakeOrder> taking(const AcceptanceAct& act, BusinessTypePtr type, OrderId id) const;
  Expected<HallCommand> hall_command(const AcceptanceAct& act) const;
  Expected<void> seal_filled(OrderId id, BusinessId business, const Filled& filled, Sealed& personal,
                             std::string& fingerprint) const;
  Expected<Cast> cast(const Action& action, UnitId unit, const char* otherwise) const;
  Expected<Refusal> submit(const Cast& who, UnitId unit, OrderId order, AcceptanceCommand command);

  Stage& stage_;
  Timeline& timeline_;
  Instant start_;
};

}  // namespace tingan::scenario
