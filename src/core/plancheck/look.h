// One plan under the check: what is known of it, and where findings go. Each check_*.cpp asks one family of questions.
#pragma once
#include <string>
#include <vector>

#include "core/plancheck/plancheck.h"
#include "core/plancheck/solver.h"

namespace tingan {

class RosterIndex;

class Look {
 public:
  Look(const CheckInput& input, const Plan& plan, std::vector<Finding>& findings);

  const CheckInput& input() const { return input_; }
  const Plan& plan() const { return plan_; }
  // Facts behave differently in the parent incident of a correlation.
  Solver& solver(bool of_parent) { return of_parent ? above_ : here_; }

  void say(Finding::Level level, std::string code, int line, std::vector<ClauseId> clauses, Text message,
           std::vector<std::string> witness = {});
  void error(std::string code, int line, const std::vector<ClauseId>& clauses, Text message,
             std::vector<std::string> witness = {}) {
    say(Finding::Level::error, std::move(code), line, clauses, std::move(message), std::move(witness));
  }
  void warning(std::string code, int line, const std::vector<ClauseId>& clauses, Text message,
               std::vector<std::string> witness = {}) {
    say(Finding::Level::warning, std::move(code), line, clauses, std::move(message), std::move(witness));
  }

  // Line of a key of the part, or of the part.
  int line(int part_line, const std::string& key) const { return line_of(plan_, part_line, key); }

 private:
  const CheckInput& input_;
  const Plan& plan_;
  std::vector<Finding>& findings_;
  Solver here_;
  Solver above_;
};

// "步骤“打电话…”" / "step 'call' (Phone the ...)", for sentences.
Text name_of(const Step& step);
Text name_of(const Escalation& escalation);
Text name_of(const Prohibition& prohibition);
Text name_of(const Script& script);
Text name_of(const Gate& gate);
Text name_of(const Phase& phase);
Text name_of(const Chain& chain);
Text name_of(const Fact& fact);
// The roles' names, joined.
Text names_of(const std::vector<RoleId>& roles);
// Why a condition cannot come true: it contradicts itself, or asks for values that nobody can bring about.
Text why_never(Look& look, bool of_parent, const std::vector<Term>& terms);

// Whether somebody in this role may answer for the fact.
bool may_state(const Fact& fact, RoleId role, bool of_parent);

// The families. Each in the file of its name.
void check_facts(Look& look);
void check_steps(Look& look);
void check_conditions(Look& look);
void check_escalations(Look& look);
void check_times(Look& look);
void check_closing(Look& look);
void check_demands(Look& look);
void check_acts(Look& look);
void check_texts(Look& look);
void check_references(Look& look);
void check_chains(Look& look);
void check_roster(Look& look, RosterIndex& roster);

// Which steps can ever open and which escalations can ever fire, by index.
struct Openings {
  std::vector<bool> steps;
  std::vector<bool> escalations;
};
Openings openings_of(Look& look);

}  // namespace tingan
