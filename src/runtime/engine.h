// The engine: takes commands, decides them against the speculative state, makes their events durable in one commit, and
// only then answers and shows them. EngineCore is single-threaded and deterministic (the simulator and rehearsals drive
// it directly); Engine puts it on a thread of its own.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/policies/policies.h"
#include "model/acceptance_command.h"
#include "model/command.h"
#include "ports/clock.h"
#include "ports/disk_room.h"
#include "ports/event_log.h"
#include "ports/random.h"
#include "ports/signer.h"
#include "runtime/acceptance_board.h"
#include "runtime/registry.h"
#include "runtime/seal.h"

namespace tingan {

// The rendered answer that is kept with an idempotency key.
struct Answer {
  int status = 200;
  std::string body;
};

struct Outcome {
  std::optional<Error> refused;  // nothing changed
  IncidentPtr incident;          // after the command (null for unit commands)
  std::optional<Suspicion> suspicion;
  OrderPtr order;          // after a command to an order
  HallPtr hall;            // after a command to a hall, or one that changed it
  std::uint64_t gseq = 0;  // of the last record written for it; 0: nothing had to change
  Answer answer;           // what `render` made, or what was stored under the key before
  bool replayed = false;   // the answer of an earlier request with the same key
};

// One wish from outside. Rights are judged at the decision, from the person's standing roles then.
struct Submission {
  PersonId person;      // empty: the program itself
  RoleId preferred;     // the role acted in, where the person holds several
  IncidentId incident;  // target; for Declare the new id; none for unit commands
  UnitId unit;          // unit commands: in whose log; acceptance: the hall
  OrderId order;        // target of an order command; for TakeOrder the new id
  std::variant<IncidentCommand, UnitCommand, AcceptanceCommand> command;

  std::string key_scope;  // person and route; empty: no idempotency
  std::string key;
  std::string body_hash;
  // Runs on the engine's thread before the commit; its answer is stored with the key. May be empty.
  std::function<Answer(const Outcome&, const Registry&)> render;
  // Runs on the engine's thread once the events are durable (or the command is refused).
  std::function<void(Outcome)> done;
};

struct CommittedRecord {
  std::shared_ptr<const StoredRecord> stored;
  std::shared_ptr<const Record> record;
  IncidentPtr incident;                 // after this record; null for unit and acceptance events
  AcceptanceBoard::Changes acceptance;  // after this record
};

// What became durable in one commit. Shown to listeners on the engine's thread, in order.
struct Commit {
  std::vector<CommittedRecord> records;
  RegistryPtr registry;
};

// The durable state, for readers on any thread. Cheap: copies pointers under a short lock.
class View {
 public:
  virtual ~View() = default;
  virtual IncidentPtr find(IncidentId id) const = 0;
  // Everything in the unit (exactly this one), newest first. `limit` 0: all.
  virtual std::vector<IncidentPtr> of_unit(UnitId unit) const = 0;
  virtual std::vector<IncidentPtr> open() const = 0;  // open or contained, everywhere
  virtual std::size_t count() const = 0;
  virtual RegistryPtr registry() const = 0;
  virtual std::uint64_t last_gseq() const = 0;
  // gseq of the incident's newest record; its older ones hang on StoredRecord::prev_of_incident.
  virtual std::uint64_t last_gseq_of(IncidentId id) const = 0;
  virtual const AcceptanceView& acceptance() const = 0;
};

struct EnginePorts {
  EventLog& log;
  Random& random;
  Signer& signer;
  Sealer& sealer;
  // Null: a full disk refuses everything alike.
  DiskRoom* room = nullptr;
};

// What a log's unit records up to `gseq` fold to, where the caller has it already.
struct FoldedRegistry {
  RegistryPtr registry;
  std::uint64_t gseq = 0;
};

class EngineCore {
 public:
  explicit EngineCore(EnginePorts ports);
  ~EngineCore();

  // Rebuilds the state from the snapshot and the records after it. Errors: `store.*`, `log.*`; the node must not start
  // then. `known` must come from this very log: plans are then not read again (a rehearsal starts many nodes from one).
  Expected<void> recover(const FoldedRegistry* known = nullptr);

  // Decides all, commits once, answers. `now` is never before the last record's time (it is lifted otherwise).
  // Error: only `store.io` and worse, where the node must stop; `store.full` refuses the commands and is no error here.
  // With a DiskRoom what is urgent (runtime/urgency.h) is written into its reserve then, and the rest is refused.
  Expected<void> run(std::vector<Submission> submissions, Instant now);
  // Fires what is due at `now`, in due order across incidents, at most `limit` clocks. Returns how many were due;
  // 0 also where the disk is full.
  Expected<std::size_t> tick(Instant now, std::size_t limit = 4096);
  // While they are held nothing is erased because its time is over; before recover(), or on the engine's thread.
  void hold_erasures(bool held);
  // The earliest clock of all; kNever: none.
  Instant next_deadline();
  Instant last_time() const;

  // Writes some of what changed since the last snapshot; cheap when nothing did. `all`: everything (clean stop).
  // At most `rows_at_once` incidents a piece: keeps one commit to a few milliseconds.
  Expected<void> snapshot(bool all, std::size_t rows_at_once = 512);
  std::size_t snapshot_lag() const;  // records since the snapshot's point

  void on_commit(std::function<void(const Commit&)> listener);
  const View& view() const;
  const IncidentLookup& lookup() const;

  struct Impl;  // for the engine's own source files

 private:
  std::unique_ptr<Impl> impl_;
};

// EngineCore on its own thread, with a queue. Deliveries' reports wait behind people's commands, but are never starved.
class Engine {
 public:
  Engine(EngineCore& core, Clock& clock);
  ~Engine();

  void start();
  void stop();                         // what is queued is still answered
  void submit(Submission submission);  // any thread
  // Called on the engine's thread when the node must stop (I/O error): says why.
  void on_fatal(std::function<void(const Error&)> listener);
  // EngineCore::hold_erasures, from any thread; soon.
  void hold_erasures(bool held);
  // Commands waiting; for /metrics.
  std::size_t queued() const;
  // The last commit was refused because the disk is full.
  bool disk_full() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Makes an id for a new incident at `now`.
IncidentId new_incident_id(Instant now, Random& random);

}  // namespace tingan
