// The simulator's dice: the same seed gives the same course, on every machine.
#pragma once
#include <string_view>
#include <vector>

#include "base/time.h"
#include "ports/random.h"

namespace tingan::sim {

// One thread. Not for secrets.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}

  void fill(std::span<std::uint8_t> out) override;
  std::uint64_t next();
  // 0 .. n-1; n > 0.
  std::uint64_t below(std::uint64_t n);
  // `permille` of 1000 times.
  bool chance(int permille) { return static_cast<int>(below(1000)) < permille; }
  // Both ends included, in whole milliseconds.
  Duration between(Duration least, Duration most);
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  // A stream of its own, so that drawing more here moves nothing there.
  SeededRandom fork(std::string_view name) const;

 private:
  std::uint64_t state_;
};

}  // namespace tingan::sim
