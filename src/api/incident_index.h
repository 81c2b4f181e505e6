// Which incidents there are, newest first, for lists: small rows, so that paging through fifty thousand incidents does
// not copy fifty thousand states. Fed on the engine's thread before any answer goes out, read on any.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "model/incident_state.h"
#include "runtime/engine.h"

namespace tingan::api {

class IncidentIndex {
 public:
  // Everything that the view has; before the first commit comes.
  void fill(const View& view);
  void apply(const Commit& commit);

  struct Row {
    UnitId unit;
    PlanId type;
    IncidentStatus status = IncidentStatus::open;
    bool covered = false;     // some are shown another one, whose status is its own
    bool over_there = false;  // it has ended for them
    bool uncounted = false;   // it runs in silence
  };
  // Calls `take` with incidents older than `before` (none: from the newest), newest first, until it says false. Called
  // with the lock held: short work only.
  void walk(IncidentId before, bool open_only, const std::function<bool(IncidentId, const Row&)>& take) const;
  // Open incidents of this type in exactly this unit, newest first, at most `most`.
  std::vector<IncidentId> open_like(UnitId unit, PlanId type, std::size_t most) const;
  // As the halls see it: everybody may read the figures.
  std::size_t open_count() const;
  // Those that run in silence: in no figure before they come out.
  std::size_t uncounted() const;
  std::vector<IncidentId> open() const;
  // Those, and whatever was declared since, newest first.
  std::vector<IncidentId> open_or_since(Instant since) const;

 private:
  void put(const IncidentState& incident);

  mutable std::shared_mutex mutex_;
  std::map<IncidentId, Row, std::greater<>> all_;  // ids of version 7 sort by time
  std::map<IncidentId, Row, std::greater<>> open_;
  std::size_t uncounted_ = 0;
  std::map<std::pair<UnitId, PlanId>, std::set<IncidentId, std::greater<>>> open_like_;
};

}  // namespace tingan::api
