// An act that a step demands and a prohibition forbids, at once and of the same people.
#include <algorithm>

#include "core/plancheck/look.h"
#include "model/vocabulary.h"

namespace tingan {
namespace {

bool concerns(const Prohibition& prohibition, RoleId role) {
  if (prohibition.roles.empty()) return true;
  return std::any_of(prohibition.roles.begin(), prohibition.roles.end(), [&](RoleId forbidden) {
    if (forbidden == role) return true;
    if (forbidden == staff_role()) return is_hall_role(role);
    return role == staff_role() && is_hall_role(forbidden);
  });
}

void check_pair(Look& look, const Step& step, const Prohibition& prohibition) {
  if (step.act != prohibition.act || step.of_parent != prohibition.of_parent || !concerns(prohibition, step.role))
    return;
  const auto both = look.solver(step.of_parent).find({{&step.when, true}, {&prohibition.when, true}});
  if (!both) return;
  const auto witness = describe(look.plan(), *both);
  look.error("plan.act-conflict", look.line(step.line, "act"), step.clauses,
             {fmt::format("{}要求做“{}”，同时{}禁止它（第 {} 行）", name_of(step).zh, step.act, name_of(prohibition).zh,
                          prohibition.line),
              fmt::format("{} demands '{}' while {} forbids it (line {})", name_of(step).en, step.act,
                          name_of(prohibition).en, prohibition.line)},
             witness);
  // Either of the two may be the mistaken one: both places are named.
  look.error("plan.act-conflict", look.line(prohibition.line, "act"), prohibition.clauses,
             {fmt::format("{}禁止“{}”，同时{}要求做它（第 {} 行）", name_of(prohibition).zh, prohibition.act,
                          name_of(step).zh, step.line),
              fmt::format("{} forbids '{}' while {} demands it (line {})", name_of(prohibition).en, prohibition.act,
                          name_of(step).en, step.line)},
             witness);
}

}  // namespace

void check_acts(Look& look) {
  for (const Step& step : look.plan().steps) {
    if (step.act.empty()) continue;
    for (const Prohibition& prohibition : look.plan().prohibitions) check_pair(look, step, prohibition);
  }
}

}  // namespace tingan
