#include "runtime/node_identity.h"

#include <sodium.h>

#include "base/check.h"
#include "base/file.h"

namespace tingan {
namespace {

constexpr std::string_view kHead = "tingan-node-key 1 ";

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string hex_of(std::string_view bytes) {
  std::string text(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), raw(bytes), bytes.size());
  text.pop_back();
  return text;
}

// Exactly 32 bytes in hex, then nothing but an optional line end.
bool bytes_of(std::string_view text, std::array<std::uint8_t, 32>& out) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::size_t size = 0;
  return text.size() == 64 &&
         sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, nullptr) == 0 && size == 32;
}

}  // namespace

std::unique_ptr<NodeIdentity> NodeIdentity::from_seed(const std::array<std::uint8_t, 32>& seed) {
  CHECK(sodium_init() >= 0);
  std::unique_ptr<NodeIdentity> identity(new NodeIdentity);
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_key{};
  crypto_sign_seed_keypair(public_key.data(), identity->secret_.data(), seed.data());
  identity->public_key_.assign(public_key.begin(), public_key.end());
  return identity;
}

Expected<std::unique_ptr<NodeIdentity>> NodeIdentity::open(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    return fail("identity.none", {"没有节点密钥文件", "Expected the node's key file, but there is none"},
                file.string());
  }
  auto content = read_whole_file(file);
  if (!content) return tl::unexpected(content.error());
  std::array<std::uint8_t, 32> seed{};
  const bool good = content->starts_with(kHead) && bytes_of(std::string_view(*content).substr(kHead.size()), seed);
  sodium_memzero(content->data(), content->size());
  if (!good) {
    return fail(
        "identity.damaged",
        {"节点密钥文件损坏，请从备份恢复", "Expected a node key, but the file is damaged: restore it from a backup"},
        file.string());
  }
  auto identity = from_seed(seed);
  sodium_memzero(seed.data(), seed.size());
  return identity;
}

Expected<std::unique_ptr<NodeIdentity>> NodeIdentity::open_or_create(const std::filesystem::path& file,
                                                                     Random& random) {
  CHECK(sodium_init() >= 0);
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) return open(file);
  std::array<std::uint8_t, 32> seed{};
  random.fill(seed);
  std::string content = std::string(kHead) + hex_of({reinterpret_cast<const char*>(seed.data()), seed.size()}) + "\n";
  const auto written = create_private_file(file, content);
  sodium_memzero(content.data(), content.size());
  if (!written) return tl::unexpected(written.error());
  auto identity = from_seed(seed);
  sodium_memzero(seed.data(), seed.size());
  return identity;
}

NodeIdentity::~NodeIdentity() { sodium_memzero(secret_.data(), secret_.size()); }

std::string NodeIdentity::sign(std::string_view message) {
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, raw(message), message.size(),
                       secret_.data());
  return signature;
}

bool signature_valid(std::string_view public_key, std::string_view message, std::string_view signature) {
  return public_key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(raw(signature), raw(message), message.size(), raw(public_key)) == 0;
}

std::string public_key_text(std::string_view public_key) { return hex_of(public_key) + "\n"; }

Expected<std::string> parse_public_key(std::string_view text) {
  std::array<std::uint8_t, 32> key{};
  if (!bytes_of(text, key)) {
    return fail("identity.malformed-key",
                {"公钥应为 64 位十六进制", "Expected a public key of 64 hex digits, but it is something else"});
  }
  return std::string(key.begin(), key.end());
}

}  // namespace tingan
