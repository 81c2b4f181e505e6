#include <algorithm>

#include "codec/plan_reader.h"

namespace tingan {
namespace {

bool has_key(const YamlNode& node, std::string_view key) {
  return std::any_of(node.pairs.begin(), node.pairs.end(), [&](const auto& pair) { return pair.first.text == key; });
}

}  // namespace

void PlanReader::read_reports(Mapping& top) {
  const YamlNode* node = top.find("reports");
  if (node == nullptr) return;
  Mapping reports(problems_, *node, {"“reports”", "'reports'"});
  plan_.initial = read_report(reports, "initial");
  plan_.follow_up = read_report(reports, "follow_up");
  plan_.final = read_report(reports, "final");
  reports.finish();
  // The later reports go where the first one went, unless they say otherwise.
  const auto inherit = [&](std::string_view key, std::optional<ReportNeed>& later) {
    if (!later || !plan_.initial) return;
    if (!has_key(*reports.find(key), "to")) later->to = plan_.initial->to;
    if (!has_key(*reports.find(key), "by")) later->by = plan_.initial->by;
  };
  inherit("follow_up", plan_.follow_up);
  inherit("final", plan_.final);
}

std::optional<ReportNeed> PlanReader::read_report(Mapping& reports, std::string_view key) {
  const YamlNode* node = reports.find(key);
  if (node == nullptr) return std::nullopt;
  Mapping map(problems_, *node, {fmt::format("报告“{}”", key), fmt::format("the report '{}'", key)});
  ReportNeed need;
  need.line = reports.line_of(key);
  if (key == "follow_up") {
    need.every = map.duration("every");
  } else {
    need.within = map.duration("within");
  }
  if (key == "initial") map.need("to");
  need.to = roles_of(map, "to");
  if (const auto by = map.word_if("by")) need.by = role(*by).value_or(need.by);
  need.clauses = read_clauses(map);
  keep_lines(map, need.line);
  map.finish();
  return need;
}

void PlanReader::read_gate(const YamlNode& node) {
  Mapping map(problems_, node, {"结案条件", "a closing gate"});
  Gate gate;
  gate.line = node.line;
  keep_lines(map, gate.line);
  gate.id = read_id(map);
  gate.text = map.text("text");
  if (const YamlNode* needs = map.need("needs")) {
    read_need(
        *needs, gate,
        {fmt::format("结案条件“{}”的“needs”", gate.id.str()), fmt::format("'needs' of gate '{}'", gate.id.str())});
  }
  gate.clauses = read_clauses(map);
  map.finish();
  plan_.gates.push_back(std::move(gate));
}

// Its own keys stand beside a condition's.
void PlanReader::read_need(const YamlNode& node, Gate& gate, const Text& what) {
  if (node.kind == YamlNode::Kind::scalar && node.text == "acceptance.reconciled") {
    gate.needs.acceptance = true;
    return;
  }
  Mapping map(problems_, node, what);
  if (!map.valid()) return;
  if (node.pairs.empty()) {
    problems_.add(
        "wrong-type",
        {fmt::format("{}是空的", what.zh), fmt::format("Expected {} to ask for something, but it is empty", what.en)},
        node.line);
  }
  for (const Word& word : map.words_if("steps").value_or(std::vector<Word>{})) {
    const int index = reference(word, step_names_, "unknown-step", {"步骤", "step"});
    if (index >= 0) gate.needs.steps.push_back(index);
  }
  const std::string report = map.choice("report", {"initial", "follow_up", "final"});
  gate.needs.report = report == "follow_up" ? "follow-up" : report;
  if (const auto form = map.word_if("forms"); form && check_id(problems_, *form)) gate.needs.form = FormId(form->text);
  gate.needs.acceptance = map.choice("acceptance", {"reconciled"}) == "reconciled";
  for (const Word& word : map.words_if("chains").value_or(std::vector<Word>{})) {
    if (reference(word, chain_names_, "unknown-chain", {"联动", "chain"}) >= 0)
      gate.needs.chains.emplace_back(word.text);
  }
  if (const YamlNode* apart = map.find("apart")) gate.needs.apart = read_apart(*apart, what);
  if (const YamlNode* children = map.find("children")) gate.needs.children = read_condition(*children, what);
  YamlNode rest;
  rest.kind = YamlNode::Kind::map;
  rest.line = node.line;
  for (const auto& pair : node.pairs) {
    const std::string& key = pair.first.text;
    constexpr std::string_view kOwn[] = {"steps", "report", "forms", "children", "acceptance", "chains", "apart"};
    if (std::find(std::begin(kOwn), std::end(kOwn), key) == std::end(kOwn)) rest.pairs.push_back(pair);
  }
  if (!rest.pairs.empty()) gate.needs.condition = read_condition(rest, what);
  keep_lines(map, gate.line);
}

Apart PlanReader::read_apart(const YamlNode& node, const Text& what) {
  constexpr int kPersonsMax = 10;
  Mapping map(problems_, node, {what.zh + "的“apart”", "'apart' of " + what.en});
  Apart apart;
  if (!map.valid()) return apart;
  map.need("facts");
  apart.facts = facts_of(map, "facts");
  apart.persons = map.number_if("persons", 2, kPersonsMax).value_or(apart.persons);
  apart.or_after = map.duration("or_after");
  map.finish();
  return apart;
}

}  // namespace tingan
