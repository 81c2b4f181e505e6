// Two brakes. LoginThrottle slows down who keeps guessing a password, and never locks anybody out: a director must get
// in during a fire. RateLimiter keeps one person or one address from taking the node for itself. Time is an argument,
// unscaled.
#pragma once
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/time.h"

namespace tingan::api {

class LoginThrottle {
 public:
  // How long this user from this address still has to wait; zero: go ahead.
  Duration wait(const std::string& user, const std::string& peer, Instant now);
  void failed(const std::string& user, const std::string& peer, Instant now);
  void succeeded(const std::string& user, const std::string& peer);

  static constexpr int kFree = 5;                 // mistakes that cost nothing
  static constexpr Duration kFirst{1000};         // then one second, doubled each time ...
  static constexpr Duration kMost{30'000};        // ... up to this, and never more
  static constexpr Duration kForget{900'000};     // without a mistake for so long all is forgotten
  static constexpr std::size_t kKeptMax = 20000;  // the oldest are forgotten first

 private:
  struct Failures {
    int count = 0;
    Instant last{};
    Instant until{};
  };
  void make_room(Instant now);

  std::mutex mutex_;
  std::unordered_map<std::string, Failures> failures_;
};

class RateLimiter {
 public:
  // `rate` tokens a second, at most `burst` saved up. rate 0: no limit.
  RateLimiter(double rate, double burst) : rate_(rate), burst_(burst) {}

  // Takes one; otherwise how long until there is one.
  Duration take(const std::string& who, Instant now);

 private:
  struct Bucket {
    double tokens = 0;
    Instant at{};
  };
  static constexpr std::size_t kKeptMax = 50000;

  const double rate_;
  const double burst_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace tingan::api
