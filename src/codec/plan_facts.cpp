#include <algorithm>

#include "codec/plan_reader.h"

namespace tingan {
namespace {

constexpr std::size_t kFactsMax = 64;
constexpr std::size_t kValuesMax = 32;

std::vector<std::string> fact_names(const Plan& plan) {
  std::vector<std::string> names;
  for (const Fact& fact : plan.facts) names.push_back(fact.id.str());
  return names;
}

std::vector<std::string> value_names(const Fact& fact) {
  std::vector<std::string> names;
  for (const ValueId value : fact.values) names.push_back(value.str());
  return names;
}

// Words that mean something else where a fact's name may stand.
bool reserved(std::string_view name) {
  constexpr std::string_view kReserved[] = {"all",      "any",    "not",   "steps",      "report", "forms",
                                            "children", "chains", "apart", "acceptance", "unless"};
  return std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved);
}

Text name_of(const Fact& fact) {
  return {fmt::format("事实“{}”", fact.id.str()), fmt::format("fact '{}'", fact.id.str())};
}

}  // namespace

void PlanReader::read_facts(Mapping& top) {
  const YamlNode* node = top.find("facts");
  if (node == nullptr) return;
  const Mapping facts(problems_, *node, {"“facts”", "'facts'"});
  if (node->pairs.size() > kFactsMax) {
    problems_.add("too-large",
                  {fmt::format("事实超过 {} 个", kFactsMax),
                   fmt::format("Expected at most {} facts, but there are {}", kFactsMax, node->pairs.size())},
                  node->line);
    return;
  }
  for (const auto& [key, value] : node->pairs) read_fact(key, value);
  for (const Fact& fact : plan_.facts) {
    if (fact.found_by != Fact::Finder::parent || fact.of.empty()) continue;
    reference({fact.of.str(), line_of(plan_, fact.line, "of")}, fact_names(plan_), "unknown-fact", {"事实", "fact"});
  }
}

void PlanReader::read_fact(const YamlKey& key, const YamlNode& node) {
  const Word name{key.text, key.line};
  Fact fact;
  fact.line = key.line;
  if (!check_id(problems_, name)) return;
  if (reserved(key.text)) {
    problems_.add("reserved-word",
                  {fmt::format("“{}”另有用处，不能作事实的名称", key.text),
                   fmt::format("Expected another name for the fact, but '{}' has a meaning of its own", key.text)},
                  key.line);
    return;
  }
  fact.id = FactId(key.text);
  Mapping map(problems_, node, name_of(fact));
  fact.title = map.text("title");
  read_values(map, fact);
  read_labels(map, fact);
  read_meanings(map, fact);
  fact.ask = map.text_if("ask");
  fact.effect = map.choice("effect", {"people", "property", "funds", "records", "media", "service"});
  fact.also_stated_by = roles_of(map, "also_stated_by");
  if (map.find("only_stated_by") != nullptr) fact.only_stated_by = roles_of(map, "only_stated_by");
  read_finder(map, fact);
  keep_lines(map, fact.line);
  map.finish();
  plan_.facts.push_back(std::move(fact));
}

void PlanReader::read_values(Mapping& map, Fact& fact) {
  map.need("values");
  const auto words = map.words_if("values").value_or(std::vector<Word>{});
  for (const Word& word : words) {
    if (!check_id(problems_, word)) continue;
    const ValueId value(word.text);
    if (std::find(fact.values.begin(), fact.values.end(), value) != fact.values.end()) {
      problems_.add(
          "duplicate-id",
          {fmt::format("{}的取值“{}”写了两次", map.what().zh, word.text),
           fmt::format("Expected every value of {} once, but '{}' stands there twice", map.what().en, word.text)},
          word.line);
      continue;
    }
    fact.values.push_back(value);
  }
  const bool written = map.find("values") != nullptr && map.find("values")->kind == YamlNode::Kind::list;
  if (written && (words.size() < 2 || words.size() > kValuesMax)) {
    problems_.add(
        "wrong-values",
        {fmt::format("{}应有 2 到 {} 个取值，却有 {} 个", map.what().zh, kValuesMax, words.size()),
         fmt::format("Expected {} to have 2 to {} values, but it has {}", map.what().en, kValuesMax, words.size())},
        map.line_of("values"));
  }
}

// What a value means beyond itself: that nobody knows yet, that there is danger.
void PlanReader::read_meanings(Mapping& map, Fact& fact) {
  static const ValueId unknown("unknown");
  const auto values_of = [&](std::string_view key, std::vector<ValueId>& out) {
    for (const Word& word : map.words_if(key).value_or(std::vector<Word>{})) {
      const std::vector<std::string> names = value_names(fact);
      const int index = reference(word, names, "unknown-value", {"取值", "value"});
      if (index >= 0) out.push_back(fact.values[static_cast<std::size_t>(index)]);
    }
  };
  values_of("no_answer", fact.no_answer);
  values_of("danger", fact.danger);
  if (std::find(fact.values.begin(), fact.values.end(), unknown) != fact.values.end())
    fact.no_answer.push_back(unknown);
}

void PlanReader::read_labels(Mapping& map, Fact& fact) {
  static const Text kYes{"是", "Yes"};
  static const Text kNo{"否", "No"};
  fact.labels.resize(fact.values.size());
  if (fact.boolean()) {
    for (std::size_t i = 0; i < fact.values.size(); ++i) fact.labels[i] = fact.values[i].str() == "true" ? kYes : kNo;
  }
  const YamlNode* node = map.find("labels");
  if (node == nullptr && fact.boolean()) return;
  if (node == nullptr) {
    if (!fact.values.empty()) {
      problems_.add("missing-translation",
                    {fmt::format("{}的取值缺少中英文说法（labels）", map.what().zh),
                     fmt::format("Expected the values of {} to have labels in both languages, but there are none",
                                 map.what().en)},
                    map.line());
    }
    return;
  }
  const Text what{fmt::format("{}的“labels”", map.what().zh), fmt::format("'labels' of {}", map.what().en)};
  Mapping labels(problems_, *node, what);
  if (!labels.valid()) return;
  for (std::size_t i = 0; i < fact.values.size(); ++i) {
    const std::string& value = fact.values[i].str();
    if (const auto label = labels.text_if(value)) {
      fact.labels[i] = *label;
    } else if (fact.labels[i].empty()) {
      problems_.add("missing-translation",
                    {fmt::format("{}的取值“{}”缺少中英文说法", map.what().zh, value),
                     fmt::format("Expected a label for the value '{}' of {}, but there is none", value, map.what().en)},
                    node->line);
    }
  }
  for (const auto& [key, value] : node->pairs) {
    if (std::find(fact.values.begin(), fact.values.end(), ValueId(key.text)) != fact.values.end()) continue;
    problems_.add_unknown("unknown-value",
                          {fmt::format("{}没有“{}”这个取值", map.what().zh, key.text),
                           fmt::format("{}: unknown value '{}'", map.what().en, key.text)},
                          key.text, value_names(fact), key.line);
  }
}

void PlanReader::read_finder(Mapping& map, Fact& fact) {
  const std::string finder = map.choice("found_by", {"correlation", "calendar", "parent", "chain"});
  if (finder == "correlation") fact.found_by = Fact::Finder::correlation;
  if (finder == "calendar") fact.found_by = Fact::Finder::calendar;
  if (finder == "chain") fact.found_by = Fact::Finder::chain;
  if (finder == "parent") {
    fact.found_by = Fact::Finder::parent;
    map.need("of");
  }
  const auto of = map.word_if("of");
  if (of && check_id(problems_, *of)) fact.of = FactId(of->text);
  if (of && finder != "parent") {
    problems_.add("unknown-key",
                  {fmt::format("{}：“of”只和 found_by: parent 一起用", map.what().zh),
                   fmt::format("{}: 'of' goes with found_by: parent only", map.what().en)},
                  map.line_of("of"));
  }
}

Condition PlanReader::read_condition(const YamlNode& node, const Text& what) {
  if (node.kind != YamlNode::Kind::map || node.pairs.empty()) {
    problems_.add("wrong-type",
                  {fmt::format("{}应是一个条件，如 {{事实: 取值}}", what.zh),
                   fmt::format("Expected {} to be a condition like {{fact: value}}, but it is not", what.en)},
                  node.line);
    return {};
  }
  Condition all;
  all.kind = Condition::Kind::all;
  all.line = node.line;
  for (const auto& [key, value] : node.pairs) {
    if (key.text == "all") {
      all.parts.push_back(read_group(Condition::Kind::all, value, what));
    } else if (key.text == "any") {
      all.parts.push_back(read_group(Condition::Kind::any, value, what));
    } else if (key.text == "not") {
      Condition negated;
      negated.kind = Condition::Kind::negated;
      negated.line = key.line;
      negated.parts.push_back(read_condition(value, what));
      all.parts.push_back(std::move(negated));
    } else {
      all.parts.push_back(read_test(key, value));
    }
  }
  if (all.parts.size() == 1) return std::move(all.parts.front());
  return all;
}

Condition PlanReader::read_group(Condition::Kind kind, const YamlNode& node, const Text& what) {
  Condition group;
  group.kind = kind;
  group.line = node.line;
  if (node.kind != YamlNode::Kind::list || node.items.empty()) {
    problems_.add(
        "wrong-type",
        {fmt::format("{}里的 all、any 后面应是一列条件", what.zh),
         fmt::format("Expected 'all' and 'any' in {} to hold a list of conditions, but they do not", what.en)},
        node.line);
    return {};
  }
  for (const YamlNode& item : node.items) group.parts.push_back(read_condition(item, what));
  return group;
}

Condition PlanReader::read_test(const YamlKey& key, const YamlNode& node) {
  Condition test;
  test.kind = Condition::Kind::is;
  test.line = key.line;
  test.fact_index = reference({key.text, key.line}, fact_names(plan_), "unknown-fact", {"事实", "fact"});
  std::vector<YamlNode> single;
  if (node.kind == YamlNode::Kind::scalar) single.push_back(node);
  const auto& wanted = node.kind == YamlNode::Kind::list ? node.items : single;
  if (wanted.empty()) {
    problems_.add(
        "wrong-type",
        {fmt::format("“{}”后面应是一个或几个取值", key.text),
         fmt::format("Expected '{}' to be followed by one value or a list of values, but it is not", key.text)},
        node.line);
  }
  if (test.fact_index < 0) return {};
  const Fact& fact = plan_.facts[static_cast<std::size_t>(test.fact_index)];
  test.fact = fact.id;
  for (const YamlNode& item : wanted) {
    const auto setting = read_setting(key, item);
    if (setting) test.values.push_back(setting->value);
  }
  return test;
}

std::vector<int> PlanReader::facts_of(Mapping& map, std::string_view key) {
  std::vector<int> out;
  for (const Word& word : map.words_if(key).value_or(std::vector<Word>{})) {
    const int index = reference(word, fact_names(plan_), "unknown-fact", {"事实", "fact"});
    if (index >= 0) out.push_back(index);
  }
  return out;
}

std::optional<FactSetting> PlanReader::read_setting(const YamlKey& key, const YamlNode& node) {
  const int index = reference({key.text, key.line}, fact_names(plan_), "unknown-fact", {"事实", "fact"});
  if (index < 0) return std::nullopt;
  const Fact& fact = plan_.facts[static_cast<std::size_t>(index)];
  const auto names = value_names(fact);
  if (node.kind == YamlNode::Kind::scalar && std::find(names.begin(), names.end(), node.text) != names.end()) {
    return FactSetting{fact.id, ValueId(node.text)};
  }
  const std::string written = node.kind == YamlNode::Kind::scalar ? node.text : "";
  problems_.add_unknown("unknown-value",
                        {fmt::format("{}没有“{}”这个取值", name_of(fact).zh, written),
                         fmt::format("{}: unknown value '{}'", name_of(fact).en, written)},
                        written, names, node.line);
  return std::nullopt;
}

}  // namespace tingan
