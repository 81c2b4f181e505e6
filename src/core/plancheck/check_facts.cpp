// Facts that nobody can set, that nothing reads, or whose finder cannot find them.
#include <algorithm>

#include "core/plancheck/look.h"

namespace tingan {
namespace {

void read_by(const Condition& condition, std::vector<bool>& read) {
  std::vector<int> facts;
  collect_facts(condition, facts);
  for (const int fact : facts) read[static_cast<std::size_t>(fact)] = true;
}

void read_in_text(const Plan& plan, const Text& text, std::vector<bool>& read) {
  for (std::size_t i = 0; i < plan.facts.size(); ++i) {
    const std::string placeholder = "{fact:" + plan.facts[i].id.str() + "}";
    if (text.zh.find(placeholder) != std::string::npos || text.en.find(placeholder) != std::string::npos)
      read[i] = true;
  }
}

void read_in_parts(const Plan& plan, std::vector<bool>& read) {
  for (const Phase& phase : plan.phases) read_by(phase.when, read);
  for (const Step& step : plan.steps) {
    read_by(step.when, read);
    read_in_text(plan, step.text, read);
    if (step.asks >= 0) read[static_cast<std::size_t>(step.asks)] = true;  // the answer stands in the report
  }
  for (const Escalation& escalation : plan.escalations) {
    read_by(escalation.when, read);
    read_by(escalation.until, read);
    read_in_text(plan, escalation.text, read);
  }
  for (const Prohibition& prohibition : plan.prohibitions) read_by(prohibition.when, read);
  for (const Script& script : plan.scripts) {
    read_by(script.when, read);
    read_in_text(plan, script.text, read);
  }
  for (const Chain& chain : plan.chains) read_by(chain.when, read);
}

std::vector<bool> facts_read(const Plan& plan) {
  std::vector<bool> read(plan.facts.size(), false);
  read_in_parts(plan, read);
  for (const Gate& gate : plan.gates) {
    read_by(gate.needs.condition, read);
    if (gate.needs.children) read_by(*gate.needs.children, read);
  }
  if (plan.silent) read_by(*plan.silent, read);
  read_by(plan.contained, read);
  if (plan.correlate && plan.correlate->sets_index >= 0)
    read[static_cast<std::size_t>(plan.correlate->sets_index)] = true;
  for (const Fact& fact : plan.facts) {
    const int source = fact.of.empty() ? -1 : find_fact(plan, fact.of);
    if (source >= 0) read[static_cast<std::size_t>(source)] = true;
  }
  return read;
}

void check_calendar(Look& look, const Fact& fact) {
  if (fact.found_by != Fact::Finder::calendar || (fact.id.str() == "business_hours" && fact.boolean())) return;
  look.error("plan.finder-cannot-find", look.line(fact.line, "found_by"), {},
             {fmt::format("日历只能判断是否营业时间：{}应叫 business_hours，取值为 true 和 false", name_of(fact).zh),
              fmt::format("The calendar knows business hours only: {} should be called business_hours, with the values "
                          "true and false",
                          name_of(fact).en)});
}

void check_correlated(Look& look, const Fact& fact) {
  const auto& correlate = look.plan().correlate;
  const bool found = fact.found_by == Fact::Finder::correlation;
  const bool set = correlate && correlate->sets.fact == fact.id;
  if (found && !set) {
    look.error(
        "plan.finder-cannot-find", look.line(fact.line, "found_by"), {},
        {fmt::format("{}写着由多厅合并得出，但“correlate”没有设置它", name_of(fact).zh),
         fmt::format("{} is said to be found by correlation, but 'correlate' does not set it", name_of(fact).en)});
  }
  if (fact.found_by == Fact::Finder::parent && !correlate) {
    look.error("plan.finder-cannot-find", look.line(fact.line, "found_by"), {},
               {fmt::format("{}写着由上级事件得出，但本预案没有“correlate”，不会有上级事件", name_of(fact).zh),
                fmt::format("{} is said to be handed down by the parent, but without 'correlate' there is no parent",
                            name_of(fact).en)});
  }
}

void check_handed_down(Look& look, const Fact& fact) {
  const int source = fact.of.empty() ? -1 : find_fact(look.plan(), fact.of);
  if (source < 0) return;
  for (const ValueId value : look.plan().facts[static_cast<std::size_t>(source)].values) {
    if (std::find(fact.values.begin(), fact.values.end(), value) != fact.values.end()) continue;
    look.error("plan.handed-down-value", look.line(fact.line, "of"), {},
               {fmt::format("{}要取“{}”的值，却没有 {} 这个取值", name_of(fact).zh, fact.of.str(), value.str()),
                fmt::format("{} takes the value of '{}', but has no value '{}'", name_of(fact).en, fact.of.str(),
                            value.str())});
  }
}

// A chain from some plan of the library should tell this fact.
void check_chained(Look& look, const Fact& fact) {
  if (fact.found_by != Fact::Finder::chain) return;
  for (const PlanPtr& other : look.input().plans) {
    for (const Chain& chain : other->chains) {
      if (chain.start != look.plan().id) continue;
      for (const FactSetting& setting : chain.facts) {
        if (setting.fact == fact.id) return;
      }
    }
  }
  look.warning("plan.finder-cannot-find", look.line(fact.line, "found_by"), {},
               {fmt::format("{}写着由联动带来，但没有哪个预案的联动给它取值", name_of(fact).zh),
                fmt::format("{} is said to come with a chain, but no plan's chain sets it", name_of(fact).en)});
}

void check_settable(Look& look, std::size_t index, bool read) {
  const Fact& fact = look.plan().facts[index];
  const bool fixed =
      look.solver(false).reach().values[index].size() < 2 && look.solver(true).reach().values[index].size() < 2;
  if (fixed) {
    const std::string key = fact.only_stated_by ? "only_stated_by" : "found_by";
    look.error("plan.fact-nobody-can-set", look.line(fact.line, key), {},
               {fmt::format("没有人能改{}：它永远是 {}", name_of(fact).zh, fact.values.front().str()),
                fmt::format("Nobody can set {}: it stays '{}' for ever", name_of(fact).en, fact.values.front().str())});
  } else if (fact.only_stated_by && !fact.only_stated_by->empty() && !look.solver(false).reach().by_people[index]) {
    look.error("plan.fact-nobody-can-set", look.line(fact.line, "only_stated_by"), {},
               {fmt::format("{}只有{}能确认，但现在没有人担任", name_of(fact).zh, names_of(*fact.only_stated_by).zh),
                fmt::format("Only {} may state {}, but nobody holds that role", names_of(*fact.only_stated_by).en,
                            name_of(fact).en)});
  }
  if (!read) {
    look.warning("plan.fact-unread", fact.line, {},
                 {fmt::format("{}没有任何步骤、条件或口径用到", name_of(fact).zh),
                  fmt::format("No step, condition or text uses {}", name_of(fact).en)});
  }
}

}  // namespace

void check_facts(Look& look) {
  const std::vector<bool> read = facts_read(look.plan());
  for (std::size_t i = 0; i < look.plan().facts.size(); ++i) {
    const Fact& fact = look.plan().facts[i];
    check_calendar(look, fact);
    check_correlated(look, fact);
    check_handed_down(look, fact);
    check_chained(look, fact);
    check_settable(look, i, read[i]);
  }
}

}  // namespace tingan
