// Pictures and voice notes that nothing in the log names: handed over before an order that never came, or left by a
// crash. After two days they go.
#pragma once
#include <atomic>

#include "ports/event_log.h"
#include "store/files/blob_folder.h"

namespace tingan {

// A phone that lost its network hands its order over when it has one again.
constexpr std::chrono::hours kUnnamedKept{48};

struct BlobSweep {
  std::size_t removed = 0;
  std::uint64_t bytes = 0;
};

// Removes what was written before `before` and whose name stands nowhere in the log. Any name counts, whatever record
// it stands in: a family of events that this program does not know loses nothing. Reads the log only where there is
// something to ask about. `stop` ends it early. Errors: `store.*`; nothing is removed then.
Expected<BlobSweep> sweep_blobs(BlobFolder& blobs, LogReader& log, std::filesystem::file_time_type before,
                                const std::atomic<bool>& stop);

}  // namespace tingan
