#include "core/plancheck/plancheck.h"

#include <algorithm>
#include <optional>

#include "core/plancheck/look.h"
#include "core/plancheck/roster_index.h"

namespace tingan {
namespace {

void check_plan(Look& look, RosterIndex* roster) {
  check_facts(look);
  check_steps(look);
  check_conditions(look);
  check_escalations(look);
  check_times(look);
  check_closing(look);
  check_demands(look);
  check_acts(look);
  check_texts(look);
  check_references(look);
  check_chains(look);
  if (roster != nullptr) check_roster(look, *roster);
  if (look.solver(false).gave_up() || look.solver(true).gave_up()) {
    look.error("plan.too-many-combinations", look.line(0, "facts"), {},
               {"事实的组合太多，无法逐一证明；请减少事实，或让条件一次少看几个",
                "There are too many combinations of facts to prove the plan: use fewer facts, or fewer of them in one "
                "condition"});
  }
}

auto order_of(const Finding& finding) { return std::tie(finding.file, finding.line, finding.code, finding.message.en); }

}  // namespace

std::vector<Finding> check_plans(const CheckInput& input) {
  std::vector<Finding> findings;
  std::optional<RosterIndex> roster;
  if (input.organisation != nullptr) roster.emplace(input.organisation);
  for (const PlanPtr& plan : input.plans) {
    if (!input.only.empty() && plan->id != input.only) continue;
    Look look(input, *plan, findings);
    check_plan(look, roster ? &*roster : nullptr);
  }
  std::sort(findings.begin(), findings.end(),
            [](const Finding& a, const Finding& b) { return order_of(a) < order_of(b); });
  const auto same = [](const Finding& a, const Finding& b) { return order_of(a) == order_of(b); };
  findings.erase(std::unique(findings.begin(), findings.end(), same), findings.end());
  return findings;
}

}  // namespace tingan
