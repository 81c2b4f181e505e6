// Chains into plans, facts or values that are not there, and chains that come back to where they began.
#include <algorithm>
#include <set>

#include "base/suggest.h"
#include "core/plancheck/look.h"

namespace tingan {
namespace {

const Plan* plan_named(const CheckInput& input, PlanId id) {
  for (const PlanPtr& plan : input.plans) {
    if (plan->id == id) return plan.get();
  }
  return nullptr;
}

std::string guess(const std::string& written, const std::vector<std::string>& known, bool chinese) {
  const std::string near = closest_word(written, known);
  if (near.empty()) return {};
  return chinese ? fmt::format("；是不是“{}”？", near) : fmt::format("; did you mean '{}'?", near);
}

void say_unknown(Look& look, const Chain& chain, const char* code, const std::string& key, Text message,
                 const std::string& written, const std::vector<std::string>& known) {
  message.zh += guess(written, known, true);
  message.en += guess(written, known, false);
  look.error(code, look.line(chain.line, key), chain.clauses, std::move(message));
}

void check_facts_of(Look& look, const Chain& chain, const Plan& started) {
  for (const FactSetting& setting : chain.facts) {
    const int index = find_fact(started, setting.fact);
    if (index < 0) {
      std::vector<std::string> names;
      for (const Fact& fact : started.facts) names.push_back(fact.id.str());
      say_unknown(
          look, chain, "plan.unknown-fact", "facts",
          {fmt::format("{}：预案“{}”没有“{}”这个事实", name_of(chain).zh, started.id.str(), setting.fact.str()),
           fmt::format("{}: the plan '{}' has no fact '{}'", name_of(chain).en, started.id.str(), setting.fact.str())},
          setting.fact.str(), names);
      continue;
    }
    const auto& values = started.facts[static_cast<std::size_t>(index)].values;
    if (std::find(values.begin(), values.end(), setting.value) != values.end()) continue;
    std::vector<std::string> names;
    for (const ValueId value : values) names.push_back(value.str());
    say_unknown(look, chain, "plan.unknown-value", "facts",
                {fmt::format("{}：预案“{}”的“{}”没有 {} 这个取值", name_of(chain).zh, started.id.str(),
                             setting.fact.str(), setting.value.str()),
                 fmt::format("{}: '{}' of the plan '{}' has no value '{}'", name_of(chain).en, setting.fact.str(),
                             started.id.str(), setting.value.str())},
                setting.value.str(), names);
  }
}

bool leads_back(const CheckInput& input, const Plan& from, PlanId target, std::set<PlanId>& seen) {
  if (!seen.insert(from.id).second) return false;
  return std::any_of(from.chains.begin(), from.chains.end(), [&](const Chain& chain) {
    if (chain.start == target) return true;
    const Plan* next = plan_named(input, chain.start);
    return next != nullptr && leads_back(input, *next, target, seen);
  });
}

void check_loop(Look& look, const Chain& chain, const Plan& started) {
  std::set<PlanId> seen;
  if (started.id != look.plan().id && !leads_back(look.input(), started, look.plan().id, seen)) return;
  look.error("plan.chain-loop", look.line(chain.line, "start"), chain.clauses,
             {fmt::format("{}启动“{}”，绕一圈又会启动本预案", name_of(chain).zh, started.id.str()),
              fmt::format("{} starts '{}', which leads back to this plan", name_of(chain).en, started.id.str())});
}

}  // namespace

void check_chains(Look& look) {
  for (const Chain& chain : look.plan().chains) {
    if (const Plan* started = plan_named(look.input(), chain.start)) {
      check_facts_of(look, chain, *started);
      check_loop(look, chain, *started);
    } else {
      std::vector<std::string> names;
      for (const PlanPtr& plan : look.input().plans) names.push_back(plan->id.str());
      say_unknown(look, chain, "plan.unknown-plan", "start",
                  {fmt::format("{}要启动的预案“{}”不存在", name_of(chain).zh, chain.start.str()),
                   fmt::format("{} starts the unknown plan '{}'", name_of(chain).en, chain.start.str())},
                  chain.start.str(), names);
    }
    if (look.solver(false).holds_at_start(chain.when)) {
      look.error("plan.chain-at-start", look.line(chain.line, "when"), chain.clauses,
                 {fmt::format("{}一开始就会启动另一个预案", name_of(chain).zh),
                  fmt::format("{} starts the other plan from the very start", name_of(chain).en)});
    }
  }
}

}  // namespace tingan
