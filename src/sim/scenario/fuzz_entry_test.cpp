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
    "  - {at: 50m, handover: {unit: hall-a, role: clerk, to: shift-leader, for: 1h}}\n"
    "  - {at: 50m, away: {unit: hall-a, role: guard, by: hall-director}}\n"
    "  - {at: 50m, stand_in: {unit: hall-a, role: guide, to: clerk, in: 5m, by: hall-director}}\n"
    "  - {at: 51m, reopen: {incident: i1, reason: again}}\n"
    "  - {at: 52m, retract: {incident: i1}}\n";

// The same for emergency acceptance.
const std::string kOrders =
    "start: 2026-11-23T10:00:00+08:00\nscript:\n"
    "  - {at: 1m, block: {unit: hall-a, device: p1, size: 9, by: clerk}}\n"
    "  - {at: 1m, pack: {unit: hall-a, business: bill, size: 9}}\n"
    "  - {at: 2m, order: {as: o1, unit: hall-a, business: bill, device: p1, number: 1, name: A, mobile: "
    "\"13812345678\", fields: {amount: \"9\"}, promise: come-again, due: 9m, by: clerk}, expect: {order: {state: "
    "waiting}}}\n"
    "  - {at: 3m, callback: {as: c1, unit: hall-a, business: bill, taken: 2m, name: B, mobile: \"1\"}}\n"
    "  - {at: 4m, back_office: {down: true, loses: answers, slow: 3s, can_ask: false, heeds_keys: false}}\n"
    "  - {at: 5m, replay: {unit: hall-a, rate: 3, by: hall-director}}\n"
    "  - {at: 6m, restart: {down: 1m}}\n"
    "  - {at: 8m, pause: {unit: hall-a}, expect: {code: replay.wrong-state}}\n"
    "  - {at: 8m, visit: {order: o1, person: clerk, due: 20m}}\n"
    "  - {at: 9m, call: {order: c1, reached: true}}\n"
    "  - {at: 9m, enter: {order: o1, reference: r}}\n"
    "  - {at: 9m, void: {unit: hall-a, first: 2, last: 3}}\n"
    "  - {at: 10m, expect: {order: {id: o1, warned: 1, told: [clerk]}, reconciliation: {unit: hall-a, missing: [1], "
    "balances: true}}}\n";

TEST(ScenarioFuzz, TheSeedItselfIsReadAndRun) {
  for (const std::string& seed : {kSeed, kOrders}) read_any_scenario(seed);
}

TEST(ScenarioFuzz, CutAtEveryByte) {
  for (const std::string& seed : {kSeed, kOrders}) {
    for (std::size_t n = 0; n < seed.size(); ++n) read_any_scenario(std::string_view(seed).substr(0, n));
  }
}

TEST(ScenarioFuzz, BytesReplacedDroppedAndDoubled) {
  std::mt19937 random(20261124);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (int i = 0; i < 1000; ++i) {
    std::string text = i % 2 == 0 ? kSeed : kOrders;
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
