// The only source of randomness: real in the product, seeded in the simulator.
#pragma once
#include <cstdint>
#include <span>

namespace tingan {

class Random {
 public:
  virtual ~Random() = default;
  // Fills the whole span. Any thread.
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

}  // namespace tingan
