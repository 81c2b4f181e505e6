#include <algorithm>

#include "codec/plan_reader.h"
#include "model/vocabulary.h"

namespace tingan {
namespace {

Text name_of(const Text& kind, const YamlNode& node) {
  for (const auto& [key, value] : node.pairs) {
    if (key.text != "id" || value.text.empty()) continue;
    return {fmt::format("{}“{}”", kind.zh, value.text), fmt::format("{} '{}'", kind.en, value.text)};
  }
  return {kind.zh, fmt::format("the {}", kind.en)};
}

const std::vector<std::string>& parties() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const OutsideParty& party : outside_parties()) all.push_back(party.id.str());
    for (const RoleInfo& role : roles()) all.push_back(role.id.str());
    return all;
  }();
  return names;
}

const std::vector<std::string>& places() {
  static const std::vector<std::string> names = {"acceptance", "callbacks", "notice-board", "queue",
                                                 "recordings", "headcount", "roster",       "evidence"};
  return names;
}

// Both must hold; an absent one asks for nothing.
Condition both(const Condition& first, Condition second) {
  if (first.trivial()) return second;
  if (second.trivial()) return first;
  Condition all;
  all.kind = Condition::Kind::all;
  all.line = second.line;
  all.parts.push_back(first);
  all.parts.push_back(std::move(second));
  return all;
}

// Index without range checks of its own: list positions come from the same file.
template <class Part>
Part* part_named(std::vector<Part>& parts, PartId id) {
  for (Part& part : parts) {
    if (part.id == id) return &part;
  }
  return nullptr;
}

}  // namespace

void PlanReader::read_step(const YamlNode& node) {
  Mapping map(problems_, node, name_of({"步骤", "step"}, node));
  Step step;
  step.line = node.line;
  keep_lines(map, step.line);
  step.id = read_id(map);
  const Word role_word = map.word("role");
  if (!role_word.text.empty()) step.role = role(role_word).value_or(RoleId());
  read_step_phase(map, step);
  if (const auto on = map.word_if("on")) {
    step.on = reference(*on, escalation_names_, "unknown-escalation", {"升级上报", "escalation"});
  }
  for (const Word& word : map.words_if("after").value_or(std::vector<Word>{})) {
    const int index = reference(word, step_names_, "unknown-step", {"步骤", "step"});
    if (index >= 0) step.after.push_back(index);
  }
  read_step_work(map, step);
  if (const YamlNode* acknowledge = map.find("acknowledge")) {
    step.acknowledge = read_acknowledge(*acknowledge, {"“acknowledge”", "'acknowledge'"}, plan_.acknowledge);
  }
  step.ours = map.flag("ours");
  step.clauses = read_clauses(map);
  read_step_must(map, step);
  map.finish();
  plan_.steps.push_back(std::move(step));
}

void PlanReader::read_step_phase(Mapping& map, Step& step) {
  step.when = condition_if(map, "when");
  const auto word = map.word_if("phase");
  if (!word) return;
  step.phase = reference(*word, phase_names_, "unknown-phase", {"阶段", "phase"});
  if (step.phase < 0 || static_cast<std::size_t>(step.phase) >= plan_.phases.size()) {
    step.phase = -1;
    return;
  }
  step.when = both(plan_.phases[static_cast<std::size_t>(step.phase)].when, std::move(step.when));
}

// `must: true`, a condition under which it is one, or `{unless: condition}`.
void PlanReader::read_step_must(Mapping& map, Step& step) {
  if (const auto other = map.word_if("second_to")) {
    step.second_to = reference(*other, step_names_, "unknown-step", {"步骤", "step"});
  }
  const YamlNode* node = map.find("must");
  if (node == nullptr) return;
  if (node->kind == YamlNode::Kind::map) {
    step.must = true;
    step.must_unless = node->pairs.size() == 1 && node->pairs.front().first.text == "unless";
    step.must_when = read_condition(step.must_unless ? node->pairs.front().second : *node,
                                    {map.what().zh + "的“must”", "'must' of " + map.what().en});
  } else {
    step.must = map.flag("must");
  }
}

void PlanReader::read_step_work(Mapping& map, Step& step) {
  step.text = map.text("do");
  step.why = map.text_if("why");
  step.within = map.duration_if("within");
  if (const auto asks = map.word_if("asks")) {
    std::vector<std::string> facts;
    for (const Fact& fact : plan_.facts) facts.push_back(fact.id.str());
    step.asks = reference(*asks, facts, "unknown-fact", {"事实", "fact"});
  }
  if (const auto call = map.word_if("call")) {
    if (reference(*call, parties(), "unknown-party", {"通话对象", "party to call"}) >= 0)
      step.call = PartId(call->text);
  }
  if (const auto say = map.word_if("say")) {
    step.say = reference(*say, script_names_, "unknown-script", {"口径", "script"});
  }
  if (const auto form = map.word_if("form"); form && check_id(problems_, *form)) step.form = FormId(form->text);
  step.opens = map.choice("opens", places());
  step.tell = roles_of(map, "tell");
  step.also_by = roles_of(map, "also_by");
  if (const YamlNode* states = map.find("states")) {
    const Mapping settings(problems_, *states, {"“states”", "'states'"});
    for (const auto& [key, value] : states->pairs) {
      if (const auto setting = read_setting(key, value)) step.states.push_back(*setting);
    }
  }
  step.each = map.flag("each");
  if (const auto act = map.word_if("act"); act && check_id(problems_, *act)) step.act = act->text;
}

void PlanReader::read_escalation(const YamlNode& node) {
  Mapping map(problems_, node, name_of({"升级上报", "escalation"}, node));
  Escalation escalation;
  escalation.line = node.line;
  keep_lines(map, escalation.line);
  escalation.id = read_id(map);
  escalation.when = condition_if(map, "when");
  const YamlNode* until = map.need("until");
  escalation.until_acknowledged =
      until != nullptr && until->kind == YamlNode::Kind::scalar && until->text == "acknowledged";
  if (until != nullptr && !escalation.until_acknowledged) escalation.until = condition_if(map, "until");
  escalation.at = map.duration("at");
  if (const auto from = map.word_if("from")) {
    escalation.from = reference(*from, step_names_, "unknown-step", {"步骤", "step"});
  }
  escalation.repeat = map.duration_if("repeat");
  map.need("tell");
  escalation.tell = roles_of(map, "tell");
  escalation.text = map.text("say");
  if (const YamlNode* acknowledge = map.find("acknowledge")) {
    escalation.acknowledge = read_acknowledge(*acknowledge, {"“acknowledge”", "'acknowledge'"}, plan_.acknowledge);
  }
  escalation.ours = map.flag("ours");
  escalation.clauses = read_clauses(map);
  map.finish();
  plan_.escalations.push_back(std::move(escalation));
}

void PlanReader::read_prohibition(const YamlNode& node) {
  Mapping map(problems_, node, name_of({"严禁事项", "prohibition"}, node));
  Prohibition prohibition;
  prohibition.line = node.line;
  keep_lines(map, prohibition.line);
  prohibition.id = read_id(map);
  prohibition.text = map.text("do_not");
  prohibition.roles = roles_of(map, "roles");
  prohibition.when = condition_if(map, "while");
  if (const auto act = map.word_if("act"); act && check_id(problems_, *act)) prohibition.act = act->text;
  prohibition.enforce = map.choice("enforce", {"press", "photos", "compare", "hall-screen", "sound"});
  prohibition.ours = map.flag("ours");
  prohibition.clauses = read_clauses(map);
  map.finish();
  plan_.prohibitions.push_back(std::move(prohibition));
}

void PlanReader::read_script(const YamlNode& node) {
  Mapping map(problems_, node, name_of({"口径", "script"}, node));
  Script script;
  script.line = node.line;
  keep_lines(map, script.line);
  script.id = read_id(map);
  map.need("audience");
  script.audience = map.choice("audience", {"customers", "press", "operator", "staff", "callers"});
  script.who = roles_of(map, "who");
  script.when = condition_if(map, "when");
  script.text = map.text("say");
  script.ours = map.flag("ours");
  script.clauses = read_clauses(map);
  map.finish();
  plan_.scripts.push_back(std::move(script));
}

// Facts and values of a chain belong to the plan that it starts: they are checked where that plan is known.
void PlanReader::read_chain(const YamlNode& node) {
  Mapping map(problems_, node, name_of({"联动", "chain"}, node));
  Chain chain;
  chain.line = node.line;
  keep_lines(map, chain.line);
  chain.id = read_id(map);
  map.need("when");
  chain.when = condition_if(map, "when");
  const Word start = map.word("start");
  if (!start.text.empty() && check_id(problems_, start)) chain.start = PlanId(start.text);
  if (const YamlNode* facts = map.find("facts")) {
    const Mapping settings(problems_, *facts, {"“facts”", "'facts'"});
    for (const auto& [key, value] : facts->pairs) {
      const Word fact{key.text, key.line};
      const Word setting{value.kind == YamlNode::Kind::scalar ? value.text : "", value.line};
      const bool good = check_id(problems_, fact) && check_id(problems_, setting);
      if (good) chain.facts.push_back({FactId(fact.text), ValueId(setting.text)});
    }
    keep_lines(settings, chain.line);
  }
  if (map.find("silent") != nullptr) chain.silent = map.flag("silent");
  chain.clauses = read_clauses(map);
  map.finish();
  plan_.chains.push_back(std::move(chain));
}

void PlanReader::read_correlation(Mapping& top) {
  const YamlNode* node = top.find("correlate");
  if (node == nullptr) return;
  Mapping map(problems_, *node, {"“correlate”", "'correlate'"});
  Correlation correlation;
  correlation.line = top.line_of("correlate");
  keep_lines(map, correlation.line);
  map.need("across");
  map.choice("across", {"units"});
  constexpr int kUnitsMax = 1000;
  correlation.at_least = map.number_if("at_least", 2, kUnitsMax).value_or(correlation.at_least);
  correlation.within = map.duration_if("within").value_or(correlation.within);
  if (const YamlNode* sets = map.need("sets")) {
    if (sets->kind != YamlNode::Kind::map || sets->pairs.size() != 1) {
      problems_.add("wrong-type",
                    {"“sets”应写一个事实和取值，如 {scope: multi}",
                     "Expected 'sets' to be one fact and value like {scope: multi}, but it is not"},
                    sets->line);
    } else if (const auto setting = read_setting(sets->pairs.front().first, sets->pairs.front().second)) {
      correlation.sets = *setting;
      correlation.sets_index = find_fact(plan_, setting->fact);
    }
  }
  map.need("parent");
  for (const Word& word : map.words_if("parent").value_or(std::vector<Word>{})) {
    if (check_id(problems_, word)) correlation.parent.emplace_back(word.text);
  }
  map.finish();
  plan_.correlate = std::move(correlation);
  mark_parent_parts();
}

void PlanReader::mark_parent_parts() {
  std::vector<std::string> names;
  const auto collect = [&](const auto& parts) {
    for (const auto& part : parts) names.push_back(part.id.str());
  };
  collect(plan_.steps);
  collect(plan_.escalations);
  collect(plan_.prohibitions);
  collect(plan_.scripts);
  collect(plan_.gates);
  const int line = line_of(plan_, plan_.correlate->line, "parent");
  for (const PartId id : plan_.correlate->parent) {
    const auto mark = [&](auto& parts) {
      if (auto* part = part_named(parts, id)) part->of_parent = true;
    };
    mark(plan_.steps);
    mark(plan_.escalations);
    mark(plan_.prohibitions);
    mark(plan_.scripts);
    mark(plan_.gates);
    reference({id.str(), line}, names, "unknown-part",
              {"步骤、升级上报、口径、严禁事项或结案条件", "part of the plan"});
  }
}

}  // namespace tingan
