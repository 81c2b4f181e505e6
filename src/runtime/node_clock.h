// The node's clock: the wall time at the start, carried on by the machine's steady clock. A wall clock that jumps while
// the node runs changes nothing here; the difference is shown in /metrics (docs/adr/0004-node-clock.md).
#pragma once
#include "ports/clock.h"

namespace tingan {

class NodeClock : public Clock {
 public:
  // Starts at the wall time, or at `not_before` where the log is ahead of it. `scale` > 1 runs faster (demonstrations
  // only).
  explicit NodeClock(Instant not_before, double scale = 1.0);
  Instant now() override;
  std::chrono::nanoseconds real_length(Duration span) override;
  // How far the wall clock has moved away since the start (scale 1 only); for /metrics.
  Duration wall_offset() const;

 private:
  Instant anchor_;
  std::chrono::steady_clock::time_point steady_;
  double scale_;
};

}  // namespace tingan
