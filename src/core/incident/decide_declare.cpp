#include "core/incident/advance.h"
#include "core/incident/decide.h"
#include "core/incident/telling.h"

namespace tingan {
namespace {

Expected<void> check_facts(const Plan& plan, const Declare& command, const DecideContext& context,
                           const IncidentState& blank) {
  for (const FactSetting& setting : command.facts) {
    const auto index = detail::check_setting(plan, setting);
    if (!index) return tl::unexpected(index.error());
    const Fact& fact = plan.facts[static_cast<std::size_t>(*index)];
    const bool changes = setting.value != fact.values.front();
    if (changes && !may_state(context.directory, context.who, blank, fact)) {
      return detail::not_allowed(
          {fmt::format("“{}”只能由规定的岗位填报", fact.title.zh),
           fmt::format("Expected someone who may state '{}', but your roles may not", fact.id.str())});
    }
  }
  return {};
}

// What the program itself knows at the declare: inside or outside business hours.
void add_found_facts(const Plan& plan, UnitId unit, const DecideContext& context, IncidentDeclared& event) {
  for (const Fact& fact : plan.facts) {
    if (fact.found_by != Fact::Finder::calendar || !fact.boolean()) continue;
    const bool stated = std::any_of(event.facts.begin(), event.facts.end(),
                                    [&](const FactSetting& setting) { return setting.fact == fact.id; });
    if (stated) continue;
    const bool open = context.directory.in_business_hours(unit, context.now);
    event.facts.push_back({fact.id, ValueId(open ? "true" : "false")});
  }
}

std::vector<Wish> report_wishes(const Plan& plan) {
  std::vector<Wish> wishes;
  if (plan.initial)
    wishes.push_back({plan.initial->by, {ReasonKind::report, PartId("initial")}, plan.acknowledge, false});
  return wishes;
}

}  // namespace

Expected<Decision> decide_declare(PlanPtr plan, const Declare& command, const DecideContext& context) {
  const Unit* unit = context.directory.unit(command.unit);
  if (unit == nullptr) {
    return fail("unit.unknown",
                {fmt::format("没有单位“{}”", command.unit.str()),
                 fmt::format("Expected a known unit, but got '{}'", command.unit.str())},
                "unit");
  }
  if (!may_declare(context.directory, context.who, command.unit)) {
    return detail::not_allowed(
        {"您不能在这个单位启动预案", "Expected someone of this unit or above it, but you are not"});
  }
  IncidentState state = blank_incident(command.id, plan);
  state.unit = command.unit;
  if (auto checked = check_facts(*plan, command, context, state); !checked) return tl::unexpected(checked.error());

  IncidentDeclared event{.unit = command.unit,
                         .plan = plan->id,
                         .plan_version = plan->version,
                         .drill = command.drill,
                         .parent_role = command.parent_role,
                         .silent = command.silent,
                         .caused_by = command.caused_by,
                         .facts = command.facts,
                         .note = command.note};
  add_found_facts(*plan, command.unit, context, event);
  Draft draft(std::move(state), context, {context.who.person, acting_role(context.who)});
  draft.emit(std::move(event));
  if (!command.parent_role) tell(draft, report_wishes(*plan));
  advance(draft);
  return std::move(draft).finish();
}

}  // namespace tingan
