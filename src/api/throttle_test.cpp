#include "api/throttle.h"

#include <gtest/gtest.h>

namespace tingan::api {
namespace {

using namespace std::chrono_literals;

const Instant kNow = from_millis(1'800'000'000'000);

int let_in(LoginThrottle& throttle, const std::string& user, const std::vector<std::string>& peers, Instant now) {
  int count = 0;
  for (const std::string& peer : peers) count += throttle.take(user, peer, now).count() == 0 ? 1 : 0;
  return count;
}

TEST(LoginThrottle, TriesAtTheSameTimeAreNoBetterThanTriesInARow) {
  LoginThrottle throttle;
  EXPECT_EQ(let_in(throttle, "director", std::vector<std::string>(60, "192.0.2.1"), kNow), LoginThrottle::kFree);
  EXPECT_EQ(throttle.take("director", "192.0.2.1", kNow + LoginThrottle::kFirst).count(), 0);
  EXPECT_GT(throttle.take("director", "192.0.2.1", kNow + LoginThrottle::kFirst).count(), 0);
}

TEST(LoginThrottle, AWaitIsNeverLongerThanHalfAMinute) {
  LoginThrottle throttle;
  Instant now = kNow;
  for (int i = 0; i < 200; ++i) {
    const Duration wait = throttle.take("director", "192.0.2.1", now);
    EXPECT_LE(wait, LoginThrottle::kMost);
    now += wait + 1ms;
  }
}

TEST(LoginThrottle, AnIpv6CustomerIsOneAddress) {
  LoginThrottle throttle;
  std::vector<std::string> peers;
  for (int i = 0; i < 60; ++i) peers.push_back("2001:db8:1:1::" + std::to_string(i + 1));
  EXPECT_EQ(let_in(throttle, "director", peers, kNow), LoginThrottle::kFree);
  EXPECT_EQ(throttle.take("director", "2001:db8:1:2::1", kNow).count(), 0);
  // The same address written in two ways.
  EXPECT_EQ(let_in(throttle, "other", std::vector<std::string>(9, "192.0.2.1"), kNow), LoginThrottle::kFree);
  EXPECT_GT(throttle.take("other", "::ffff:192.0.2.1", kNow).count(), 0);
}

TEST(LoginThrottle, ManyAddressesTogetherAreSlowAndNobodyIsLockedOut) {
  LoginThrottle throttle;
  throttle.succeeded("director", "198.51.100.7", kNow);
  std::vector<std::string> one_net;
  for (int i = 1; i < 255; ++i) one_net.push_back("192.0.2." + std::to_string(i));
  const int first = let_in(throttle, "director", one_net, kNow);
  EXPECT_LE(first, static_cast<int>(LoginThrottle::kAccountBurst) + 1);
  // An hour of it: what the account earns, and one in half a minute from the network.
  int hour = 0;
  for (int s = 1; s <= 3600; ++s) hour += let_in(throttle, "director", one_net, kNow + std::chrono::seconds{s});
  EXPECT_LE(hour, 3600 / 30 * 2 + 1);
  // In the midst of it: from the own desk at once, and from a network that was never seen, too.
  EXPECT_EQ(throttle.take("director", "198.51.100.7", kNow + 3600s).count(), 0);
  EXPECT_EQ(throttle.take("director", "203.0.113.9", kNow + 3600s).count(), 0);
}

TEST(LoginThrottle, AnAddressThatOnlyFailsComesLastUntilSomebodyGetsIn) {
  LoginThrottle throttle;
  for (int i = 0; i < LoginThrottle::kFree; ++i) {
    EXPECT_FALSE(throttle.fails("192.0.2.1", kNow));
    throttle.take("name-" + std::to_string(i), "192.0.2.1", kNow);
  }
  EXPECT_TRUE(throttle.fails("192.0.2.1", kNow));
  EXPECT_FALSE(throttle.fails("192.0.2.2", kNow));
  EXPECT_FALSE(throttle.fails("192.0.2.1", kNow + LoginThrottle::kForget + 1ms));
  throttle.succeeded("clerk", "192.0.2.1", kNow);
  EXPECT_FALSE(throttle.fails("192.0.2.1", kNow));
}

TEST(LoginThrottle, WhoGotInIsKnownAndStartsAfresh) {
  LoginThrottle throttle;
  EXPECT_FALSE(throttle.was_in("clerk", "192.0.2.1"));
  for (int i = 0; i < 4; ++i) throttle.take("clerk", "192.0.2.1", kNow);
  throttle.succeeded("clerk", "192.0.2.1", kNow);
  EXPECT_TRUE(throttle.was_in("clerk", "192.0.2.1"));
  EXPECT_FALSE(throttle.was_in("clerk", "192.0.2.2"));
  EXPECT_FALSE(throttle.was_in("cler", "k192.0.2.1"));
  EXPECT_EQ(let_in(throttle, "clerk", std::vector<std::string>(9, "192.0.2.1"), kNow), LoginThrottle::kFree);
}

}  // namespace
}  // namespace tingan::api
