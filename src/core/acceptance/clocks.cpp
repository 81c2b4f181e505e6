#include "core/acceptance/clocks.h"

#include <algorithm>

namespace tingan {

Instant promise_clock(const OrderState& order, int level) {
  if (order.promise_due == kNever) return kNever;
  const Duration span = std::max(Duration::zero(), order.promise_due - order.promise_made);
  if (level == 1) return order.promise_due - std::min(kFirstWarning, span / 2);
  if (level == 2) return order.promise_due - std::min(kSecondWarning, span / 4);
  return order.promise_due;
}

Instant next_deadline(const OrderState& order, bool may_erase) {
  Instant next = order.erased || !may_erase ? kNever : order.erase_at;
  if (order.promise_status == PromiseStatus::open) next = std::min(next, promise_clock(order, order.promise_level + 1));
  return next;
}

}  // namespace tingan
