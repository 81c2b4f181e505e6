// Which combinations of facts can be. Every combination of the facts that the asked conditions read is looked at, whole
// branches at a time where a part already decides.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/organisation.h"
#include "model/plan.h"

namespace tingan {

// Which values each fact can ever have, and whether people may set it at will.
struct Reach {
  std::vector<std::vector<ValueId>> values;  // by index of the fact; never empty, the first one holds at the start
  std::vector<bool> by_people;
};

// In an incident of a hall, or (`of_parent`) in the parent incident above. `plans` are looked at for chains;
// `organisation` may be null, then every role has somebody.
Reach reach_of(const Plan& plan, const std::vector<PlanPtr>& plans, const Organisation* organisation, bool of_parent);

// Somebody holds the role by standing, so that he may state facts at any hour.
bool somebody_holds(const Organisation* organisation, RoleId role);

// The value of each fact, by index; an empty one was not looked at.
using Assignment = std::vector<ValueId>;

struct Term {
  const Condition* condition = nullptr;
  bool wanted = true;  // false: it must not hold
};

class Solver {
 public:
  Solver(const Plan& plan, Reach reach) : plan_(plan), reach_(std::move(reach)) {}

  // A combination in which all terms come out as wanted, or nothing when there is none. `fixed` values stay as given.
  std::optional<Assignment> find(const std::vector<Term>& terms, const Assignment& fixed = {});
  bool possible(const std::vector<Term>& terms) { return find(terms).has_value(); }
  // Both hold in exactly the same combinations.
  bool same(const Condition& a, const Condition& b);
  bool holds_at_start(const Condition& condition) const;

  const Reach& reach() const { return reach_; }
  // More combinations than can be looked at: answers are then "possible" and nothing is proven.
  bool gave_up() const { return budget_ == 0; }

 private:
  bool search(const std::vector<Term>& terms, const std::vector<int>& facts, std::size_t depth, Assignment& values);

  static constexpr long kBudget = 1L << 20;  // combinations looked at for one plan
  const Plan& plan_;
  Reach reach_;
  long budget_ = kBudget;
};

// Facts that the condition reads, rising.
void collect_facts(const Condition& condition, std::vector<int>& facts);
// "scope=single", for what was looked at.
std::vector<std::string> describe(const Plan& plan, const Assignment& values);

}  // namespace tingan
