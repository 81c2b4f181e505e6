// The disposable picture of the state, in a file of its own: it never delays the log's commits, and a damaged one is
// simply made anew.
#pragma once
#include <functional>

#include "ports/event_log.h"
#include "store/sqlite/database.h"

namespace tingan {

// One thread. Errors: `store.full`, `store.io`, `store.damaged`.
class SnapshotFile {
 public:
  static Expected<SnapshotFile> open(const std::filesystem::path& file);

  Expected<void> put(const std::vector<SnapshotRow>& rows, const std::vector<IncidentId>& dropped,
                     const SnapshotMeta& meta);
  Expected<std::optional<SnapshotMeta>> meta();
  Expected<void> read(const std::function<void(SnapshotRow)>& row);
  Expected<void> drop();

 private:
  static Expected<SnapshotFile> open_existing(const std::filesystem::path& file);
  Expected<void> write(const std::vector<SnapshotRow>& rows, const std::vector<IncidentId>& dropped,
                       const SnapshotMeta& meta);

  sqlite::Database database_;
  sqlite::Statement put_;
  sqlite::Statement forget_;
  sqlite::Statement put_meta_;
};

}  // namespace tingan
