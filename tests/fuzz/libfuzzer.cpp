// libFuzzer's way in; TINGAN_FUZZ_TARGET is the target's name.
#include <cstddef>
#include <cstdint>

#include "fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tingan::fuzz::Target& target = tingan::fuzz::target(TINGAN_FUZZ_TARGET);
  target.run({reinterpret_cast<const char*>(data), size});
  return 0;
}
