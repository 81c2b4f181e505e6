// Who lives around the node in a course: people, channels, devices, a back office. The course gives the machine, the
// network and the faults; the world gives those who act, and the checkers that know what must hold for them.
#pragma once
#include "sim/checkers/checker.h"

namespace tingan::sim {

struct RunReport;

class World {
 public:
  virtual ~World() = default;
  // The node runs again; its state is what was durable. Then what it was in the middle of is gone.
  virtual void up(EngineCore&) {}
  virtual void down() {}
  // Somebody does something. Called again and again until all is healed, while the node runs and while it does not.
  virtual void act() = 0;
  // A batch is about to be written; a record has become durable.
  virtual void before_write(const Batch&) {}
  virtual void recorded(const Record&) {}
  // The node has done what was due: whatever lives beside its engine goes on. Returns when that wants to go on by
  // itself, in the node's time; `kNever`: when something happens.
  virtual Instant work(Instant /*now*/) { return kNever; }
  // Nothing fails any more: everything must come to its end.
  virtual void heal() {}
  // The last word, before the node stops for good.
  virtual void finish(RunReport&) {}
};

}  // namespace tingan::sim
