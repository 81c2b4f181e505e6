// EventLog in memory, for rehearsals and the simulator. What was appended lives on the disk object and survives the
// log object: destroy the log and open another on the same disk, and that was a crash.
#pragma once
#include <map>
#include <mutex>

#include "ports/event_log.h"

namespace tingan {

// What the next append meets. `io_after_write`: the bytes became durable, yet the call failed: an unknown outcome.
enum class AppendFault { none, full, io, io_after_write };

// Any thread, through its mutex.
struct MemoryDisk {
  std::mutex mutex;
  std::vector<StoredRecord> records;  // gseq n at n - 1
  std::vector<SignedBatch> batches;
  std::map<UnitId, std::vector<std::uint64_t>> units;  // gseq of seq n at n - 1
  std::map<std::pair<std::string, std::string>, StoredAnswer> answers;
  std::map<IncidentId, SnapshotRow> snapshot;
  std::optional<SnapshotMeta> snapshot_meta;

  AppendFault next_append = AppendFault::none;  // used once
  bool full = false;                            // every write is refused while it holds
};

// As the port says; every call may come from any thread.
class MemoryEventLog final : public EventLog, private LogReader {
 public:
  explicit MemoryEventLog(std::shared_ptr<MemoryDisk> disk) : disk_(std::move(disk)) {}

  Expected<void> append(const Batch& batch) override;
  std::uint64_t last_gseq() override;
  Expected<std::vector<UnitHead>> heads() override;
  Expected<std::optional<StoredAnswer>> answer(const std::string& scope, const std::string& key) override;
  Expected<std::size_t> forget_answers(Instant before) override;
  Expected<void> put_snapshot(const std::vector<SnapshotRow>& rows, const std::vector<IncidentId>& dropped,
                              const SnapshotMeta& meta) override;
  Expected<std::optional<SnapshotMeta>> snapshot_meta() override;
  Expected<void> read_snapshot(const std::function<void(SnapshotRow)>& row) override;
  Expected<void> drop_snapshot() override;
  LogReader& reader() override { return *this; }

 private:
  Expected<std::vector<StoredRecord>> read_after(std::uint64_t after, std::size_t limit) override;
  Expected<StoredRecord> read(std::uint64_t gseq) override;
  Expected<std::vector<StoredRecord>> read_unit(UnitId unit, std::uint64_t after, std::size_t limit) override;
  Expected<std::vector<SignedBatch>> read_batches(std::uint64_t after, std::size_t limit) override;

  std::shared_ptr<MemoryDisk> disk_;
};

}  // namespace tingan
