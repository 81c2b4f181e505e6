#include "core/incident/decide.h"

#include "core/incident/advance.h"
#include "core/incident/clocks.h"
#include "core/incident/cover.h"
#include "core/incident/placeholders.h"

namespace tingan {
namespace detail {

bool is_ended(const IncidentState& state) {
  return state.status == IncidentStatus::closed || state.status == IncidentStatus::retracted;
}

tl::unexpected<Error> ended(const IncidentState& state, const DecideContext& context) {
  const std::string at = clock_time(state.ended_at, context.directory.zone());
  if (state.status == IncidentStatus::retracted) {
    return fail("incident.ended",
                {fmt::format("事件已在 {} 撤销，不能再改；真有情况请重新启动预案", at),
                 fmt::format("Expected an open incident, but it was retracted at {}: declare anew", at)});
  }
  return fail("incident.ended",
              {fmt::format("事件已在 {} 结案，不能再改；要补做、补记，请先重新打开", at),
               fmt::format("Expected an open incident, but it was closed at {}: reopen it to add to it", at)});
}

tl::unexpected<Error> not_allowed(Text what) { return fail("incident.not-allowed", std::move(what)); }

Expected<int> check_setting(const Plan& plan, const FactSetting& setting) {
  const int index = find_fact(plan, setting.fact);
  if (index < 0) {
    std::string known;
    for (const Fact& fact : plan.facts) known += (known.empty() ? "" : ", ") + fact.id.str();
    return fail(
        "incident.unknown-fact",
        {fmt::format("预案“{}”没有事实“{}”；有：{}", plan.title.zh, setting.fact.str(), known),
         fmt::format("Expected a fact of plan '{}' ({}), but got '{}'", plan.id.str(), known, setting.fact.str())},
        "facts." + setting.fact.str());
  }
  const Fact& fact = plan.facts[static_cast<std::size_t>(index)];
  if (std::find(fact.values.begin(), fact.values.end(), setting.value) == fact.values.end()) {
    std::string known;
    for (const ValueId value : fact.values) known += (known.empty() ? "" : ", ") + value.str();
    return fail("incident.unknown-value",
                {fmt::format("“{}”不能是“{}”；可以是：{}", fact.title.zh, setting.value.str(), known),
                 fmt::format("Expected '{}' to be one of {}, but got '{}'", fact.id.str(), known, setting.value.str())},
                "facts." + setting.fact.str());
  }
  return index;
}

Expected<Decision> tick(const IncidentState& state, const Tick& command, const DecideContext& context) {
  DecideContext upto = context;
  upto.fire_upto = command.upto;
  Draft draft(state, upto, program_actor());
  if (is_ended(state)) {
    // Only the final report's clock still runs.
    while (fire_next_due(draft)) {
    }
  } else {
    advance(draft);
  }
  return std::move(draft).finish();
}

}  // namespace detail

namespace detail {

Expected<Decision> decide_plain(const IncidentState& state, const IncidentCommand& command,
                                const DecideContext& context) {
  return std::visit(
      [&](const auto& c) -> Expected<Decision> {
        using C = std::decay_t<decltype(c)>;
        if constexpr (std::is_same_v<C, Declare>) {
          return fail("incident.exists", {"事件已经存在", "Expected a new incident, but it exists"});
        } else if constexpr (std::is_same_v<C, StateFacts>) {
          return detail::state_facts(state, c, context);
        } else if constexpr (std::is_same_v<C, MarkStep>) {
          return detail::mark_step(state, c, context);
        } else if constexpr (std::is_same_v<C, AcknowledgeNotice>) {
          return detail::acknowledge_notice(state, c, context);
        } else if constexpr (std::is_same_v<C, ReportDelivery>) {
          return detail::report_delivery(state, c, context);
        } else if constexpr (std::is_same_v<C, NoteProgress>) {
          return detail::note_progress(state, c, context);
        } else if constexpr (std::is_same_v<C, DraftReport>) {
          return detail::draft_report(state, c, context);
        } else if constexpr (std::is_same_v<C, FileReport>) {
          return detail::file_report(state, c, context);
        } else if constexpr (std::is_same_v<C, FileForm>) {
          return detail::file_form(state, c, context);
        } else if constexpr (std::is_same_v<C, CloseIncident>) {
          return detail::close(state, c, context);
        } else if constexpr (std::is_same_v<C, ReopenIncident>) {
          return detail::reopen(state, c, context);
        } else if constexpr (std::is_same_v<C, RetractIncident>) {
          return detail::retract(state, c, context);
        } else if constexpr (std::is_same_v<C, JoinParent>) {
          return detail::join_parent(state, c, context);
        } else if constexpr (std::is_same_v<C, AddChild>) {
          return detail::add_child(state, c, context);
        } else if constexpr (std::is_same_v<C, ReassignSteps>) {
          return detail::reassign(state, c, context);
        } else if constexpr (std::is_same_v<C, DeclineStep>) {
          return detail::decline_step(state, c, context);
        } else if constexpr (std::is_same_v<C, AddEvidence>) {
          return detail::add_evidence(state, c, context);
        } else if constexpr (std::is_same_v<C, LookAtEvidence>) {
          return detail::look_at_evidence(state, c, context);
        } else if constexpr (std::is_same_v<C, TakeHeadcount>) {
          return detail::take_headcount(state, c, context);
        } else {
          static_assert(std::is_same_v<C, Tick>);
          return detail::tick(state, c, context);
        }
      },
      command);
}

}  // namespace detail

Expected<Decision> decide(const IncidentState& state, const IncidentCommand& command, const DecideContext& context) {
  if (!state.cover.empty()) return detail::decide_with_cover(state, command, context);
  // The cover was lifted before the report came: its notices are gone.
  if (detail::is_for_cover(command)) return Draft(state, context, program_actor()).finish();
  if (detail::is_under_duress(command)) return detail::decide_under_duress(state, command, context);
  return detail::decide_plain(state, command, context);
}

}  // namespace tingan
