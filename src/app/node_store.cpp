#include "app/node_store.h"

#include <spdlog/spdlog.h>

#include "app/private_files.h"
#include "runtime/log_owner.h"
#include "runtime/node_clock.h"
#include "store/sqlite/database.h"
#include "store/sqlite/folder_check.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

Expected<void> make_folder(const DataFolder& folder) {
  std::error_code error;
  fs::create_directories(folder.path, error);
  if (!error) return {};
  return fail("store.io",
              {fmt::format("无法建立数据目录：{}", error.message()),
               fmt::format("Expected to make the data folder, but: {}", error.message())},
              folder.path.string());
}

void close_folder(const DataFolder& folder) {
  const PrivacyRepair repair = close_to_others(folder.path);
  if (repair.closed > 0) {
    spdlog::warn("{} files or folders in the data folder could be read by others and are closed now, {} among them",
                 repair.closed, repair.first);
  }
  if (repair.refused > 0) {
    spdlog::error("{} files or folders in the data folder stand open to others and cannot be closed, {} among them",
                  repair.refused, repair.first);
  }
}

// On a full disk SQLite cannot even make the files that it reads with: the reserve gives them room.
template <class Open>
auto open_in(DiskReserve& room, const Open& open) -> decltype(open()) {
  for (;;) {
    auto opened = open();
    if (opened || opened.error().code != "store.full" || !room.give_up_some(Urgency::people)) return opened;
  }
}

Expected<void> open_parts(NodeStore& store, const DataFolder& folder, const std::optional<std::string>& passphrase,
                          Random& random) {
  auto log = open_in(*store.room, [&] { return SqliteEventLog::open(folder); });
  if (!log && log.error().code == "store.full") {
    spdlog::warn("the disk is full and the reserve used up: the databases are opened for this process alone, to read");
    sqlite::open_alone();
    log = SqliteEventLog::open(folder);
  }
  if (!log) return tl::unexpected(log.error());
  store.log = std::move(*log);
  auto keys = open_in(*store.room, [&] { return SqliteKeyStore::open(folder, passphrase, random); });
  if (!keys) return tl::unexpected(keys.error());
  store.disk_keys = std::move(*keys);
  store.keys = std::make_unique<ReservedKeyStore>(*store.disk_keys, *store.room);
  store.blobs = std::make_unique<BlobFolder>(folder.blobs());
  auto identity = NodeIdentity::open_or_create(folder.node_key(), random);
  if (!identity) return tl::unexpected(identity.error());
  store.identity = std::move(*identity);
  return {};
}

Expected<void> check_they_belong_together(NodeStore& store) {
  const std::string node = public_key_text(store.identity->public_key()).substr(0, 64);
  if (auto owned = store.disk_keys->belong_to(node); !owned && owned.error().code != "store.full") return owned;
  if (auto owned = check_signer(*store.log, store.identity->public_key()); !owned) return owned;
  return check_keys_reach(*store.log, [&](const std::string& name) { return store.disk_keys->knows(name); });
}

}  // namespace

Expected<NodeStore> open_node_store(const DataFolder& folder, const std::optional<std::string>& passphrase,
                                    Random& random) {
  if (auto made = make_folder(folder); !made) return tl::unexpected(made.error());
  const auto state = check_folder(folder);
  if (!state) return tl::unexpected(state.error());
  close_folder(folder);
  if (*state == FolderState::fresh) {
    if (auto begun = begin_first_start(folder); !begun) return tl::unexpected(begun.error());
  }
  NodeStore store;
  store.room = std::make_unique<DiskReserve>(folder.reserve());
  store.room->make_room_to_open();
  auto done = open_parts(store, folder, passphrase, random);
  if (done) done = check_they_belong_together(store);
  if (!done) return tl::unexpected(done.error());
  if (*state == FolderState::fresh) end_first_start(folder);
  return store;
}

Expected<StartClock> judge_start(const DataFolder& folder, EngineCore& core, bool accepted) {
  const auto note = read_clock_note(folder.clock());
  ClockEvidence evidence{.wall = NodeClock::machine().wall(), .last_seen = core.last_time(), .accepted = accepted};
  if (note) evidence.last_seen = std::max(evidence.last_seen, note->last_seen);
  evidence.something_due = core.next_deadline() <= evidence.wall;
  evidence.kernel_vouches = kernel_vouches_for(evidence.wall);
  const auto verdict = judge_clock(evidence);
  if (!verdict) return tl::unexpected(verdict.error());
  return StartClock{*verdict, note && *verdict == ClockVerdict::steady ? note->confirmed : Duration::zero()};
}

}  // namespace tingan
