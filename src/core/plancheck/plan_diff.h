// What changed between two versions of a plan, part by part and field by field, for those who approve the new one.
#pragma once
#include <string>
#include <vector>

#include "model/plan.h"

namespace tingan {

struct FieldChange {
  std::string field;   // the key in the file: "within"
  std::string before;  // as the file would say it; empty: not written
  std::string after;
};

struct PartChange {
  enum class Kind { added, removed, changed };
  std::string
      part;  // "step", "escalation", "prohibition", "script", "chain", "gate", "fact", "phase", "report", "plan"
  std::string id;
  Kind kind = Kind::changed;
  std::vector<FieldChange> fields;  // of an added or removed part: all that it says
};

// In the order of the new plan, removed parts where the old one had them last. Empty when nothing that runs changed.
std::vector<PartChange> diff_plans(const Plan& before, const Plan& after);

// As the file would say it: "{all: [{scope: single}, {not: {restored: true}}]}".
std::string to_text(const Condition& condition);

}  // namespace tingan
