// The operating system's randomness.
#pragma once
#include "ports/random.h"

namespace tingan {

class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace tingan
