// Clocks of an order, derived from its state: the promise about to break (twice) and broken, and the end of the time
// that personal data is kept.
#pragma once
#include "model/acceptance_state.h"

namespace tingan {

// The warnings come this long before the promise is due, or after half and three quarters of a short one.
constexpr Duration kFirstWarning{30 * 60000};
constexpr Duration kSecondWarning{10 * 60000};

// When level 1, level 2 and (3) the breaking are due.
Instant promise_clock(const OrderState& order, int level);
// kNever: nothing will happen by itself. `may_erase`: false where the end of the time for personal data waits.
Instant next_deadline(const OrderState& order, bool may_erase = true);

}  // namespace tingan
