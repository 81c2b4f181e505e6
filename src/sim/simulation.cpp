#include "sim/simulation.h"

#include "sim/halls_world.h"
#include "sim/orders/orders_world.h"

namespace tingan::sim {
namespace {

constexpr Duration kHallsHealed = std::chrono::minutes{150};
constexpr Duration kOrdersHealed = std::chrono::minutes{120};

}  // namespace

RunReport simulate(const std::vector<NodeImage>& images, const RunOptions& options) {
  SeededRandom dice(options.seed);
  Course course(images[dice.below(images.size())], options, kHallsHealed);
  HallsWorld world(course);
  course.live_in(world);
  return course.run();
}

RunReport simulate_orders(const NodeImage& image, const RunOptions& options) {
  Course course(image, options, kOrdersHealed);
  OrdersWorld world(course);
  course.live_in(world);
  return course.run();
}

}  // namespace tingan::sim
