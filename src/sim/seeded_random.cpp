#include "sim/seeded_random.h"

#include "base/check.h"

namespace tingan::sim {

// SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t SeededRandom::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size();) {
    std::uint64_t word = next();
    for (int byte = 0; byte < 8 && i < out.size(); ++byte, word >>= 8) out[i++] = static_cast<std::uint8_t>(word);
  }
}

std::uint64_t SeededRandom::below(std::uint64_t n) {
  CHECK(n > 0);
  return next() % n;  // the bias is far below anything that a run could show
}

Duration SeededRandom::between(Duration least, Duration most) {
  return least + Duration{static_cast<std::int64_t>(below(static_cast<std::uint64_t>((most - least).count()) + 1))};
}

SeededRandom SeededRandom::fork(std::string_view name) const {
  std::uint64_t hash = state_ ^ 14695981039346656037ULL;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 1099511628211ULL;
  return SeededRandom(SeededRandom(hash).next());
}

}  // namespace tingan::sim
