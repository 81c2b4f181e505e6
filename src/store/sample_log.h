// For tests and benchmarks: makes well-formed batches as an engine would, without any rules.
#pragma once
#include <map>

#include "codec/heads_json.h"
#include "codec/record_json.h"
#include "ports/event_log.h"
#include "ports/random.h"
#include "ports/signer.h"

namespace tingan {

// Not random at all: the same bytes in every run.
class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>((state_ = state_ * 6364136223846793005ULL + 1) >> 56);
  }

 private:
  std::uint64_t state_ = 42;
};

inline IncidentId sample_incident(std::uint8_t n) {
  IncidentId id;
  id.bytes[0] = 1;
  id.bytes[15] = n;
  return id;
}

class SampleLog {
 public:
  // Continues the unit's chain with one event of the incident.
  StoredRecord next(UnitId unit, IncidentId incident, AnyEvent event) {
    Link& link = links_[unit];
    Record record;
    record.unit = unit;
    record.seq = ++link.seq;
    record.time = {from_millis(1795226400000 + static_cast<std::int64_t>(gseq_)), 0};
    record.prev = link.hash;
    record.by = {PersonId("wang-fang"), RoleId("hall-director")};
    record.incident = incident;
    record.events.push_back(std::move(event));
    StoredRecord stored;
    stored.gseq = ++gseq_;
    stored.prev_of_incident = std::exchange(last_of_[incident], stored.gseq);
    stored.unit = unit;
    stored.seq = record.seq;
    stored.bytes = encode_record(record);
    stored.hash = link.hash = sha256(stored.bytes);
    return stored;
  }
  StoredRecord next(const char* unit = "hall-a", std::uint8_t incident = 1) {
    return next(UnitId(unit), sample_incident(incident), IncidentEvent(ProgressNoted{{"incident:1", "Ym94"}}));
  }

  // A record that is in the log already: what comes next follows it.
  void resume(const StoredRecord& stored, IncidentId incident) {
    links_[stored.unit] = {stored.seq, stored.hash};
    last_of_[incident] = gseq_ = stored.gseq;
  }

  static Batch batch(std::vector<StoredRecord> records, Signer* signer = nullptr) {
    Batch batch;
    batch.records = std::move(records);
    if (batch.records.empty()) return batch;
    std::map<UnitId, HeadMark> heads;
    for (const StoredRecord& record : batch.records) heads[record.unit] = {record.unit, record.seq, record.hash};
    SignedHeads marks{batch.records.front().gseq, batch.records.back().gseq, {}};
    for (const auto& [unit, head] : heads) marks.heads.push_back(head);
    batch.signed_heads = encode_signed_heads(marks);
    batch.signature = signer == nullptr ? std::string(64, 's') : signer->sign(batch.signed_heads);
    return batch;
  }

 private:
  struct Link {
    std::uint64_t seq = 0;
    Hash hash{};
  };
  std::map<UnitId, Link> links_;
  std::map<IncidentId, std::uint64_t> last_of_;
  std::uint64_t gseq_ = 0;
};

}  // namespace tingan
