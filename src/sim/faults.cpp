#include "sim/faults.h"

namespace tingan::sim {

Faults Faults::none() { return {.snapshot = 100}; }

Faults Faults::draw(SeededRandom& random) {
  const auto rate = [&random](int most) {
    return random.chance(500) ? static_cast<int>(1 + random.below(static_cast<std::uint64_t>(most))) : 0;
  };
  Faults faults;
  faults.crash_before_write = rate(20);
  faults.crash_after_write = rate(20);
  faults.io_error = rate(10);
  faults.io_error_after_write = rate(10);
  faults.disk_full = rate(20);
  faults.full_writes_max = static_cast<int>(1 + random.below(20));
  faults.crash_in_snapshot = rate(100);
  faults.crash_in_recovery = rate(200);
  faults.clean_stop = rate(60);
  faults.power_cut = rate(60);
  faults.snapshot = rate(500);
  faults.long_down = rate(400);
  faults.wall_jump = rate(400);
  faults.rescale = rate(300);
  faults.lose_request = rate(150);
  faults.lose_reply = rate(150);
  faults.duplicate = rate(200);
  faults.delay = rate(300);
  faults.channel_fails = rate(500);
  faults.channel_slow = rate(300);
  faults.clocks_wait = rate(500);
  return faults;
}

}  // namespace tingan::sim
