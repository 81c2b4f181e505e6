#include "app/system_random.h"

#include <sodium.h>

#include "base/check.h"

namespace tingan {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  static const bool ready = sodium_init() >= 0;
  CHECK(ready);
  randombytes_buf(out.data(), out.size());
}

}  // namespace tingan
