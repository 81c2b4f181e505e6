// Small files that must be there whole or not at all: keys and identities.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tingan {

// The whole file. Error `file.unreadable`.
Expected<std::string> read_whole_file(const std::filesystem::path& path);
// Written beside, synced and renamed: after a crash the old or the new content, never a part. Readable by the owner
// only (mode 0600). Errors: `file.unwritable`, `file.full` (no room on the disk); where the file must be new, also
// `file.exists`.
Expected<void> write_private_file(const std::filesystem::path& path, std::string_view content);
Expected<void> create_private_file(const std::filesystem::path& path, std::string_view content);

// In place of what stands there, durably; within one file system. Error `file.unwritable`.
Expected<void> move_file(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace tingan
