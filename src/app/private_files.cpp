#include "app/private_files.h"

#include <sys/stat.h>

namespace tingan {
namespace {

namespace fs = std::filesystem;

constexpr fs::perms kOthers = fs::perms::group_all | fs::perms::others_all;

void close_one(const fs::path& path, PrivacyRepair& repair) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (error || (!fs::is_directory(status) && !fs::is_regular_file(status))) return;
  if ((status.permissions() & kOthers) == fs::perms::none) return;
  if (repair.first.empty()) repair.first = path.string();
  const fs::perms wanted =
      fs::is_directory(status) ? fs::perms::owner_all : fs::perms::owner_read | fs::perms::owner_write;
  fs::permissions(path, wanted, error);
  ++(error ? repair.refused : repair.closed);
}

}  // namespace

void make_files_private() { ::umask(S_IRWXG | S_IRWXO); }

PrivacyRepair close_to_others(const fs::path& folder) {
  PrivacyRepair repair;
  std::error_code error;
  if (!fs::is_directory(folder, error)) return repair;
  close_one(folder, repair);
  const auto skip = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at(folder, skip, error), end; !error && at != end; at.increment(error)) {
    close_one(at->path(), repair);
  }
  return repair;
}

}  // namespace tingan
