// decide(state, command) -> events | refusal, for orders and for the hall. Pure: time, people and the other orders come
// in with the context.
#pragma once
#include <vector>

#include "core/acceptance/lookup.h"
#include "core/roster/directory.h"
#include "core/roster/rights.h"
#include "model/acceptance_command.h"

namespace tingan {

struct AcceptanceContext {
  Instant now{};
  const Directory& directory;
  const Who& who;
  const AcceptanceLookup& lookup;
  // The clock is believed enough for what cannot be undone: personal data whose time is over is erased.
  bool may_erase = true;
};

struct AcceptanceDecision {
  std::vector<AcceptanceEvent> events;  // empty: accepted, nothing to change
  Actor by;
};

// `unit` is the hall of a TakeOrder; other commands go where the order is. Refusals: `order.*`, `number.*`,
// `promise.*`, `visit.*`.
Expected<AcceptanceDecision> decide_order(OrderId id, UnitId unit, const OrderCommand& command,
                                          const AcceptanceContext& context);
// Refusals: `number.*`, `replay.*`, `acceptance.not-allowed`.
Expected<AcceptanceDecision> decide_hall(UnitId unit, const HallCommand& command, const AcceptanceContext& context);

// Clerks of the hall and those who lead it take and work on orders; who leads it starts a replay.
bool may_take_orders(const Who& who, UnitId hall);
bool may_lead_replay(const Directory& directory, const Who& who, UnitId hall);
// Lists are seen by whoever sees the hall, masked.
bool may_see_orders(const Directory& directory, const Who& who, UnitId hall);

constexpr std::uint32_t kBlockMax = 500;
constexpr std::uint32_t kPackMax = 1000;
// A hall's numbers have six digits on paper and may grow to nine.
constexpr std::uint32_t kNumberMax = 999999999;

// "hall-a-000123".
std::string order_number(UnitId unit, std::uint32_t number);

}  // namespace tingan
