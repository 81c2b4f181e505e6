// A disk that survives the node: in memory for speed, or real SQLite in a folder, where a crash leaves the files as
// they were at that moment, with the end of an unfinished write torn off anywhere.
#pragma once
#include <memory>

#include "ports/event_log.h"
#include "sim/seeded_random.h"

namespace tingan::sim {

class SimulatedDisk {
 public:
  virtual ~SimulatedDisk() = default;
  // The store on it. One at a time: destroy it before the next one.
  virtual Expected<std::unique_ptr<EventLog>> open() = 0;
  // Before a write: what is torn in a crash can only be what comes after this moment.
  virtual void before_write() = 0;
  // The power fails now, with the store still open; `writing`: in the middle of a commit that nobody was told of.
  virtual void crash(bool writing, SeededRandom& random) = 0;
};

std::unique_ptr<SimulatedDisk> memory_disk(const std::vector<Batch>& content);
std::unique_ptr<SimulatedDisk> sqlite_disk(const std::vector<Batch>& content);

}  // namespace tingan::sim
