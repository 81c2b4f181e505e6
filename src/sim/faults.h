// What may go wrong in one simulated course, by name. Rates are per mille of the occasions named.
#pragma once
#include "sim/seeded_random.h"

namespace tingan::sim {

struct Faults {
  // At every commit: the power fails before anything is written, or when all is written and nobody is answered yet.
  int crash_before_write = 0;
  int crash_after_write = 0;
  // At every commit: the disk says that it failed and the node must stop; nothing was written, or all of it was.
  int io_error = 0;
  int io_error_after_write = 0;
  // At every commit: the disk is full from now on, for `full_writes_max` writes at most.
  int disk_full = 0;
  int full_writes_max = 8;
  // At every piece of a snapshot: the power fails before or after it is written.
  int crash_in_snapshot = 0;
  // At every start: the power fails while the log is read.
  int crash_in_recovery = 0;
  // Each simulated quarter of an hour: the node is stopped well; the power fails while it idles; a snapshot is due.
  int clean_stop = 0;
  int power_cut = 0;
  int snapshot = 200;
  // At every start: down for hours and not for minutes; the wall clock jumps, forwards or back; another time scale.
  int long_down = 0;
  int wall_jump = 0;
  int rescale = 0;
  // On every request: lost on the way; its answer lost; sent twice; delayed, and so overtaken by later ones.
  int lose_request = 0;
  int lose_reply = 0;
  int duplicate = 0;
  int delay = 0;
  // On every message that a channel takes: it fails and must be repeated; it takes minutes.
  int channel_fails = 0;
  int channel_slow = 0;
  // The node has more to do than it gets done: clocks wait for their turn while commands are taken.
  int clocks_wait = 0;

  static Faults none();
  // Each kind is there in about half of the courses: rare faults need quiet around them to be seen.
  static Faults draw(SeededRandom& random);
};

}  // namespace tingan::sim
