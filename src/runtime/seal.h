// Seals personal data and free text before they enter an event, and opens them for those who may see them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "model/sealed.h"
#include "ports/key_store.h"
#include "ports/random.h"

namespace tingan {

// Holds nothing of its own; both ports must outlive it. Any thread.
class Sealer {
 public:
  Sealer(KeyStore& keys, Random& random);

  // Under the key `name` ("person:<id>", "incident:<id>"), which is made where there is none. An empty plaintext gives
  // an empty envelope and makes no key. Errors: `seal.destroyed`, `store.full`, `store.io`.
  Expected<Sealed> seal(const std::string& name, std::string_view plaintext);
  // As seal(), but the same text under the same key is the same envelope: for what is compared without being opened.
  Expected<Sealed> seal_alike(const std::string& name, std::string_view plaintext);
  // The same for bytes that do not go into the log as text (photos, voice): nonce and ciphertext as they are.
  Expected<std::string> seal_bytes(const std::string& name, std::string_view bytes);
  // As open(). Errors: `seal.forged`, `store.io`.
  Expected<std::optional<std::string>> open_bytes(const std::string& name, std::string_view box);
  // Makes the keys of many names at once; seal() then costs no commit of its own. Errors: `store.full`, `store.io`.
  Expected<void> make_keys(const std::vector<std::string>& names);
  // nullopt: erased, the key was destroyed or never came here. Empty for an empty envelope. Errors: `seal.forged` (the
  // box was not made under this key), `store.io`.
  Expected<std::optional<std::string>> open(const Sealed& sealed);

  // A keyed hash of `text` (BLAKE2b): the same text gives the same mark, which says nothing without the key `name`.
  // Errors: `seal.destroyed`, `store.full`, `store.io`.
  Expected<std::string> fingerprint(const std::string& name, std::string_view text);

 private:
  Expected<std::string> seal_with(const std::string& name, std::string_view plaintext, bool alike);

  KeyStore& keys_;
  Random& random_;
};

}  // namespace tingan
