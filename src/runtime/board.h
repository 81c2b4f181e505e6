// All incidents of a node, twice: as decided so far (the engine's thread only), and as durable (any reader). A failed
// commit throws the first back to the second.
#pragma once
#include <deque>
#include <map>
#include <mutex>
#include <queue>
#include <shared_mutex>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/policies/policies.h"
#include "runtime/engine.h"
#include "runtime/held_state.h"

namespace tingan {

class Board : public IncidentLookup {
 public:
  struct Entry {
    Held held;
    std::uint64_t last_gseq = 0;
    Instant deadline = kNever;
    std::uint64_t touched = 0;  // counts puts: the latest one is the one that keeps it hot
    bool open = false;
  };

  // IncidentLookup, over the speculative state.
  IncidentPtr find(IncidentId id) const override;
  IncidentPtr open_parent(PlanId type, UnitId above, bool drill) const override;
  std::vector<IncidentPtr> recent(PlanId type, UnitId above, bool drill, Instant since) const override;

  const Entry* entry(IncidentId id) const;
  // Speculative, until commit() or rollback(). `above` is the unit over the incident's.
  void put(IncidentPtr state, std::uint64_t gseq, UnitId above);
  // At recovery: the state and its packed form, which is kept where there is one.
  // `dirty_since`: the first of its records that no snapshot row holds; 0: the row holds all.
  void put_recovered(const IncidentState& state, Held held, std::uint64_t gseq, UnitId above,
                     std::uint64_t dirty_since);
  // Packs what was touched longest ago, until at most `keep` are hot. Returns what was packed, for the readers' copy.
  std::vector<std::pair<IncidentId, Held>> cool(std::size_t keep);
  void commit();
  void rollback();

  // The earliest clock, and the incidents whose clocks have come, earliest first.
  Instant next_deadline();
  std::vector<std::pair<Instant, IncidentId>> due(Instant now, std::size_t limit);

  // Incidents that no snapshot row holds in their present state: id and the first record that it misses.
  const std::map<IncidentId, std::uint64_t>& dirty() const { return dirty_; }
  void mark_clean(const std::vector<IncidentId>& ids);

  // For open incidents of one unit (handovers), over the speculative state.
  std::vector<IncidentPtr> open_in(UnitId unit) const;

 private:
  using Key = std::tuple<PlanId, UnitId, bool>;
  struct Clock {
    Instant at;
    IncidentId id;
    friend bool operator>(const Clock& a, const Clock& b) { return std::tie(a.at, a.id) > std::tie(b.at, b.id); }
  };

  void index(const IncidentState& state, UnitId above);
  void schedule(IncidentId id, const IncidentState& state, Entry& entry);

  std::unordered_map<IncidentId, Entry> entries_;
  struct Undo {
    IncidentId id;
    std::optional<Entry> before;  // nothing: it was not there
    bool was_dirty = false;
  };
  std::vector<Undo> undo_;
  std::unordered_set<IncidentId> touched_;
  std::map<Key, IncidentId> parents_;
  std::map<Key, std::deque<IncidentId>> recent_;
  std::unordered_map<UnitId, std::vector<IncidentId>> open_by_unit_;
  std::priority_queue<Clock, std::vector<Clock>, std::greater<>> clocks_;
  std::map<IncidentId, std::uint64_t> dirty_;
  std::deque<std::pair<IncidentId, std::uint64_t>> hot_;  // with the touch that put it here
  std::uint64_t touches_ = 0;
};

// What readers on any thread see.
class PublishedView : public View {
 public:
  IncidentPtr find(IncidentId id) const override;
  std::vector<IncidentPtr> of_unit(UnitId unit) const override;
  std::vector<IncidentPtr> open() const override;
  std::size_t count() const override;
  RegistryPtr registry() const override;
  std::uint64_t last_gseq() const override;
  std::uint64_t last_gseq_of(IncidentId id) const override;

  struct Change {
    IncidentId id;
    UnitId unit;
    bool open = false;
    Held held;
    std::uint64_t gseq = 0;
  };
  void publish(const std::vector<Change>& changes, RegistryPtr registry, std::uint64_t last_gseq);
  // The same states, packed.
  void replace(const std::vector<std::pair<IncidentId, Held>>& packed);

 private:
  struct Shown {
    Held held;
    std::uint64_t gseq = 0;
  };
  mutable std::shared_mutex mutex_;
  std::unordered_map<IncidentId, Shown> incidents_;
  std::unordered_map<UnitId, std::vector<IncidentId>> by_unit_;
  std::unordered_set<IncidentId> open_;
  RegistryPtr registry_ = Registry::empty();
  std::uint64_t last_gseq_ = 0;
};

}  // namespace tingan
