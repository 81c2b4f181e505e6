// One record of a unit's log: one accepted command with everything that it made happen (docs/formats/log.md).
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/acceptance_event.h"
#include "model/actor.h"
#include "model/ids.h"
#include "model/incident_event.h"
#include "model/unit_event.h"

namespace tingan {

using Hash = std::array<std::uint8_t, 32>;

// Hybrid time: milliseconds of the node's clock and a counter for records of the same millisecond. Within a log
// strictly rising.
struct HybridTime {
  Instant at{};
  std::uint32_t counter = 0;
  friend auto operator<=>(const HybridTime&, const HybridTime&) = default;
};

using AnyEvent = std::variant<IncidentEvent, UnitEvent, AcceptanceEvent>;

struct Record {
  UnitId unit;            // whose log
  std::uint64_t seq = 0;  // 1, 2, 3 ... in that log
  HybridTime time;
  Hash prev{};  // hash of the record before; zeros for the first
  Actor by;
  IncidentId incident;  // none for unit and acceptance events
  std::vector<AnyEvent> events;
};

// A record as it is stored and exported: the canonical bytes and their hash.
struct StoredRecord {
  std::uint64_t gseq = 0;              // position in the node's store; 1, 2, 3 ...
  std::uint64_t prev_of_incident = 0;  // gseq of the incident's record before this one, 0 for its first
  UnitId unit;
  std::uint64_t seq = 0;
  std::string bytes;  // canonical JSON
  Hash hash{};        // SHA-256 of `bytes`
};

}  // namespace tingan
