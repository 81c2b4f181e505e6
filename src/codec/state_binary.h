// States <-> compact bytes, for snapshots only: disposable, no promise between versions (the fold's name guards
// that).
#pragma once
#include <string>
#include <string_view>

#include "base/error.h"
#include "model/acceptance_state.h"
#include "model/incident_state.h"

namespace tingan {

// Derived from the description of the states and all in them, so it changes when they do: a snapshot of another one is
// thrown away. It does not cover the rules of the folds (core/*/evolve.cpp).
std::string_view state_fold_name();
std::string encode_state(const IncidentState& state);
// `plan` is left empty: the caller pins it. Error `snapshot.malformed`. Any thread.
Expected<IncidentState> decode_state(std::string_view bytes);
std::string encode_order(const OrderState& order);
Expected<OrderState> decode_order(std::string_view bytes);
std::string encode_hall(const AcceptanceHall& hall);
Expected<AcceptanceHall> decode_hall(std::string_view bytes);

}  // namespace tingan
