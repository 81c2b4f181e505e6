// A plan as data, bound: every reference is resolved to an index. The language is docs/formats/plan.md.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "model/condition.h"
#include "model/ids.h"

namespace tingan {

enum class Severity { minor, major, danger };

// Who has to acknowledge what was told, and what happens when nobody does.
struct AckPolicy {
  int need = 1;              // how many of those told; 0 means all
  Duration repeat{180000};   // told again every so often
  int times = 3;             // so many times, then the next one is told
  std::vector<RoleId> then;  // empty: the role's fallback, then one unit up
};

struct Fact {
  enum class Finder { people, correlation, calendar, parent, chain };

  FactId id;
  Text title;
  std::vector<ValueId> values;     // the first one holds at the start
  std::vector<Text> labels;        // same order as values
  std::vector<ValueId> no_answer;  // "not known yet": saying so answers no question
  std::vector<ValueId> danger;     // that it is dangerous (again) is said without a typed reason
  std::optional<Text> ask;
  std::string effect;  // people, property, funds, records, media, service: where a report says it (X6); or empty
  std::vector<RoleId> also_stated_by;
  std::optional<std::vector<RoleId>> only_stated_by;  // present and empty: nobody, the program finds it
  Finder found_by = Finder::people;
  FactId of;  // Finder::parent: the parent's fact that is handed down
  int line = 0;

  bool boolean() const;
  // Saying this answers the question about the fact. "Not known yet" is no answer, and neither is "still so" about what
  // holds from the start (the robbers are still there).
  bool answered_by(ValueId value) const;
  bool dangerous(ValueId value) const;
};

struct FactSetting {
  FactId fact;
  ValueId value;
  friend bool operator==(const FactSetting&, const FactSetting&) = default;
};

struct Phase {
  PartId id;
  Text title;
  Condition when;
  int line = 0;
};

struct Step {
  PartId id;
  int phase = -1;               // index into phases
  RoleId role;                  // or staff_role()
  std::vector<RoleId> also_by;  // who may do it as well, and is told as well
  Condition when;               // the step's own `when` and its phase's, both
  int on = -1;                  // index into escalations: opens only once that has fired
  std::vector<int> after;       // indices into steps
  Text text;
  std::optional<Text> why;
  std::optional<Duration> within;
  int asks = -1;  // index into facts
  PartId call;    // role or outside party, or empty
  int say = -1;   // index into scripts
  FormId form;
  std::string opens;  // "acceptance", "recordings", ...
  std::vector<RoleId> tell;
  bool each = false;
  std::string act;
  std::vector<FactSetting> states;  // what is stated by doing it
  int second_to = -1;               // index into steps: done by somebody else than that one
  bool must = false;                // done, never skipped, before the incident closes ...
  bool must_unless = false;         // ... false: where it was stated that `must_when` holds; true: unless it was
  Condition must_when;
  std::optional<AckPolicy> acknowledge;
  bool ours = false;
  bool of_parent = false;  // belongs to the parent incident of a correlation
  std::vector<ClauseId> clauses;
  int line = 0;
};

struct Escalation {
  PartId id;
  Condition when;
  Condition until;
  bool until_acknowledged = false;
  Duration at{};
  int from = -1;  // index into steps; -1: from the declare
  std::optional<Duration> repeat;
  std::vector<RoleId> tell;
  Text text;
  std::optional<AckPolicy> acknowledge;
  bool ours = false;
  bool of_parent = false;
  std::vector<ClauseId> clauses;
  int line = 0;
};

struct Prohibition {
  PartId id;
  Text text;
  std::vector<RoleId> roles;  // empty: everyone
  Condition when;             // `while` in the file
  std::string act;
  std::string enforce;
  bool ours = false;
  bool of_parent = false;
  std::vector<ClauseId> clauses;
  int line = 0;
};

struct Script {
  PartId id;
  std::string audience;
  std::vector<RoleId> who;
  Condition when;
  Text text;
  bool ours = false;
  bool of_parent = false;
  std::vector<ClauseId> clauses;
  int line = 0;
};

struct Chain {
  PartId id;
  Condition when;
  PlanId start;
  std::vector<FactSetting> facts;
  std::optional<bool> silent;  // overrides the started plan's
  std::vector<ClauseId> clauses;
  int line = 0;
};

struct Correlation {
  int at_least = 2;
  Duration within{1800000};
  FactSetting sets;
  int sets_index = -1;         // index into facts
  std::vector<PartId> parent;  // parts that belong to the parent incident
  int line = 0;
};

// Facts that one person alone does not settle in haste: at least `persons` of them, or not before `or_after`.
struct Apart {
  std::vector<int> facts;  // indices
  int persons = 2;
  Duration or_after{};  // from the declare
};

// Everything a gate asks for; all that is present must hold.
struct Need {
  Condition condition;
  std::vector<int> steps;             // done, skipped with a reason, or not applicable
  std::string report;                 // kind that must be filed, or empty
  FormId form;                        // at least one filed, or empty
  std::optional<Condition> children;  // over the children's facts (same plan)
  std::vector<PartId> chains;         // what these have started has ended
  std::optional<Apart> apart;
  bool acceptance = false;  // every order taken during the incident is accounted for (`acceptance: reconciled`)
};

struct Gate {
  PartId id;
  Text text;
  Need needs;
  bool of_parent = false;
  std::vector<ClauseId> clauses;
  int line = 0;
};

struct ReportNeed {
  std::optional<Duration> within;  // from the declare
  std::optional<Duration> every;   // follow-up: while not contained
  std::vector<RoleId> to;
  RoleId by{"hall-director"};
  std::vector<ClauseId> clauses;
  int line = 0;
};

struct LateRule {
  Duration after{};  // beyond the step's deadline
  std::vector<RoleId> tell;
};

struct Plan {
  PlanId id;
  int version = 0;   // given at publication; 0: a file that is not published
  std::string hash;  // SHA-256 of the YAML text, hex
  std::string file;
  Text title;
  Severity severity = Severity::major;
  Text owner;
  std::string issued;
  Text origin;
  std::vector<ClauseId> clauses;
  std::vector<Fact> facts;
  std::vector<Phase> phases;
  std::vector<Step> steps;
  std::vector<Escalation> escalations;
  std::vector<Prohibition> prohibitions;
  std::vector<Script> scripts;
  std::vector<Chain> chains;
  std::optional<Correlation> correlate;
  std::optional<ReportNeed> initial;
  std::optional<ReportNeed> follow_up;
  std::optional<ReportNeed> final;
  std::vector<Gate> gates;
  std::optional<Condition> silent;
  Condition contained;  // trivial: never by itself
  bool has_contained = false;
  AckPolicy acknowledge;
  std::optional<std::vector<LateRule>> late;  // absent: the default of the place (docs/formats/plan.md)
  // Where a key of a part stands in the file: (line of the part, key) -> line; 0 is the top level. For messages only.
  std::map<std::pair<int, std::string>, int> key_lines;
};

using PlanPtr = std::shared_ptr<const Plan>;

// Index of the part in its list, or -1.
int find_fact(const Plan& plan, FactId id);
int find_step(const Plan& plan, PartId id);
int find_escalation(const Plan& plan, PartId id);
int find_script(const Plan& plan, PartId id);
int find_prohibition(const Plan& plan, PartId id);
int find_chain(const Plan& plan, PartId id);
// Line of the key in the part that starts at `part_line` (0: top level); the part's own where it has no such key.
int line_of(const Plan& plan, int part_line, const std::string& key);
// "initial", "follow-up" or "final"; nullptr where the plan asks for none of that kind.
const ReportNeed* report_need(const Plan& plan, std::string_view kind);

}  // namespace tingan
