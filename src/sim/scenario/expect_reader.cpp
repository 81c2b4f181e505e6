#include "sim/scenario/scenario_reader.h"

namespace tingan::scenario {
namespace {

struct StateWord {
  const char* word;
  IncidentStatus status;
};

constexpr StateWord kStates[] = {{"open", IncidentStatus::open},
                                 {"contained", IncidentStatus::contained},
                                 {"closed", IncidentStatus::closed},
                                 {"retracted", IncidentStatus::retracted}};

std::optional<bool> flag_if(Mapping& map, std::string_view key) {
  if (map.find(key) == nullptr) return std::nullopt;
  return map.flag(key);
}

}  // namespace

bool Expect::looks_at_incident() const {
  return fired || at || !to.empty() || some_people || open || silent || drill || prohibited || state ||
         !chained.empty();
}

Expect ScenarioReader::read_expect(const YamlNode& node, const Action* action) {
  Mapping map(problems_, node, {"“expect”", "'expect'"});
  Expect expect;
  expect.line = node.line;
  if (!map.valid()) return expect;
  if (const auto word = map.word_if("incident")) expect.incident = name(*word);
  if (const auto word = map.word_if("clause")) expect.clause = clause(*word).value_or(ClauseId(word->text));
  if (const auto word = map.word_if("step")) expect.step = PartId(word->text);
  expect.fired = flag_if(map, "fired");
  expect.at = map.duration_if("at");
  if (const YamlNode* to = map.find("to"); to != nullptr && to->kind == YamlNode::Kind::scalar) {
    if (const auto known = role({to->text, to->line})) expect.to.push_back(*known);
  } else {
    for (const Word& word : map.words_if("to").value_or(std::vector<Word>{})) {
      if (const auto known = role(word)) expect.to.push_back(*known);
    }
  }
  if (const auto word = map.word_if("people")) {
    if (word->text == "some" || word->text == "none") {
      expect.some_people = word->text == "some";
    } else {
      problems_.add("unknown-value",
                    {fmt::format("“people”只能是 some 或 none，却是“{}”", word->text),
                     fmt::format("Expected 'people' to be some or none, but got '{}'", word->text)},
                    word->line);
    }
  }
  expect.open = flag_if(map, "open");
  expect.silent = flag_if(map, "silent");
  expect.drill = flag_if(map, "drill");
  expect.prohibited = flag_if(map, "prohibited");
  expect.rejected = flag_if(map, "rejected");
  if (const auto word = map.word_if("code")) expect.code = word->text;
  if (const auto word = map.word_if("chained")) expect.chained = PlanId(word->text);
  if (const auto word = map.word_if("state")) {
    std::vector<std::string> known;
    for (const StateWord& state : kStates) {
      known.emplace_back(state.word);
      if (word->text == state.word) expect.state = state.status;
    }
    if (!expect.state) {
      problems_.add_unknown(
          "unknown-state", {fmt::format("没有“{}”这种状态", word->text), fmt::format("unknown state '{}'", word->text)},
          word->text, known, word->line);
    }
  }
  for (const Word& word : map.words_if("gates").value_or(std::vector<Word>{})) expect.gates.emplace_back(word.text);
  const AcceptanceAct act = action == nullptr ? AcceptanceAct{} : action->acceptance;
  if (const YamlNode* of = map.find("order")) expect.order = read_order_demand(*of, act.order);
  if (const YamlNode* of = map.find("reconciliation")) expect.reconciliation = read_hall_demand(*of, act.unit);
  map.finish();
  check_expect(expect, action);
  return expect;
}

// A demand that could never fail must not look like one that was met.
void ScenarioReader::check_expect(const Expect& expect, const Action* action) {
  const bool beside_action = action != nullptr;
  const auto mistake = [&](std::string_view code, Text text) { problems_.add(code, std::move(text), expect.line); };
  const bool about_part = expect.fired || expect.at || !expect.to.empty() || expect.some_people || expect.open;
  if (about_part && expect.clause.empty() && expect.step.empty()) {
    mistake("missing-key", {"“fired”“at”“to”“people”“open”要写明哪一条：“clause”或“step”",
                            "Expected 'clause' or 'step' beside fired, at, to, people or open, but there is neither"});
  }
  if (expect.prohibited && expect.clause.empty()) {
    mistake("missing-key", {"“prohibited”要写明“clause”", "Expected 'clause' beside 'prohibited', but it is missing"});
  }
  if (!expect.clause.empty() && !expect.step.empty()) {
    mistake("two-parts", {"“clause”与“step”只写一个", "Expected 'clause' or 'step', but there are both"});
  }
  const bool about_action = expect.rejected || !expect.code.empty() || !expect.gates.empty();
  if (about_action && !beside_action) {
    mistake("no-action", {"“rejected”“code”“gates”要写在动作旁边",
                          "Expected an action beside 'rejected', 'code' or 'gates', but the line has none"});
  }
  if (expect.rejected == false && (!expect.code.empty() || !expect.gates.empty())) {
    mistake("contradiction",
            {"没有被拒绝就没有“code”和“gates”", "Expected 'code' and 'gates' only where the action is refused"});
  }
  if (!expect.gates.empty() && beside_action && action->kind != Action::Kind::close) {
    mistake("no-action", {"“gates”要写在“close”旁边", "Expected 'close' beside 'gates', but it is another action"});
  }
  if (expect.fired == false && expect.some_people) {
    mistake("contradiction", {"没有触发就谈不上“people”", "Expected 'people' only where something has fired"});
  }
  const bool names_one = beside_action && action->kind != Action::Kind::acceptance;
  if (expect.looks_at_incident() && expect.incident.empty() && !names_one) {
    mistake("missing-key", {"“expect”缺少“incident”", "Expected 'expect' to have 'incident', but it is missing"});
  }
  if (!about_action && !expect.looks_at_incident() && !expect.order && !expect.reconciliation) {
    mistake("empty", {"“expect”什么也没有要求", "Expected 'expect' to ask for something, but it asks for nothing"});
  }
}

}  // namespace tingan::scenario
