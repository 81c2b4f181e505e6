// Everything that reads bytes from outside, as one function each: fed by libFuzzer (scripts/fuzz) and, from kept files
// and a few thousand damaged copies of them, by every run of the tests.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tingan::fuzz {

struct Target {
  std::string_view name;
  // Must come back, whatever the bytes; CHECKs what has to hold.
  void (*run)(std::string_view bytes);
};

const std::vector<Target>& targets();
// Ends the program when nobody has that name.
const Target& target(std::string_view name);

}  // namespace tingan::fuzz
