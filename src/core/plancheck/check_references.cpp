// Names that point out of the plan: clauses, forms, the file itself; and parts that point at nothing inside it.
#include <algorithm>

#include "base/suggest.h"
#include "core/plancheck/look.h"

namespace tingan {
namespace {

void check_clauses(Look& look, const std::vector<ClauseId>& clauses, int part_line) {
  const auto& known = look.input().known_clauses;
  if (known.empty()) return;
  for (const ClauseId clause : clauses) {
    if (known.contains(clause)) continue;
    std::vector<std::string> names;
    for (const ClauseId one : known) names.push_back(one.str());
    Text message{fmt::format("没有“{}”这个条款", clause.str()), fmt::format("unknown clause '{}'", clause.str())};
    if (const std::string near = closest_word(clause.str(), names); !near.empty()) {
      message.zh += fmt::format("；是不是“{}”？", near);
      message.en += fmt::format("; did you mean '{}'?", near);
    }
    look.error("plan.unknown-clause", look.line(part_line, "clauses"), {clause}, message);
  }
}

void check_form(Look& look, FormId form, int line, const std::vector<ClauseId>& clauses) {
  const auto& known = look.input().known_forms;
  if (form.empty() || known.empty() || known.contains(form)) return;
  std::vector<std::string> names;
  for (const FormId one : known) names.push_back(one.str());
  Text message{fmt::format("没有“{}”这张表", form.str()), fmt::format("unknown form '{}'", form.str())};
  if (const std::string near = closest_word(form.str(), names); !near.empty()) {
    message.zh += fmt::format("；是不是“{}”？", near);
    message.en += fmt::format("; did you mean '{}'?", near);
  }
  look.error("plan.unknown-form", line, clauses, message);
}

// A gate that waits for a form which no step asks for would surprise everybody at the close.
void check_gate_form(Look& look, const Gate& gate) {
  if (gate.needs.form.empty()) return;
  check_form(look, gate.needs.form, look.line(gate.line, "needs"), gate.clauses);
  const auto& steps = look.plan().steps;
  if (std::any_of(steps.begin(), steps.end(), [&](const Step& step) { return step.form == gate.needs.form; })) return;
  look.warning(
      "plan.form-not-asked", look.line(gate.line, "needs"), gate.clauses,
      {fmt::format("{}要“{}”这张表，但没有步骤让人填它", name_of(gate).zh, gate.needs.form.str()),
       fmt::format("{} waits for the form '{}', but no step asks for it", name_of(gate).en, gate.needs.form.str())});
}

void check_phases(Look& look) {
  const auto& steps = look.plan().steps;
  for (std::size_t i = 0; i < look.plan().phases.size(); ++i) {
    const Phase& phase = look.plan().phases[i];
    const int index = static_cast<int>(i);
    if (std::any_of(steps.begin(), steps.end(), [&](const Step& step) { return step.phase == index; })) continue;
    look.warning("plan.phase-empty", phase.line, {},
                 {fmt::format("{}里没有步骤", name_of(phase).zh), fmt::format("{} has no steps", name_of(phase).en)});
  }
}

void check_file_name(Look& look) {
  const Plan& plan = look.plan();
  const auto slash = plan.file.find_last_of('/');
  const std::string name = slash == std::string::npos ? plan.file : plan.file.substr(slash + 1);
  if (name.empty() || name == plan.id.str() + ".yaml") return;
  look.warning("plan.file-name", look.line(0, "plan"), {},
               {fmt::format("文件应叫 {}.yaml，却叫 {}", plan.id.str(), name),
                fmt::format("Expected the file to be called {}.yaml, but it is {}", plan.id.str(), name)});
}

void check_duplicates(Look& look) {
  for (const PlanPtr& other : look.input().plans) {
    if (other.get() == &look.plan() || other->id != look.plan().id) continue;
    look.error("plan.duplicate-plan", look.line(0, "plan"), {},
               {fmt::format("“{}”这个预案在 {} 里也有", look.plan().id.str(), other->file),
                fmt::format("The plan '{}' stands in {} as well", look.plan().id.str(), other->file)});
  }
}

void check_correlation(Look& look) {
  const auto& correlate = look.plan().correlate;
  if (!correlate || correlate->sets_index < 0) return;
  const Fact& fact = look.plan().facts[static_cast<std::size_t>(correlate->sets_index)];
  const int line = look.line(correlate->line, "sets");
  if (fact.values.front() == correlate->sets.value) {
    look.error(
        "plan.correlate-sets", line, {},
        {fmt::format("“correlate”把{}设为 {}，但它一开始就是这个值", name_of(fact).zh, correlate->sets.value.str()),
         fmt::format("'correlate' sets {} to '{}', which it is from the start", name_of(fact).en,
                     correlate->sets.value.str())});
  }
  if (fact.found_by != Fact::Finder::correlation) {
    look.warning(
        "plan.correlate-sets", line, {},
        {fmt::format("“correlate”会设置{}，但它没有写 found_by: correlation", name_of(fact).zh),
         fmt::format("'correlate' sets {}, but the fact does not say found_by: correlation", name_of(fact).en)});
  }
  if (correlate->parent.empty()) {
    look.error("plan.correlate-parent", look.line(correlate->line, "parent"), {},
               {"上级事件什么都不做（parent 是空的）", "The parent incident does nothing ('parent' is empty)"});
  }
}

}  // namespace

void check_references(Look& look) {
  const Plan& plan = look.plan();
  check_clauses(look, plan.clauses, 0);
  for (const Step& step : plan.steps) {
    check_clauses(look, step.clauses, step.line);
    check_form(look, step.form, look.line(step.line, "form"), step.clauses);
  }
  for (const Escalation& one : plan.escalations) check_clauses(look, one.clauses, one.line);
  for (const Prohibition& one : plan.prohibitions) check_clauses(look, one.clauses, one.line);
  for (const Script& script : plan.scripts) check_clauses(look, script.clauses, script.line);
  for (const Chain& chain : plan.chains) check_clauses(look, chain.clauses, chain.line);
  for (const Gate& gate : plan.gates) {
    check_clauses(look, gate.clauses, gate.line);
    check_gate_form(look, gate);
  }
  for (const auto* need : {&plan.initial, &plan.follow_up, &plan.final}) {
    if (*need) check_clauses(look, (*need)->clauses, (*need)->line);
  }
  check_phases(look);
  check_file_name(look);
  check_duplicates(look);
  check_correlation(look);
}

}  // namespace tingan
