// The durable truth of a node: the logs of all its units, in one store. All calls from the engine's thread, except
// those of LogReader, which any thread may make.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/record.h"

namespace tingan {

// An answer kept with the events that it answers, so that the same key gives the same answer, also after a restart.
struct StoredAnswer {
  std::string scope;      // person and route
  std::string key;        // the client's Idempotency-Key
  std::string body_hash;  // of the request; the same key with another body is refused
  int status = 0;
  std::string body;
  Instant at{};
};

// Everything that becomes durable in one commit, or not at all.
struct Batch {
  std::vector<StoredRecord> records;  // gseq ascending, contiguous
  std::vector<StoredAnswer> answers;
  std::string signed_heads;  // codec/heads_json.h: all heads that this batch moved; empty with no records
  std::string signature;     // Ed25519 over signed_heads, raw 64 bytes
};

struct UnitHead {
  UnitId unit;
  std::uint64_t seq = 0;
  Hash hash{};
  HybridTime time;
};

// A disposable picture of the state, so that a start need not fold everything. Rows are opaque to the store.
struct SnapshotRow {
  IncidentId incident;
  std::uint64_t gseq = 0;  // the last record that is folded in
  std::string blob;
};

struct SnapshotMeta {
  std::uint64_t gseq = 0;  // every record up to here is in the rows
  std::string fold;        // name and version of the fold that made it
  std::string blob;        // heads and what else the runtime keeps
  std::string checksum;
};

// What a batch left beside its records: the node's word for the heads that it moved.
struct SignedBatch {
  std::uint64_t first_gseq = 0;
  std::uint64_t last_gseq = 0;
  std::string signed_heads;
  std::string signature;
};

class LogReader {
 public:
  virtual ~LogReader() = default;
  // Durable records with gseq > after, ascending, at most `limit`. Errors: `store.io`, `store.damaged`.
  virtual Expected<std::vector<StoredRecord>> read_after(std::uint64_t after, std::size_t limit) = 0;
  virtual Expected<StoredRecord> read(std::uint64_t gseq) = 0;
  // One unit's records with seq > after, ascending.
  virtual Expected<std::vector<StoredRecord>> read_unit(UnitId unit, std::uint64_t after, std::size_t limit) = 0;
  // Batches that end after `after`, ascending.
  virtual Expected<std::vector<SignedBatch>> read_batches(std::uint64_t after, std::size_t limit) = 0;
  // The durable heads of one moment, by unit name.
  virtual Expected<std::vector<UnitHead>> heads() = 0;
};

class EventLog {
 public:
  virtual ~EventLog() = default;
  // Durable when it returns. Errors: `store.full` (nothing was written, try again later), `store.io` (the node must
  // stop).
  virtual Expected<void> append(const Batch& batch) = 0;
  virtual std::uint64_t last_gseq() = 0;
  virtual Expected<std::vector<UnitHead>> heads() = 0;
  virtual Expected<std::optional<StoredAnswer>> answer(const std::string& scope, const std::string& key) = 0;
  // Answers older than this are forgotten (by the maintenance job). Returns how many.
  virtual Expected<std::size_t> forget_answers(Instant before) = 0;
  // Written beside the batch's commit or alone; losing them is harmless.
  virtual Expected<void> put_snapshot(const std::vector<SnapshotRow>& rows, const std::vector<IncidentId>& dropped,
                                      const SnapshotMeta& meta) = 0;
  virtual Expected<std::optional<SnapshotMeta>> snapshot_meta() = 0;
  virtual Expected<void> read_snapshot(const std::function<void(SnapshotRow)>& row) = 0;
  virtual Expected<void> drop_snapshot() = 0;
  virtual LogReader& reader() = 0;
};

}  // namespace tingan
