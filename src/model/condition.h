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
