// The node's signing identity (Ed25519). Any thread.
#pragma once
#include <string>
#include <string_view>

namespace tingan {

class Signer {
 public:
  virtual ~Signer() = default;
  virtual std::string sign(std::string_view message) = 0;  // raw 64 bytes
  virtual std::string public_key() const = 0;              // raw 32 bytes
};

}  // namespace tingan
