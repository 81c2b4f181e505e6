#include "codec/organisation_edit.h"

#include <array>
#include <boost/json.hpp>

#include "codec/yaml_tree.h"

namespace tingan {
namespace {

using Kind = YamlNode::Kind;

YamlNode scalar(std::string text) {
  YamlNode node;
  node.kind = Kind::scalar;
  node.text = std::move(text);
  return node;
}

template <class Ids>
YamlNode list_of(const Ids& ids) {
  YamlNode node;
  node.kind = Kind::list;
  for (const auto& id : ids) node.items.push_back(scalar(id.str()));
  return node;
}

void set(YamlNode& map, const std::string& key, YamlNode value) {
  for (auto& [known, old] : map.pairs) {
    if (known.text != key) continue;
    old = std::move(value);
    return;
  }
  map.pairs.emplace_back(YamlKey{key, 0}, std::move(value));
}

void set_or_drop(YamlNode& map, const std::string& key, const std::string& text) {
  if (!text.empty()) return set(map, key, scalar(text));
  std::erase_if(map.pairs, [&](const auto& pair) { return pair.first.text == key; });
}

YamlNode* find(YamlNode& map, std::string_view key) {
  for (auto& [known, value] : map.pairs) {
    if (known.text == key) return &value;
  }
  return nullptr;
}

std::string word_of(YamlNode& map, std::string_view key) {
  const YamlNode* value = find(map, key);
  return value == nullptr ? std::string() : value->text;
}

// The list under `key`, made where there is none.
YamlNode& list_at(YamlNode& root, const std::string& key) {
  if (find(root, key) == nullptr) set(root, key, {});
  YamlNode& list = *find(root, key);
  list.kind = Kind::list;
  return list;
}

// --- writing: short maps and lists on one line, words without quotes where YAML reads them as they are

constexpr std::size_t kLineMax = 110;

bool plain(const std::string& text) {
  static constexpr std::array kReserved = {"null", "yes", "no", "on", "off", "y", "n"};
  if (text.empty() || text.find_first_of("0123456789") == 0 || text.front() == '-' || text.front() == '.' ||
      text.front() == ' ' || text.back() == ' ') {
    return false;
  }
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  if (std::find(kReserved.begin(), kReserved.end(), lower) != kReserved.end()) return false;
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) {
                       const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                       return letter || c >= 0x80 || c == '-' || c == '_' || c == '.' || c == ' ' || (c == '@');
                     }) &&
         text.front() != '@';
}

std::string word(const std::string& text) {
  return plain(text) ? text : boost::json::serialize(boost::json::string(text));
}

std::string on_one_line(const YamlNode& node) {
  if (node.kind == Kind::null) return "~";
  if (node.kind == Kind::scalar) return word(node.text);
  std::string out;
  for (const YamlNode& item : node.items) out += (out.empty() ? "" : ", ") + on_one_line(item);
  for (const auto& [key, value] : node.pairs) {
    out += (out.empty() ? "" : ", ") + word(key.text) + ": " + on_one_line(value);
  }
  return node.kind == Kind::list ? "[" + out + "]" : "{" + out + "}";
}

bool is_flat(const YamlNode& node) {
  const auto single = [](const YamlNode& value) { return value.items.empty() && value.pairs.empty(); };
  return std::all_of(node.items.begin(), node.items.end(), single) &&
         std::all_of(node.pairs.begin(), node.pairs.end(),
                     [&](const auto& pair) { return single(pair.second) || pair.second.kind == Kind::list; });
}

void write_map(std::string& out, const YamlNode& map, std::size_t indent, bool first_in_place);

void write_value(std::string& out, const YamlNode& value, std::size_t indent) {
  const std::string line = on_one_line(value);
  const bool short_enough = line.size() + indent <= kLineMax && is_flat(value);
  if (value.kind == Kind::scalar || value.kind == Kind::null || short_enough) {
    out += ' ' + line + '\n';
    return;
  }
  out += '\n';
  if (value.kind == Kind::map) return write_map(out, value, indent + 2, false);
  for (const YamlNode& item : value.items) {
    out += std::string(indent + 2, ' ') + '-';
    const std::string whole = on_one_line(item);
    const bool fits = whole.size() + indent <= kLineMax && is_flat(item);
    if (item.kind == Kind::map && !fits) {
      out += ' ';
      write_map(out, item, indent + 4, true);
    } else {
      write_value(out, item, indent + 4);
    }
  }
}

void write_map(std::string& out, const YamlNode& map, std::size_t indent, bool first_in_place) {
  for (const auto& [key, value] : map.pairs) {
    if (!first_in_place) out += std::string(indent, ' ');
    first_in_place = false;
    out += word(key.text) + ':';
    write_value(out, value, indent);
  }
}

template <class Edit>
Expected<std::string> edited(std::string_view yaml, const Edit& edit) {
  Problems problems("organisation", "organisation.yaml");
  YamlNode root;
  if (!read_yaml_tree(yaml, problems, root)) return tl::unexpected(problems.take().front());
  edit(root);
  std::string out;
  write_map(out, root, 0, false);
  return out;
}

std::string minute(int at) { return fmt::format("{:02}:{:02}", at / 60, at % 60); }

// "mon-sun" for all, else the days one by one.
YamlNode days_of(Weekdays days) {
  static constexpr std::array kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  if (days == kEveryDay) return scalar("mon-sun");
  YamlNode list;
  list.kind = Kind::list;
  for (std::size_t i = 0; i < kDays.size(); ++i) {
    if ((days >> i & 1U) != 0) list.items.push_back(scalar(kDays[i]));
  }
  return list;
}

YamlNode node_of(const Text& text) {
  YamlNode node;
  node.kind = Kind::map;
  set(node, "zh", scalar(text.zh));
  set(node, "en", scalar(text.en));
  return node;
}

void set_or_drop(YamlNode& map, const std::string& key, const Text& text) {
  if (!text.empty()) return set(map, key, node_of(text));
  set_or_drop(map, key, std::string());
}

// Days that follow each other stand under one key: mon-fri. Several times of one day are a list.
YamlNode node_of(const std::vector<OpeningHours>& hours) {
  static constexpr std::array kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  YamlNode node;
  node.kind = Kind::map;
  for (const OpeningHours& open : hours) {
    const auto has = [&](std::size_t day) { return day < kDays.size() && (open.days >> day & 1U) != 0; };
    for (std::size_t day = 0; day < kDays.size(); ++day) {
      if (!has(day)) continue;
      std::string key = kDays[day];
      if (has(day + 1)) {
        while (has(day + 1)) ++day;
        key += '-' + std::string(kDays[day]);
      }
      list_at(node, key).items.push_back(scalar(minute(open.span.from) + "-" + minute(open.span.to)));
    }
  }
  return node;
}

YamlNode node_of(UnitId unit, const Shift& shift) {
  YamlNode node;
  node.kind = Kind::map;
  set(node, "unit", scalar(unit.str()));
  set(node, "days", days_of(shift.days));
  set(node, "from", scalar(minute(shift.span.from)));
  set(node, "to", scalar(minute(shift.span.to)));
  set(node, "on_call", scalar(shift.on_call ? "true" : "false"));
  YamlNode people;
  people.kind = Kind::map;
  for (const auto& [role, list] : shift.people) set(people, role.str(), list_of(list));
  set(node, "people", std::move(people));
  return node;
}

}  // namespace

Expected<std::string> join_personal_data(std::string_view yaml, const Organisation& organisation) {
  return edited(yaml, [&](YamlNode& root) {
    for (YamlNode& node : list_at(root, "people").items) {
      const auto id = PersonId::find(word_of(node, "id"));
      const Person* person = id ? find_person(organisation, *id) : nullptr;
      if (person == nullptr) continue;
      set_or_drop(node, "name", person->name);
      set_or_drop(node, "phone", person->phone);
      set_or_drop(node, "email", person->email);
    }
  });
}

Expected<std::string> replace_shifts(std::string_view yaml, UnitId unit, const std::vector<Shift>& shifts) {
  return edited(yaml, [&](YamlNode& root) {
    auto& items = list_at(root, "roster").items;
    std::erase_if(items, [&](YamlNode& node) { return word_of(node, "unit") == unit.str(); });
    for (const Shift& shift : shifts) items.push_back(node_of(unit, shift));
  });
}

Expected<std::string> put_person(std::string_view yaml, const Person& person) {
  return edited(yaml, [&](YamlNode& root) {
    auto& items = list_at(root, "people").items;
    auto at = std::find_if(items.begin(), items.end(),
                           [&](YamlNode& node) { return word_of(node, "id") == person.id.str(); });
    if (at == items.end()) {
      items.emplace_back();
      at = items.end() - 1;
      at->kind = Kind::map;
      set(*at, "id", scalar(person.id.str()));
    }
    set_or_drop(*at, "name", person.name);
    set(*at, "unit", scalar(person.unit.str()));
    set(*at, "roles", list_of(person.roles));
    set_or_drop(*at, "phone", person.phone);
    set_or_drop(*at, "email", person.email);
  });
}

Expected<std::string> put_unit(std::string_view yaml, const Unit& unit) {
  return edited(yaml, [&](YamlNode& root) {
    for (YamlNode& node : list_at(root, "units").items) {
      if (word_of(node, "id") != unit.id.str()) continue;
      set(node, "name", node_of(unit.name));
      set_or_drop(node, "address", unit.address);
      set_or_drop(node, "landmarks", unit.landmarks);
      set_or_drop(node, "assembly_point", unit.assembly_point);
      set_or_drop(node, "phone", unit.phone);
      std::erase_if(node.pairs,
                    [](const auto& pair) { return pair.first.text == "hours" || pair.first.text == "numbers"; });
      if (!unit.hours.empty()) set(node, "hours", node_of(unit.hours));
      YamlNode numbers;
      numbers.kind = Kind::map;
      for (const auto& [party, number] : unit.numbers) set(numbers, party.str(), scalar(number));
      if (!unit.numbers.empty()) set(node, "numbers", std::move(numbers));
    }
  });
}

Expected<std::string> remove_person(std::string_view yaml, PersonId person) {
  return edited(yaml, [&](YamlNode& root) {
    std::erase_if(list_at(root, "people").items, [&](YamlNode& node) { return word_of(node, "id") == person.str(); });
    for (YamlNode& shift : list_at(root, "roster").items) {
      YamlNode* people = find(shift, "people");
      if (people == nullptr) continue;
      for (auto& [role, list] : people->pairs) {
        std::erase_if(list.items, [&](const YamlNode& one) { return one.text == person.str(); });
        if (list.kind == Kind::scalar && list.text == person.str()) list = list_of(std::vector<PersonId>{});
      }
      std::erase_if(people->pairs,
                    [](const auto& pair) { return pair.second.kind == Kind::list && pair.second.items.empty(); });
    }
  });
}

}  // namespace tingan
