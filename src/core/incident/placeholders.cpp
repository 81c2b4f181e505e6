#include "core/incident/placeholders.h"

#include <optional>
#include <string_view>

namespace tingan {
namespace {

constexpr std::string_view kFact = "fact:";

const Text& not_on_file() {
  static const Text text{"未登记", "not on file"};
  return text;
}

Text plain(const std::string& value) { return value.empty() ? not_on_file() : Text{value, value}; }

Text in_both(const Text& value) {
  if (value.empty()) return not_on_file();
  // A name written in one language only is better than none.
  return {value.zh.empty() ? value.en : value.zh, value.en.empty() ? value.zh : value.en};
}

std::optional<Text> fact_label(const IncidentState& state, std::string_view name) {
  const auto id = FactId::find(name);
  const int index = id ? find_fact(*state.plan, *id) : -1;
  if (index < 0) return std::nullopt;
  const Fact& fact = state.plan->facts[static_cast<std::size_t>(index)];
  if (!state.facts[static_cast<std::size_t>(index)].stated) return not_clear_yet();
  const ValueId value = state.facts[static_cast<std::size_t>(index)].value;
  for (std::size_t i = 0; i < fact.values.size() && i < fact.labels.size(); ++i) {
    if (fact.values[i] == value && !fact.labels[i].empty()) return in_both(fact.labels[i]);
  }
  return Text{value.str(), value.str()};
}

std::optional<Text> value_of(std::string_view name, const IncidentState& state, const Directory& directory) {
  if (name.substr(0, kFact.size()) == kFact) return fact_label(state, name.substr(kFact.size()));
  if (name == "time") return plain(clock_time(state.declared_at, directory.zone()));
  static const Unit unknown{};
  const Unit* const found = directory.unit(state.unit);
  const Unit& unit = found == nullptr ? unknown : *found;
  if (name == "hall") return unit.name.empty() ? plain(state.unit.str()) : in_both(unit.name);
  if (name == "address") return in_both(unit.address);
  if (name == "landmarks") return in_both(unit.landmarks);
  if (name == "phone") return plain(unit.phone);
  return std::nullopt;
}

std::string fill(const std::string& text, std::string Text::*language, const IncidentState& state,
                 const Directory& directory) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find('{', at);
    const std::size_t close = open == std::string::npos ? open : text.find('}', open);
    if (close == std::string::npos) break;
    out.append(text, at, open - at);
    const auto value = value_of(std::string_view(text).substr(open + 1, close - open - 1), state, directory);
    if (value) {
      out += (*value).*language;
      at = close + 1;
    } else {
      out.push_back('{');
      at = open + 1;
    }
  }
  out.append(text, at);
  return out;
}

}  // namespace

const Text& not_clear_yet() {
  static const Text text{"还不清楚", "not clear yet"};
  return text;
}

std::string clock_time(Instant at, Zone zone) {
  const LocalTime local = local_time(at, zone);
  return fmt::format("{:02}:{:02}", local.minute / 60, local.minute % 60);
}

Text fill_placeholders(const Text& text, const IncidentState& state, const Directory& directory) {
  return {fill(text.zh, &Text::zh, state, directory), fill(text.en, &Text::en, state, directory)};
}

}  // namespace tingan
