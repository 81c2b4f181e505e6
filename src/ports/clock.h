// The only source of time. Implementations: a steady node clock, the virtual clock of rehearsals and of the simulator.
#pragma once
#include "base/time.h"

namespace tingan {

class Clock {
 public:
  virtual ~Clock() = default;
  // Never goes back, whatever the wall clock does (docs/adr/0004-node-clock.md). Any thread.
  virtual Instant now() = 0;
  // How long to sleep for `span` to pass on this clock: less than `span` where it runs faster than the machine's.
  virtual std::chrono::nanoseconds real_length(Duration span) { return span; }
};

}  // namespace tingan
