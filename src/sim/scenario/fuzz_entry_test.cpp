// Bytes of any kind: cut, spliced and shuffled scenarios give mistakes or results, never an end of the program.
#include "sim/scenario/fuzz_entry.h"

#include <gtest/gtest.h>

#include <random>

#include "sim/scenario/testing.h"

namespace tingan::scenario {
namespace {

const std::string kSeed =
    "title: t\nclauses: [S4.8]\nstart: 2026-11-23T10:00:00+08:00\nscript:\n"
    "  - {at: 0m, declare: {as: i1, unit: hall-a, type: outage, facts: {scope: single}, by: hall-director}}\n"
    "  - {at: 1m, done: {incident: i1, clause: S4.6, by: hall-director}, expect: {rejected: false}}\n"
    "  - {at: 2m, declare: {as: i2, unit: hall-b, type: outage, drill: true, by: guard}}\n"
    "  - {at: 3m, ack: {incident: i1, clause: S4.1}}\n"
    "  - {at: 4m, restart: {down: 40m}}\n"
    "  - {at: 45m, expect: {incident: i1, clause: S4.8, fired: true, at: 30m, to: [general-group], people: some}}\n"
    "  - {at: 46m, skip: {incident: i1, step: each, reason: no}}\n"
    "  - {at: 47m, progress: {incident: i1.parent, text: soon, by: general-group}}\n"
    "  - {at: 48m, report: {incident: i1, kind: initial}}\n"
    "  - {at: 49m, fact: {incident: i1, set: {restored: true}, by: clerk}}\n"
    "  - {at: 50m, close: {incident: i1, by: hall-director}, expect: {state: closed, prohibited: false, clause: "
    "S4.1}}\n"
    "  - {at: 51m, reopen: {incident: i1, reason: again}}\n"
    "  - {at: 52m, retract: {incident: i1}}\n";

TEST(ScenarioFuzz, TheSeedItselfIsReadAndRun) { read_any_scenario(kSeed); }

TEST(ScenarioFuzz, CutAtEveryByte) {
  for (std::size_t n = 0; n < kSeed.size(); ++n) read_any_scenario(std::string_view(kSeed).substr(0, n));
}

TEST(ScenarioFuzz, BytesReplacedDroppedAndDoubled) {
  std::mt19937 random(20261124);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (int i = 0; i < 1000; ++i) {
    std::string text = kSeed;
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, 1 + below(8));
          break;
        case 2:
          text.insert(at, text.substr(below(text.size()), below(40)));
          break;
        default:
          std::swap(text[at], text[below(text.size())]);
          break;
      }
      if (text.empty()) text = " ";
    }
    read_any_scenario(text);
  }
}

// Whole lines in any order, with other words in the same places: well-formed, and still nonsense.
TEST(ScenarioFuzz, LinesAndWordsShuffled) {
  std::mt19937 random(7);
  const std::vector<std::pair<std::string, std::vector<std::string>>> words = {
      {"hall-a", {"hall-b", "centre", "hall-z", ""}},
      {"i1", {"i2", "i1.parent", "i1.outage", "i1.parent.parent", "i3"}},
      {"hall-director", {"clerk", "staff", "admin", "general-group@hall-a", "guard@nowhere", "company-leader"}},
      {"outage", {"fire", "i1", "program"}},
      {"scope: single", {"scope: multi", "restored: false", "x: y"}},
      {"40m", {"0m", "400h", "1ms"}}};
  std::vector<std::string> lines;
  std::istringstream in(kSeed);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  for (int i = 0; i < 500; ++i) {
    std::string text = "start: 2026-11-23T10:00:00+08:00\nscript:\n";
    for (int n = 0; n < 12; ++n) {
      std::string line = lines[4 + random() % (lines.size() - 4)];
      for (const auto& [word, others] : words) {
        const auto at = line.find(word);
        if (at != std::string::npos && random() % 3 == 0)
          line.replace(at, word.size(), others[random() % others.size()]);
      }
      const auto at = line.find("at: ");
      line.replace(at + 4, line.find(',') - at - 4, std::to_string(n * 5) + "m");
      text += line + "\n";
    }
    read_any_scenario(text);
  }
}

}  // namespace
}  // namespace tingan::scenario
