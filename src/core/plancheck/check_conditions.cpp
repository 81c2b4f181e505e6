// Conditions that never hold, that always hold where they stand, or that have branches which never matter.
#include "core/plancheck/look.h"

namespace tingan {
namespace {

struct Place {
  const Condition* condition;
  Text name;
  std::string key;
  int part_line;
  std::vector<ClauseId> clauses;
  bool of_parent = false;
};

void check_never(Look& look, const Place& place) {
  if (place.condition->trivial() || look.solver(place.of_parent).possible({{place.condition, true}})) return;
  const Text why = why_never(look, place.of_parent, {{place.condition, true}});
  look.error("plan.condition-never-true", look.line(place.part_line, place.key), place.clauses,
             {fmt::format("{}的“{}”永远不成立：{}", place.name.zh, place.key, why.zh),
              fmt::format("'{}' of {} can never hold: {}", place.key, place.name.en, why.en)});
}

void check_always(Look& look, const Place& place, const Condition* given) {
  if (place.condition->trivial()) return;
  std::vector<Term> terms{{place.condition, false}};
  if (given != nullptr) terms.push_back({given, true});
  if (look.solver(place.of_parent).possible(terms)) return;
  look.warning("plan.condition-always-true", look.line(place.part_line, place.key), place.clauses,
               {fmt::format("{}的“{}”写在这里总是成立，等于没写", place.name.zh, place.key),
                fmt::format("'{}' of {} always holds where it stands and says nothing", place.key, place.name.en)});
}

// Branches of `any` that cannot come true where they stand.
void check_branches(Look& look, const Place& place, const Condition& condition, std::vector<Term>& given) {
  if (condition.kind == Condition::Kind::any) {
    for (const Condition& branch : condition.parts) {
      std::vector<Term> terms = given;
      terms.push_back({&branch, true});
      if (look.solver(place.of_parent).possible(terms)) continue;
      look.warning("plan.dead-branch", branch.line, place.clauses,
                   {fmt::format("{}的“{}”里有一种情况永远不会出现", place.name.zh, place.key),
                    fmt::format("'{}' of {} has a branch that can never come true", place.key, place.name.en)});
    }
  }
  if (condition.kind == Condition::Kind::negated) return;
  for (const Condition& part : condition.parts) check_branches(look, place, part, given);
}

void check_inside(Look& look, const Place& place, const Condition* given) {
  std::vector<Term> terms;
  if (given != nullptr) terms.push_back({given, true});
  // Where all of it is impossible, that has been said already.
  std::vector<Term> whole = terms;
  whole.push_back({place.condition, true});
  if (!look.solver(place.of_parent).possible(whole)) return;
  check_branches(look, place, *place.condition, terms);
}

void check_place(Look& look, const Place& place) {
  check_never(look, place);
  check_always(look, place, nullptr);
  check_inside(look, place, nullptr);
}

// A step's own part of the condition: the phase's stands in the phase.
const Condition* own_condition(const Plan& plan, const Step& step) {
  if (!plan.key_lines.contains({step.line, "when"})) return nullptr;
  const bool conjoined = step.phase >= 0 && !plan.phases[static_cast<std::size_t>(step.phase)].when.trivial();
  if (!conjoined) return &step.when;
  const bool two_parts = step.when.kind == Condition::Kind::all && step.when.parts.size() == 2;
  return two_parts ? &step.when.parts.back() : nullptr;
}

void check_steps_conditions(Look& look) {
  for (const Step& step : look.plan().steps) {
    const Condition* own = own_condition(look.plan(), step);
    if (own == nullptr || !look.solver(step.of_parent).possible({{&step.when, true}})) continue;
    const Condition* given =
        own == &step.when ? nullptr : &look.plan().phases[static_cast<std::size_t>(step.phase)].when;
    const Place place{own, name_of(step), "when", step.line, step.clauses, step.of_parent};
    check_always(look, place, given);
    check_inside(look, place, given);
  }
}

void check_whole_plan(Look& look) {
  const Plan& plan = look.plan();
  const auto whole = [&](const Condition* condition, const char* key, int line) {
    return Place{condition, {"预案", "the plan"}, key, line, plan.clauses, false};
  };
  if (plan.silent) check_place(look, whole(&*plan.silent, "silent", 0));
  if (!plan.has_contained) return;
  check_place(look, whole(&plan.contained, "contained", 0));
  if (look.solver(false).holds_at_start(plan.contained)) {
    look.warning("plan.contained-at-start", look.line(0, "contained"), {},
                 {"事件一开始就算“得到控制”", "The incident counts as contained from the very start"});
  }
}

}  // namespace

void check_conditions(Look& look) {
  const Plan& plan = look.plan();
  for (const Phase& phase : plan.phases)
    check_place(look, {&phase.when, name_of(phase), "when", phase.line, {}, false});
  check_steps_conditions(look);
  for (const Escalation& escalation : plan.escalations) {
    const Place place{&escalation.when, name_of(escalation), "when",
                      escalation.line,  escalation.clauses,  escalation.of_parent};
    check_always(look, place, nullptr);
    check_inside(look, place, nullptr);
  }
  for (const Prohibition& prohibition : plan.prohibitions) {
    check_place(look, {&prohibition.when, name_of(prohibition), "while", prohibition.line, prohibition.clauses,
                       prohibition.of_parent});
  }
  for (const Script& script : plan.scripts) {
    check_place(look, {&script.when, name_of(script), "when", script.line, script.clauses, script.of_parent});
  }
  for (const Chain& chain : plan.chains) {
    check_place(look, {&chain.when, name_of(chain), "when", chain.line, chain.clauses, false});
  }
  check_whole_plan(look);
}

}  // namespace tingan
