// Escalations that cannot fire, that nothing stops, that tell nobody, or that tell the higher before the lower.
#include <algorithm>
#include <set>

#include "core/plancheck/look.h"
#include "model/vocabulary.h"

namespace tingan {
namespace {

int highest_level(const std::vector<RoleId>& tell) {
  int level = -1;
  for (const RoleId id : tell) {
    const RoleInfo* role = find_role(id);
    level = std::max(level, role == nullptr ? 0 : static_cast<int>(role->level));
  }
  return level;
}

bool is_wider(const std::vector<RoleId>& a, const std::vector<RoleId>& b) {
  const std::set<RoleId> wide(a.begin(), a.end());
  const std::set<RoleId> narrow(b.begin(), b.end());
  return wide.size() > narrow.size() && std::includes(wide.begin(), wide.end(), narrow.begin(), narrow.end());
}

void check_nobody(Look& look, const Escalation& escalation) {
  if (!escalation.tell.empty()) return;
  look.error(
      "plan.nobody-told", look.line(escalation.line, "tell"), escalation.clauses,
      {fmt::format("{}没有写告诉谁", name_of(escalation).zh), fmt::format("{} tells nobody", name_of(escalation).en)});
}

// False when it has been said that it never fires.
bool check_fires(Look& look, const Openings& openings, std::size_t index) {
  const Escalation& escalation = look.plan().escalations[index];
  Solver& solver = look.solver(escalation.of_parent);
  const auto never = [&](const char* key, const Text& why) {
    look.error("plan.escalation-never-fires", look.line(escalation.line, key), escalation.clauses,
               {fmt::format("{}永远不会发出：{}", name_of(escalation).zh, why.zh),
                fmt::format("{} can never fire: {}", name_of(escalation).en, why.en)});
    return false;
  };
  if (!solver.possible({{&escalation.when, true}})) {
    return never("when", why_never(look, escalation.of_parent, {{&escalation.when, true}}));
  }
  if (escalation.from >= 0) {
    const Step& from = look.plan().steps[static_cast<std::size_t>(escalation.from)];
    if (from.of_parent != escalation.of_parent) {
      return never("from", {"它从另一级事件的步骤算起",
                            "it counts from a step that belongs to the other incident, parent or child"});
    }
    if (!openings.steps[static_cast<std::size_t>(escalation.from)]) {
      return never("from", {"它从一个不会开始的步骤算起", "it counts from a step that never starts"});
    }
  }
  if (!escalation.until_acknowledged && !solver.possible({{&escalation.when, true}, {&escalation.until, false}})) {
    return never("until", {"要它发出的时候，停止条件总是已经成立", "whenever it should, its 'until' holds already"});
  }
  return true;
}

void check_until(Look& look, const Escalation& escalation) {
  if (escalation.until_acknowledged) return;
  Solver& solver = look.solver(escalation.of_parent);
  if (!solver.possible({{&escalation.until, true}})) {
    const Text why = why_never(look, escalation.of_parent, {{&escalation.until, true}});
    look.error("plan.until-never-holds", look.line(escalation.line, "until"), escalation.clauses,
               {fmt::format("{}的停止条件永远不成立：{}", name_of(escalation).zh, why.zh),
                fmt::format("'until' of {} can never hold: {}", name_of(escalation).en, why.en)});
    return;
  }
  if (!solver.holds_at_start(escalation.until)) return;
  // Where `when` speaks of other facts, `until` holds when it first comes true; where of the same, it may not.
  std::vector<int> when_facts;
  std::vector<int> until_facts;
  collect_facts(escalation.when, when_facts);
  collect_facts(escalation.until, until_facts);
  const bool apart = std::none_of(when_facts.begin(), when_facts.end(), [&](int fact) {
    return std::find(until_facts.begin(), until_facts.end(), fact) != until_facts.end();
  });
  if (!apart && !solver.holds_at_start(escalation.when)) return;
  look.error(
      "plan.until-holds-at-start", look.line(escalation.line, "until"), escalation.clauses,
      {fmt::format("{}的停止条件一开始就成立，它不会按时发出", name_of(escalation).zh),
       fmt::format("'until' of {} holds from the start: it would not fire when it should", name_of(escalation).en)},
      describe(look.plan(), *solver.find({{&escalation.until, true}})));
}

bool comparable(Look& look, const Escalation& a, const Escalation& b) {
  if (a.of_parent != b.of_parent || a.from != b.from || a.until_acknowledged != b.until_acknowledged) return false;
  Solver& solver = look.solver(a.of_parent);
  return (a.until_acknowledged || solver.same(a.until, b.until)) && solver.possible({{&a.when, true}, {&b.when, true}});
}

void say_order(Look& look, const Escalation& early, const Escalation& late, const Text& what) {
  const std::string at_early = format_duration(early.at);
  const std::string at_late = format_duration(late.at);
  // Either of the two may be the mistaken one: both places are named.
  look.error(
      "plan.escalation-order", look.line(early.line, "at"), early.clauses,
      {fmt::format("{}在 {} 就发出，早于 {} 的{}：{}", name_of(early).zh, at_early, at_late, name_of(late).zh, what.zh),
       fmt::format("{} fires at {}, before {} at {}: {}", name_of(early).en, at_early, name_of(late).en, at_late,
                   what.en)});
  look.error(
      "plan.escalation-order", look.line(late.line, "at"), late.clauses,
      {fmt::format("{}到 {} 才发出，晚于 {} 的{}：{}", name_of(late).zh, at_late, at_early, name_of(early).zh, what.zh),
       fmt::format("{} fires only at {}, after {} at {}: {}", name_of(late).en, at_late, name_of(early).en, at_early,
                   what.en)});
}

void check_order(Look& look, const Escalation& early, const Escalation& late) {
  if (early.at >= late.at || !comparable(look, early, late)) return;
  if (highest_level(early.tell) > highest_level(late.tell)) {
    say_order(look, early, late, {"上级比下级先得知", "the higher level is told before the lower one"});
  } else if (is_wider(early.tell, late.tell)) {
    say_order(look, early, late,
              {"范围大的先告知，范围小的反而在后", "the wider circle is told before the narrower one"});
  }
}

// Told that a step is not done before the step's own time is up.
void check_against_step(Look& look, const Escalation& escalation) {
  if (escalation.from < 0 || escalation.until_acknowledged) return;
  const Step& step = look.plan().steps[static_cast<std::size_t>(escalation.from)];
  if (!step.within || escalation.at >= *step.within) return;
  const std::string at = format_duration(escalation.at);
  const std::string within = format_duration(*step.within);
  look.error(
      "plan.deadline-contradiction", look.line(escalation.line, "at"), escalation.clauses,
      {fmt::format("{}在步骤开始后 {} 就上报，而{}的时限是 {}", name_of(escalation).zh, at, name_of(step).zh, within),
       fmt::format("{} fires {} after the step's opening, but {} has {}", name_of(escalation).en, at, name_of(step).en,
                   within)});
  look.error(
      "plan.deadline-contradiction", look.line(step.line, "within"), step.clauses,
      {fmt::format("{}的时限 {} 长于{}的 {}", name_of(step).zh, within, name_of(escalation).zh, at),
       fmt::format("{} has {}, longer than {} waits ({})", name_of(step).en, within, name_of(escalation).en, at)});
}

}  // namespace

void check_escalations(Look& look) {
  const Plan& plan = look.plan();
  const Openings openings = openings_of(look);
  for (std::size_t i = 0; i < plan.escalations.size(); ++i) {
    const Escalation& escalation = plan.escalations[i];
    check_nobody(look, escalation);
    if (check_fires(look, openings, i)) check_until(look, escalation);
    check_against_step(look, escalation);
    for (const Escalation& other : plan.escalations) check_order(look, escalation, other);
  }
}

}  // namespace tingan
