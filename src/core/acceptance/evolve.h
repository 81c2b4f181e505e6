// Folds of emergency acceptance. Trivial by rule: one mutation an event, no decisions.
#pragma once
#include "model/acceptance_state.h"

namespace tingan {

// The order that an event concerns; none: it is the hall's.
OrderId order_of(const AcceptanceEvent& event);

// `order` is the event's own; blank (id and unit only) for OrderTaken. The move must be one of the table (CHECK).
void evolve(OrderState& order, const AcceptanceEvent& event, Instant at, const Actor& by);
// Sees every event of the hall; most orders' events change nothing here.
void evolve(AcceptanceHall& hall, const AcceptanceEvent& event, Instant at, const Actor& by);

}  // namespace tingan
