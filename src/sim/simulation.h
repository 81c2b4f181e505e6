// One whole node under a seed: people, network, channels, disk and power, all of it drawn from one number. The same
// seed gives the same course, to the byte (docs/simulator.md).
#pragma once
#include <iosfwd>
#include <optional>
#include <string>

#include "sim/node_image.h"

namespace tingan::sim {

struct RunOptions {
  std::uint64_t seed = 1;
  std::ostream* story = nullptr;  // tells what happens, a line a thing
};

struct RunReport {
  std::uint64_t seed = 0;
  std::optional<std::string> wrong;  // the first thing that must not be
  std::string trace;                 // hash over every record and every answer: equal courses have equal ones
  bool on_sqlite = false;
  std::size_t records = 0;
  std::size_t answers = 0;
  std::size_t starts = 0;
  std::size_t escalations = 0;
  std::size_t escalations_late = 0;
  std::size_t messages = 0;
  std::size_t orders = 0;
  std::size_t entered = 0;
  std::size_t sent = 0;  // requests to the back office
  std::size_t asked = 0;
};

// Never throws; what a fault of the program does to the process (a failed CHECK) it does here, too.
RunReport simulate(const std::vector<NodeImage>& images, const RunOptions& options);
// The other world: halls that take orders, on phones and on paper, and enter them afterwards.
RunReport simulate_orders(const NodeImage& image, const RunOptions& options);

}  // namespace tingan::sim
