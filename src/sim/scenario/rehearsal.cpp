#include "sim/scenario/rehearsal.h"

#include <algorithm>

#include "codec/plan_yaml.h"
#include "sim/scenario/actions.h"

namespace tingan::scenario {
namespace {

constexpr Duration kLengthMax = std::chrono::hours{48};

tl::unexpected<Error> too_long() {
  return fail("rehearsal.too-long", {"推演最长 48 小时", "Expected a rehearsal of at most 48 hours, but it is longer"},
              "length");
}

void collect(const Entry& entry, Rehearsal& out) {
  if (entry.event == "nobody-found") out.nobody.push_back(entry);
  if (entry.event != "told" && entry.event != "told-again") return;
  for (const PersonId person : entry.people) {
    out.calls.push_back({entry.at, person, entry.to, entry.event, entry.part, entry.clauses, entry.text});
  }
}

// Nobody to state it (a small unit at night) is no reason not to look on: the first who may does.
Action fact_action(const std::string& name, const std::vector<FactSetting>& set) {
  Action action;
  action.kind = Action::Kind::fact;
  action.incident = name;
  action.set = set;
  action.words = "rehearsal";  // a replaced fact needs a reason
  return action;
}

Expected<void> send_away(VirtualNode& node, const RehearsalRequest& request) {
  for (const PersonId person : request.absent) {
    Submission away{.unit = request.unit};
    away.command = UnitCommand(PresenceStated{person, false, request.start + request.length + std::chrono::hours{1}});
    const auto outcome = node.act(std::move(away));
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->refused) return tl::unexpected(*outcome->refused);
  }
  return {};
}

}  // namespace

Setting setting_of(const Registry& registry, const PlanText* candidate) {
  Setting setting{registry.organisation_yaml(), "organisation", {}, {}};
  PlanId replaced;
  if (candidate != nullptr) {
    const auto parsed = parse_plan(candidate->yaml, candidate->file);
    if (parsed) replaced = (*parsed)->id;
  }
  for (const PlanPtr& plan : registry.newest_plans()) {
    if (plan->id == replaced) continue;
    setting.plans.push_back({plan->id.str() + ".yaml", registry.yaml(plan->id, plan->version)});
  }
  if (candidate != nullptr) setting.plans.push_back(*candidate);
  return setting;
}

Expected<Rehearsal> rehearse(const Prepared& prepared, const RehearsalRequest& request) {
  if (request.length > kLengthMax || request.length < Duration{0}) return too_long();
  auto node = VirtualNode::start(prepared, request.start);
  if (!node) return tl::unexpected(node.error());
  if (auto away = send_away(**node, request); !away) return tl::unexpected(away.error());
  Timeline timeline;
  (*node)->on_commit([&timeline](const Commit& commit) { timeline.add(commit); });
  Stage stage(**node);
  Actions actions(stage, timeline, request.start);
  const std::string name = request.type.str();
  Action declare;
  declare.incident = name;
  declare.unit = request.unit;
  declare.type = request.type;
  declare.set = request.facts;
  declare.drill = request.drill;
  const auto perform = [&](const Action& action) -> Expected<void> {
    auto refusal = actions.perform(action);
    if (!refusal) return tl::unexpected(refusal.error());
    if (*refusal) return tl::unexpected(**refusal);
    return (*node)->pass_until((*node)->now());
  };
  if (auto declared = perform(declare); !declared) return tl::unexpected(declared.error());
  std::vector<LaterFacts> later = request.later;
  std::stable_sort(later.begin(), later.end(), [](const LaterFacts& a, const LaterFacts& b) { return a.at < b.at; });
  for (const LaterFacts& facts : later) {
    if (facts.at > request.length) return too_long();
    if (auto passed = (*node)->pass_until(request.start + facts.at); !passed) return tl::unexpected(passed.error());
    if (auto stated = perform(fact_action(name, facts.set)); !stated) return tl::unexpected(stated.error());
  }
  if (auto passed = (*node)->pass_until(request.start + request.length); !passed) return tl::unexpected(passed.error());
  (*node)->on_commit({});
  Rehearsal out;
  out.entries = timeline.entries();
  for (const Entry& entry : out.entries) collect(entry, out);
  return out;
}

}  // namespace tingan::scenario
