#include "sim/checkers/checker.h"

namespace tingan::sim {

void Verdict::fail(std::string_view what) {
  if (!what_) what_.emplace(what);
}

}  // namespace tingan::sim
