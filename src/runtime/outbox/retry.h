// When to try again. Pure; `draw` is a random byte, so that a thousand nodes do not come back at the same moment.
#pragma once
#include <cstdint>

#include "base/time.h"

namespace tingan::outbox {

constexpr int kTriesMax = 12;
constexpr Duration kPatience = std::chrono::hours{1};  // then it is a dead letter

// 1 s after the first failure, then doubled, at most five minutes; each a quarter earlier or later by chance.
Duration backoff(int failures, std::uint8_t draw);

}  // namespace tingan::outbox
