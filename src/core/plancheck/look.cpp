#include "core/plancheck/look.h"

#include <algorithm>

#include "model/vocabulary.h"

namespace tingan {
namespace {

// The beginning of a text, cut between characters.
std::string excerpt(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

Text named(Text kind, const std::string& id, const Text& text) {
  constexpr std::size_t kChineseBytes = 45;  // fifteen characters
  constexpr std::size_t kEnglishBytes = 40;
  return {fmt::format("{}“{}”（{}）", kind.zh, excerpt(text.zh, kChineseBytes), id),
          fmt::format("{} '{}' ({})", kind.en, id, excerpt(text.en, kEnglishBytes))};
}

}  // namespace

Look::Look(const CheckInput& input, const Plan& plan, std::vector<Finding>& findings)
    : input_(input),
      plan_(plan),
      findings_(findings),
      here_(plan, reach_of(plan, input.plans, input.organisation.get(), false)),
      above_(plan, reach_of(plan, input.plans, input.organisation.get(), true)) {}

void Look::say(Finding::Level level, std::string code, int line, std::vector<ClauseId> clauses, Text message,
               std::vector<std::string> witness) {
  findings_.push_back({level, std::move(code), plan_.file, std::max(line, 1), plan_.id, std::move(clauses),
                       std::move(message), std::move(witness)});
}

Text name_of(const Step& step) { return named({"步骤", "step"}, step.id.str(), step.text); }
Text name_of(const Escalation& escalation) {
  return named({"升级上报", "escalation"}, escalation.id.str(), escalation.text);
}
Text name_of(const Prohibition& prohibition) {
  return named({"严禁事项", "prohibition"}, prohibition.id.str(), prohibition.text);
}
Text name_of(const Script& script) { return named({"口径", "script"}, script.id.str(), script.text); }
Text name_of(const Gate& gate) { return named({"结案条件", "closing gate"}, gate.id.str(), gate.text); }
Text name_of(const Phase& phase) { return named({"阶段", "phase"}, phase.id.str(), phase.title); }
Text name_of(const Fact& fact) { return named({"事实", "fact"}, fact.id.str(), fact.title); }
Text name_of(const Chain& chain) {
  return {fmt::format("联动“{}”", chain.id.str()), fmt::format("chain '{}'", chain.id.str())};
}

Text names_of(const std::vector<RoleId>& list) {
  Text out;
  for (const RoleId id : list) {
    const RoleInfo* role = find_role(id);
    out.zh += (out.zh.empty() ? "" : "、") + (role == nullptr ? "本厅任何人" : role->name.zh);
    out.en += (out.en.empty() ? "" : ", ") + (role == nullptr ? "anyone of the hall" : role->name.en);
  }
  return out;
}

Text why_never(Look& look, bool of_parent, const std::vector<Term>& terms) {
  Reach free = look.solver(of_parent).reach();
  for (std::size_t i = 0; i < free.values.size(); ++i) free.values[i] = look.plan().facts[i].values;
  Solver unbound(look.plan(), free);
  const auto found = unbound.find(terms);
  if (!found) return {"条件自相矛盾", "the condition contradicts itself"};
  for (std::size_t i = 0; i < found->size(); ++i) {
    const auto& reachable = look.solver(of_parent).reach().values[i];
    const ValueId wanted = (*found)[i];
    if (wanted.empty() || std::find(reachable.begin(), reachable.end(), wanted) != reachable.end()) continue;
    const Fact& fact = look.plan().facts[i];
    return {fmt::format("没有人能把“{}”改成 {}", fact.title.zh, wanted.str()),
            fmt::format("nobody can set '{}' to '{}'", fact.id.str(), wanted.str())};
  }
  return {"条件自相矛盾", "the condition contradicts itself"};
}

bool may_state(const Fact& fact, RoleId role, bool of_parent) {
  const auto names = [&](const std::vector<RoleId>& list) {
    return std::any_of(list.begin(), list.end(), [&](RoleId named_role) {
      return named_role == role || (named_role == staff_role() && is_hall_role(role)) ||
             (role == staff_role() && is_hall_role(named_role));
    });
  };
  if (fact.only_stated_by) return names(*fact.only_stated_by);
  const bool of_the_place =
      of_parent ? !is_hall_role(role) && role != staff_role() : is_hall_role(role) || role == staff_role();
  return of_the_place || role.str() == "general-group" || names(fact.also_stated_by);
}

}  // namespace tingan
