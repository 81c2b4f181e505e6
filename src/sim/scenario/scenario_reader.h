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
  // `act`: of which kind, where it concerns emergency acceptance.
  Action read_action(Action::Kind kind, const YamlNode& node, AcceptanceAct::Kind act);
  void read_declare(Mapping& map, Action& action);
  void read_incident(Mapping& map, Action& action);
  void read_part(Mapping& map, Action& action);
  std::vector<FactSetting> read_settings(Mapping& map, std::string_view key);
  std::optional<By> read_by(Mapping& map);

  Action read_roster_action(RosterAct::Kind kind, const YamlNode& node);

  // acceptance_reader.cpp
  void read_acceptance(Mapping& map, AcceptanceAct& act);
  OrderDemand read_order_demand(const YamlNode& node, const std::string& beside);
  HallDemand read_hall_demand(const YamlNode& node, UnitId beside);
  std::string order_name(const Word& word);
  void check_orders();

  // expect_reader.cpp
  // `action` is what stands beside it, or nullptr.
  Expect read_expect(const YamlNode& node, const Action* action);
  void check_expect(const Expect& expect, const Action* action);

  std::optional<RoleId> role(const Word& word);
  std::optional<ClauseId> clause(const Word& word);
  // "i1", or "i1.parent".
  std::string name(const Word& word);

  Problems& problems_;
  Scenario& scenario_;
  const std::vector<std::string>& known_clauses_;
  std::set<std::string> declared_;
  std::vector<Word> named_;  // incidents that lines speak of
  std::set<std::string> orders_;
  std::vector<Word> named_orders_;
};

}  // namespace tingan::scenario
