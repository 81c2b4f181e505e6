// Steps that can never start or never end.
#include <algorithm>

#include "core/plancheck/look.h"
#include "model/vocabulary.h"

namespace tingan {
namespace {

const Step& step_at(const Plan& plan, int index) { return plan.steps[static_cast<std::size_t>(index)]; }

bool can_apply(Look& look, const Step& step) { return look.solver(step.of_parent).possible({{&step.when, true}}); }

// `before` is out of the way for `step` in some combination: it does not apply there.
bool may_not_apply(Look& look, const Step& step, const Step& before) {
  return look.solver(step.of_parent).possible({{&step.when, true}, {&before.when, false}});
}

// Walks `after` upward from `index`; true when it comes back to `target`.
bool leads_back(const Plan& plan, int index, int target, std::vector<bool>& seen) {
  for (const int before : step_at(plan, index).after) {
    if (before == target) return true;
    if (seen[static_cast<std::size_t>(before)]) continue;
    seen[static_cast<std::size_t>(before)] = true;
    if (leads_back(plan, before, target, seen)) return true;
  }
  return false;
}

bool in_circle(const Plan& plan, int index) {
  std::vector<bool> seen(plan.steps.size(), false);
  return leads_back(plan, index, index, seen);
}

// One step is enough to say where the parent and the child cannot meet.
template <class Part>
bool crosses(const Step& step, const Part& other) {
  return step.of_parent != other.of_parent;
}

void say_crossing(Look& look, const Step& step, const std::string& key, const Text& other) {
  look.error("plan.crosses-parent", look.line(step.line, key), step.clauses,
             {fmt::format("{}等着{}，但一个在上级事件里，一个在营业厅的事件里，永远等不到", name_of(step).zh, other.zh),
              fmt::format(
                  "{} waits for {}, but one belongs to the parent incident and the other to the halls': it never comes",
                  name_of(step).en, other.en)});
}

void check_condition(Look& look, const Step& step) {
  const std::string key = look.plan().key_lines.contains({step.line, "when"}) ? "when" : "phase";
  const Text why = why_never(look, step.of_parent, {{&step.when, true}});
  look.error("plan.step-never-starts", look.line(step.line, key), step.clauses,
             {fmt::format("{}永远不会开始：{}", name_of(step).zh, why.zh),
              fmt::format("{} can never start: {}", name_of(step).en, why.en)});
}

void check_start(Look& look, const Openings& openings, int index) {
  const Plan& plan = look.plan();
  const Step& step = step_at(plan, index);
  if (in_circle(plan, index)) {
    look.error("plan.after-circle", look.line(step.line, "after"), step.clauses,
               {fmt::format("{}在“after”里绕了一圈等自己，永远不会开始", name_of(step).zh),
                fmt::format("{} waits, by way of 'after', for itself: it can never start", name_of(step).en)});
    return;
  }
  const bool phase_dead =
      step.phase >= 0 &&
      !look.solver(step.of_parent).possible({{&plan.phases[static_cast<std::size_t>(step.phase)].when, true}});
  if (phase_dead) return;  // said once, at the phase
  if (!can_apply(look, step)) return check_condition(look, step);
  if (step.on >= 0 && crosses(step, plan.escalations[static_cast<std::size_t>(step.on)])) {
    return say_crossing(look, step, "on", name_of(plan.escalations[static_cast<std::size_t>(step.on)]));
  }
  for (const int before : step.after) {
    if (crosses(step, step_at(plan, before))) return say_crossing(look, step, "after", name_of(step_at(plan, before)));
  }
  if (openings.steps[static_cast<std::size_t>(index)]) return;
  if (step.on >= 0 && !openings.escalations[static_cast<std::size_t>(step.on)]) {
    const Text other = name_of(plan.escalations[static_cast<std::size_t>(step.on)]);
    look.error("plan.step-never-starts", look.line(step.line, "on"), step.clauses,
               {fmt::format("{}永远不会开始：它等的{}不会发出", name_of(step).zh, other.zh),
                fmt::format("{} can never start: the {} that it waits for never fires", name_of(step).en, other.en)});
    return;
  }
  look.error("plan.step-never-starts", look.line(step.line, "after"), step.clauses,
             {fmt::format("{}永远不会开始：“after”里的步骤做不完", name_of(step).zh),
              fmt::format("{} can never start: a step in its 'after' can never be done", name_of(step).en)});
}

void check_question(Look& look, const Step& step) {
  if (step.asks < 0) return;
  const auto index = static_cast<std::size_t>(step.asks);
  const Fact& fact = look.plan().facts[index];
  const Reach& reach = look.solver(step.of_parent).reach();
  if (!reach.by_people[index] && reach.values[index].size() < 2) {
    look.error(
        "plan.step-never-ends", look.line(step.line, "asks"), step.clauses,
        {fmt::format("{}永远做不完：它问的“{}”没有人能回答", name_of(step).zh, fact.title.zh),
         fmt::format("{} can never end: it asks for '{}', which nobody may answer", name_of(step).en, fact.id.str())});
    return;
  }
  if (may_state(fact, step.role, step.of_parent)) return;
  look.error("plan.asker-may-not-state", look.line(step.line, "asks"), step.clauses,
             {fmt::format("{}问的“{}”，{}无权回答", name_of(step).zh, fact.title.zh, names_of({step.role}).zh),
              fmt::format("{} asks for '{}', but the role {} may not state it", name_of(step).en, fact.id.str(),
                          names_of({step.role}).en)});
}

}  // namespace

// A least fixed point: nothing opens unless something that can open first lets it.
Openings openings_of(Look& look) {
  const Plan& plan = look.plan();
  Openings out{std::vector<bool>(plan.steps.size()), std::vector<bool>(plan.escalations.size())};
  std::vector<bool> applies;
  for (const Step& step : plan.steps) applies.push_back(can_apply(look, step));
  const auto step_opens = [&](std::size_t i) {
    const Step& step = plan.steps[i];
    if (!applies[i]) return false;
    if (step.on >= 0 && !out.escalations[static_cast<std::size_t>(step.on)]) return false;
    return std::all_of(step.after.begin(), step.after.end(), [&](int before) {
      const Step& other = step_at(plan, before);
      return out.steps[static_cast<std::size_t>(before)] || crosses(step, other) || may_not_apply(look, step, other);
    });
  };
  const auto escalation_fires = [&](const Escalation& escalation) {
    if (escalation.from >= 0 && !out.steps[static_cast<std::size_t>(escalation.from)]) return false;
    std::vector<Term> terms{{&escalation.when, true}};
    if (!escalation.until_acknowledged) terms.push_back({&escalation.until, false});
    return look.solver(escalation.of_parent).possible(terms);
  };
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      if (out.steps[i] || !step_opens(i)) continue;
      out.steps[i] = true;
      moved = true;
    }
    for (std::size_t i = 0; i < plan.escalations.size(); ++i) {
      if (out.escalations[i] || !escalation_fires(plan.escalations[i])) continue;
      out.escalations[i] = true;
      moved = true;
    }
  }
  return out;
}

void check_steps(Look& look) {
  const Openings openings = openings_of(look);
  for (std::size_t i = 0; i < look.plan().steps.size(); ++i) {
    const Step& step = look.plan().steps[i];
    check_start(look, openings, static_cast<int>(i));
    check_question(look, step);
    if (step.clauses.empty() && !step.ours) {
      look.warning("plan.no-clause", step.line, {},
                   {fmt::format("{}没有写依据的条款，也没有标明是我们补充的（ours: true）", name_of(step).zh),
                    fmt::format("{} names no clause and is not marked as ours", name_of(step).en)});
    }
  }
}

}  // namespace tingan
