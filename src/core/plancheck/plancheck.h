// Proves plans: explores every combination of the facts that conditions read, and every role against the roster at each
// hour of the week. Pure; takes milliseconds.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "model/organisation.h"
#include "model/plan.h"

namespace tingan {

struct Finding {
  enum class Level { error, warning, note };

  Level level = Level::error;
  std::string code;  // stable: "plan.step-never-starts"
  std::string file;
  int line = 0;
  PlanId plan;
  std::vector<ClauseId> clauses;
  Text message;                      // a sentence that a director understands
  std::vector<std::string> witness;  // the facts ("scope=single") or the hour ("hall-b Sat 03:00") that shows it
};

struct CheckInput {
  std::vector<PlanPtr> plans;        // checked together: chains and children look at one another
  OrganisationPtr organisation;      // may be null: roles are then not checked against a roster
  std::set<ClauseId> known_clauses;  // empty: clause names are not checked
  std::set<FormId> known_forms;      // empty: forms are not checked
  PlanId only;                       // not empty: this plan alone is proven, the others are what it may look at
};

// Sorted by file, line, code. Empty when there is nothing to say.
std::vector<Finding> check_plans(const CheckInput& input);

}  // namespace tingan
