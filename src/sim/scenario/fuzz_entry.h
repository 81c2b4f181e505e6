// One entry over the scenario reader and the runner: the fuzzer calls it, and a test runs it over the kept corpus.
#pragma once
#include <string_view>

namespace tingan::scenario {

// Never throws, whatever the bytes. CHECKs that every mistake has a code, a place and both languages. What is accepted
// is also run, where it is short, on a small node of its own.
void read_any_scenario(std::string_view bytes);

}  // namespace tingan::scenario
