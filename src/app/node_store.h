// Opens what a node keeps in its data folder, after looking whether it is all there, belongs together and is closed to
// others; and judges the clock by what it finds.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "runtime/clock_trust.h"
#include "runtime/engine.h"
#include "runtime/node_identity.h"
#include "runtime/reserved_key_store.h"
#include "store/files/blob_folder.h"
#include "store/files/disk_reserve.h"
#include "store/sqlite/event_log.h"
#include "store/sqlite/key_store.h"

namespace tingan {

struct NodeStore {
  std::unique_ptr<DiskReserve> room;
  std::unique_ptr<SqliteEventLog> log;
  std::unique_ptr<SqliteKeyStore> disk_keys;
  std::unique_ptr<ReservedKeyStore> keys;  // the same, drawing on the reserve
  std::unique_ptr<BlobFolder> blobs;
  std::unique_ptr<NodeIdentity> identity;
};

// A full disk is no reason not to start: what is there can be read. `random` outlives it. Errors: `data.file-missing`,
// `data.file-empty`, `identity.other-node`, `seal.other-node`, `seal.other-master-key`, `seal.keys-older`, and those of
// the parts.
Expected<NodeStore> open_node_store(const DataFolder& folder, const std::optional<std::string>& passphrase,
                                    Random& random);

struct StartClock {
  ClockVerdict verdict = ClockVerdict::steady;
  Duration confirmed{};  // before this start
};
// After recovery. Error `clock.ahead`.
Expected<StartClock> judge_start(const DataFolder& folder, EngineCore& core, bool accepted);

}  // namespace tingan
