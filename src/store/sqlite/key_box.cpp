#include "store/sqlite/key_box.h"

#include <sodium.h>

#include <algorithm>

namespace tingan {
namespace {

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string seal_key(const SealKey& key, const std::string& name, const SealKey& master, Random& random) {
  std::array<std::uint8_t, kNonce> nonce{};
  random.fill(nonce);
  std::string box(kNonce + key.size() + kTag, '\0');
  auto* out = reinterpret_cast<unsigned char*>(box.data());
  std::copy(nonce.begin(), nonce.end(), out);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + kNonce, nullptr, key.data(), key.size(), raw(name), name.size(),
                                             nullptr, nonce.data(), master.data());
  return box;
}

std::optional<SealKey> open_key(std::string_view box, const std::string& name, const SealKey& master) {
  SealKey key{};
  if (box.size() != kNonce + key.size() + kTag) return std::nullopt;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(key.data(), nullptr, nullptr, raw(box) + kNonce, box.size() - kNonce,
                                                 raw(name), name.size(), raw(box), master.data()) != 0) {
    return std::nullopt;
  }
  return key;
}

}  // namespace tingan
