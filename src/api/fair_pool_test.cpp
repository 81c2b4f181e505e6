#include "api/fair_pool.h"

#include <gtest/gtest.h>

#include <future>

namespace tingan::api {
namespace {

// The one thread waits at a gate until everything is queued; then the order can be read off.
struct Line {
  explicit Line(FairPool::Limits limits) : pool(limits) {
    std::promise<void> at_gate;
    pool.post(Lane::signed_in, "gate", [&at_gate, opened = gate.get_future().share()] {
      at_gate.set_value();
      opened.wait();
    });
    at_gate.get_future().wait();
  }
  bool post(Lane lane, const std::string& key, const std::string& name) {
    const auto task = [this, name] {
      order += name + " ";
      if (--left == 0) done.set_value();
    };
    const auto give_way = [this, name] {
      dropped += name + " ";
      --left;
    };
    if (!pool.post(lane, key, task, give_way)) return false;
    ++left;
    return true;
  }
  // What ran, in order.
  std::string run() {
    gate.set_value();
    done.get_future().wait();
    return order;
  }

  std::promise<void> gate;
  std::string order;
  std::string dropped;
  int left = 0;  // nothing runs before the gate opens, and then one after the other
  std::promise<void> done;
  FairPool pool;
};

TEST(FairPool, WhoeverAsksALotDoesNotKeepTheOthersWaiting) {
  Line line({.threads = 1, .waiting_max = 100, .waiting_per_key_max = 50});
  for (int i = 0; i < 20; ++i) line.post(Lane::others, "flood", "f" + std::to_string(i));
  line.post(Lane::others, "director", "d");
  EXPECT_TRUE(line.run().starts_with("f0 d f1 ")) << line.order;
}

TEST(FairPool, LanesGoBeforeOneAnother) {
  Line line({.threads = 1, .waiting_max = 100, .waiting_per_key_max = 50});
  line.post(Lane::failed_lately, "d", "guesser");
  line.post(Lane::others, "a", "other");
  line.post(Lane::was_in_before, "b", "known");
  line.post(Lane::signed_in, "c", "inside");
  EXPECT_EQ(line.run(), "inside known other guesser ");
}

TEST(FairPool, OneKeyHasItsMost) {
  Line line({.threads = 1, .waiting_max = 100, .waiting_per_key_max = 2});
  EXPECT_TRUE(line.post(Lane::others, "a", "1"));
  EXPECT_TRUE(line.post(Lane::others, "a", "2"));
  EXPECT_FALSE(line.post(Lane::others, "a", "3"));
  EXPECT_TRUE(line.post(Lane::others, "b", "4"));
  EXPECT_EQ(line.run(), "1 4 2 ");
}

TEST(FairPool, WhenItIsFullTheLongestQueueGivesWayAndIsTold) {
  Line line({.threads = 1, .waiting_max = 3, .waiting_per_key_max = 3});
  for (const char* name : {"1", "2", "3"}) EXPECT_TRUE(line.post(Lane::others, "flood", name));
  EXPECT_FALSE(line.post(Lane::others, "flood", "4"));
  EXPECT_TRUE(line.post(Lane::others, "new", "n"));
  EXPECT_EQ(line.dropped, "3 ");
  EXPECT_TRUE(line.post(Lane::was_in_before, "director", "d"));
  EXPECT_EQ(line.dropped, "3 2 ");
  EXPECT_FALSE(line.post(Lane::others, "new", "n2"));  // nobody is worse off
  EXPECT_EQ(line.run(), "d 1 n ");
}

TEST(FairPool, SaysWhenNothingIsLeft) {
  std::promise<void> idle;
  FairPool pool({.threads = 2}, [&idle, told = false]() mutable {
    if (!std::exchange(told, true)) idle.set_value();
  });
  pool.post(Lane::signed_in, "a", [] {});
  EXPECT_EQ(idle.get_future().wait_for(std::chrono::seconds{20}), std::future_status::ready);
}

}  // namespace
}  // namespace tingan::api
