#include "codec/plan_reader.h"

#include <algorithm>
#include <set>

#include "model/vocabulary.h"

namespace tingan {
namespace {

constexpr std::size_t kPartsMax = 500;  // of one kind; no plan that people can read comes near

std::vector<std::string> role_names() {
  std::vector<std::string> names;
  for (const RoleInfo& role : roles()) names.push_back(role.id.str());
  names.push_back(staff_role().str());
  return names;
}

bool is_date(std::string_view text) {
  return text.size() == 10 && parse_rfc3339(std::string(text) + "T00:00:00Z").has_value();
}

}  // namespace

void PlanReader::read(const YamlNode& root) {
  Mapping top(problems_, root, {"预案", "the plan"});
  if (!top.valid()) return;
  keep_lines(top, 0);
  read_head(top);
  collect_names(top);
  read_facts(top);
  read_phases(top);
  if (const YamlNode* node = top.find("acknowledge")) {
    plan_.acknowledge = read_acknowledge(*node, {"预案的“acknowledge”", "'acknowledge' of the plan"}, AckPolicy{});
  }
  top.need("steps");
  each(top, "steps", [&](const YamlNode& node) { read_step(node); });
  each(top, "escalations", [&](const YamlNode& node) { read_escalation(node); });
  each(top, "prohibitions", [&](const YamlNode& node) { read_prohibition(node); });
  each(top, "scripts", [&](const YamlNode& node) { read_script(node); });
  each(top, "chains", [&](const YamlNode& node) { read_chain(node); });
  read_reports(top);
  each(top, "close", [&](const YamlNode& node) { read_gate(node); });
  read_correlation(top);
  read_silent(top);
  if (const YamlNode* node = top.find("contained")) {
    plan_.contained = read_condition(*node, {"“contained”", "'contained'"});
    plan_.has_contained = true;
  }
  read_late(top);
  top.finish();
}

void PlanReader::read_head(Mapping& top) {
  const Word id = top.word("plan");
  if (!id.text.empty() && check_id(problems_, id)) plan_.id = PlanId(id.text);
  plan_.title = top.text("title");
  plan_.owner = top.text("owner");
  plan_.origin = top.text_if("origin").value_or(Text{});
  top.need("severity");
  const std::string severity = top.choice("severity", {"danger", "major", "minor"});
  plan_.severity = severity == "danger" ? Severity::danger : severity == "minor" ? Severity::minor : Severity::major;
  const Word issued = top.word("issued");
  plan_.issued = issued.text;
  if (!issued.text.empty() && !is_date(issued.text)) {
    problems_.add("malformed-date",
                  {fmt::format("日期“{}”应写成 2026-11-23 的样子", issued.text),
                   fmt::format("Expected a date like 2026-11-23, but got '{}'", issued.text)},
                  issued.line);
  }
  plan_.clauses = read_clauses(top);
}

void PlanReader::collect_names(Mapping& top) {
  const auto collect = [&](std::string_view key, std::vector<std::string>* names) {
    const YamlNode* list = top.find(key);
    if (list == nullptr || list->kind != YamlNode::Kind::list) return;
    if (list->items.size() > kPartsMax) {
      problems_.add("too-large",
                    {fmt::format("“{}”超过 {} 条", key, kPartsMax),
                     fmt::format("Expected at most {} of '{}', but there are {}", kPartsMax, key, list->items.size())},
                    list->line);
    }
    std::set<std::string> seen;
    for (const YamlNode& item : list->items) {
      std::string name;
      int line = item.line;
      for (const auto& [written, value] : item.pairs) {
        if (written.text != "id" || value.kind != YamlNode::Kind::scalar) continue;
        name = value.text;
        line = value.line;
      }
      if (!name.empty() && !seen.insert(name).second) {
        problems_.add("duplicate-id",
                      {fmt::format("“{}”里有两个“{}”", key, name),
                       fmt::format("Expected every id once in '{}', but '{}' stands there twice", key, name)},
                      line);
      }
      if (names != nullptr) names->push_back(name);
    }
  };
  collect("phases", &phase_names_);
  collect("steps", &step_names_);
  collect("escalations", &escalation_names_);
  collect("scripts", &script_names_);
  collect("prohibitions", nullptr);
  collect("chains", &chain_names_);
  collect("close", nullptr);
}

void PlanReader::read_phases(Mapping& top) {
  each(top, "phases", [&](const YamlNode& node) {
    Mapping map(problems_, node, {"阶段", "a phase"});
    Phase phase;
    phase.line = node.line;
    phase.id = read_id(map);
    phase.title = map.text("title");
    phase.when = condition_if(map, "when");
    keep_lines(map, phase.line);
    map.finish();
    plan_.phases.push_back(std::move(phase));
  });
}

AckPolicy PlanReader::read_acknowledge(const YamlNode& node, const Text& what, const AckPolicy& base) {
  Mapping map(problems_, node, what);
  AckPolicy policy = base;
  const auto need = map.word_if("need");
  constexpr int kPeopleMax = 1000;
  if (need && need->text == "all") {
    policy.need = 0;
  } else {
    policy.need = map.number_if("need", 1, kPeopleMax).value_or(policy.need);
  }
  constexpr int kTimesMax = 100;
  policy.repeat = map.duration_if("repeat").value_or(policy.repeat);
  policy.times = map.number_if("times", 0, kTimesMax).value_or(policy.times);
  if (map.find("then") != nullptr) policy.then = roles_of(map, "then");
  keep_lines(map, node.line);
  map.finish();
  return policy;
}

void PlanReader::read_late(Mapping& top) {
  const YamlNode* node = top.find("late");
  if (node == nullptr) return;
  Mapping map(problems_, *node, {"“late”", "'late'"});
  map.need("tell");
  std::vector<LateRule> rules = {{Duration{0}, roles_of(map, "tell")}};
  for (const YamlNode& item : map.list("then")) {
    Mapping rule(problems_, item, {"“late”的“then”", "'then' of 'late'"});
    const Duration after = rule.duration("after");
    rule.need("tell");
    rules.push_back({after, roles_of(rule, "tell")});
    rule.finish();
  }
  map.finish();
  plan_.late = std::move(rules);
}

void PlanReader::read_silent(Mapping& top) {
  const YamlNode* node = top.find("silent");
  if (node == nullptr) return;
  Mapping map(problems_, *node, {"“silent”", "'silent'"});
  if (const YamlNode* condition = map.need("while")) {
    plan_.silent = read_condition(*condition, {"“silent”的“while”", "'while' of 'silent'"});
  }
  map.finish();
}

PartId PlanReader::read_id(Mapping& map) {
  const Word id = map.word("id");
  if (id.text.empty() || !check_id(problems_, id)) return {};
  return PartId(id.text);
}

void PlanReader::keep_lines(const Mapping& map, int part_line) {
  for (const auto& [key, value] : map.node().pairs) plan_.key_lines.try_emplace({part_line, key.text}, key.line);
}

std::vector<ClauseId> PlanReader::read_clauses(Mapping& map) {
  std::vector<ClauseId> out;
  const auto words = map.words_if("clauses");
  if (!words) return out;
  for (const Word& word : *words) {
    if (check_id(problems_, word)) out.emplace_back(word.text);
  }
  return out;
}

std::optional<RoleId> PlanReader::role(const Word& word) {
  static const std::vector<std::string> names = role_names();
  if (std::find(names.begin(), names.end(), word.text) != names.end()) return RoleId(word.text);
  problems_.add_unknown("unknown-role",
                        {fmt::format("没有“{}”这个角色", word.text), fmt::format("unknown role '{}'", word.text)},
                        word.text, names, word.line);
  return std::nullopt;
}

std::vector<RoleId> PlanReader::roles_of(Mapping& map, std::string_view key) {
  std::vector<RoleId> out;
  const auto words = map.words_if(key);
  if (!words) return out;
  for (const Word& word : *words) {
    if (const auto known = role(word)) out.push_back(*known);
  }
  return out;
}

Condition PlanReader::condition_if(Mapping& map, std::string_view key) {
  const YamlNode* node = map.find(key);
  if (node == nullptr) return {};
  return read_condition(*node,
                        {fmt::format("{}的“{}”", map.what().zh, key), fmt::format("'{}' of {}", key, map.what().en)});
}

int PlanReader::reference(const Word& word, const std::vector<std::string>& names, std::string_view code,
                          const Text& kind) {
  const auto found = std::find(names.begin(), names.end(), word.text);
  if (found != names.end()) return static_cast<int>(found - names.begin());
  problems_.add_unknown(
      code, {fmt::format("没有“{}”这个{}", word.text, kind.zh), fmt::format("unknown {} '{}'", kind.en, word.text)},
      word.text, names, word.line);
  return -1;
}

}  // namespace tingan
