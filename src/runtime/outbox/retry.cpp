#include "runtime/outbox/retry.h"

#include <algorithm>

namespace tingan::outbox {

Duration backoff(int failures, std::uint8_t draw) {
  constexpr Duration kFirst{1000};
  constexpr Duration kLongest = std::chrono::minutes{5};
  const int doublings = std::clamp(failures - 1, 0, 16);
  const Duration plain = std::min(kLongest, kFirst * (1 << doublings));
  return plain * 3 / 4 + plain * draw / 510;  // 0.75 .. 1.25
}

}  // namespace tingan::outbox
