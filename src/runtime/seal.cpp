#include "runtime/seal.h"

#include <sodium.h>

#include "base/check.h"

namespace tingan {
namespace {

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr int kBase64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string to_base64(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), kBase64), '\0');
  sodium_bin2base64(text.data(), text.size(), raw(bytes), bytes.size(), kBase64);
  text.pop_back();  // the terminator
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr,
                        &size, &end, kBase64) != 0 ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

tl::unexpected<Error> forged(const std::string& key) {
  return fail("seal.forged",
              {"密封内容被改动，或不是用此密钥封存",
               "Expected an envelope made under this key, but it was changed or made under another"},
              key);
}

}  // namespace

Sealer::Sealer(KeyStore& keys, Random& random) : keys_(keys), random_(random) { CHECK(sodium_init() >= 0); }

Expected<void> Sealer::make_keys(const std::vector<std::string>& names) { return keys_.make_all(names); }

Expected<Sealed> Sealer::seal(const std::string& name, std::string_view plaintext) {
  CHECK(!name.empty());
  if (plaintext.empty()) return Sealed{};
  const auto box = seal_bytes(name, plaintext);
  if (!box) return tl::unexpected(box.error());
  return Sealed{name, to_base64(*box)};
}

Expected<Sealed> Sealer::seal_alike(const std::string& name, std::string_view plaintext) {
  CHECK(!name.empty());
  if (plaintext.empty()) return Sealed{};
  const auto box = seal_with(name, plaintext, true);
  if (!box) return tl::unexpected(box.error());
  return Sealed{name, to_base64(*box)};
}

Expected<std::string> Sealer::seal_bytes(const std::string& name, std::string_view plaintext) {
  return seal_with(name, plaintext, false);
}

Expected<std::string> Sealer::seal_with(const std::string& name, std::string_view plaintext, bool alike) {
  auto key = keys_.get_or_create(name);
  if (!key) return tl::unexpected(key.error());
  std::array<std::uint8_t, kNonce> nonce{};
  if (alike) {
    // A keyed hash of the text: another text gets another nonce, the same one reveals only that it is the same.
    crypto_generichash(nonce.data(), nonce.size(), raw(plaintext), plaintext.size(), key->data(), key->size());
  } else {
    random_.fill(nonce);
  }
  std::string box(kNonce + plaintext.size() + kTag, '\0');
  auto* out = reinterpret_cast<unsigned char*>(box.data());
  std::copy(nonce.begin(), nonce.end(), out);
  // The key's name is bound in: an envelope cannot be relabelled.
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + kNonce, nullptr, raw(plaintext), plaintext.size(), raw(name),
                                             name.size(), nullptr, nonce.data(), key->data());
  sodium_memzero(key->data(), key->size());
  return box;
}

Expected<std::optional<std::string>> Sealer::open(const Sealed& sealed) {
  if (sealed.empty()) return std::optional<std::string>("");
  return open_bytes(sealed.key, from_base64(sealed.box).value_or(""));
}

Expected<std::optional<std::string>> Sealer::open_bytes(const std::string& name, std::string_view box) {
  auto key = keys_.get(name);
  if (!key) return tl::unexpected(key.error());
  if (!*key) return std::optional<std::string>();
  if (box.size() < kNonce + kTag) return forged(name);
  std::string plaintext(box.size() - kNonce - kTag, '\0');
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(plaintext.data()), nullptr, nullptr, raw(box) + kNonce, box.size() - kNonce,
      raw(name), name.size(), raw(box), (*key)->data());
  sodium_memzero((*key)->data(), (*key)->size());
  if (opened != 0) return forged(name);
  return std::optional<std::string>(std::move(plaintext));
}

Expected<std::string> Sealer::fingerprint(const std::string& name, std::string_view text) {
  auto key = keys_.get_or_create(name);
  if (!key) return tl::unexpected(key.error());
  std::string mark(16, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(mark.data()), mark.size(), raw(text), text.size(), key->data(),
                     key->size());
  sodium_memzero(key->data(), key->size());
  return to_base64(mark);
}

}  // namespace tingan
