// The one key that seals all others of a node. Without a passphrase it stands in master.key (mode 0600); with one, only
// the salt and a check value stand there, and the key comes from Argon2id at each start.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "ports/key_store.h"
#include "ports/random.h"

namespace tingan {

// Makes the file where there is none. Takes some 0.5 s and 256 MiB with a passphrase. Errors:
// `seal.wrong-passphrase` (also where the file wants one and none is given, or the other way round),
// `seal.master-key-damaged`, `file.unreadable`, `file.unwritable`.
Expected<SealKey> open_master_key(const std::filesystem::path& file, const std::optional<std::string>& passphrase,
                                  Random& random);

// What tells this file's key from another without opening it; hex. Errors: `seal.master-key-damaged`,
// `file.unreadable`.
Expected<std::string> master_key_mark(const std::filesystem::path& file);

}  // namespace tingan
