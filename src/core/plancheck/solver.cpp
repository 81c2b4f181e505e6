#include "core/plancheck/solver.h"

#include <algorithm>

#include "model/vocabulary.h"

namespace tingan {
namespace {

template <class Container>
auto& at(Container& container, int index) {
  return container[static_cast<std::size_t>(index)];
}

void add(std::vector<ValueId>& values, ValueId value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

bool people_may_state(const Fact& fact, const Organisation* organisation) {
  if (!fact.only_stated_by) return true;
  return std::any_of(fact.only_stated_by->begin(), fact.only_stated_by->end(),
                     [&](RoleId role) { return somebody_holds(organisation, role); });
}

// What other plans hand over when they start this one.
void add_chained(const Plan& plan, const Fact& fact, const std::vector<PlanPtr>& plans, std::vector<ValueId>& values) {
  for (const PlanPtr& other : plans) {
    for (const Chain& chain : other->chains) {
      if (chain.start != plan.id) continue;
      for (const FactSetting& setting : chain.facts) {
        const bool known = std::find(fact.values.begin(), fact.values.end(), setting.value) != fact.values.end();
        if (setting.fact == fact.id && known) add(values, setting.value);
      }
    }
  }
}

// What the program finds by itself.
void add_found(const Plan& plan, const Fact& fact, const std::vector<PlanPtr>& plans, bool of_parent,
               std::vector<ValueId>& values) {
  const bool correlated = plan.correlate && plan.correlate->sets.fact == fact.id;
  if (correlated && of_parent) values.clear();  // it holds from the declare
  if (correlated) add(values, plan.correlate->sets.value);
  if (fact.found_by == Fact::Finder::calendar) values = fact.values;
  if (fact.found_by == Fact::Finder::chain && !of_parent) add_chained(plan, fact, plans, values);
}

}  // namespace

bool somebody_holds(const Organisation* organisation, RoleId role) {
  if (organisation == nullptr) return true;
  return std::any_of(organisation->people.begin(), organisation->people.end(), [&](const Person& person) {
    return std::any_of(person.roles.begin(), person.roles.end(),
                       [&](RoleId held) { return held == role || (role == staff_role() && is_hall_role(held)); });
  });
}

Reach reach_of(const Plan& plan, const std::vector<PlanPtr>& plans, const Organisation* organisation, bool of_parent) {
  Reach reach;
  for (const Fact& fact : plan.facts) {
    const bool stated = people_may_state(fact, organisation);
    std::vector<ValueId> values{fact.values.front()};
    if (stated) {
      values = fact.values;
    } else {
      add_found(plan, fact, plans, of_parent, values);
    }
    reach.values.push_back(std::move(values));
    reach.by_people.push_back(stated);
  }
  // What the parent hands down can be all that the parent's fact can be.
  for (std::size_t i = 0; i < plan.facts.size(); ++i) {
    const Fact& fact = plan.facts[i];
    if (fact.found_by != Fact::Finder::parent || of_parent || reach.by_people[i] || !plan.correlate) continue;
    const int source = find_fact(plan, fact.of);
    if (source < 0) continue;
    for (const ValueId value : at(reach.values, source)) {
      if (std::find(fact.values.begin(), fact.values.end(), value) != fact.values.end()) add(reach.values[i], value);
    }
  }
  return reach;
}

void collect_facts(const Condition& condition, std::vector<int>& facts) {
  if (condition.kind == Condition::Kind::is) {
    const auto place = std::lower_bound(facts.begin(), facts.end(), condition.fact_index);
    if (place == facts.end() || *place != condition.fact_index) facts.insert(place, condition.fact_index);
  }
  for (const Condition& part : condition.parts) collect_facts(part, facts);
}

bool Solver::search(const std::vector<Term>& terms, const std::vector<int>& facts, std::size_t depth,
                    Assignment& values) {
  if (budget_ == 0 || --budget_ == 0) return true;
  bool open = false;
  for (const Term& term : terms) {
    const Truth truth = truth_of(*term.condition, [&](int fact) { return at(values, fact); });
    if (truth == Truth::open) open = true;
    if (truth == (term.wanted ? Truth::no : Truth::yes)) return false;
  }
  if (!open) return true;
  while (depth < facts.size() && !at(values, facts[depth]).empty()) ++depth;
  if (depth == facts.size()) return true;
  const int fact = facts[depth];
  for (const ValueId value : at(reach_.values, fact)) {
    at(values, fact) = value;
    if (search(terms, facts, depth + 1, values)) return true;
  }
  at(values, fact) = ValueId();
  return false;
}

std::optional<Assignment> Solver::find(const std::vector<Term>& terms, const Assignment& fixed) {
  std::vector<int> facts;
  for (const Term& term : terms) collect_facts(*term.condition, facts);
  Assignment values = fixed;
  values.resize(plan_.facts.size());
  if (!search(terms, facts, 0, values)) return std::nullopt;
  return values;
}

bool Solver::same(const Condition& a, const Condition& b) {
  return !possible({{&a, true}, {&b, false}}) && !possible({{&a, false}, {&b, true}});
}

bool Solver::holds_at_start(const Condition& condition) const {
  return holds(condition, [this](int fact) { return at(reach_.values, fact).front(); });
}

std::vector<std::string> describe(const Plan& plan, const Assignment& values) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].empty()) out.push_back(fmt::format("{}={}", plan.facts[i].id.str(), values[i].str()));
  }
  return out;
}

}  // namespace tingan
