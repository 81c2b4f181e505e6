#include "codec/organisation_reader.h"

#include <algorithm>

#include "model/vocabulary.h"

namespace tingan {
namespace {

constexpr const char* kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

int day_index(std::string_view name) {
  for (int i = 0; i < 7; ++i) {
    if (name == kDays[i]) return i;
  }
  return -1;
}

}  // namespace

void OrganisationReader::read(const YamlNode& root) {
  Mapping top(problems_, root, {"组织文件", "the organisation file"});
  if (!top.valid()) return;
  read_head(top);
  read_holidays(top);
  read_fallbacks(top);
  top.need("units");
  for (const YamlNode& node : top.list("units")) read_unit(node);
  check_tree(top.line_of("units"));
  for (const YamlNode& node : top.list("people")) read_person(node);
  for (const YamlNode& node : top.list("roster")) read_shift(node);
  for (const YamlNode& node : top.list("channels")) read_channel(node);
  for (const YamlNode& node : top.list("alarms")) read_alarm(node);
  top.finish();
}

void OrganisationReader::read_head(Mapping& top) {
  const Word id = top.word("organisation");
  if (!id.text.empty() && check_id(problems_, id)) organisation_.id = id.text;
  organisation_.title = top.text("title");
  const Word written = top.word("zone");
  if (!written.text.empty()) {
    if (const auto zone = parse_zone(written.text)) {
      organisation_.zone = *zone;
    } else {
      problems_.add("malformed-zone", zone.error().message, written.line);
    }
  }
  if (const YamlNode* node = top.find("correlation")) {
    Mapping map(problems_, *node, {"“correlation”", "'correlation'"});
    const Duration window = map.duration("window");
    if (window.count() > 0) organisation_.correlation_window = window;
    if (map.find("window") != nullptr && window.count() == 0) {
      problems_.add("malformed-duration",
                    {"合并时限应大于零", "Expected 'window' to be longer than nothing, but it is not"},
                    map.line_of("window"));
    }
    map.finish();
  }
}

void OrganisationReader::read_holidays(Mapping& top) {
  for (const YamlNode& node : top.list("holidays")) {
    Mapping map(problems_, node, {"节假日", "a holiday"});
    Holiday holiday;
    const Word date = map.word("date");
    const auto at = parse_rfc3339(date.text + "T00:00:00Z");
    if (at && date.text.size() == 10) {
      const LocalTime day = local_time(*at, Zone{0});
      holiday.year = day.year;
      holiday.month = day.month;
      holiday.day = day.day;
    } else if (!date.text.empty()) {
      problems_.add("malformed-date",
                    {fmt::format("日期“{}”应写成 2027-01-01 的样子", date.text),
                     fmt::format("Expected a date like 2027-01-01, but got '{}'", date.text)},
                    date.line);
    }
    map.need("as");
    const std::string as = map.choice("as", {std::begin(kDays), std::end(kDays)});
    holiday.as_weekday = as.empty() ? holiday.as_weekday : day_index(as);
    holiday.title = map.text_if("title").value_or(Text{});
    map.finish();
    organisation_.holidays.push_back(std::move(holiday));
  }
}

void OrganisationReader::read_fallbacks(Mapping& top) {
  const YamlNode* node = top.find("fallbacks");
  if (node == nullptr) return;
  Mapping map(problems_, *node, {"“fallbacks”", "'fallbacks'"});
  for (const auto& [key, value] : node->pairs) {
    const auto whom = role({key.text, key.line});
    const auto stand_ins = roles_of(map, key.text);
    if (!whom) continue;
    if (std::find(stand_ins.begin(), stand_ins.end(), *whom) != stand_ins.end()) {
      problems_.add("self-fallback",
                    {fmt::format("“{}”不能由自己代替", key.text),
                     fmt::format("Expected others to stand in for '{}', but it names itself", key.text)},
                    key.line);
    }
    organisation_.fallbacks[*whom] = stand_ins;
  }
}

void OrganisationReader::read_unit(const YamlNode& node) {
  Mapping map(problems_, node, {"单位", "a unit"});
  Unit unit;
  unit.line = node.line;
  const Word id = map.word("id");
  if (!id.text.empty() && check_id(problems_, id)) {
    if (std::find(unit_names_.begin(), unit_names_.end(), id.text) != unit_names_.end()) {
      problems_.add("duplicate-id",
                    {fmt::format("有两个单位叫“{}”", id.text),
                     fmt::format("Expected every unit once, but '{}' stands there twice", id.text)},
                    id.line);
    }
    unit.id = UnitId(id.text);
    unit_names_.push_back(id.text);
  }
  map.need("kind");
  const std::string kind = map.choice("kind", {"company", "centre", "department", "hall"});
  unit.kind = kind == "company"      ? UnitKind::company
              : kind == "centre"     ? UnitKind::centre
              : kind == "department" ? UnitKind::department
                                     : UnitKind::hall;
  if (const auto parent = map.word_if("parent"); parent && check_id(problems_, *parent))
    unit.parent = UnitId(parent->text);
  unit.name = map.text("name");
  unit.address = map.text_if("address").value_or(Text{});
  unit.landmarks = map.text_if("landmarks").value_or(Text{});
  unit.assembly_point = map.text_if("assembly_point").value_or(Text{});
  if (const auto phone = map.word_if("phone")) unit.phone = phone->text;
  read_hours(map, unit);
  read_numbers(map, unit);
  map.finish();
  if (!unit.id.empty()) organisation_.units.push_back(std::move(unit));
}

void OrganisationReader::read_hours(Mapping& map, Unit& unit) {
  const YamlNode* node = map.find("hours");
  if (node == nullptr) return;
  Mapping hours(problems_, *node, {"“hours”", "'hours'"});
  for (const auto& [key, value] : node->pairs) {
    const Weekdays days = read_day_range({key.text, key.line});
    std::vector<YamlNode> single;
    if (value.kind == YamlNode::Kind::scalar) single.push_back(value);
    for (const YamlNode& item : value.kind == YamlNode::Kind::list ? value.items : single) {
      const auto dash = item.text.find('-');
      const auto from =
          dash == std::string::npos ? std::nullopt : read_minute({item.text.substr(0, dash), item.line}, false);
      const auto to = !from ? std::nullopt : read_minute({item.text.substr(dash + 1), item.line}, true);
      if (dash == std::string::npos) {
        problems_.add("malformed-hours",
                      {fmt::format("营业时间“{}”应写成 09:00-18:00 的样子", item.text),
                       fmt::format("Expected hours like 09:00-18:00, but got '{}'", item.text)},
                      item.line);
      }
      if (from && to) unit.hours.push_back({days, {*from, *to}});
    }
    if (value.kind != YamlNode::Kind::scalar && value.kind != YamlNode::Kind::list) {
      problems_.add("wrong-type", {"营业时间应写成 09:00-18:00", "Expected hours like 09:00-18:00, but they are not"},
                    value.line);
    }
  }
}

void OrganisationReader::read_numbers(Mapping& map, Unit& unit) {
  std::vector<std::string> parties;
  for (const OutsideParty& party : outside_parties()) parties.push_back(party.id.str());
  for (const auto& [party, number] : strings(map, "numbers")) {
    if (std::find(parties.begin(), parties.end(), party) == parties.end()) {
      problems_.add_unknown(
          "unknown-party",
          {fmt::format("没有“{}”这个外部单位", party), fmt::format("unknown outside party '{}'", party)}, party,
          parties, map.line_of("numbers"));
      continue;
    }
    unit.numbers[PartId(party)] = number;
  }
}

// One top unit, every parent known, no circle: everything that walks upward relies on it.
void OrganisationReader::check_tree(int line) {
  int tops = 0;
  for (const Unit& unit : organisation_.units) {
    if (unit.parent.empty()) {
      if (++tops > 1) {
        problems_.add("several-top-units",
                      {fmt::format("“{}”也没有上级单位，最上级只能有一个", unit.id.str()),
                       fmt::format("Expected one unit without a parent, but '{}' is a second", unit.id.str())},
                      unit.line);
      }
      continue;
    }
    if (find_unit(organisation_, unit.parent) == nullptr) {
      problems_.add_unknown("unknown-unit",
                            {fmt::format("“{}”的上级单位“{}”不存在", unit.id.str(), unit.parent.str()),
                             fmt::format("unknown unit '{}' as parent of '{}'", unit.parent.str(), unit.id.str())},
                            unit.parent.str(), unit_names_, unit.line);
      continue;
    }
    const Unit* above = &unit;
    constexpr int kLevelsMax = 32;  // no organisation is as deep: it is a circle
    for (int up = 0; above != nullptr && !above->parent.empty(); ++up) {
      if (up > kLevelsMax) {
        problems_.add(
            "unit-circle",
            {fmt::format("“{}”的上级绕了一圈又回到自己", unit.id.str()),
             fmt::format("Expected '{}' to lead up to the top unit, but its parents run in a circle", unit.id.str())},
            unit.line);
        break;
      }
      above = find_unit(organisation_, above->parent);
    }
  }
  if (tops == 0 && problems_.empty()) {
    problems_.add("no-top-unit", {"没有最上级单位", "Expected one unit without a parent, but there is none"}, line);
  }
}

void OrganisationReader::read_person(const YamlNode& node) {
  Mapping map(problems_, node, {"人员", "a person"});
  Person person;
  person.line = node.line;
  const Word id = map.word("id");
  if (!id.text.empty() && check_id(problems_, id)) {
    person.id = PersonId(id.text);
    person_names_.push_back(id.text);
    if (!known_people_.insert(id.text).second) {
      problems_.add("duplicate-id",
                    {fmt::format("有两个人的编号是“{}”", id.text),
                     fmt::format("Expected every person once, but '{}' stands there twice", id.text)},
                    id.line);
    }
  }
  // Without a name (taken out for the log, or erased) the id is shown.
  const auto name = map.word_if("name");
  person.name = name ? name->text : person.id.str();
  const Word unit_word = map.word("unit");
  if (!unit_word.text.empty()) person.unit = unit(unit_word).value_or(UnitId());
  map.need("roles");
  person.roles = roles_of(map, "roles", true);
  if (const auto phone = map.word_if("phone")) person.phone = phone->text;
  if (const auto email = map.word_if("email")) person.email = email->text;
  map.finish();
  if (!person.id.empty()) organisation_.people.push_back(std::move(person));
}

std::optional<RoleId> OrganisationReader::role(const Word& word, bool admin_too) {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> known;
    for (const RoleInfo& info : roles()) known.push_back(info.id.str());
    return known;
  }();
  std::vector<std::string> names = all;
  if (admin_too) {
    names.push_back(admin_role().str());
    names.push_back(auditor_role().str());
  }
  if (std::find(names.begin(), names.end(), word.text) != names.end()) return RoleId(word.text);
  problems_.add_unknown("unknown-role",
                        {fmt::format("没有“{}”这个角色", word.text), fmt::format("unknown role '{}'", word.text)},
                        word.text, names, word.line);
  return std::nullopt;
}

std::vector<RoleId> OrganisationReader::roles_of(Mapping& map, std::string_view key, bool admin_too) {
  std::vector<RoleId> out;
  for (const Word& word : map.words_if(key).value_or(std::vector<Word>{})) {
    if (const auto known = role(word, admin_too)) out.push_back(*known);
  }
  return out;
}

std::optional<UnitId> OrganisationReader::unit(const Word& word) {
  if (std::find(unit_names_.begin(), unit_names_.end(), word.text) != unit_names_.end()) return UnitId(word.text);
  problems_.add_unknown("unknown-unit",
                        {fmt::format("没有“{}”这个单位", word.text), fmt::format("unknown unit '{}'", word.text)},
                        word.text, unit_names_, word.line);
  return std::nullopt;
}

std::map<std::string, std::string> OrganisationReader::strings(Mapping& map, std::string_view key) {
  std::map<std::string, std::string> out;
  const YamlNode* node = map.find(key);
  if (node == nullptr) return out;
  Mapping inner(problems_, *node, {fmt::format("“{}”", key), fmt::format("'{}'", key)});
  for (const auto& [name, value] : node->pairs) {
    if (const auto word = inner.word_if(name.text)) out[name.text] = word->text;
  }
  return out;
}

Weekdays OrganisationReader::read_days(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::scalar) return read_day_range({node.text, node.line});
  Weekdays days = 0;
  if (node.kind == YamlNode::Kind::list) {
    for (const YamlNode& item : node.items) days |= read_day_range({item.text, item.line});
  }
  if (days == 0) {
    problems_.add("malformed-days", {"应写哪几天，如 mon-fri", "Expected days like mon-fri, but there are none"},
                  node.line);
  }
  return days;
}

Weekdays OrganisationReader::read_day_range(const Word& word) {
  const auto dash = word.text.find('-');
  const int first = day_index(std::string_view(word.text).substr(0, dash));
  const int last = dash == std::string::npos ? first : day_index(std::string_view(word.text).substr(dash + 1));
  if (first < 0 || last < 0) {
    problems_.add("malformed-days",
                  {fmt::format("日子“{}”应写成 mon 或 mon-fri 的样子", word.text),
                   fmt::format("Expected days like mon or mon-fri, but got '{}'", word.text)},
                  word.line);
    return 0;
  }
  Weekdays days = 0;
  for (int day = first;; day = (day + 1) % 7) {  // "sat-mon" runs over the week's end
    days |= 1U << day;
    if (day == last) return days;
  }
}

std::optional<int> OrganisationReader::read_minute(const Word& word, bool end) {
  const auto digit = [&](std::size_t i) { return word.text[i] >= '0' && word.text[i] <= '9'; };
  if (word.text.size() == 5 && word.text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4)) {
    const int hour = (word.text[0] - '0') * 10 + (word.text[1] - '0');
    const int minute = (word.text[3] - '0') * 10 + (word.text[4] - '0');
    const bool midnight = end && hour == 24 && minute == 0;
    if ((hour < 24 && minute < 60) || midnight) return hour * 60 + minute;
  }
  problems_.add("malformed-time",
                {fmt::format("时刻“{}”应写成 08:30 的样子", word.text),
                 fmt::format("Expected a time of day like 08:30, but got '{}'", word.text)},
                word.line);
  return std::nullopt;
}

}  // namespace tingan
