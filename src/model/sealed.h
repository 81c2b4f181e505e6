// Personal data and free text never stand in an event as they are: only as an envelope under a key of their own. The
// chain hashes the envelope; to erase is to destroy the key (docs/formats/log.md).
#pragma once
#include <boost/describe.hpp>
#include <string>

namespace tingan {

struct Sealed {
  std::string key;  // "person:<id>", "incident:<id>", ...; empty: nothing was said
  std::string box;  // nonce and ciphertext (XChaCha20-Poly1305), base64url without padding

  bool empty() const { return key.empty(); }
  friend bool operator==(const Sealed&, const Sealed&) = default;
};
BOOST_DESCRIBE_STRUCT(Sealed, (), (key, box))

}  // namespace tingan
