// What a node keeps is nobody else's to read: everything in its data folder is 0600, its folders 0700.
#pragma once
#include <filesystem>
#include <string>

namespace tingan {

// From here on this process makes files that only its own user may read.
void make_files_private();

struct PrivacyRepair {
  std::size_t closed = 0;   // files and folders that others could have read or written
  std::size_t refused = 0;  // that could not be closed: they belong to another user
  std::string first;        // one of them, for the log
};
// Closes what stands open, under and including `folder`. Follows no links. No folder: nothing to do.
PrivacyRepair close_to_others(const std::filesystem::path& folder);

}  // namespace tingan
