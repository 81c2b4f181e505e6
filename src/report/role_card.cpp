#include "report/role_card.h"

#include <algorithm>

#include "model/vocabulary.h"

namespace tingan {
namespace {

Text role_name(RoleId id) {
  if (id == staff_role()) return {"本厅任何人", "Anyone of the hall"};
  const RoleInfo* role = find_role(id);
  return role == nullptr ? Text{id.str(), id.str()} : role->name;
}

Text party_name(PartId id) {
  if (const OutsideParty* party = find_outside_party(id)) return party->name;
  return role_name(RoleId(id.str()));
}

Text join(const std::vector<Text>& texts, const Text& between) {
  Text out;
  for (const Text& text : texts) {
    if (!out.empty()) {
      out.zh += between.zh;
      out.en += between.en;
    }
    out.zh += text.zh;
    out.en += text.en;
  }
  return out;
}

Text names_of(const std::vector<RoleId>& ids) {
  std::vector<Text> names;
  for (const RoleId id : ids) names.push_back(role_name(id));
  return join(names, {"、", ", "});
}

std::string clauses_of(const std::vector<ClauseId>& clauses) {
  std::string out;
  for (const ClauseId clause : clauses) out += (out.empty() ? "" : " ") + clause.str();
  return out;
}

Text led(const Text& lead, const Text& rest) { return {lead.zh + rest.zh, lead.en + rest.en}; }

// One role's card holds what that role does itself, what all of the hall do, and what it is told.
bool concerns(const std::optional<RoleId>& wanted, RoleId role) {
  if (!wanted || role == *wanted) return true;
  return role == staff_role() && is_hall_role(*wanted);
}

bool concerns(const std::optional<RoleId>& wanted, const std::vector<RoleId>& roles) {
  return std::any_of(roles.begin(), roles.end(), [&](RoleId role) { return concerns(wanted, role); });
}

void add_detail(CardRow& row, const Text& lead, const Text& rest) {
  if (!rest.empty()) row.details.push_back(led(lead, rest));
}

CardRow row_of(const Plan& plan, const Step& step, bool name_role) {
  CardRow row;
  row.text = name_role ? led(led(role_name(step.role), {"：", ": "}), step.text) : step.text;
  if (step.within) row.mark = led({"限 ", "within "}, say_duration(*step.within));
  const bool phased = step.phase >= 0 && !plan.phases[static_cast<std::size_t>(step.phase)].when.trivial();
  const bool own = plan.key_lines.contains({step.line, "when"});
  const bool two_parts = phased && step.when.parts.size() == 2;
  if (own) add_detail(row, {"条件：", "When: "}, say_condition(plan, two_parts ? step.when.parts.back() : step.when));
  if (step.on >= 0)
    add_detail(row, {"在上报之后：", "After the escalation: "},
               plan.escalations[static_cast<std::size_t>(step.on)].text);
  for (const int before : step.after)
    add_detail(row, {"做完之后：", "After: "}, plan.steps[static_cast<std::size_t>(before)].text);
  if (step.why) row.details.push_back(*step.why);
  if (!step.call.empty()) add_detail(row, {"打电话给：", "Phone: "}, party_name(step.call));
  if (step.say >= 0) add_detail(row, {"这样说：", "Say: "}, plan.scripts[static_cast<std::size_t>(step.say)].text);
  if (!step.form.empty()) add_detail(row, {"填表：", "Form: "}, {step.form.str(), step.form.str()});
  add_detail(row, {"同时告知：", "Also told: "}, names_of(step.tell));
  row.clauses = clauses_of(step.clauses);
  return row;
}

void add_steps(const Plan& plan, const std::optional<RoleId>& role, int phase, const Text& title, Card& card) {
  CardSection section{title, {}};
  for (const Step& step : plan.steps) {
    if (step.phase == phase && concerns(role, step.role)) section.rows.push_back(row_of(plan, step, !role));
  }
  if (!section.rows.empty()) card.sections.push_back(std::move(section));
}

CardSection forbidden_section(const Plan& plan, const std::optional<RoleId>& role) {
  CardSection section{{"严禁", "Do not"}, {}};
  for (const Prohibition& one : plan.prohibitions) {
    if (!one.roles.empty() && !concerns(role, one.roles)) continue;
    CardRow row;
    row.text = one.text;
    row.forbidden = true;
    if (!one.when.trivial()) add_detail(row, {"条件：", "While: "}, say_condition(plan, one.when));
    row.clauses = clauses_of(one.clauses);
    section.rows.push_back(std::move(row));
  }
  return section;
}

CardSection script_section(const Plan& plan, const std::optional<RoleId>& role) {
  CardSection section{{"统一口径", "Agreed words"}, {}};
  for (const Script& script : plan.scripts) {
    if (!script.who.empty() && !concerns(role, script.who)) continue;
    CardRow row;
    row.text = script.text;
    if (!script.when.trivial()) add_detail(row, {"条件：", "When: "}, say_condition(plan, script.when));
    row.clauses = clauses_of(script.clauses);
    section.rows.push_back(std::move(row));
  }
  return section;
}

CardSection escalation_section(const Plan& plan, const std::optional<RoleId>& role) {
  CardSection section{{"到时仍未解决，程序自动上报", "Not solved in time: the program tells"}, {}};
  for (const Escalation& one : plan.escalations) {
    if (!concerns(role, one.tell)) continue;
    CardRow row;
    row.mark = say_duration(one.at);
    row.text = led(led(names_of(one.tell), {"：", ": "}), one.text);
    if (one.from >= 0)
      add_detail(row, {"从这一步算起：", "Counted from: "}, plan.steps[static_cast<std::size_t>(one.from)].text);
    if (!one.when.trivial()) add_detail(row, {"条件：", "When: "}, say_condition(plan, one.when));
    const Text until =
        one.until_acknowledged ? Text{"有人签收", "somebody acknowledged"} : say_condition(plan, one.until);
    add_detail(row, {"直到：", "Until: "}, until);
    row.clauses = clauses_of(one.clauses);
    section.rows.push_back(std::move(row));
  }
  return section;
}

CardSection report_section(const Plan& plan, const std::optional<RoleId>& role) {
  CardSection section{{"书面报告", "Written reports"}, {}};
  const auto add = [&](const std::optional<ReportNeed>& need, const Text& name) {
    if (!need || !concerns(role, need->by)) return;
    CardRow row;
    row.text = led(name, {"", ""});
    row.mark = need->within ? led({"限 ", "within "}, say_duration(*need->within))
                            : led({"每 ", "every "}, say_duration(*need->every));
    add_detail(row, {"报给：", "To: "}, names_of(need->to));
    row.clauses = clauses_of(need->clauses);
    section.rows.push_back(std::move(row));
  };
  add(plan.initial, {"初报", "Initial report"});
  add(plan.follow_up, {"续报", "Follow-up report"});
  add(plan.final, {"终报", "Final report"});
  return section;
}

CardSection gate_section(const Plan& plan) {
  CardSection section{{"结案条件", "Before it may be closed"}, {}};
  for (const Gate& gate : plan.gates) section.rows.push_back({{}, gate.text, {}, clauses_of(gate.clauses), false});
  return section;
}

Text say_test(const Plan& plan, const Condition& condition) {
  const Fact& fact = plan.facts[static_cast<std::size_t>(condition.fact_index)];
  std::vector<Text> labels;
  for (const ValueId wanted : condition.values) {
    const auto place = std::find(fact.values.begin(), fact.values.end(), wanted) - fact.values.begin();
    labels.push_back(fact.labels[static_cast<std::size_t>(place)]);
  }
  return led(led(fact.title, {"：", ": "}), join(labels, {"或", " or "}));
}

}  // namespace

Text say_condition(const Plan& plan, const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::always:
      return {};
    case Condition::Kind::is:
      return say_test(plan, condition);
    case Condition::Kind::negated: {
      const Text inner = say_condition(plan, condition.parts.front());
      return {"不是（" + inner.zh + "）", "not (" + inner.en + ")"};
    }
    case Condition::Kind::all:
    case Condition::Kind::any: {
      std::vector<Text> parts;
      for (const Condition& part : condition.parts) {
        Text text = say_condition(plan, part);
        const bool group = part.kind == Condition::Kind::all || part.kind == Condition::Kind::any;
        if (group) text = {"（" + text.zh + "）", "(" + text.en + ")"};
        parts.push_back(std::move(text));
      }
      return join(parts, condition.kind == Condition::Kind::all ? Text{"，且 ", " and "} : Text{"，或 ", " or "});
    }
  }
  return {};
}

Card role_card(const Plan& plan, const RoleCardOptions& options) {
  Card card;
  card.title = plan.title;
  if (options.role) card.title = led(led(plan.title, {"：", ": "}), role_name(*options.role));
  card.subtitle = {fmt::format("{}，{} 起施行", plan.owner.zh, plan.issued),
                   fmt::format("{}, in force from {}", plan.owner.en, plan.issued)};
  const std::string version = plan.version > 0 ? fmt::format("v{}", plan.version) : "未发布/unpublished";
  card.foot = fmt::format("{} · {} · {}", plan.id.str(), version, plan.hash.substr(0, 12));
  for (std::size_t i = 0; i < plan.phases.size(); ++i) {
    const Phase& phase = plan.phases[i];
    Text title = phase.title;
    if (!phase.when.trivial()) {
      const Text when = say_condition(plan, phase.when);
      title = {fmt::format("{}（{}）", title.zh, when.zh), fmt::format("{} ({})", title.en, when.en)};
    }
    add_steps(plan, options.role, static_cast<int>(i), title, card);
  }
  add_steps(plan, options.role, -1, plan.phases.empty() ? Text{"步骤", "Steps"} : Text{"不分阶段", "In any phase"},
            card);
  const auto add = [&](CardSection section) {
    if (!section.rows.empty()) card.sections.push_back(std::move(section));
  };
  add(forbidden_section(plan, options.role));
  add(script_section(plan, options.role));
  add(escalation_section(plan, options.role));
  add(report_section(plan, options.role));
  const bool closes = !options.role || options.role->str() == "hall-director";
  if (closes) add(gate_section(plan));
  return card;
}

}  // namespace tingan
