// The only source of time. Implementations: a steady node clock, the virtual clock of rehearsals and of the simulator.
#pragma once
#include "base/time.h"

namespace tingan {

class Clock {
 public:
  virtual ~Clock() = default;
  // Never goes back, whatever the wall clock does (docs/adr/0004-node-clock.md). Any thread.
  virtual Instant now() = 0;
};

}  // namespace tingan
