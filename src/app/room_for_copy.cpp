#include "app/room_for_copy.h"

#include <sys/stat.h>

#include "store/files/disk_reserve.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

// The nearest folder above that is there.
fs::path standing(const fs::path& path) {
  std::error_code error;
  fs::path at = fs::absolute(path, error);
  while (!fs::is_directory(at, error) && at.has_relative_path()) at = at.parent_path();
  return at;
}

bool same_file_system(const fs::path& a, const fs::path& b) {
  struct stat one {};
  struct stat other {};
  return ::stat(a.c_str(), &one) == 0 && ::stat(b.c_str(), &other) == 0 && one.st_dev == other.st_dev;
}

}  // namespace

Expected<void> check_room_for_copy(const fs::path& data, const fs::path& to, std::uint64_t bytes) {
  const fs::path target = standing(to);
  const DiskSpace space = disk_space_of(target);
  if (space.total == 0) return {};  // it cannot be asked
  const std::uint64_t kept = same_file_system(standing(data), target) ? marks_for(space.total).low : 0;
  if (space.free >= bytes + kept) return {};
  const std::uint64_t lacking = ((bytes + kept - space.free) >> 20U) + 1;
  return fail(
      "store.low",
      {fmt::format("目标磁盘空间不够，还差约 {} MiB；写在数据目录所在的磁盘上时，要给运行中的节点留出余地", lacking),
       fmt::format("Expected more room on the target disk, some {} MiB are lacking; on the data folder's own "
                   "disk the running node keeps its share",
                   lacking)},
      to.string());
}

std::uint64_t bytes_under(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return fs::file_size(path, error);
  std::uint64_t sum = 0;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    std::error_code unknown;
    if (at->is_regular_file(unknown)) sum += at->file_size(unknown);
  }
  return sum;
}

}  // namespace tingan
