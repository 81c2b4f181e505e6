// Who this node is: an Ed25519 key pair in the data folder. It signs what the node has written.
#pragma once
#include <array>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "ports/random.h"
#include "ports/signer.h"

namespace tingan {

// Any thread once it is made.
class NodeIdentity final : public Signer {
 public:
  // Reads `file` (node.key, mode 0600), or makes it where there is none. Errors: `identity.damaged`, `file.unreadable`,
  // `file.unwritable`.
  static Expected<std::unique_ptr<NodeIdentity>> open_or_create(const std::filesystem::path& file, Random& random);
  // Error `identity.none` where there is no file.
  static Expected<std::unique_ptr<NodeIdentity>> open(const std::filesystem::path& file);
  // From 32 bytes; the same bytes give the same node: for the simulator and for tests.
  static std::unique_ptr<NodeIdentity> from_seed(const std::array<std::uint8_t, 32>& seed);
  ~NodeIdentity() override;

  std::string sign(std::string_view message) override;
  std::string public_key() const override { return public_key_; }

 private:
  NodeIdentity() = default;

  std::array<unsigned char, 64> secret_{};
  std::string public_key_;
};

// `public_key` raw 32 bytes, `signature` raw 64; anything of another size is simply not valid. Any thread.
bool signature_valid(std::string_view public_key, std::string_view message, std::string_view signature);

// 64 lower-case hex digits and a line end: what `verify --key` reads and `tingan export --key-out` writes.
std::string public_key_text(std::string_view public_key);
// Error `identity.malformed-key`.
Expected<std::string> parse_public_key(std::string_view text);

}  // namespace tingan
