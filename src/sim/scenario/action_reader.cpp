#include <array>

#include "model/vocabulary.h"
#include "sim/scenario/scenario_reader.h"

namespace tingan::scenario {
namespace {

Text what_of(Action::Kind kind, AcceptanceAct::Kind act) {
  const char* names[] = {"declare", "fact",    "done",   "started",  "skip",    "ack",   "close",
                         "reopen",  "retract", "report", "progress", "restart", "record"};
  const char* name = kind == Action::Kind::acceptance ? word_of(act) : names[static_cast<std::size_t>(kind)];
  return {fmt::format("“{}”", name), fmt::format("'{}'", name)};
}

}  // namespace

Action ScenarioReader::read_action(Action::Kind kind, const YamlNode& node, AcceptanceAct::Kind act) {
  Mapping map(problems_, node, what_of(kind, act));
  Action action;
  action.kind = kind;
  action.acceptance.kind = act;
  action.line = node.line;
  if (!map.valid()) return action;
  switch (kind) {
    case Action::Kind::declare:
      read_declare(map, action);
      break;
    case Action::Kind::acceptance:
      read_acceptance(map, action.acceptance);
      break;
    case Action::Kind::restart:
      action.down = map.duration_if("down").value_or(Duration{0});
      if (action.down > std::chrono::hours{24 * 366}) {
        problems_.add("too-long", {"停机最长一年", "Expected the node to be down for a year at most"}, node.line);
      }
      break;
    case Action::Kind::fact:
      read_incident(map, action);
      map.need("set");
      action.set = read_settings(map, "set");
      if (const auto words = map.word_if("reason")) action.words = words->text;
      action.duress = map.flag("duress");
      break;
    case Action::Kind::report:
      read_incident(map, action);
      action.report = map.word("kind").text;
      break;
    case Action::Kind::record:
      read_incident(map, action);
      if (const Word form = map.word("form"); check_id(problems_, form)) action.form = FormId(form.text);
      map.find("values");  // what stands in it decides nothing here
      break;
    case Action::Kind::progress:
      read_incident(map, action);
      action.words = map.word("text").text;
      break;
    default:
      read_incident(map, action);
      read_part(map, action);
      if (const auto words = map.word_if(kind == Action::Kind::done || kind == Action::Kind::started ? "note"
                                         : kind == Action::Kind::close                               ? "skip"
                                                                                                     : "reason"))
        action.words = words->text;
      if (kind == Action::Kind::retract) action.duress = map.flag("duress");
      break;
  }
  action.by = read_by(map);
  map.finish();
  return action;
}

Action ScenarioReader::read_roster_action(RosterAct::Kind kind, const YamlNode& node) {
  static constexpr std::array kNames = {"handover", "away", "here", "stand_in"};
  const char* name = kNames[static_cast<std::size_t>(kind)];
  Mapping map(problems_, node, {fmt::format("“{}”", name), fmt::format("'{}'", name)});
  Action action;
  action.kind = Action::Kind::roster;
  action.roster.kind = kind;
  action.line = node.line;
  if (!map.valid()) return action;
  const auto role_of = [&](const char* key) { return role(map.word(key)).value_or(RoleId()); };
  action.roster.unit = UnitId(map.word("unit").text);
  action.roster.role = role_of("role");
  if (kind == RosterAct::Kind::handover || kind == RosterAct::Kind::stand_in) action.roster.to = role_of("to");
  if (kind == RosterAct::Kind::stand_in) action.roster.in = map.duration_if("in").value_or(Duration{0});
  action.roster.length = map.duration_if("for").value_or(Duration{0});
  action.by = read_by(map);
  map.finish();
  return action;
}

void ScenarioReader::read_declare(Mapping& map, Action& action) {
  if (const auto as = map.word_if("as")) {
    const bool dotted = as->text.find('.') != std::string::npos;
    if (dotted) {
      problems_.add("malformed-id",
                    {fmt::format("事件的名字“{}”里不能有点", as->text),
                     fmt::format("Expected a name without dots, but got '{}'", as->text)},
                    as->line);
    } else if (check_id(problems_, *as)) {
      action.incident = as->text;
      declared_.insert(as->text);
    }
  }
  action.unit = UnitId(map.word("unit").text);
  action.type = PlanId(map.word("type").text);
  action.set = read_settings(map, "facts");
  action.drill = map.flag("drill");
  if (const auto note = map.word_if("note")) action.words = note->text;
}

void ScenarioReader::read_incident(Mapping& map, Action& action) { action.incident = name(map.word("incident")); }

// done, started, skip and ack say which part; the others have none.
void ScenarioReader::read_part(Mapping& map, Action& action) {
  const bool has_part = action.kind == Action::Kind::done || action.kind == Action::Kind::started ||
                        action.kind == Action::Kind::skip || action.kind == Action::Kind::ack;
  if (!has_part) return;
  const auto clause_word = map.word_if("clause");
  const auto step_word = map.word_if("step");
  if (clause_word) action.clause = clause(*clause_word).value_or(ClauseId());
  if (step_word) action.step = PartId(step_word->text);
  if (clause_word.has_value() == step_word.has_value()) {
    problems_.add(
        "missing-key",
        {"要写明哪一步：“clause”或“step”，二者之一", "Expected 'clause' or 'step' to say which, exactly one of them"},
        map.line());
  }
}

std::vector<FactSetting> ScenarioReader::read_settings(Mapping& map, std::string_view key) {
  std::vector<FactSetting> out;
  const YamlNode* node = map.find(key);
  if (node == nullptr) return out;
  Mapping settings(problems_, *node, {fmt::format("“{}”", key), fmt::format("'{}'", key)});
  if (settings.valid() && node->pairs.empty()) {
    problems_.add("empty", {"没有写任何事实", "Expected at least one fact, but there is none"}, node->line);
  }
  for (const auto& [fact, value] : node->pairs) {
    if (const auto word = settings.word_if(fact.text)) out.push_back({FactId(fact.text), ValueId(word->text)});
  }
  return out;
}

std::optional<By> ScenarioReader::read_by(Mapping& map) {
  const auto word = map.word_if("by");
  if (!word) return std::nullopt;
  const auto at = word->text.find('@');
  const auto known = role({word->text.substr(0, at), word->line});
  if (!known) return std::nullopt;
  By by{*known, UnitId()};
  if (at != std::string::npos) by.unit = UnitId(word->text.substr(at + 1));
  return by;
}

}  // namespace tingan::scenario
