// The parts of parse_plan. Names are collected first, so that a part may refer to one that stands further down.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/yaml_mapping.h"
#include "model/plan.h"

namespace tingan {

class PlanReader {
 public:
  PlanReader(Problems& problems, Plan& plan) : problems_(problems), plan_(plan) {}

  void read(const YamlNode& root);

 private:
  // plan_reader.cpp
  void read_head(Mapping& top);
  void collect_names(Mapping& top);
  void read_phases(Mapping& top);
  AckPolicy read_acknowledge(const YamlNode& node, const Text& what, const AckPolicy& base);
  void read_late(Mapping& top);
  void read_silent(Mapping& top);

  // plan_facts.cpp
  void read_facts(Mapping& top);
  void read_fact(const YamlKey& key, const YamlNode& node);
  void read_values(Mapping& map, Fact& fact);
  void read_meanings(Mapping& map, Fact& fact);
  void read_labels(Mapping& map, Fact& fact);
  void read_finder(Mapping& map, Fact& fact);
  Condition read_condition(const YamlNode& node, const Text& what);
  Condition read_test(const YamlKey& key, const YamlNode& node);
  Condition read_group(Condition::Kind kind, const YamlNode& node, const Text& what);
  std::optional<FactSetting> read_setting(const YamlKey& key, const YamlNode& node);
  std::vector<int> facts_of(Mapping& map, std::string_view key);

  // plan_parts.cpp
  void read_step(const YamlNode& node);
  void read_step_work(Mapping& map, Step& step);
  void read_step_phase(Mapping& map, Step& step);
  void read_step_must(Mapping& map, Step& step);
  void read_escalation(const YamlNode& node);
  void read_prohibition(const YamlNode& node);
  void read_script(const YamlNode& node);
  void read_chain(const YamlNode& node);
  void read_correlation(Mapping& top);
  void mark_parent_parts();

  // plan_close.cpp
  void read_reports(Mapping& top);
  std::optional<ReportNeed> read_report(Mapping& reports, std::string_view key);
  void read_gate(const YamlNode& node);
  void read_need(const YamlNode& node, Gate& gate, const Text& what);
  Apart read_apart(const YamlNode& node, const Text& what);

  // Common pieces.
  template <class Read>
  void each(Mapping& top, std::string_view key, const Read& read) {
    for (const YamlNode& node : top.list(key)) read(node);
  }
  PartId read_id(Mapping& map);
  // Remembers where the keys of a part stand.
  void keep_lines(const Mapping& map, int part_line);
  std::vector<ClauseId> read_clauses(Mapping& map);
  std::optional<RoleId> role(const Word& word);
  std::vector<RoleId> roles_of(Mapping& map, std::string_view key);
  Condition condition_if(Mapping& map, std::string_view key);
  // One of a fixed list of words: `unknown-word`.
  // Index in `names`, or -1 with the problem `code`.
  int reference(const Word& word, const std::vector<std::string>& names, std::string_view code, const Text& kind);

  Problems& problems_;
  Plan& plan_;
  std::vector<std::string> phase_names_;
  std::vector<std::string> step_names_;
  std::vector<std::string> escalation_names_;
  std::vector<std::string> script_names_;
  std::vector<std::string> chain_names_;
};

}  // namespace tingan
