#include "channels/support/signing.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace tingan::channels {
namespace {

// OpenSSL speaks of unsigned characters; every byte stays what it is.
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view message) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  // A null key would mean "the key of before" to OpenSSL.
  const char* const key_data = key.empty() ? "" : key.data();
  CHECK(HMAC(EVP_sha256(), key_data, static_cast<int>(key.size()), bytes_of(message), message.size(), digest, &size) !=
        nullptr);
  return std::string(digest, digest + size);
}

std::string hex(std::string_view bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char byte : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes), static_cast<int>(bytes.size()));
  CHECK(size >= 0);
  out.resize(static_cast<std::size_t>(size));
  return out;
}

}  // namespace tingan::channels
