#include "sim/scenario/scenario_reader.h"

#include <algorithm>

#include "model/vocabulary.h"
#include "sim/scenario/scenario_yaml.h"

namespace tingan::scenario {
namespace {

constexpr std::size_t kLinesMax = 10000;
constexpr Duration kLengthMax = std::chrono::hours{24 * 366};

struct ActionWord {
  const char* key;
  Action::Kind kind;
};

constexpr ActionWord kActions[] = {
    {"declare", Action::Kind::declare}, {"fact", Action::Kind::fact},         {"done", Action::Kind::done},
    {"started", Action::Kind::started}, {"skip", Action::Kind::skip},         {"ack", Action::Kind::ack},
    {"close", Action::Kind::close},     {"reopen", Action::Kind::reopen},     {"retract", Action::Kind::retract},
    {"report", Action::Kind::report},   {"progress", Action::Kind::progress}, {"restart", Action::Kind::restart},
    {"record", Action::Kind::record},
};

struct RosterWord {
  const char* key;
  RosterAct::Kind kind;
};

constexpr RosterWord kRosterActs[] = {{"handover", RosterAct::Kind::handover},
                                      {"away", RosterAct::Kind::away},
                                      {"here", RosterAct::Kind::here},
                                      {"stand_in", RosterAct::Kind::stand_in}};

constexpr auto kAcceptanceLast = static_cast<int>(AcceptanceAct::Kind::back_office);

}  // namespace

void ScenarioReader::read(const YamlNode& root) {
  Mapping top(problems_, root, {"演练脚本", "the scenario"});
  if (!top.valid()) return;
  read_head(top);
  top.need("script");
  const auto& lines = top.list("script");
  if (lines.size() > kLinesMax) {
    problems_.add("too-large",
                  {fmt::format("脚本最多 {} 行", kLinesMax),
                   fmt::format("Expected at most {} lines in the script, but got {}", kLinesMax, lines.size())},
                  top.line_of("script"));
    return;
  }
  const YamlNode* script = top.find("script");
  if (script != nullptr && script->kind == YamlNode::Kind::list && lines.empty()) {
    problems_.add("empty", {"脚本一行也没有", "Expected at least one line in the script, but there is none"},
                  top.line_of("script"));
  }
  for (const YamlNode& node : lines) read_line(node);
  check_names();
  check_orders();
  top.finish();
}

void ScenarioReader::read_head(Mapping& top) {
  if (const auto title = top.word_if("title")) scenario_.title = title->text;
  for (const Word& word : top.words_if("clauses").value_or(std::vector<Word>{})) {
    if (const auto known = clause(word)) scenario_.clauses.push_back(*known);
  }
  const Word start = top.word("start");
  if (start.text.empty()) return;
  const auto at = parse_rfc3339(start.text);
  if (at) {
    scenario_.start = *at;
  } else {
    problems_.add("malformed-time", at.error().message, start.line);
  }
}

void ScenarioReader::read_line(const YamlNode& node) {
  Mapping map(problems_, node, {"脚本的一行", "a line of the script"});
  if (!map.valid()) return;
  Line line;
  line.line = node.line;
  line.at = map.duration("at");
  check_order(line, map.line_of("at"));
  const auto read_as = [&](const char* key, const auto& make) {
    const YamlNode* value = map.find(key);
    if (value == nullptr) return;
    if (line.action) {
      problems_.add("two-actions",
                    {"一行只写一个动作", "Expected one action on a line, but there are two: write two lines"},
                    map.line_of(key));
      return;
    }
    line.action = make(*value);
  };
  const auto read = [&](const char* key, Action::Kind kind, AcceptanceAct::Kind act) {
    read_as(key, [&](const YamlNode& value) { return read_action(kind, value, act); });
  };
  for (const ActionWord& word : kActions) read(word.key, word.kind, {});
  for (int i = 0; i <= kAcceptanceLast; ++i) {
    const auto act = static_cast<AcceptanceAct::Kind>(i);
    read(word_of(act), Action::Kind::acceptance, act);
  }
  for (const RosterWord& word : kRosterActs) {
    read_as(word.key, [&](const YamlNode& value) { return read_roster_action(word.kind, value); });
  }
  if (const YamlNode* value = map.find("expect"))
    line.expect = read_expect(*value, line.action ? &*line.action : nullptr);
  const std::size_t mistakes_before = map.node().pairs.size();
  map.finish();
  if (!line.action && !line.expect && mistakes_before <= 1) {
    problems_.add(
        "empty-line",
        {"这一行既没有动作也没有“expect”", "Expected an action or 'expect' on the line, but there is neither"},
        node.line);
  }
  if (line.expect && line.expect->incident.empty() && line.action) line.expect->incident = line.action->incident;
  scenario_.script.push_back(std::move(line));
}

void ScenarioReader::check_order(const Line& line, int at_line) {
  if (line.at > kLengthMax) {
    problems_.add("too-long", {"演练最长一年", "Expected a scenario to last a year at most, but the line stands later"},
                  at_line);
  }
  if (!scenario_.script.empty() && line.at < scenario_.script.back().at) {
    problems_.add("not-in-order",
                  {fmt::format("脚本要按时间顺序写：{} 在 {} 之后", format_duration(line.at),
                               format_duration(scenario_.script.back().at)),
                   fmt::format("Expected lines in order of time, but {} stands after {}", format_duration(line.at),
                               format_duration(scenario_.script.back().at))},
                  at_line);
  }
}

// Names are known from the whole file, so that a misspelt one is a mistake and not a refusal.
void ScenarioReader::check_names() {
  const std::vector<std::string> known(declared_.begin(), declared_.end());
  for (const Word& word : named_) {
    const std::string base = word.text.substr(0, word.text.find('.'));
    if (declared_.contains(base)) continue;
    problems_.add_unknown("unknown-incident",
                          {fmt::format("没有叫“{}”的事件", word.text), fmt::format("unknown incident '{}'", word.text)},
                          word.text, known, word.line);
  }
}

std::optional<RoleId> ScenarioReader::role(const Word& word) {
  std::vector<std::string> names;
  for (const RoleInfo& info : roles()) names.push_back(info.id.str());
  names.push_back(staff_role().str());
  names.push_back(admin_role().str());
  names.push_back(auditor_role().str());
  if (std::find(names.begin(), names.end(), word.text) != names.end()) return RoleId(word.text);
  problems_.add_unknown("unknown-role",
                        {fmt::format("没有岗位“{}”", word.text), fmt::format("unknown role '{}'", word.text)},
                        word.text, names, word.line);
  return std::nullopt;
}

std::optional<ClauseId> ScenarioReader::clause(const Word& word) {
  const bool known = known_clauses_.empty() ||
                     std::find(known_clauses_.begin(), known_clauses_.end(), word.text) != known_clauses_.end();
  if (known) return ClauseId(word.text);
  problems_.add_unknown("unknown-clause",
                        {fmt::format("没有条款“{}”", word.text), fmt::format("unknown clause '{}'", word.text)},
                        word.text, known_clauses_, word.line);
  return std::nullopt;
}

std::string ScenarioReader::name(const Word& word) {
  if (word.text.empty() || !check_id(problems_, word)) return {};
  named_.push_back(word);
  return word.text;
}

tl::expected<Scenario, std::vector<Error>> parse_scenario(std::string_view yaml, const std::string& file,
                                                          const std::vector<std::string>& known_clauses) {
  Problems problems("scenario", file);
  YamlNode root;
  Scenario scenario;
  scenario.file = file;
  if (read_yaml_tree(yaml, problems, root)) ScenarioReader(problems, scenario, known_clauses).read(root);
  if (!problems.empty()) return tl::unexpected(problems.take());
  return scenario;
}

}  // namespace tingan::scenario
