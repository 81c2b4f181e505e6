#include "runtime/node_clock.h"

namespace tingan {
namespace {

Instant wall_now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

}  // namespace

NodeClock::NodeClock(Instant not_before, double scale)
    : anchor_(std::max(wall_now(), not_before)), steady_(std::chrono::steady_clock::now()), scale_(scale) {}

Instant NodeClock::now() {
  const auto elapsed = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - steady_);
  return anchor_ + Duration{static_cast<std::int64_t>(elapsed.count() * scale_)};
}

std::chrono::nanoseconds NodeClock::real_length(Duration span) {
  const std::chrono::duration<double, std::milli> real(static_cast<double>(span.count()) / scale_);
  return std::chrono::ceil<std::chrono::nanoseconds>(real);
}

Duration NodeClock::wall_offset() const {
  const auto elapsed = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - steady_);
  return wall_now() - (anchor_ + elapsed);
}

}  // namespace tingan
