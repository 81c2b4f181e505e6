// Parts of decide.cpp: what an order's clocks bring, and what a hall's commands do.
#pragma once
#include "core/acceptance/decide.h"

namespace tingan {

// Everything of the order that is due by now, in due order.
std::vector<AcceptanceEvent> promise_events(const OrderState& order, const AcceptanceContext& context);
Expected<std::vector<AcceptanceEvent>> hall_events(UnitId unit, const HallCommand& command,
                                                   const AcceptanceContext& context);

}  // namespace tingan
