#include "sim/simulation.h"

#include "sim/course.h"

namespace tingan::sim {

RunReport simulate(const std::vector<NodeImage>& images, const RunOptions& options) {
  SeededRandom dice(options.seed);
  return Course(images[dice.below(images.size())], options).run();
}

}  // namespace tingan::sim
