// A new master key in place of the old one: every key of keys.db is sealed anew, what they seal stays as it is.
#pragma once
#include <optional>
#include <string>

#include "ports/random.h"
#include "store/sqlite/data_folder.h"
#include "store/sqlite/database.h"

namespace tingan {

struct Passphrases {
  std::optional<std::string> present;
  std::optional<std::string> next;  // none: the new key stands in master.key itself
};

// The node must be stopped: takes the folder's lock. After a crash at any point the folder opens with the old or the
// new key, never with neither. Gives how many keys were sealed anew. Errors: `store.locked`, those of
// open_master_key and of the store; nothing is changed then.
Expected<std::size_t> rotate_master_key(const DataFolder& folder, const Passphrases& passphrases, Random& random);

// Ends a rotation that a crash interrupted: keys.db says under which key it stands. Before the master key is read.
Expected<void> settle_rotation(const DataFolder& folder, sqlite::Database& keys);
// Error `store.rotating`: keys.db stands under another master key than that of master.key.
Expected<void> check_master_key(const DataFolder& folder);
// Says in keys.db under which key it stands, where it does not say so yet; writes nothing otherwise. Error
// `seal.other-master-key`: it stands under another one than that of master.key.
Expected<void> agree_on_master_key(const DataFolder& folder, sqlite::Database& keys);

}  // namespace tingan
