// The seeds and everything that a fuzzer once found, as they are and damaged in a few hundred repeatable ways each.
#include <gtest/gtest.h>

#include <sstream>

#include "fuzz/targets.h"
#include "structure/source_tree.h"

namespace tingan::fuzz {
namespace {

constexpr int kDamagesPerSeed = 150;
constexpr std::size_t kSeedBytesMax = 64 * 1024;

// seeds.txt: a target's name, then its folders.
std::vector<std::string> seed_folders(std::string_view name) {
  std::vector<std::string> folders;
  for (const std::string& line : structure::lines_of(structure::read_sources({"tests/fuzz/seeds.txt"}, {})[0].text)) {
    std::istringstream words(line);
    std::string word;
    if (!(words >> word) || word != name) continue;
    while (words >> word) folders.push_back(word);
  }
  return folders;
}

// Splitmix64: the same damages on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }

 private:
  std::uint64_t state_;
};

std::string damaged(std::string text, Dice& dice) {
  static const std::string pieces[] = {
      "\n",   "  ",  "{",  "[",  "\"", ": ", "\xff", "\xe4\xb8", std::string(1, '\0'), "-1", "99999999999999999999",
      "\r\n", "%00", "&a", "*a", "!!x"};
  for (std::size_t i = 0, count = 1 + dice.below(4); i < count && !text.empty(); ++i) {
    const std::size_t at = dice.below(text.size());
    switch (dice.below(5)) {
      case 0:
        text[at] = static_cast<char>(dice.below(256));
        break;
      case 1:
        text.erase(at, 1 + dice.below(40));
        break;
      case 2:
        text.insert(at, pieces[dice.below(std::size(pieces))]);
        break;
      case 3:
        text.insert(at, text.substr(dice.below(text.size()), dice.below(200)));
        break;
      default:
        text.erase(at);
    }
  }
  return text;
}

class Replay : public ::testing::TestWithParam<std::string> {};

TEST_P(Replay, SurvivesSeedsAndTheirDamagedCopies) {
  const Target& under_test = target(GetParam());
  const std::vector<std::string> folders = seed_folders(GetParam());
  ASSERT_FALSE(folders.empty()) << "tests/fuzz/seeds.txt names no seeds";
  Dice dice(20261124);
  std::size_t runs = 0;
  for (const structure::SourceFile& seed : structure::read_sources(folders, {""})) {
    under_test.run(seed.text);
    if (seed.text.size() > kSeedBytesMax) continue;
    for (int i = 0; i < kDamagesPerSeed; ++i, ++runs) under_test.run(damaged(seed.text, dice));
  }
  EXPECT_GT(runs, 100U);
  under_test.run("");
}

std::vector<std::string> target_names() {
  std::vector<std::string> names;
  for (const Target& one : targets()) names.emplace_back(one.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Targets, Replay, ::testing::ValuesIn(target_names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace tingan::fuzz
