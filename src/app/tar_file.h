// A ustar archive of a few files: what `tingan backup --to FILE` writes and every tar reads.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"

namespace tingan {

// Packs these files of `folder` into the new file `archive` (mode 0600, whole or not at all). Errors: `file.exists`,
// `file.unreadable`, `file.unwritable`.
Expected<void> pack(const std::filesystem::path& folder, const std::vector<std::string>& names,
                    const std::filesystem::path& archive);
// Unpacks into an existing folder. Only names that are `allowed` are taken (folders in them are made); anything else in
// the archive, a bad checksum or a cut end is `backup.malformed`. Also `file.unreadable`, `file.unwritable`.
Expected<void> unpack(const std::filesystem::path& archive, const std::function<bool(const std::string&)>& allowed,
                      const std::filesystem::path& folder);

}  // namespace tingan
