// The node's clock under a wall clock that is corrected, wrong or far away; and what a start believes.
#include <gtest/gtest.h>

#include <random>

#include "runtime/clock_trust.h"
#include "runtime/node_clock.h"

namespace tingan {
namespace {

using namespace std::chrono_literals;

const Instant kStart = *parse_rfc3339("2026-11-23T10:00:00+08:00");

// A machine whose wall clock somebody sets.
struct Machine {
  std::chrono::nanoseconds steady{5s};
  Duration wall_error{0};

  NodeClock::Machine read() {
    return {[this] { return kStart + std::chrono::duration_cast<Duration>(steady - 5s) + wall_error; },
            [this] { return steady; }};
  }
  void run(NodeClock& clock, std::chrono::seconds span) {
    for (auto i = 0s; i < span; ++i) {
      steady += 1s;
      clock.follow();
    }
  }
};

TEST(NodeClock, ASlowedClockMeetsACorrectedOneAndNeverGoesBack) {
  Machine machine;
  machine.wall_error = 3h;  // it started with a clock three hours ahead, and was told to accept it
  NodeClock clock(Instant{}, 1.0, machine.read());
  ASSERT_EQ(clock.now(), kStart + 3h);
  machine.wall_error = 0h;  // corrected
  EXPECT_EQ(clock.wall_offset(), -3h);
  Instant before = clock.now();
  for (int hour = 0; hour < 62; ++hour) {
    machine.run(clock, 3600s);
    const Instant now = clock.now();
    EXPECT_GE(now - before, 57min) << "half an hour lasts 90 s longer at most";
    EXPECT_LE(now - before, 60min);
    before = now;
  }
  EXPECT_LT(std::chrono::abs(clock.wall_offset()), 5ms);
}

TEST(NodeClock, ASmallStepAheadIsCaughtUpWithAndALargeOneIsNot) {
  Machine machine;
  NodeClock clock(Instant{}, 1.0, machine.read());
  machine.wall_error = 2min;
  machine.run(clock, 3600s);
  EXPECT_LT(std::chrono::abs(clock.wall_offset()), 5ms);
  machine.wall_error = 40 * 24h;
  machine.run(clock, 3600s);
  EXPECT_EQ(clock.slew(), 0);
  EXPECT_GT(clock.wall_offset(), 39 * 24h) << "a clock that is 40 days ahead makes nothing due";
}

TEST(NodeClock, NeverGoesBackWhateverTheWallClockDoes) {
  std::mt19937 dice(20261129);
  Machine machine;
  NodeClock clock(kStart - 1h, 1.0, machine.read());
  Instant before = clock.now();
  for (int i = 0; i < 20000; ++i) {
    machine.steady += std::chrono::milliseconds(dice() % 2500);
    if (dice() % 50 == 0) machine.wall_error = Duration(static_cast<std::int64_t>(dice() % 172800000) - 86400000);
    if (dice() % 3 == 0) clock.follow();
    const Instant now = clock.now();
    ASSERT_GE(now, before);
    before = now;
  }
}

TEST(NodeClock, GoesOnFromTheLogWhereTheWallClockIsBehindIt) {
  Machine machine;
  NodeClock clock(kStart + 20min, 1.0, machine.read());
  EXPECT_EQ(clock.now(), kStart + 20min);
  EXPECT_EQ(clock.wall_offset(), -20min);
}

TEST(NodeClock, AScaledOneFollowsNothing) {
  Machine machine;
  NodeClock clock(Instant{}, 900.0, machine.read());
  machine.wall_error = -5h;
  machine.run(clock, 4s);
  EXPECT_EQ(clock.now(), kStart + 1h);
  EXPECT_EQ(clock.wall_offset(), 0ms);
}

ClockEvidence after(Duration gap) { return {.wall = kStart + gap, .last_seen = kStart}; }

TEST(ClockTrust, AStartAsksWhenHoursHavePassedThatNobodyVouchesFor) {
  EXPECT_EQ(*judge_clock({.wall = kStart, .last_seen = {}}), ClockVerdict::steady) << "a new node";
  EXPECT_EQ(*judge_clock(after(20min)), ClockVerdict::steady);
  EXPECT_EQ(*judge_clock(after(15h)), ClockVerdict::steady) << "switched off over night, nothing was due";
  auto evidence = after(15h);
  evidence.something_due = true;
  EXPECT_EQ(judge_clock(evidence).error().code, "clock.ahead");
  evidence = after(40 * 24h);
  const auto refused = judge_clock(evidence);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "clock.ahead");
  EXPECT_NE(refused.error().message.zh.find("--accept-clock"), std::string::npos);
  EXPECT_NE(refused.error().message.en.find("960 hours"), std::string::npos) << refused.error().message.en;
  evidence.accepted = true;
  EXPECT_EQ(*judge_clock(evidence), ClockVerdict::believed);
  evidence = after(40 * 24h);
  evidence.kernel_vouches = true;
  EXPECT_EQ(*judge_clock(evidence), ClockVerdict::believed) << "after a holiday, with a time server";
  EXPECT_EQ(*judge_clock(after(-40 * 24h)), ClockVerdict::behind) << "an empty battery keeps nobody from a fire";
  EXPECT_EQ(*judge_clock(after(-1min)), ClockVerdict::steady);
}

TEST(ClockTrust, ADayOfAgreementConfirmsAndAnHourApartBeginsAnew) {
  Instant now = kStart;
  ClockTrust trust(now, Duration::zero());
  const auto run = [&](Duration span, Duration offset) {
    for (const Instant end = now + span; now < end; now += 1s) trust.look(now + 1s, offset);
  };
  run(23h, 100ms);
  EXPECT_FALSE(trust.erasing_allowed());
  run(1h, 10min);
  EXPECT_FALSE(trust.erasing_allowed()) << "while they are apart nothing is confirmed";
  run(1h, 0ms);
  EXPECT_TRUE(trust.erasing_allowed());
  run(1s, -2h);
  EXPECT_FALSE(trust.erasing_allowed());
  EXPECT_EQ(trust.confirmed(), 0h);
  trust.look(now + 30h, 0ms);
  EXPECT_LE(trust.confirmed(), 1min) << "a machine that slept has confirmed nothing";
  EXPECT_TRUE(ClockTrust(now, 24h).erasing_allowed()) << "what was confirmed before a restart stays";
}

TEST(ClockTrust, AKernelThatSaysAnotherTimeVouchesForNothing) {
  EXPECT_FALSE(kernel_vouches_for(NodeClock::machine().wall() + 1h));
}

}  // namespace
}  // namespace tingan
