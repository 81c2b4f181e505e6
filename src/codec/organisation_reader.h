// The parts of parse_organisation. Units and people are read first, so that shifts, channels and alarms can name them.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "codec/yaml_mapping.h"
#include "model/organisation.h"

namespace tingan {

class OrganisationReader {
 public:
  OrganisationReader(Problems& problems, Organisation& organisation)
      : problems_(problems), organisation_(organisation) {}

  void read(const YamlNode& root);

 private:
  // organisation_reader.cpp
  void read_head(Mapping& top);
  void read_holidays(Mapping& top);
  void read_fallbacks(Mapping& top);
  void read_unit(const YamlNode& node);
  void read_hours(Mapping& map, Unit& unit);
  void read_numbers(Mapping& map, Unit& unit);
  std::string phone_in(const Word& word);
  void check_tree(int line);
  void read_person(const YamlNode& node);

  // organisation_duty.cpp
  void read_shift(const YamlNode& node);
  void read_shift_people(Mapping& map, Shift& shift);
  void read_channel(const YamlNode& node);
  void read_secret(Mapping& map, ChannelConfig& channel);
  void read_alarm(const YamlNode& node);
  void read_alarm_unit(Mapping& map, AlarmMapping& alarm);

  std::optional<RoleId> role(const Word& word, bool admin_too = false);
  std::vector<RoleId> roles_of(Mapping& map, std::string_view key, bool admin_too = false);
  std::optional<UnitId> unit(const Word& word);
  std::map<std::string, std::string> strings(Mapping& map, std::string_view key);
  // "mon", "mon-fri", or a list of these.
  Weekdays read_days(const YamlNode& node);
  Weekdays read_day_range(const Word& word);
  std::optional<int> read_minute(const Word& word, bool end);

  Problems& problems_;
  Organisation& organisation_;
  std::vector<std::string> unit_names_;
  std::vector<std::string> person_names_;
  std::set<std::string> known_people_;
};

}  // namespace tingan
