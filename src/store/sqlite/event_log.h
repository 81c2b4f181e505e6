// EventLog over SQLite: log.db in WAL mode with synchronous=FULL, one transaction a batch.
#pragma once
#include <unordered_map>

#include "ports/event_log.h"
#include "store/sqlite/data_folder.h"
#include "store/sqlite/log_reader.h"
#include "store/sqlite/snapshot_file.h"

namespace tingan {

struct SqliteOptions {
  // So many of the last records are verified before the log is used: hash, links, numbers, canonical bytes. The rest is
  // for the background (runtime/log_verify.h).
  std::size_t verify_tail = 2000;
  // Files up to this size get SQLite's own page check at the start; larger ones must not delay a start in an emergency.
  std::uintmax_t page_check_bytes_max = 64U << 20U;
  // A limit on log.db, in pages of 4 KiB: for installations with a quota, and for tests. 0: none.
  std::int64_t pages_max = 0;
};

class SqliteEventLog final : public EventLog {
 public:
  // Locks the folder for as long as the log lives. Errors: `store.locked`, `store.damaged` (with what to do),
  // `store.format`, `store.io`, `store.full`, and those of decode_record for the last records.
  static Expected<std::unique_ptr<SqliteEventLog>> open(const DataFolder& folder, const SqliteOptions& options = {});

  Expected<void> append(const Batch& batch) override;
  std::uint64_t last_gseq() override { return last_gseq_; }
  Expected<std::vector<UnitHead>> heads() override { return reader_->heads(); }
  Expected<std::optional<StoredAnswer>> answer(const std::string& scope, const std::string& key) override;
  Expected<std::size_t> forget_answers(Instant before) override;
  Expected<void> put_snapshot(const std::vector<SnapshotRow>& rows, const std::vector<IncidentId>& dropped,
                              const SnapshotMeta& meta) override;
  Expected<std::optional<SnapshotMeta>> snapshot_meta() override { return snapshot_.meta(); }
  Expected<void> read_snapshot(const std::function<void(SnapshotRow)>& row) override { return snapshot_.read(row); }
  Expected<void> drop_snapshot() override { return snapshot_.drop(); }
  LogReader& reader() override { return *reader_; }

  // Moves the limit on log.db while it is open (`SqliteOptions::pages_max`).
  Expected<void> limit_pages(std::int64_t pages_max);

 private:
  SqliteEventLog() = default;
  Expected<void> prepare();
  Expected<void> load();
  Expected<void> verify_tail(const DataFolder& folder, const SqliteOptions& options);
  Expected<void> write(const Batch& batch);
  Expected<void> write_record(const StoredRecord& record);
  Expected<void> write_answer(const StoredAnswer& answer);
  Expected<std::int64_t> unit_row(UnitId unit);

  FolderLock lock_;  // first in, last out
  sqlite::Database database_;
  sqlite::Statement insert_event_;
  sqlite::Statement insert_batch_;
  sqlite::Statement insert_answer_;
  sqlite::Statement insert_unit_;
  sqlite::Statement find_answer_;
  sqlite::Statement begin_;
  sqlite::Statement commit_;
  SnapshotFile snapshot_;
  std::unique_ptr<SqliteLogReader> reader_;
  std::unordered_map<UnitId, std::int64_t> unit_rows_;
  std::vector<UnitId> new_units_;  // of the batch at hand: forgotten again if it fails
  std::uint64_t last_gseq_ = 0;
};

}  // namespace tingan
