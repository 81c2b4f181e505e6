#include "model/plan.h"

#include <algorithm>

namespace tingan {
namespace {

template <class Parts, class Id>
int index_of(const Parts& parts, Id id) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].id == id) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

bool Fact::boolean() const {
  static const ValueId yes("true");
  static const ValueId no("false");
  return values.size() == 2 && ((values[0] == yes && values[1] == no) || (values[0] == no && values[1] == yes));
}

bool Fact::answered_by(ValueId value) const {
  static const ValueId yes("true");
  if (std::find(no_answer.begin(), no_answer.end(), value) != no_answer.end()) return false;
  return value != values.front() || !boolean() || value != yes;
}

bool Fact::dangerous(ValueId value) const { return std::find(danger.begin(), danger.end(), value) != danger.end(); }

int find_fact(const Plan& plan, FactId id) { return index_of(plan.facts, id); }
int find_step(const Plan& plan, PartId id) { return index_of(plan.steps, id); }
int find_escalation(const Plan& plan, PartId id) { return index_of(plan.escalations, id); }
int find_script(const Plan& plan, PartId id) { return index_of(plan.scripts, id); }
int find_prohibition(const Plan& plan, PartId id) { return index_of(plan.prohibitions, id); }
int find_chain(const Plan& plan, PartId id) { return index_of(plan.chains, id); }

int line_of(const Plan& plan, int part_line, const std::string& key) {
  const auto found = plan.key_lines.find({part_line, key});
  return found == plan.key_lines.end() ? part_line : found->second;
}

const ReportNeed* report_need(const Plan& plan, std::string_view kind) {
  if (kind == "initial" && plan.initial) return &*plan.initial;
  if (kind == "follow-up" && plan.follow_up) return &*plan.follow_up;
  if (kind == "final" && plan.final) return &*plan.final;
  return nullptr;
}

}  // namespace tingan
