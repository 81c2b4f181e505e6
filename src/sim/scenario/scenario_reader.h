// The parts of parse_scenario.
#pragma once
#include <set>

#include "codec/yaml_mapping.h"
#include "sim/scenario/scenario.h"

namespace tingan::scenario {

class ScenarioReader {
 public:
  ScenarioReader(Problems& problems, Scenario& scenario, const std::vector<std::string>& known_clauses)
      : problems_(problems), scenario_(scenario), known_clauses_(known_clauses) {}

  void read(const YamlNode& root);

 private:
  // scenario_reader.cpp
  void read_head(Mapping& top);
  void read_line(const YamlNode& node);
  void check_order(const Line& line, int at_line);
  void check_names();

  // action_reader.cpp
  Action read_action(Action::Kind kind, const YamlNode& node);
  void read_declare(Mapping& map, Action& action);
  void read_incident(Mapping& map, Action& action);
  void read_part(Mapping& map, Action& action);
  std::vector<FactSetting> read_settings(Mapping& map, std::string_view key);
  std::optional<By> read_by(Mapping& map);

  // expect_reader.cpp
  Expect read_expect(const YamlNode& node, bool beside_action);
  void check_expect(const Expect& expect, bool beside_action);

  std::optional<RoleId> role(const Word& word);
  std::optional<ClauseId> clause(const Word& word);
  // "i1", or "i1.parent".
  std::string name(const Word& word);

  Problems& problems_;
  Scenario& scenario_;
  const std::vector<std::string>& known_clauses_;
  std::set<std::string> declared_;
  std::vector<Word> named_;  // incidents that lines speak of
};

}  // namespace tingan::scenario
