// The world of orders: courses are rich enough to mean something, and the checkers find what they are there for.
#include <gtest/gtest.h>

#include "sim/orders/orders_world.h"

namespace tingan::sim {
namespace {

const NodeImage& image() {
  static const NodeImage made = *make_orders_image("org/demo.yaml");
  return made;
}

RunReport run(std::uint64_t seed, const OrdersWorld::Wrap& wrap) {
  Course course(image(), {.seed = seed}, std::chrono::minutes{120});
  OrdersWorld world(course, wrap);
  course.live_in(world);
  return course.run();
}

// Between the node and the line: everything as it comes.
class Between : public BackOffice {
 public:
  explicit Between(OfficeLine& line) : line_(line) {}
  bool knows(const std::string& connector) const override { return line_.knows(connector); }
  bool can_ask(const std::string& connector) const override { return line_.can_ask(connector); }
  void send(const OrderToEnter& order, Done done) override { line_.send(order, std::move(done)); }
  void ask(const OrderToEnter& order, Done done) override { line_.ask(order, std::move(done)); }

 protected:
  OfficeLine& line_;
};

// The first of these seeds at which something is found wrong, and what; empty: nothing.
template <class Broken>
std::string found_by(std::uint64_t seeds) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const RunReport report = run(seed, [](OfficeLine& line) { return std::make_unique<Broken>(line); });
    if (report.wrong) return *report.wrong;
  }
  return {};
}

TEST(OrdersWorld, TheSameSeedGivesTheSameCourseToTheByte) {
  for (const std::uint64_t seed : {3ULL, 16ULL}) {
    const RunReport first = simulate_orders(image(), {.seed = seed});
    const RunReport second = simulate_orders(image(), {.seed = seed});
    EXPECT_EQ(first.wrong.value_or(""), "");
    EXPECT_EQ(first.trace, second.trace);
  }
}

TEST(OrdersWorld, CoursesAreRichAndSound) {
  RunReport sum;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const RunReport report = simulate_orders(image(), {.seed = seed});
    ASSERT_EQ(report.wrong.value_or(""), "") << "seed " << seed;
    sum.orders += report.orders;
    sum.entered += report.entered;
    sum.sent += report.sent;
    sum.asked += report.asked;
    sum.starts += report.starts;
  }
  EXPECT_GT(sum.orders, 800U);
  EXPECT_GT(sum.entered, 400U);
  EXPECT_GT(sum.sent, 400U);
  EXPECT_GT(sum.asked, 100U);
  EXPECT_GT(sum.starts, 120U);
}

TEST(OrdersWorld, NothingBetweenChangesNothing) { EXPECT_EQ(found_by<Between>(3), ""); }

// What has no answer counts as not done, and goes out again.
class Impatient : public Between {
 public:
  using Between::Between;
  void send(const OrderToEnter& order, Done done) override {
    line_.send(order, [done = std::move(done)](EntryResult result) {
      if (result.outcome == EntryOutcome::unknown) result = {.outcome = EntryOutcome::busy};
      done(std::move(result));
    });
  }
};
TEST(OrdersCheckers, FindARequestThatGoesOutAgainWithoutAQuestion) {
  EXPECT_NE(found_by<Impatient>(20).find("went out twice"), std::string::npos);
}

class Doubling : public Between {
 public:
  using Between::Between;
  void send(const OrderToEnter& order, Done done) override {
    line_.send(order, std::move(done));
    line_.send(order, [](const EntryResult&) {});
  }
};
TEST(OrdersCheckers, FindARequestThatGoesOutTwice) {
  EXPECT_NE(found_by<Doubling>(20).find("went out twice"), std::string::npos);
}

// "It is not there", without having looked.
class Blind : public Between {
 public:
  using Between::Between;
  void ask(const OrderToEnter& order, Done done) override {
    line_.ask(order, [done = std::move(done)](EntryResult result) {
      if (result.outcome == EntryOutcome::entered) result = {.outcome = EntryOutcome::absent};
      done(std::move(result));
    });
  }
};
TEST(OrdersCheckers, FindAnOrderThatIsEnteredTwice) {
  EXPECT_NE(found_by<Blind>(60).find("was entered 2 times"), std::string::npos);
}

class Hopeful : public Between {
 public:
  using Between::Between;
  void send(const OrderToEnter& order, Done done) override {
    line_.send(order, [done = std::move(done)](EntryResult result) {
      if (result.outcome == EntryOutcome::unknown) result = {.outcome = EntryOutcome::entered, .reference = "hope"};
      done(std::move(result));
    });
  }
};
TEST(OrdersCheckers, FindAnOrderThatOnlySeemsToBeEntered) {
  EXPECT_NE(found_by<Hopeful>(20).find("is said to be entered, and is not"), std::string::npos);
}

}  // namespace
}  // namespace tingan::sim
