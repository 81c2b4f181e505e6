// What scenarios ask of emergency acceptance: orders, callbacks, numbers, entering afterwards, the back office.
#include <charconv>

#include "codec/business_yaml.h"
#include "core/acceptance/order_life.h"
#include "sim/scenario/scenario_reader.h"

namespace tingan::scenario {
namespace {

using Kind = AcceptanceAct::Kind;

constexpr int kNumberLast = 999999999;
constexpr int kSizeMost = 1000000;  // more than a block may have: that is a refusal, not a mistake of the file

// The value among `words` by position; nothing where it is absent or another, which is a problem.
template <class Value, std::size_t kCount>
std::optional<Value> choice_if(Mapping& map, std::string_view key, const Value (&values)[kCount],
                               const char* (*name)(Value)) {
  const auto word = map.word_if(key);
  if (!word) return std::nullopt;
  std::vector<std::string> known;
  for (const Value value : values) {
    if (word->text == name(value)) return value;
    known.emplace_back(name(value));
  }
  map.problems().add_unknown("unknown-value",
                             {fmt::format("“{}”不能是“{}”", key, word->text),
                              fmt::format("Expected a known '{}', but got '{}'", key, word->text)},
                             word->text, known, word->line);
  return std::nullopt;
}

constexpr PromiseKind kPromises[] = {PromiseKind::done, PromiseKind::come_again, PromiseKind::home_visit,
                                     PromiseKind::call_back};
constexpr PromiseStatus kPromiseStates[] = {PromiseStatus::open, PromiseStatus::kept, PromiseStatus::broken,
                                            PromiseStatus::released};
constexpr ReplayStatus kReplayStates[] = {ReplayStatus::none, ReplayStatus::running, ReplayStatus::paused,
                                          ReplayStatus::finished};
constexpr OrderStatus kOrderStates[] = {OrderStatus::waiting,   OrderStatus::sent,       OrderStatus::unknown,
                                        OrderStatus::set_aside, OrderStatus::by_hand,    OrderStatus::entered,
                                        OrderStatus::rejected,  OrderStatus::handed_back};

std::optional<bool> flag_if(Mapping& map, std::string_view key) {
  if (map.find(key) == nullptr) return std::nullopt;
  return map.flag(key);
}

std::optional<std::uint32_t> count_if(Mapping& map, std::string_view key) {
  const auto number = map.number_if(key, 0, kNumberLast);
  return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

std::string words_if(Mapping& map, std::string_view key) {
  const auto word = map.word_if(key);
  return word ? word->text : std::string();
}

Filled read_filled(Mapping& map) {
  Filled filled;
  filled.name = words_if(map, "name");
  filled.mobile = words_if(map, "mobile");
  if (const YamlNode* node = map.find("fields"); node != nullptr) {
    Mapping fields(map.problems(), *node, {"“fields”", "'fields'"});
    for (const auto& [id, value] : node->pairs) {
      if (const auto word = fields.word_if(id.text)) filled.fields[id.text] = word->text;
    }
  }
  for (const Word& word : map.words_if("documents").value_or(std::vector<Word>{})) {
    filled.documents.push_back(word.text);
  }
  return filled;
}

void read_taking(Mapping& map, AcceptanceAct& act) {
  act.unit = UnitId(map.word("unit").text);
  act.business = BusinessId(map.word("business").text);
  act.device = words_if(map, "device");
  act.number = count_if(map, "number").value_or(0);
  act.pack = count_if(map, "pack").value_or(0);
  act.taken = map.duration_if("taken");
  act.filled = read_filled(map);
  act.district = words_if(map, "district");
  act.promise = choice_if(map, "promise", kPromises, name_of);
  act.due = map.duration_if("due");
}

void read_office(Mapping& map, AcceptanceAct& act) {
  act.down = flag_if(map, "down");
  act.busy = flag_if(map, "busy");
  act.refuses = flag_if(map, "refuses");
  act.heeds_keys = flag_if(map, "heeds_keys");
  act.refuses_twins = flag_if(map, "refuses_twins");
  act.can_ask = flag_if(map, "can_ask");
  act.slow = map.duration_if("slow");
  const auto loses = map.word_if("loses");
  if (!loses) return;
  if (loses->text == "requests" || loses->text == "answers" || loses->text == "nothing") {
    act.loses = loses->text;
    return;
  }
  map.problems().add_unknown(
      "unknown-value",
      {fmt::format("“loses”只能是 requests、answers 或 nothing，却是“{}”", loses->text),
       fmt::format("Expected 'loses' to be requests, answers or nothing, but got '{}'", loses->text)},
      loses->text, {"requests", "answers", "nothing"}, loses->line);
}

// What a person does with one order.
void read_handling(Kind kind, Mapping& map, AcceptanceAct& act) {
  if (kind == Kind::enter) act.reference = map.word("reference").text;
  if (kind == Kind::reject) act.code = map.word("code").text;
  if (kind == Kind::repair) act.filled = read_filled(map);
  if (kind == Kind::promise) {
    map.need("promise");
    act.promise = choice_if(map, "promise", kPromises, name_of);
  }
  if (kind == Kind::promise || kind == Kind::visit) act.due = map.duration("due");
  if (kind == Kind::call) act.reached = map.flag("reached");
  act.words = words_if(map, kind == Kind::visited || kind == Kind::call ? "note" : "reason");
}

}  // namespace

void ScenarioReader::read_acceptance(Mapping& map, AcceptanceAct& act) {
  const Kind kind = act.kind;
  const bool takes = kind == Kind::order || kind == Kind::callback;
  if (takes) {
    if (const auto as = map.word_if("as"); as && check_id(problems_, *as)) act.order = as->text;
    orders_.insert(act.order);
    if (const auto word = map.word_if("incident")) act.incident = name(*word);
    return read_taking(map, act);
  }
  if (kind == Kind::back_office) return read_office(map, act);
  if (kind == Kind::enter || kind == Kind::reject || kind == Kind::repair || kind == Kind::hand_back ||
      kind == Kind::promise || kind == Kind::visit || kind == Kind::visited || kind == Kind::call) {
    act.order = order_name(map.word("order"));
    read_handling(kind, map, act);
    if (kind == Kind::visit) act.visitor = role(map.word("person")).value_or(RoleId());
    return;
  }
  act.unit = UnitId(map.word("unit").text);
  if (kind == Kind::block) act.device = map.word("device").text;
  if (kind == Kind::pack) act.business = BusinessId(words_if(map, "business"));
  if (kind == Kind::block || kind == Kind::pack) {
    act.size = static_cast<std::uint32_t>(map.number_if("size", 0, kSizeMost).value_or(50));
  }
  if (kind == Kind::void_numbers) {
    act.first = count_if(map, "first").value_or(0);
    act.last = count_if(map, "last").value_or(act.first);
  }
  if (kind == Kind::void_numbers || kind == Kind::pause) act.words = words_if(map, "reason");
  if (kind == Kind::replay || kind == Kind::pace) act.rate_per_minute = map.number_if("rate", 0, kSizeMost).value_or(0);
}

std::string ScenarioReader::order_name(const Word& word) {
  if (word.text.empty() || !check_id(problems_, word)) return {};
  named_orders_.push_back(word);
  return word.text;
}

void ScenarioReader::check_orders() {
  const std::vector<std::string> known(orders_.begin(), orders_.end());
  for (const Word& word : named_orders_) {
    if (orders_.contains(word.text)) continue;
    problems_.add_unknown("unknown-order",
                          {fmt::format("没有叫“{}”的单", word.text), fmt::format("unknown order '{}'", word.text)},
                          word.text, known, word.line);
  }
}

OrderDemand ScenarioReader::read_order_demand(const YamlNode& node, const std::string& beside) {
  Mapping map(problems_, node, {"“order”", "'order'"});
  OrderDemand demand;
  demand.order = beside;
  if (!map.valid()) return demand;
  if (const auto word = map.word_if("id")) demand.order = order_name(*word);
  if (demand.order.empty()) {
    problems_.add("missing-key", {"“order”要写明“id”", "Expected 'id' in 'order', but it is missing"}, node.line);
  }
  demand.state = choice_if(map, "state", kOrderStates, name_of);
  demand.promise = choice_if(map, "promise", kPromiseStates, word_of);
  demand.promised = choice_if(map, "promised", kPromises, name_of);
  demand.due = map.duration_if("due");
  if (const auto word = map.word_if("code")) demand.code = word->text;
  demand.warned = map.number_if("warned", 0, 2);
  for (const Word& word : map.words_if("told").value_or(std::vector<Word>{})) {
    if (const auto known = role(word)) demand.told.push_back(*known);
  }
  demand.number = count_if(map, "number");
  if (const auto word = map.word_if("twin")) demand.twin = word->text == "none" ? "" : order_name(*word);
  demand.in_office = map.number_if("in_office", 0, kNumberLast);
  demand.erased = flag_if(map, "erased");
  const bool asks = demand.state || demand.promise || demand.promised || demand.due || demand.code || demand.warned ||
                    !demand.told.empty() || demand.number || demand.twin || demand.in_office || demand.erased;
  map.finish();
  if (!asks) {
    problems_.add("empty", {"“order”什么也没有要求", "Expected 'order' to ask for something, but it asks for nothing"},
                  node.line);
  }
  return demand;
}

HallDemand ScenarioReader::read_hall_demand(const YamlNode& node, UnitId beside) {
  Mapping map(problems_, node, {"“reconciliation”", "'reconciliation'"});
  HallDemand demand;
  demand.unit = beside;
  if (!map.valid()) return demand;
  if (const auto word = map.word_if("unit")) demand.unit = UnitId(word->text);
  if (demand.unit.empty()) map.need("unit");
  if (const auto word = map.word_if("incident")) demand.incident = name(*word);
  const std::pair<const char*, std::optional<std::uint32_t>*> counts[] = {
      {"taken", &demand.taken},       {"entered", &demand.entered},
      {"rejected", &demand.rejected}, {"handed_back", &demand.handed_back},
      {"waiting", &demand.waiting},   {"set_aside", &demand.set_aside},
      {"by_hand", &demand.by_hand},   {"callbacks", &demand.callbacks},
      {"kept", &demand.kept},         {"broken", &demand.broken},
      {"would_go", &demand.would_go}, {"duplicates", &demand.duplicates}};
  bool asks = false;
  for (const auto& [key, count] : counts) {
    *count = count_if(map, key);
    asks = asks || *count;
  }
  if (const auto words = map.words_if("missing")) {
    demand.missing.emplace();
    for (const Word& word : *words) {
      std::uint32_t number = 0;
      const char* const last = word.text.data() + word.text.size();
      const auto [end, error] = std::from_chars(word.text.data(), last, number);
      if (error == std::errc{} && end == last) {
        demand.missing->push_back(number);
      } else {
        problems_.add("wrong-type",
                      {fmt::format("号码应为数字，却是“{}”", word.text),
                       fmt::format("Expected a number, but got '{}'", word.text)},
                      word.line);
      }
    }
  }
  demand.balances = flag_if(map, "balances");
  demand.reconciled = flag_if(map, "reconciled");
  demand.replay = choice_if(map, "replay", kReplayStates, word_of);
  asks = asks || demand.missing || demand.balances || demand.reconciled || demand.replay;
  map.finish();
  if (!asks) {
    problems_.add(
        "empty",
        {"“reconciliation”什么也没有要求", "Expected 'reconciliation' to ask for something, but it asks for nothing"},
        node.line);
  }
  return demand;
}

}  // namespace tingan::scenario
