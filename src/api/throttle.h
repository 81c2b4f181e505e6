// Two brakes. LoginThrottle slows down who keeps guessing a password, and never locks anybody out: a director must get
// in during a fire. RateLimiter keeps one person or one address from taking the node for itself. Time is an argument,
// unscaled. Addresses count as net::address_group has them.
#pragma once
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/time.h"

namespace tingan::api {

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

class LoginThrottle {
 public:
  // How long this user from this address still has to wait; zero: a try would be let in now. Takes nothing.
  Duration wait(const std::string& user, const std::string& peer, Instant now);
  // The same, and zero takes a ticket: the try counts as a mistake from here on, until succeeded() says otherwise. So a
  // hundred tries at the same time are no better than a hundred in a row. Call it right before the comparison.
  Duration take(const std::string& user, const std::string& peer, Instant now);
  // It was right: mistakes are forgotten, and the pair is known from here on.
  void succeeded(const std::string& user, const std::string& peer, Instant now);
  // This user got in from this address before, since the start of the node: such a pair does not pay for what others
  // try under the name.
  bool was_in(const std::string& user, const std::string& peer);
  // From this address several tries were mistakes lately, under whatever names, and none was right since: it comes
  // last.
  bool fails(const std::string& peer, Instant now);

  static constexpr int kFree = 5;                 // mistakes that cost nothing
  static constexpr Duration kFirst{1000};         // then one second, doubled each time ...
  static constexpr Duration kMost{30'000};        // ... up to this, and never more
  static constexpr Duration kForget{900'000};     // without a mistake for so long all is forgotten
  static constexpr std::size_t kKeptMax = 20000;  // the oldest are forgotten first
  // Tries of one name from all addresses that it was never in from: so many at once, and one more each half minute.
  // Above that each network (net::address_net) still has one try in kMost: slow, and never shut.
  static constexpr double kAccountRate = 1.0 / 30;
  static constexpr double kAccountBurst = 20;

 private:
  struct Failures {
    int count = 0;
    Instant last{};
    Instant until{};
  };
  void make_room(Instant now);

  RateLimiter accounts_{kAccountRate, kAccountBurst};
  std::mutex mutex_;
  std::unordered_map<std::string, Failures> failures_;
  std::unordered_map<std::string, Instant> known_;  // pairs that were in, and when last
};

}  // namespace tingan::api
