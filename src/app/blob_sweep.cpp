#include "app/blob_sweep.h"

#include <unordered_set>

namespace tingan {
namespace {

constexpr std::size_t kNameLength = 64;
constexpr std::size_t kRecordsAtOnce = 1000;

// Takes every run of 64 hex digits out of the set.
void spare_named(std::string_view bytes, std::unordered_set<std::string>& unnamed) {
  std::size_t run = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    run = hex ? run + 1 : 0;
    if (run >= kNameLength) unnamed.erase(std::string(bytes.substr(i + 1 - kNameLength, kNameLength)));
  }
}

// From `after` to the end of the log. Gives where it ended.
Expected<std::uint64_t> spare_in_log(LogReader& log, std::uint64_t after, std::unordered_set<std::string>& unnamed,
                                     const std::atomic<bool>& stop) {
  while (!unnamed.empty() && !stop) {
    const auto records = log.read_after(after, kRecordsAtOnce);
    if (!records) return tl::unexpected(records.error());
    if (records->empty()) break;
    for (const StoredRecord& record : *records) spare_named(record.bytes, unnamed);
    after = records->back().gseq;
  }
  return after;
}

}  // namespace

Expected<BlobSweep> sweep_blobs(BlobFolder& blobs, LogReader& log, std::filesystem::file_time_type before,
                                const std::atomic<bool>& stop) {
  const std::vector<std::string> old = blobs.written_before(before);
  std::unordered_set<std::string> unnamed(old.begin(), old.end());
  const auto end = spare_in_log(log, 0, unnamed, stop);
  if (!end) return tl::unexpected(end.error());
  BlobSweep swept;
  for (const std::string& name : old) {
    if (stop || unnamed.empty()) break;
    if (!unnamed.contains(name)) continue;
    // What came while the log was read, or while others were removed.
    if (const auto newer = spare_in_log(log, *end, unnamed, stop); !newer) return tl::unexpected(newer.error());
    if (stop || !unnamed.contains(name)) continue;
    std::error_code unknown;
    const auto size = std::filesystem::file_size(blobs.path_of(name), unknown);
    if (const auto gone = blobs.remove(name); !gone) return tl::unexpected(gone.error());
    ++swept.removed;
    swept.bytes += unknown ? 0 : size;
  }
  return swept;
}

}  // namespace tingan
