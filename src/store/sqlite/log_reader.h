// Reads a log.db, also that of a node that is running in another process. Any thread: each call takes a connection of
// its own from a small pool.
#pragma once
#include <mutex>
#include <vector>

#include "ports/event_log.h"
#include "store/sqlite/data_folder.h"
#include "store/sqlite/database.h"

namespace tingan {

// `yes` compares each record with its hash and refuses a damaged one; `no` hands out what stands there, for those who
// verify by themselves.
enum class CheckHashes { yes, no };

class SqliteLogReader final : public LogReader {
 public:
  // Also from write-protected media: there a log whose newest records still stand in its write-ahead log is read from a
  // copy in a temporary folder, which goes with the reader. Errors: `store.none` (no log in this folder),
  // `store.format`, `store.damaged`, `store.io`, `store.full`.
  static Expected<std::unique_ptr<SqliteLogReader>> open(const DataFolder& folder, CheckHashes check);
  ~SqliteLogReader() override;

  Expected<std::vector<StoredRecord>> read_after(std::uint64_t after, std::size_t limit) override;
  // Beside the port's errors: `store.no-record`.
  Expected<StoredRecord> read(std::uint64_t gseq) override;
  Expected<std::vector<StoredRecord>> read_unit(UnitId unit, std::uint64_t after, std::size_t limit) override;
  Expected<std::vector<SignedBatch>> read_batches(std::uint64_t after, std::size_t limit) override;
  Expected<std::vector<UnitHead>> heads() override;
  // SQLite's own look at every page. Slow on a large file; a start does it only for small ones. Error `store.damaged`.
  Expected<void> check_pages();

 private:
  struct Connection {
    sqlite::Database database;
    sqlite::Statement after;
    sqlite::Statement one;
    sqlite::Statement of_unit;
    sqlite::Statement batches;
    sqlite::Statement units;
    sqlite::Statement head;
  };
  using Lease = std::unique_ptr<Connection>;

  class TemporaryCopy;

  SqliteLogReader(DataFolder folder, CheckHashes check);
  Expected<Lease> connect() const;
  Expected<Lease> lease();
  void give_back(Lease connection);
  Expected<StoredRecord> record_of(const sqlite::Statement& row) const;
  Expected<std::vector<StoredRecord>> collect(sqlite::Statement& rows) const;
  Expected<std::vector<UnitHead>> heads_on(Connection& connection) const;

  // Where SQLite may not make its index beside the log.
  Expected<void> read_protected();

  DataFolder folder_;
  CheckHashes check_;
  sqlite::OpenMode mode_ = sqlite::OpenMode::read_only;
  std::filesystem::path source_;  // the log, or a copy of it
  std::unique_ptr<TemporaryCopy> copy_;
  std::mutex mutex_;
  std::vector<Lease> idle_;
};

}  // namespace tingan
