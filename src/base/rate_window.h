// So many in any span of time, exactly: remembers when the last ones went. Time is an argument.
#pragma once
#include <cstddef>
#include <deque>

#include "base/time.h"

namespace tingan {

class RateWindow {
 public:
  // `most` 0: no limit.
  RateWindow(int most, Duration span) : most_(static_cast<std::size_t>(most)), span_(span) {}

  // How long until the next one may go; zero: now.
  Duration wait(Instant now) const {
    if (most_ == 0 || taken_.size() < most_) return Duration::zero();
    const Instant free_at = taken_[taken_.size() - most_] + span_;
    return free_at > now ? free_at - now : Duration::zero();
  }
  void take(Instant now) {
    if (most_ == 0) return;
    taken_.push_back(now);
    if (taken_.size() > most_) taken_.pop_front();
  }

 private:
  std::size_t most_;
  Duration span_;
  std::deque<Instant> taken_;
};

}  // namespace tingan
