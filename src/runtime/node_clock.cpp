#include "runtime/node_clock.h"

#include <ctime>

namespace tingan {
namespace {

using std::chrono::nanoseconds;

Instant wall_now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

// Unlike the steady clock of the library it counts the time that the machine was asleep: a deadline does not wait for
// somebody to open the lid.
nanoseconds boot_time() {
  timespec at{};
  if (::clock_gettime(CLOCK_BOOTTIME, &at) != 0) return std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::seconds{at.tv_sec} + nanoseconds{at.tv_nsec};
}

nanoseconds since_epoch(Instant at) { return nanoseconds{to_millis(at) * 1000000}; }

}  // namespace

NodeClock::Machine NodeClock::machine() { return {wall_now, boot_time}; }

NodeClock::NodeClock(Instant not_before, double scale, Machine from)
    : machine_(std::move(from)),
      scale_(scale),
      anchor_(since_epoch(std::max(machine_.wall(), not_before))),
      steady_(machine_.steady()) {}

nanoseconds NodeClock::time_at(nanoseconds steady) const {
  const nanoseconds elapsed = steady - steady_;
  const double change = static_cast<double>(elapsed.count()) * (scale_ * (1 + slew_) - 1);
  return anchor_ + elapsed + nanoseconds{static_cast<std::int64_t>(change)};
}

Instant NodeClock::now() {
  const std::lock_guard lock(mutex_);
  return from_millis(time_at(machine_.steady()).count() / 1000000);
}

nanoseconds NodeClock::real_length(Duration span) {
  const std::chrono::duration<double, std::milli> real(static_cast<double>(span.count()) / scale_);
  return std::chrono::ceil<nanoseconds>(real);
}

Duration NodeClock::wall_offset() const {
  if (scale_ != 1.0) return Duration::zero();
  const std::lock_guard lock(mutex_);
  return std::chrono::duration_cast<Duration>(since_epoch(machine_.wall()) - time_at(machine_.steady()));
}

// The further away, the faster, up to the limit: the last three seconds fade out over some minutes.
void NodeClock::follow() {
  constexpr double kFadeSeconds = 60;
  if (scale_ != 1.0) return;
  const std::lock_guard lock(mutex_);
  const nanoseconds steady = machine_.steady();
  anchor_ = time_at(steady);
  steady_ = steady;
  const nanoseconds offset = since_epoch(machine_.wall()) - anchor_;
  const double seconds = std::chrono::duration<double>(offset).count();
  slew_ = offset > kFollowedAhead ? 0 : std::clamp(seconds / kFadeSeconds, -kSlewMax, kSlewMax);
}

double NodeClock::slew() const {
  const std::lock_guard lock(mutex_);
  return slew_;
}

}  // namespace tingan
