// The node's clock: the wall time at the start, carried on by the machine's steady clock (which goes on while the
// machine sleeps). It never jumps and never goes back: where the wall clock is corrected, it runs a little slower or
// faster until they agree (docs/adr/0004-node-clock.md, docs/adr/0018-clock-and-disk.md).
#pragma once
#include <functional>
#include <mutex>

#include "ports/clock.h"

namespace tingan {

class NodeClock : public Clock {
 public:
  // What the machine says; tests bring their own. `steady` counts from anywhere.
  struct Machine {
    std::function<Instant()> wall;
    std::function<std::chrono::nanoseconds()> steady;
  };
  static Machine machine();

  // Never more than this much slower or faster than the machine: a deadline of half an hour moves by 90 s at most.
  static constexpr double kSlewMax = 0.05;
  // A wall clock further ahead than this is not followed: it is as likely to be wrong as right. A start judges it anew.
  static constexpr Duration kFollowedAhead = std::chrono::hours{1};

  // Starts at the wall time, or at `not_before` where the log is ahead of it. `scale` > 1 runs faster (demonstrations
  // only).
  explicit NodeClock(Instant not_before, double scale = 1.0, Machine from = machine());
  Instant now() override;
  std::chrono::nanoseconds real_length(Duration span) override;
  // How far the wall clock is ahead of this one; zero where it is scaled and cannot be compared. Any thread.
  Duration wall_offset() const;
  // Looks at the wall clock and sets the pace for what comes; about once a second, any thread. Scaled: does nothing.
  void follow();
  // Parts of one by which it runs faster (slower: negative) than the machine now; for /metrics.
  double slew() const;

 private:
  std::chrono::nanoseconds time_at(std::chrono::nanoseconds steady) const;

  Machine machine_;
  double scale_;
  mutable std::mutex mutex_;         // of what follows
  std::chrono::nanoseconds anchor_;  // since 1970
  std::chrono::nanoseconds steady_;
  double slew_ = 0;
};

}  // namespace tingan
