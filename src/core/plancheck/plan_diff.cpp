#include "core/plancheck/plan_diff.h"

#include <algorithm>
#include <map>

namespace tingan {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

template <class Ids>
std::string join(const Ids& ids) {
  std::string out;
  for (const auto& id : ids) out += (out.empty() ? "" : ", ") + id.str();
  return out.empty() ? "" : "[" + out + "]";
}

std::string say(const Text& text) { return text.empty() ? "" : text.zh + " / " + text.en; }
std::string say(const std::optional<Text>& text) { return text ? say(*text) : ""; }
std::string say(const std::optional<Duration>& length) { return length ? format_duration(*length) : ""; }
std::string say(bool flag) { return flag ? "true" : ""; }
std::string say(const Condition& condition) { return condition.trivial() ? "" : to_text(condition); }

std::string say(const std::optional<AckPolicy>& policy) {
  if (!policy) return {};
  const std::string need = policy->need == 0 ? "all" : std::to_string(policy->need);
  return fmt::format("{{need: {}, repeat: {}, times: {}, then: {}}}", need, format_duration(policy->repeat),
                     policy->times, policy->then.empty() ? "[]" : join(policy->then));
}

std::string say(const std::vector<FactSetting>& settings) {
  std::string out;
  for (const FactSetting& one : settings) {
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", one.fact.str(), one.value.str());
  }
  return out;
}

template <class Parts>
std::string name_at(const Parts& parts, int index) {
  return index < 0 ? "" : parts[static_cast<std::size_t>(index)].id.str();
}

std::string say(const Plan& plan, const std::optional<Apart>& apart) {
  if (!apart) return {};
  std::string facts;
  for (const int index : apart->facts) facts += (facts.empty() ? "" : ", ") + name_at(plan.facts, index);
  return fmt::format("{{facts: [{}], persons: {}, or_after: {}}}", facts, apart->persons,
                     format_duration(apart->or_after));
}

Fields fields_of(const Plan&, const Fact& fact) {
  constexpr const char* kFinders[] = {"", "correlation", "calendar", "parent", "chain"};
  std::string labels;
  for (const Text& label : fact.labels) labels += (labels.empty() ? "" : "; ") + say(label);
  const std::string only = !fact.only_stated_by ? "" : fact.only_stated_by->empty() ? "[]" : join(*fact.only_stated_by);
  return {{"title", say(fact.title)},
          {"values", join(fact.values)},
          {"labels", labels},
          {"ask", say(fact.ask)},
          {"only_stated_by", only},
          {"also_stated_by", join(fact.also_stated_by)},
          {"no_answer", join(fact.no_answer)},
          {"danger", join(fact.danger)},
          {"of", fact.of.str()},
          {"found_by", kFinders[static_cast<std::size_t>(fact.found_by)]}};
}

Fields fields_of(const Plan&, const Phase& phase) { return {{"title", say(phase.title)}, {"when", say(phase.when)}}; }

Fields fields_of(const Plan& plan, const Step& step) {
  std::string after;
  for (const int index : step.after) after += (after.empty() ? "" : ", ") + name_at(plan.steps, index);
  return {
      {"phase", name_at(plan.phases, step.phase)},
      {"role", step.role.str()},
      {"when", say(step.when)},
      {"on", name_at(plan.escalations, step.on)},
      {"after", after},
      {"do", say(step.text)},
      {"why", say(step.why)},
      {"within", say(step.within)},
      {"asks", name_at(plan.facts, step.asks)},
      {"call", step.call.str()},
      {"say", name_at(plan.scripts, step.say)},
      {"form", step.form.str()},
      {"opens", step.opens},
      {"tell", join(step.tell)},
      {"also_by", join(step.also_by)},
      {"states", say(step.states)},
      {"second_to", name_at(plan.steps, step.second_to)},
      {"must", step.must_when.trivial() ? say(step.must) : (step.must_unless ? "unless " : "") + say(step.must_when)},
      {"each", say(step.each)},
      {"act", step.act},
      {"acknowledge", say(step.acknowledge)},
      {"ours", say(step.ours)},
      {"parent", say(step.of_parent)},
      {"clauses", join(step.clauses)}};
}

Fields fields_of(const Plan& plan, const Escalation& one) {
  return {{"when", say(one.when)},         {"until", one.until_acknowledged ? "acknowledged" : say(one.until)},
          {"at", format_duration(one.at)}, {"from", name_at(plan.steps, one.from)},
          {"repeat", say(one.repeat)},     {"tell", join(one.tell)},
          {"say", say(one.text)},          {"acknowledge", say(one.acknowledge)},
          {"ours", say(one.ours)},         {"parent", say(one.of_parent)},
          {"clauses", join(one.clauses)}};
}

Fields fields_of(const Plan&, const Prohibition& one) {
  return {{"do_not", say(one.text)},      {"roles", join(one.roles)},
          {"while", say(one.when)},       {"act", one.act},
          {"enforce", one.enforce},       {"ours", say(one.ours)},
          {"parent", say(one.of_parent)}, {"clauses", join(one.clauses)}};
}

Fields fields_of(const Plan&, const Script& one) {
  return {{"audience", one.audience},    {"who", join(one.who)},  {"when", say(one.when)},
          {"say", say(one.text)},        {"ours", say(one.ours)}, {"parent", say(one.of_parent)},
          {"clauses", join(one.clauses)}};
}

Fields fields_of(const Plan&, const Chain& one) {
  const std::string silent = !one.silent ? "" : *one.silent ? "true" : "false";
  return {{"when", say(one.when)},
          {"start", one.start.str()},
          {"facts", say(one.facts)},
          {"silent", silent},
          {"clauses", join(one.clauses)}};
}

Fields fields_of(const Plan& plan, const Gate& gate) {
  std::string steps;
  for (const int index : gate.needs.steps) steps += (steps.empty() ? "" : ", ") + name_at(plan.steps, index);
  return {{"text", say(gate.text)},
          {"needs", say(gate.needs.condition)},
          {"needs.steps", steps},
          {"needs.report", gate.needs.report},
          {"needs.forms", gate.needs.form.str()},
          {"needs.acceptance", gate.needs.acceptance ? "reconciled" : ""},
          {"needs.chains", join(gate.needs.chains)},
          {"needs.apart", say(plan, gate.needs.apart)},
          {"needs.children", gate.needs.children ? say(*gate.needs.children) : ""},
          {"parent", say(gate.of_parent)},
          {"clauses", join(gate.clauses)}};
}

Fields fields_of(const std::optional<ReportNeed>& need) {
  if (!need) return {};
  return {{"within", say(need->within)},
          {"every", say(need->every)},
          {"to", join(need->to)},
          {"by", need->by.str()},
          {"clauses", join(need->clauses)}};
}

Fields head_of(const Plan& plan) {
  constexpr const char* kSeverities[] = {"minor", "major", "danger"};
  std::string late;
  for (const LateRule& rule : plan.late.value_or(std::vector<LateRule>{})) {
    late += fmt::format("{}{} {}", late.empty() ? "" : ", ", format_duration(rule.after), join(rule.tell));
  }
  std::string correlate;
  if (plan.correlate) {
    correlate =
        fmt::format("{} within {} sets {}: {}", plan.correlate->at_least, format_duration(plan.correlate->within),
                    plan.correlate->sets.fact.str(), plan.correlate->sets.value.str());
  }
  return {{"title", say(plan.title)},
          {"severity", kSeverities[static_cast<std::size_t>(plan.severity)]},
          {"owner", say(plan.owner)},
          {"issued", plan.issued},
          {"origin", say(plan.origin)},
          {"clauses", join(plan.clauses)},
          {"silent", plan.silent ? say(*plan.silent) : ""},
          {"contained", say(plan.contained)},
          {"acknowledge", say(std::optional<AckPolicy>(plan.acknowledge))},
          {"late", late},
          {"correlate", correlate}};
}

std::vector<FieldChange> diff_fields(const Fields& before, const Fields& after) {
  std::vector<FieldChange> out;
  const Fields& names = after.empty() ? before : after;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string old_value = before.empty() ? "" : before[i].second;
    const std::string new_value = after.empty() ? "" : after[i].second;
    if (old_value != new_value) out.push_back({names[i].first, old_value, new_value});
  }
  return out;
}

template <class Parts>
void diff_parts(const char* name, const Plan& before, const Parts& old_parts, const Plan& after, const Parts& new_parts,
                std::vector<PartChange>& out) {
  const auto named = [](const Parts& parts, const auto& id) {
    return std::find_if(parts.begin(), parts.end(), [&](const auto& part) { return part.id == id; });
  };
  for (const auto& part : new_parts) {
    const auto old_part = named(old_parts, part.id);
    if (old_part == old_parts.end()) {
      out.push_back({name, part.id.str(), PartChange::Kind::added, diff_fields({}, fields_of(after, part))});
      continue;
    }
    auto fields = diff_fields(fields_of(before, *old_part), fields_of(after, part));
    if (!fields.empty()) out.push_back({name, part.id.str(), PartChange::Kind::changed, std::move(fields)});
  }
  for (const auto& part : old_parts) {
    if (named(new_parts, part.id) != new_parts.end()) continue;
    out.push_back({name, part.id.str(), PartChange::Kind::removed, diff_fields(fields_of(before, part), {})});
  }
}

void diff_report(const char* kind, const std::optional<ReportNeed>& before, const std::optional<ReportNeed>& after,
                 std::vector<PartChange>& out) {
  auto fields = diff_fields(fields_of(before), fields_of(after));
  if (fields.empty()) return;
  const auto change = !before  ? PartChange::Kind::added
                      : !after ? PartChange::Kind::removed
                               : PartChange::Kind::changed;
  out.push_back({"report", kind, change, std::move(fields)});
}

std::string text_of_group(const Condition& condition, const char* word) {
  std::string out;
  for (const Condition& part : condition.parts) out += (out.empty() ? "" : ", ") + to_text(part);
  return fmt::format("{{{}: [{}]}}", word, out);
}

}  // namespace

std::string to_text(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::always:
      return "{}";
    case Condition::Kind::is: {
      const bool one = condition.values.size() == 1;
      return fmt::format("{{{}: {}}}", condition.fact.str(),
                         one ? condition.values.front().str() : join(condition.values));
    }
    case Condition::Kind::all:
      return text_of_group(condition, "all");
    case Condition::Kind::any:
      return text_of_group(condition, "any");
    case Condition::Kind::negated:
      return fmt::format("{{not: {}}}", to_text(condition.parts.front()));
  }
  return {};
}

std::vector<PartChange> diff_plans(const Plan& before, const Plan& after) {
  std::vector<PartChange> out;
  if (auto head = diff_fields(head_of(before), head_of(after)); !head.empty()) {
    out.push_back({"plan", after.id.str(), PartChange::Kind::changed, std::move(head)});
  }
  diff_parts("fact", before, before.facts, after, after.facts, out);
  diff_parts("phase", before, before.phases, after, after.phases, out);
  diff_parts("step", before, before.steps, after, after.steps, out);
  diff_parts("escalation", before, before.escalations, after, after.escalations, out);
  diff_parts("prohibition", before, before.prohibitions, after, after.prohibitions, out);
  diff_parts("script", before, before.scripts, after, after.scripts, out);
  diff_parts("chain", before, before.chains, after, after.chains, out);
  diff_report("initial", before.initial, after.initial, out);
  diff_report("follow-up", before.follow_up, after.follow_up, out);
  diff_report("final", before.final, after.final, out);
  diff_parts("gate", before, before.gates, after, after.gates, out);
  return out;
}

}  // namespace tingan
