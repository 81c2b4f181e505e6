// One key sealed under another: XChaCha20-Poly1305 with the name bound in, so that a box cannot be moved to another
// name.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ports/key_store.h"
#include "ports/random.h"

namespace tingan {

std::string seal_key(const SealKey& key, const std::string& name, const SealKey& master, Random& random);
// nullopt: another master key's, another name's, or damaged.
std::optional<SealKey> open_key(std::string_view box, const std::string& name, const SealKey& master);

}  // namespace tingan
