// One whole node in memory on a virtual clock: the real engine over the memory store, seeded randomness, a delivery
// that reports every notice as delivered. Deterministic: the same setting, start, seed and acts give the same log.
// Rehearsals and scenarios run on it; it does no file I/O. One thread.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/bootstrap.h"
#include "runtime/engine.h"
#include "runtime/replay/replay_driver.h"
#include "sim/scenario/virtual_office.h"
#include "store/memory/memory_event_log.h"
#include "store/memory/memory_key_store.h"

namespace tingan::scenario {

// What a node knows before anything happens. Texts, not files: the caller has read them.
struct Setting {
  std::string organisation_yaml;
  std::string organisation_file;  // for messages
  std::vector<PlanText> plans;
  std::vector<PlanText> business;  // types of emergency acceptance; may be empty
};

// splitmix64; the same seed gives the same bytes.
class RehearsalRandom final : public Random {
 public:
  explicit RehearsalRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t state_;
};

// A node that has published the setting and stopped: what every rehearsal of this setting starts from, so that plans
// are published once. Immutable; any thread may start nodes from it.
class Prepared {
 public:
  // Errors: the first mistake in the organisation, in a plan or in a business type (`organisation.*`, `plan.*`,
  // `business.*`).
  static Expected<std::shared_ptr<const Prepared>> make(const Setting& setting);

 private:
  friend class VirtualNode;
  std::vector<StoredRecord> records_;
  std::vector<SignedBatch> batches_;
  std::map<UnitId, std::vector<std::uint64_t>> units_;
  std::map<std::string, std::optional<SealKey>> keys_;
  FoldedRegistry folded_;
  BusinessCatalogue business_;
};

class VirtualNode {
 public:
  using Listener = std::function<void(const Commit&)>;

  // Errors: `scenario.too-early` (a start before the year 2000), and what recovery says of the prepared log.
  static Expected<std::unique_ptr<VirtualNode>> start(const Prepared& prepared, Instant at, std::uint64_t seed = 1);

  Instant now() const { return now_; }
  bool is_up() const { return core_ != nullptr; }
  // Durable state; also while the node is down: what was committed last.
  IncidentPtr find(IncidentId id) const;
  const Registry& registry() const { return *registry_; }
  const Directory& directory() const { return registry_->directory(); }

  // Emergency acceptance, durable; also while the node is down.
  OrderPtr order(OrderId id) const;
  HallPtr hall(UnitId unit) const;
  std::vector<OrderPtr> orders(UnitId unit) const;
  // nullptr: no such business type here.
  BusinessTypePtr business(BusinessId id) const;
  VirtualOffice& office() { return office_; }
  const VirtualOffice& office() const { return office_; }
  Sealer& sealer() { return sealer_; }

  IncidentId new_id() { return new_incident_id(now_, random_); }
  // Under the incident's own key; empty gives an empty envelope.
  Expected<Sealed> seal(IncidentId incident, const std::string& words);
  // Runs one command now. A refusal stands in Outcome::refused; the error is a fault of the store (there is none in
  // memory). Must be up (CHECK).
  Expected<Outcome> act(Submission submission);
  // Fires every clock due at `upto` or before, in due order, each at its own time; what a replay has to do happens on
  // the way; then it is `upto`. While the node is down only time passes. Error `scenario.no-end`: more than a million
  // clocks.
  Expected<void> pass_until(Instant upto);
  // The node is gone; what was durable stays.
  void crash();
  // The node comes back at its present time. What fell due meanwhile fires now, with both times.
  Expected<void> come_back();

  // Called for every commit, in order.
  void on_commit(Listener listener) { listener_ = std::move(listener); }

 private:
  VirtualNode(Instant at, std::uint64_t seed);

  Expected<void> boot();
  void boot_replay();
  void take(const Commit& commit);
  Expected<void> deliver();
  Expected<void> replay();
  Instant next_moment();

  Instant now_;
  FoldedRegistry folded_;
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  std::shared_ptr<MemoryKeys> keys_ = std::make_shared<MemoryKeys>();
  RehearsalRandom random_;
  MemoryKeyStore key_store_;
  Sealer sealer_{key_store_, random_};
  std::unique_ptr<Signer> signer_;
  std::unique_ptr<MemoryEventLog> log_;
  std::unique_ptr<EngineCore> core_;
  RegistryPtr registry_ = Registry::empty();
  std::map<IncidentId, IncidentPtr> incidents_;
  std::map<IncidentId, std::vector<std::uint32_t>> undelivered_;
  std::map<OrderId, OrderPtr> orders_;
  std::map<UnitId, HallPtr> halls_;
  BusinessCatalogue business_;
  VirtualOffice office_;
  std::unique_ptr<ReplayDriver> driver_;
  std::deque<std::function<void(Instant)>> tasks_;  // of the driver
  std::deque<Submission> submissions_;              // likewise
  Instant replay_at_ = kNever;                      // the driver wants to be called again
  Listener listener_;
  std::size_t fired_ = 0;
};

}  // namespace tingan::scenario
