// What the source demands and an incident would yet lose: gates that are met by what a plan starts with, musts that the
// closing itself withdraws, words about facts that nobody is asked for, questions that nobody asks.
#include <algorithm>

#include "core/plancheck/look.h"

namespace tingan {
namespace {

// Nobody has said or done anything yet, and the gate stands open.
bool met_at_start(Look& look, const Gate& gate) {
  const Need& needs = gate.needs;
  if (!needs.report.empty() || !needs.form.empty() || needs.children || needs.acceptance || needs.apart) return false;
  // A gate that waits for nothing but another plan has nothing to wait for until that one is started.
  if (!needs.chains.empty() && needs.steps.empty() && needs.condition.trivial()) return false;
  Solver& solver = look.solver(gate.of_parent);
  const bool waits = std::any_of(needs.steps.begin(), needs.steps.end(), [&](int index) {
    const Step& step = look.plan().steps[static_cast<std::size_t>(index)];
    return step.of_parent == gate.of_parent && solver.holds_at_start(step.when);
  });
  return !waits && solver.holds_at_start(needs.condition);
}

void check_gate(Look& look, const Gate& gate) {
  if (!met_at_start(look, gate)) return;
  const Text name = name_of(gate);
  look.error("plan.gate-met-by-default", look.line(gate.line, "needs"), gate.clauses,
             {fmt::format("{}一开始就成立：没有人认定、做过或填报任何事", name.zh),
              fmt::format("{} is met from the start, by values that nobody has stated and steps that do not apply yet",
                          name.en)});
}

// Stating what the closing asks for takes the step away, done or not.
void check_must(Look& look, const Step& step) {
  if (!step.must) return;
  Solver& solver = look.solver(step.of_parent);
  std::vector<Term> terms{{&step.when, true}};
  if (!solver.possible(terms)) return;  // said where it can never start
  for (const Gate& gate : look.plan().gates) {
    if (gate.of_parent == step.of_parent) terms.push_back({&gate.needs.condition, true});
  }
  if (solver.possible(terms)) return;
  const Text name = name_of(step);
  look.error(
      "plan.must-dropped", look.line(step.line, "must"), step.clauses,
      {fmt::format("{}必须做，但一认定结案所需的事实它就被撤回，没做也能结案", name.zh),
       fmt::format("{} is a must, but the facts that closing asks for withdraw it: the incident closes without it",
                   name.en)});
}

// Somebody of this incident is asked for it, or states it by what he does; or the program finds it.
bool is_asked(const Plan& plan, std::size_t fact, bool of_parent) {
  if (plan.facts[fact].found_by == Fact::Finder::calendar || plan.facts[fact].found_by == Fact::Finder::parent) {
    return true;
  }
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const Step& step) {
    const bool states = std::any_of(step.states.begin(), step.states.end(),
                                    [&](const FactSetting& one) { return one.fact == plan.facts[fact].id; });
    return step.of_parent == of_parent && (step.asks == static_cast<int>(fact) || states);
  });
}

template <class Part>
void check_words(Look& look, const Part& part, const char* key) {
  const Plan& plan = look.plan();
  for (std::size_t i = 0; i < plan.facts.size(); ++i) {
    const Fact& fact = plan.facts[i];
    const std::string placeholder = "{fact:" + fact.id.str() + "}";
    const bool spoken =
        part.text.zh.find(placeholder) != std::string::npos || part.text.en.find(placeholder) != std::string::npos;
    if (!spoken || is_asked(plan, i, part.of_parent)) continue;
    look.error("plan.speaks-unstated", look.line(part.line, key), part.clauses,
               {fmt::format("{}要说“{}”，但没有步骤问它，只会说“还不清楚”", name_of(part).zh, fact.title.zh),
                fmt::format("{} speaks of '{}', but no step asks for it: it can only say 'not clear yet'",
                            name_of(part).en, fact.id.str())});
  }
}

// A fact has no clause of its own: those of the parts that hang on it.
std::vector<ClauseId> clauses_reading(const Plan& plan, int fact) {
  std::vector<ClauseId> out;
  const auto add = [&](const Condition& condition, const std::vector<ClauseId>& clauses) {
    std::vector<int> read;
    collect_facts(condition, read);
    if (std::find(read.begin(), read.end(), fact) == read.end()) return;
    for (const ClauseId clause : clauses) {
      if (std::find(out.begin(), out.end(), clause) == out.end()) out.push_back(clause);
    }
  };
  for (const Gate& gate : plan.gates) add(gate.needs.condition, gate.clauses);
  for (const Step& step : plan.steps) add(step.when, step.clauses);
  for (const Escalation& one : plan.escalations) add(one.when, one.clauses);
  return out;
}

void check_question(Look& look, std::size_t index) {
  const Fact& fact = look.plan().facts[index];
  const auto& steps = look.plan().steps;
  if (!fact.ask) return;
  if (std::any_of(steps.begin(), steps.end(), [&](const Step& one) { return one.asks == static_cast<int>(index); })) {
    return;
  }
  look.error("plan.question-not-asked", look.line(fact.line, "ask"),
             clauses_reading(look.plan(), static_cast<int>(index)),
             {fmt::format("{}写了问题，但没有步骤问它", name_of(fact).zh),
              fmt::format("{} has a question, but no step asks it", name_of(fact).en)});
}

}  // namespace

void check_demands(Look& look) {
  const Plan& plan = look.plan();
  for (const Gate& gate : plan.gates) check_gate(look, gate);
  for (const Step& step : plan.steps) {
    check_must(look, step);
    check_words(look, step, "do");
  }
  for (const Script& script : plan.scripts) check_words(look, script, "say");
  for (const Escalation& escalation : plan.escalations) check_words(look, escalation, "say");
  for (std::size_t i = 0; i < plan.facts.size(); ++i) check_question(look, i);
}

}  // namespace tingan
