// One node that lives, dies and comes back on its disk. The same wiring as the real one: the engine's core over a
// store, real codec, real envelopes, real signatures; the clock as docs/adr/0004-node-clock.md has it, over a simulated
// machine.
#pragma once
#include <functional>
#include <memory>

#include "runtime/engine.h"
#include "sim/faulty_event_log.h"
#include "sim/node_image.h"
#include "sim/simulated_disk.h"

namespace tingan::sim {

// What the machine's clocks show.
struct MachineTime {
  Duration steady{};  // since the course began; never goes back
  Instant wall{};     // may jump
};

class SimulatedNode {
 public:
  struct Parts {
    SimulatedDisk& disk;
    const Faults& faults;
    SeededRandom& random;
    const std::shared_ptr<MemoryKeys>& keys;
    std::function<void(const Batch&)> before_write;
    const FoldedRegistry* known = nullptr;  // of the disk as it was made; now and then a start does without
  };
  explicit SimulatedNode(Parts parts);

  // Starts on what the disk holds. False: the power failed while it read, or `failure()` says what is wrong.
  bool boot(const MachineTime& machine, int scale);
  // The power fails. What is not on the disk is gone.
  void cut_power();
  // Ended well: a snapshot is written. It may fail in that.
  void stop();
  bool up() const { return core_ != nullptr; }
  // Past its start: it has a state to show.
  bool ready() const { return ready_; }
  // A start that failed for another reason than a simulated fault.
  const std::optional<Error>& failure() const { return failure_; }

  // The node's own time, and the steady time at which that shows `at`.
  Instant now(Duration steady) const;
  Duration steady_at(Instant at) const;

  // True: it still runs afterwards. Where it is false nobody got an answer.
  bool run(std::vector<Submission> submissions, Instant now);
  // Fires what is due, at most `limit` clocks; nothing: the node went down.
  std::optional<std::size_t> tick(Instant now, std::size_t limit);
  bool snapshot(std::size_t rows_at_once);
  // While it is down: the next start has to read everything.
  Expected<void> drop_snapshot() { return store_->drop_snapshot(); }

  EngineCore& core() { return *core_; }
  Sealer& sealer() { return sealer_; }
  SeededRandom& random() { return random_; }
  // What is durable, whether the node runs or not. Not while it is being written.
  LogReader& durable() { return store_->reader(); }
  std::uint64_t durable_gseq() { return store_->last_gseq(); }

 private:
  bool went_down(const Expected<void>& result);

  Parts parts_;
  SeededRandom random_;  // ids and nonces of the node
  std::unique_ptr<NodeIdentity> identity_;
  MemoryKeyStore key_store_;
  Sealer sealer_;
  std::unique_ptr<EventLog> store_;
  std::unique_ptr<FaultyEventLog> log_;
  std::unique_ptr<EngineCore> core_;
  std::optional<Error> failure_;
  Instant anchor_{};
  Duration booted_{};
  int scale_ = 1;
  int boots_ = 0;
  bool ready_ = false;
};

}  // namespace tingan::sim
