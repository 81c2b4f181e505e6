// Every role that the plan counts on, against the roster at each hour of the week.
#include <map>

#include "core/plancheck/look.h"
#include "core/plancheck/roster_index.h"
#include "model/vocabulary.h"

namespace tingan {
namespace {

// Where the plan counts on a role. Escalations are named one by one; the many steps of a role by the first.
struct Use {
  RoleId role;
  bool of_parent = false;
  bool escalates = false;
  Text name;
  int line = 0;
  std::vector<ClauseId> clauses;
};

std::vector<Use> uses_of(Look& look) {
  const Plan& plan = look.plan();
  std::vector<Use> uses;
  std::map<std::pair<RoleId, bool>, bool> seen;
  for (const Escalation& one : plan.escalations) {
    for (const RoleId role : one.tell) {
      uses.push_back({role, one.of_parent, true, name_of(one), look.line(one.line, "tell"), one.clauses});
    }
  }
  const auto add = [&](RoleId role, bool of_parent, const Text& name, int line, const std::vector<ClauseId>& clauses) {
    if (!role.empty() && seen.emplace(std::pair{role, of_parent}, true).second) {
      uses.push_back({role, of_parent, false, name, line, clauses});
    }
  };
  for (const Step& step : plan.steps)
    add(step.role, step.of_parent, name_of(step), look.line(step.line, "role"), step.clauses);
  for (const Step& step : plan.steps) {
    // A parent tells the roles of its halls through them: they are looked for there.
    for (const RoleId role : step.tell) {
      add(role, step.of_parent && !is_hall_role(role), name_of(step), look.line(step.line, "tell"), step.clauses);
    }
  }
  for (const auto* need : {&plan.initial, &plan.follow_up, &plan.final}) {
    if (!*need) continue;
    const Text name{"报告", "a report"};
    for (const RoleId role : (*need)->to) add(role, false, name, look.line((*need)->line, "to"), (*need)->clauses);
    add((*need)->by, false, name, look.line((*need)->line, "by"), (*need)->clauses);
  }
  if (plan.late) {
    for (const LateRule& rule : *plan.late) {
      for (const RoleId role : rule.tell) add(role, false, {"超时规则", "the late rule"}, look.line(0, "late"), {});
    }
  }
  for (const RoleId role : plan.acknowledge.then)
    add(role, false, {"签收规则", "the rule of acknowledgement"}, look.line(0, "acknowledge"), {});
  return uses;
}

Text some(const std::vector<Text>& spans) {
  constexpr std::size_t kShown = 3;
  Text out;
  for (std::size_t i = 0; i < spans.size() && i < kShown; ++i) {
    out.zh += (i == 0 ? "" : "、") + spans[i].zh;
    out.en += (i == 0 ? "" : ", ") + spans[i].en;
  }
  if (spans.size() > kShown) {
    out.zh += " 等";
    out.en += ", …";
  }
  return out;
}

std::vector<std::string> witnesses(const std::vector<Text>& spans) {
  std::vector<std::string> out;
  for (const Text& span : spans) out.push_back(span.en);
  return out;
}

void check_use(Look& look, const Use& use, const RosterIndex::Gap& gap) {
  const Text role = names_of({use.role});
  const Text stand_in = names_of({gap.stand_in});
  if (!gap.nobody.empty()) {
    look.error("plan.role-nobody", use.line, use.clauses,
               {fmt::format("{}要找{}，但这些时间一个人也找不到：{}", use.name.zh, role.zh, some(gap.nobody).zh),
                fmt::format("{} counts on {}, but at these hours nobody at all is found: {}", use.name.en, role.en,
                            some(gap.nobody).en)},
               witnesses(gap.nobody));
  } else if (!gap.ever_held && !gap.stand_ins.empty()) {
    const auto level = use.escalates ? Finding::Level::error : Finding::Level::warning;
    look.say(level, "plan.role-unheld", use.line, use.clauses,
             {fmt::format("{}要找{}，但排班里任何时间都没有人担任（由{}代替）", use.name.zh, role.zh, stand_in.zh),
              fmt::format("{} counts on {}, but nobody holds that role at any hour ({} stands in)", use.name.en,
                          role.en, stand_in.en)},
             witnesses(gap.stand_ins));
  } else if (!gap.stand_ins.empty()) {
    look.warning("plan.role-gap", use.line, use.clauses,
                 {fmt::format("{}要找{}，这些时间没有人担任（由{}代替）：{}", use.name.zh, role.zh, stand_in.zh,
                              some(gap.stand_ins).zh),
                  fmt::format("{} counts on {}; at these hours nobody holds that role ({} stands in): {}", use.name.en,
                              role.en, stand_in.en, some(gap.stand_ins).en)},
                 witnesses(gap.stand_ins));
  }
}

}  // namespace

void check_roster(Look& look, RosterIndex& roster) {
  for (const Use& use : uses_of(look)) check_use(look, use, roster.gap(use.role, use.of_parent));
}

}  // namespace tingan
