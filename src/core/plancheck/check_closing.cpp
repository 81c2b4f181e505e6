// Whether an incident can be closed from every branch of facts.
#include <algorithm>

#include "core/plancheck/look.h"

namespace tingan {
namespace {

struct Blocked {
  const Gate* gate;
  const Step* step;
};

void say_gate(Look& look, const Gate& gate, std::string code, const Text& why, std::vector<std::string> witness = {}) {
  look.error(std::move(code), look.line(gate.line, "needs"), gate.clauses,
             {fmt::format("{}永远达不到：{}", name_of(gate).zh, why.zh),
              fmt::format("{} can never be met: {}", name_of(gate).en, why.en)},
             std::move(witness));
}

// What the gate asks for that does not hang on facts of this incident. False when it can never be met.
bool check_papers(Look& look, const Gate& gate) {
  bool good = true;
  if (!gate.needs.report.empty() && report_need(look.plan(), gate.needs.report) == nullptr) {
    say_gate(look, gate, "plan.report-not-asked",
             {fmt::format("预案没有要求“{}”这种报告", gate.needs.report),
              fmt::format("the plan asks for no '{}' report", gate.needs.report)});
    good = false;
  }
  if (!gate.needs.children) return good;
  if (!gate.of_parent) {
    say_gate(look, gate, "plan.children-outside-parent",
             {"只有上级事件才有下级事件（写进 correlate 的 parent）",
              "only the parent incident has children (list it in 'parent' of correlate)"});
    return false;
  }
  if (look.solver(false).possible({{&*gate.needs.children, true}})) return good;
  say_gate(look, gate, "plan.gate-unreachable", why_never(look, false, {{&*gate.needs.children, true}}));
  return false;
}

bool check_condition(Look& look, const Gate& gate) {
  const Condition& condition = gate.needs.condition;
  if (condition.trivial()) return true;
  Solver& solver = look.solver(gate.of_parent);
  if (!solver.possible({{&condition, true}})) {
    say_gate(look, gate, "plan.gate-unreachable", why_never(look, gate.of_parent, {{&condition, true}}));
    return false;
  }
  const Need& needs = gate.needs;
  const bool only_condition = needs.steps.empty() && needs.report.empty() && needs.form.empty() && !needs.children &&
                              !needs.acceptance && needs.chains.empty() && !needs.apart;
  if (only_condition && !solver.possible({{&condition, false}})) {
    look.warning("plan.condition-always-true", look.line(gate.line, "needs"), gate.clauses,
                 {fmt::format("{}总是成立，等于没有", name_of(gate).zh),
                  fmt::format("{} is always met and holds nothing back", name_of(gate).en)});
  }
  return true;
}

// Steps that the gate waits for although they may never come: it can be met only where they do not apply.
std::vector<Blocked> blocked_steps(Look& look, const Openings& openings, const Gate& gate) {
  std::vector<Blocked> out;
  for (const int index : gate.needs.steps) {
    const Step& step = look.plan().steps[static_cast<std::size_t>(index)];
    if (step.of_parent != gate.of_parent) continue;  // belongs elsewhere: never applies here
    if (!openings.steps[static_cast<std::size_t>(index)] || step.on >= 0) out.push_back({&gate, &step});
  }
  return out;
}

void check_crossing(Look& look, const Gate& gate) {
  for (const int index : gate.needs.steps) {
    const Step& step = look.plan().steps[static_cast<std::size_t>(index)];
    if (step.of_parent == gate.of_parent) continue;
    look.error(
        "plan.crosses-parent", look.line(gate.line, "needs"), gate.clauses,
        {fmt::format("{}要的{}属于另一级事件，这里等于没写", name_of(gate).zh, name_of(step).zh),
         fmt::format("{} asks for {}, which belongs to the other incident, parent or child: it holds nothing back here",
                     name_of(gate).en, name_of(step).en)});
  }
}

std::vector<Term> terms_of(const Gate& gate, const std::vector<Blocked>& blocked) {
  std::vector<Term> terms{{&gate.needs.condition, true}};
  for (const Blocked& one : blocked) {
    if (one.gate == &gate) terms.push_back({&one.step->when, false});
  }
  return terms;
}

// Two gates that exclude each other; both are named. False when none do.
bool check_pairs(Look& look, const std::vector<const Gate*>& gates, const std::vector<Blocked>& blocked,
                 bool of_parent) {
  bool found = false;
  for (std::size_t i = 0; i < gates.size(); ++i) {
    for (std::size_t j = i + 1; j < gates.size(); ++j) {
      std::vector<Term> terms = terms_of(*gates[i], blocked);
      const auto more = terms_of(*gates[j], blocked);
      terms.insert(terms.end(), more.begin(), more.end());
      if (look.solver(of_parent).possible(terms)) continue;
      found = true;
      for (const auto& [one, other] : {std::pair{gates[i], gates[j]}, std::pair{gates[j], gates[i]}}) {
        look.error("plan.gates-conflict", look.line(one->line, "needs"), one->clauses,
                   {fmt::format("{}和{}不能同时成立，事件永远结不了案", name_of(*one).zh, name_of(*other).zh),
                    fmt::format("{} and {} cannot both be met: the incident can never be closed", name_of(*one).en,
                                name_of(*other).en)});
      }
    }
  }
  return found;
}

// Each combination of what people cannot change: from there, people must be able to reach the close.
void check_branches(Look& look, const std::vector<const Gate*>& gates, const std::vector<Blocked>& blocked,
                    const std::vector<Term>& terms, bool of_parent) {
  Solver& solver = look.solver(of_parent);
  std::vector<int> facts;
  for (const Term& term : terms) collect_facts(*term.condition, facts);
  std::erase_if(facts, [&](int fact) {
    const auto i = static_cast<std::size_t>(fact);
    return solver.reach().by_people[i] || solver.reach().values[i].size() < 2;
  });
  std::vector<std::size_t> choice(facts.size(), 0);
  while (!solver.gave_up()) {
    Assignment fixed(look.plan().facts.size());
    for (std::size_t i = 0; i < facts.size(); ++i) {
      const auto fact = static_cast<std::size_t>(facts[i]);
      fixed[fact] = solver.reach().values[fact][choice[i]];
    }
    if (!solver.find(terms, fixed)) {
      // The gate that holds it up, where one alone does.
      const auto holds_up = [&](const Gate* gate) { return !solver.find(terms_of(*gate, blocked), fixed); };
      const auto gate = std::find_if(gates.begin(), gates.end(), holds_up);
      const int line = gate == gates.end() ? look.line(0, "close") : look.line((*gate)->line, "needs");
      const auto facts_of_case = describe(look.plan(), fixed);
      look.error("plan.cannot-close", line, gate == gates.end() ? std::vector<ClauseId>{} : (*gate)->clauses,
                 {fmt::format("有一种情况永远结不了案，而这些事实没有人能改：{}", fmt::join(facts_of_case, "，")),
                  fmt::format("There is a case that can never be closed, and nobody can change these facts: {}",
                              fmt::join(facts_of_case, ", "))},
                 facts_of_case);
      return;
    }
    std::size_t i = 0;
    for (; i < facts.size(); ++i) {
      if (++choice[i] < solver.reach().values[static_cast<std::size_t>(facts[i])].size()) break;
      choice[i] = 0;
    }
    if (i == facts.size()) return;
  }
}

// Who may close only while the trouble lasts has a gate that says the opposite of what it means.
void check_contained(Look& look, const std::vector<const Gate*>& gates, const std::vector<Blocked>& blocked,
                     std::vector<Term> all, bool of_parent) {
  const Plan& plan = look.plan();
  Solver& solver = look.solver(of_parent);
  if (!plan.has_contained || !solver.possible({{&plan.contained, true}})) return;
  all.push_back({&plan.contained, true});
  if (solver.possible(all)) return;
  int line = look.line(0, "close");
  std::vector<ClauseId> clauses;
  for (const Gate* gate : gates) {
    std::vector<Term> terms = terms_of(*gate, blocked);
    terms.push_back({&plan.contained, true});
    if (solver.possible(terms)) continue;
    line = look.line(gate->line, "needs");
    clauses = gate->clauses;
    break;
  }
  look.error("plan.closes-uncontained", line, clauses,
             {"只有还没得到控制的事件才能结案：结案条件和“contained”相反",
              "The incident can be closed only while it is not contained: the gate says the opposite of 'contained'"});
}

void check_side(Look& look, const Openings& openings, bool of_parent) {
  std::vector<const Gate*> gates;
  std::vector<Blocked> blocked;
  for (const Gate& gate : look.plan().gates) {
    if (gate.of_parent != of_parent) continue;
    check_crossing(look, gate);
    const bool papers = check_papers(look, gate);
    if (!check_condition(look, gate) || !papers) continue;
    const auto stuck = blocked_steps(look, openings, gate);
    std::vector<Blocked> own = stuck;
    if (!look.solver(of_parent).possible(terms_of(gate, own))) {
      say_gate(look, gate, "plan.gate-unreachable",
               {fmt::format("它等的{}可能永远不开始", name_of(*own.front().step).zh),
                fmt::format("it waits for {}, which may never start", name_of(*own.front().step).en)});
      continue;
    }
    gates.push_back(&gate);
    blocked.insert(blocked.end(), stuck.begin(), stuck.end());
  }
  std::vector<Term> all;
  for (const Gate* gate : gates) {
    const auto terms = terms_of(*gate, blocked);
    all.insert(all.end(), terms.begin(), terms.end());
  }
  if (look.solver(of_parent).possible(all)) {
    check_contained(look, gates, blocked, all, of_parent);
    return check_branches(look, gates, blocked, all, of_parent);
  }
  if (check_pairs(look, gates, blocked, of_parent)) return;
  look.error("plan.gates-conflict", look.line(0, "close"), {},
             {"各项结案条件不能同时成立，事件永远结不了案",
              "The closing gates cannot all be met at once: the incident can never be closed"});
}

// An incident that may be closed the moment it is declared: some gate says the opposite of what it means.
void check_open_at_start(Look& look) {
  const Plan& plan = look.plan();
  if (plan.gates.empty()) {
    look.warning(
        "plan.no-gates", look.line(0, "close"), {},
        {"没有任何结案条件，事件随时可以结案", "There is no closing gate: the incident may be closed at any time"});
    return;
  }
  const auto met_at_start = [&](const Gate& gate) {
    const Need& needs = gate.needs;
    const bool steps_wait = std::any_of(needs.steps.begin(), needs.steps.end(), [&](int index) {
      const Step& step = plan.steps[static_cast<std::size_t>(index)];
      return step.of_parent == gate.of_parent && look.solver(gate.of_parent).holds_at_start(step.when);
    });
    return !steps_wait && needs.report.empty() && needs.form.empty() &&
           look.solver(gate.of_parent).holds_at_start(needs.condition);
  };
  const Gate* first = nullptr;
  for (const Gate& gate : plan.gates) {
    if (gate.of_parent) continue;
    if (!met_at_start(gate)) return;
    if (first == nullptr) first = &gate;
  }
  if (first == nullptr) return;
  look.warning("plan.closes-at-start", look.line(first->line, "needs"), first->clauses,
               {"结案条件一开始就都达到了：事件刚报就能结案",
                "Every closing gate is met from the start: the incident could be closed the moment it is declared"});
}

}  // namespace

void check_closing(Look& look) {
  const Openings openings = openings_of(look);
  check_side(look, openings, false);
  if (look.plan().correlate) check_side(look, openings, true);
  check_open_at_start(look);
}

}  // namespace tingan
