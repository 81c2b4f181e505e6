// The folder that holds everything of a node: blobs/, log.db, snapshot.db, keys.db, master.key, node.key, lock, and
// what it notes for its next start (clock, reserve).
#pragma once
#include <filesystem>

#include "base/error.h"

namespace tingan {

struct DataFolder {
  std::filesystem::path path;

  std::filesystem::path log() const { return path / "log.db"; }
  std::filesystem::path snapshot() const { return path / "snapshot.db"; }
  std::filesystem::path keys() const { return path / "keys.db"; }
  std::filesystem::path master_key() const { return path / "master.key"; }
  // Only while the master key is being replaced.
  std::filesystem::path next_master_key() const { return path / "master.key.new"; }
  std::filesystem::path node_key() const { return path / "node.key"; }
  std::filesystem::path blobs() const { return path / "blobs"; }
  std::filesystem::path lock() const { return path / "lock"; }
  // Only while a first start makes the others.
  std::filesystem::path first_start() const { return path / "first-start"; }
  // When the node was last up, and how long its clock has gone unquestioned.
  std::filesystem::path clock() const { return path / "clock"; }
  // Room on the disk that is given up when there is no other.
  std::filesystem::path reserve() const { return path / "reserve"; }
};

// Held as long as the node writes; given back by the system when the process ends, however it ends.
class FolderLock {
 public:
  // Makes the folder (mode 0700) where there is none. Errors: `store.locked` (names the process that has it),
  // `store.io`.
  static Expected<FolderLock> take(const DataFolder& folder);

  FolderLock() = default;
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&& other) noexcept;
  ~FolderLock();

 private:
  int fd_ = -1;
};

}  // namespace tingan
