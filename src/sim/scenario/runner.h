// Runs a scenario on a virtual node: acts, lets the clocks fire in order between the lines, and judges what was
// demanded. Deterministic.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/scenario/timeline.h"
#include "sim/scenario/virtual_node.h"

namespace tingan::scenario {

// What came of one line.
struct LineResult {
  int line = 0;
  Instant at{};
  std::size_t after_entry = 0;  // entries of the timeline that had happened by then
  bool acted = false;
  std::optional<Error> refused;  // of the action
  std::vector<Text> unmet;       // empty: as demanded
};

struct Result {
  Instant start{};
  std::vector<Entry> entries;
  std::vector<LineResult> lines;

  bool passed() const;
};

// Errors: faults of the world (`scenario.too-early`, `scenario.no-end`), not refusals: those are part of the result.
Expected<Result> run_scenario(const Prepared& prepared, const Scenario& scenario, std::uint64_t seed = 1);

}  // namespace tingan::scenario
