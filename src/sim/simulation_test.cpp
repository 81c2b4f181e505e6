// The simulator itself: the same seed gives the same course, and courses are rich enough to mean something.
#include "sim/simulation.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/faults.h"

namespace tingan::sim {
namespace {

const std::vector<NodeImage>& images() {
  static const std::vector<NodeImage> made = *make_images("plans", "org/demo.yaml");
  return made;
}

TEST(Simulation, ImagesHoldEveryShippedPlan) {
  std::set<std::string> plans;
  for (const NodeImage& image : images()) {
    for (const PlanPtr& plan : image.plans) plans.insert(plan->id.str());
  }
  EXPECT_EQ(plans.size(), 20U);
}

TEST(Simulation, TheSameSeedGivesTheSameCourseToTheByte) {
  for (const std::uint64_t seed : {2ULL, 16ULL}) {
    const RunReport first = simulate(images(), {.seed = seed});
    const RunReport second = simulate(images(), {.seed = seed});
    EXPECT_EQ(first.wrong.value_or(""), "");
    EXPECT_EQ(first.trace, second.trace);
    EXPECT_GT(first.records, 50U);
  }
}

TEST(Simulation, OtherSeedsGiveOtherCourses) {
  EXPECT_NE(simulate(images(), {.seed = 3}).trace, simulate(images(), {.seed = 6}).trace);
}

// Each of these found a fault of the program (docs/simulator.md); they must stay sound.
TEST(Simulation, SeedsThatOnceFailedAreSound) {
  for (const std::uint64_t seed : {2ULL, 4ULL, 5ULL, 7ULL, 11ULL}) {
    EXPECT_EQ(simulate(images(), {.seed = seed}).wrong.value_or(""), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace tingan::sim
