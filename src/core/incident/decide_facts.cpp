#include "core/incident/advance.h"
#include "core/incident/cover.h"
#include "core/incident/decide.h"

namespace tingan::detail {
namespace {

// The first answer needs no reason, nor does leaving what simply held at the start. Danger that returns needs none
// either: nobody types while it burns again. Once a fact has moved, the way back towards safety is explained.
bool wants_reason(const Fact& fact, const FactState& now, ValueId wanted) {
  return now.moved && now.value != wanted && !fact.dangerous(wanted);
}

bool says_something(const FactState& now, ValueId wanted) { return now.value != wanted || !now.stated; }

}  // namespace

Expected<Decision> state_facts(const IncidentState& state, const StateFacts& command, const DecideContext& context) {
  if (state.status == IncidentStatus::retracted || (is_ended(state) && !command.found)) return ended(state, context);
  FactsStated event{.set = {}, .reason = command.reason};
  for (const FactSetting& setting : command.set) {
    const auto index = check_setting(*state.plan, setting);
    if (!index) return tl::unexpected(index.error());
    const Fact& fact = state.plan->facts[static_cast<std::size_t>(*index)];
    const FactState& known = state.facts[static_cast<std::size_t>(*index)];
    if (!command.found && !may_state(context.directory, context.who, state, fact)) {
      return not_allowed({fmt::format("“{}”只能由规定的岗位填报", fact.title.zh),
                          fmt::format("Expected someone who may state '{}', but your roles may not", fact.id.str())});
    }
    if (!command.found && wants_reason(fact, known, setting.value) && command.reason.empty()) {
      return fail("incident.reason-needed",
                  {fmt::format("“{}”已经有结论，更改请写明原因", fact.title.zh),
                   fmt::format("Expected a reason for replacing the known '{}', but there was none", fact.id.str())},
                  "reason");
    }
    if (says_something(known, setting.value)) event.set.push_back(setting);
  }
  Draft draft(state, context, command.found ? program_actor() : Actor{context.who.person, acting_role(context.who)});
  if (event.set.empty()) return std::move(draft).finish();
  draft.emit(std::move(event));
  if (!wants_silence(draft.state())) lift_cover(draft);
  if (!is_ended(state)) advance(draft);
  return std::move(draft).finish();
}

}  // namespace tingan::detail
