// A condition over facts: structured, so that every combination can be explored (docs/formats/plan.md).
#pragma once
#include <vector>

#include "model/ids.h"

namespace tingan {

struct Condition {
  enum class Kind { always, is, all, any, negated };

  Kind kind = Kind::always;
  FactId fact;                   // `is`: this fact ...
  int fact_index = -1;           // ... at this place in the plan's facts ...
  std::vector<ValueId> values;   // ... has one of these values
  std::vector<Condition> parts;  // `all`, `any`: each; `negated`: exactly one
  int line = 0;                  // in the plan file

  bool trivial() const { return kind == Kind::always; }
};

enum class Truth { no, yes, open };

// Over values of which some are not known: `value_of(fact_index) -> ValueId`, an empty one is not known. `open`: what
// is known decides nothing.
template <class ValueOf>
Truth truth_of(const Condition& condition, const ValueOf& value_of) {
  switch (condition.kind) {
    case Condition::Kind::always:
      return Truth::yes;
    case Condition::Kind::is: {
      const ValueId value = value_of(condition.fact_index);
      if (value.empty()) return Truth::open;
      for (const ValueId wanted : condition.values) {
        if (value == wanted) return Truth::yes;
      }
      return Truth::no;
    }
    case Condition::Kind::negated: {
      const Truth inner = truth_of(condition.parts.front(), value_of);
      if (inner == Truth::open) return Truth::open;
      return inner == Truth::yes ? Truth::no : Truth::yes;
    }
    case Condition::Kind::all:
    case Condition::Kind::any: {
      const Truth decides = condition.kind == Condition::Kind::all ? Truth::no : Truth::yes;
      Truth all = decides == Truth::no ? Truth::yes : Truth::no;
      for (const Condition& part : condition.parts) {
        const Truth one = truth_of(part, value_of);
        if (one == decides) return decides;
        if (one == Truth::open) all = Truth::open;
      }
      return all;
    }
  }
  return Truth::open;
}

// `value_of(fact_index) -> ValueId`.
template <class ValueOf>
bool holds(const Condition& condition, const ValueOf& value_of) {
  switch (condition.kind) {
    case Condition::Kind::always:
      return true;
    case Condition::Kind::is: {
      const ValueId value = value_of(condition.fact_index);
      for (const ValueId wanted : condition.values) {
        if (value == wanted) return true;
      }
      return false;
    }
    case Condition::Kind::all:
      for (const Condition& part : condition.parts) {
        if (!holds(part, value_of)) return false;
      }
      return true;
    case Condition::Kind::any:
      for (const Condition& part : condition.parts) {
        if (holds(part, value_of)) return true;
      }
      return false;
    case Condition::Kind::negated:
      return !holds(condition.parts.front(), value_of);
  }
  return false;
}

}  // namespace tingan
