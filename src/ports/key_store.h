// Keys of sealed envelopes, one a person, incident or order. Destroying a key erases what it sealed, for good, and
// leaves the proof. Any thread.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace tingan {

using SealKey = std::array<std::uint8_t, 32>;

class KeyStore {
 public:
  virtual ~KeyStore() = default;
  // Makes and durably keeps the key where there is none. Errors: `store.full`, `store.io`, `seal.destroyed`.
  virtual Expected<SealKey> get_or_create(const std::string& name) = 0;
  // Makes those that are not there yet, in one durable step: an organisation has thousands. Destroyed ones stay so.
  virtual Expected<void> make_all(const std::vector<std::string>& names) = 0;
  // nullopt: never made, or destroyed.
  virtual Expected<std::optional<SealKey>> get(const std::string& name) = 0;
  virtual Expected<void> destroy(const std::string& name) = 0;
};

}  // namespace tingan
