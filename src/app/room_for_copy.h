// Before something large is written by a verb: on the data folder's own disk it must not take the room that a running
// node needs.
#pragma once
#include <cstdint>
#include <filesystem>

#include "base/error.h"

namespace tingan {

// `bytes` into the folder of `to`. On the same file system as `data` the low mark must stay free (photos and evidence
// are refused below it). Error `store.low`: says how much is lacking.
Expected<void> check_room_for_copy(const std::filesystem::path& data, const std::filesystem::path& to,
                                   std::uint64_t bytes);
// Of the regular files under a folder, or of one file.
std::uint64_t bytes_under(const std::filesystem::path& path);

}  // namespace tingan
