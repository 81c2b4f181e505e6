#include "core/incident/advance.h"
#include "core/incident/decide.h"
#include "core/incident/telling.h"

namespace tingan::detail {
namespace {

Expected<void> may_report(const IncidentState& state, const std::string& kind, const DecideContext& context) {
  if (state.status == IncidentStatus::retracted) return ended();
  if (kind != "initial" && kind != "follow-up" && kind != "final") {
    return fail("report.unknown-kind",
                {fmt::format("没有“{}”这种报告", kind),
                 fmt::format("Expected initial, follow-up or final, but got '{}'", kind)},
                "kind");
  }
  if (!may_close(context.directory, context.who, state) &&
      !may_act_on_behalf(context.directory, context.who, state.unit)) {
    return not_allowed(
        {"报告由营业厅主任、值班经理、班长或综合组填报",
         "Expected the hall director, duty manager, shift leader or general group, but you are none of these"});
  }
  return {};
}

const ReportState* find_report(const IncidentState& state, const std::string& kind) {
  for (const ReportState& report : state.reports) {
    if (report.kind == kind) return &report;
  }
  return nullptr;
}

}  // namespace

Expected<Decision> draft_report(const IncidentState& state, const DraftReport& command, const DecideContext& context) {
  if (auto allowed = may_report(state, command.kind, context); !allowed) return tl::unexpected(allowed.error());
  Draft draft(state, context, {context.who.person, acting_role(context.who)});
  draft.emit(ReportDrafted{command.kind, command.content});
  return std::move(draft).finish();
}

Expected<Decision> file_report(const IncidentState& state, const FileReport& command, const DecideContext& context) {
  if (auto allowed = may_report(state, command.kind, context); !allowed) return tl::unexpected(allowed.error());
  ReportFiled event{.kind = command.kind, .content = command.content};
  const ReportNeed* need = report_need(*state.plan, command.kind);
  if (const ReportState* known = find_report(state, command.kind); known != nullptr && known->due != kNever) {
    event.due = known->due;
    event.late = context.now > known->due;
  }
  if (need != nullptr && need->every) event.next_due = context.now + *need->every;
  Draft draft(state, context, {context.who.person, acting_role(context.who)});
  draft.emit(std::move(event));
  if (need != nullptr) {
    std::vector<Wish> wishes;
    for (const RoleId role : need->to) {
      wishes.push_back({role, {ReasonKind::report_filed, PartId(command.kind)}, state.plan->acknowledge, false});
    }
    tell(draft, wishes);
  }
  if (!is_ended(state)) advance(draft);
  return std::move(draft).finish();
}

Expected<Decision> file_form(const IncidentState& state, const FileForm& command, const DecideContext& context) {
  if (state.status == IncidentStatus::retracted) return ended();
  const bool of_plan = std::any_of(state.plan->steps.begin(), state.plan->steps.end(),
                                   [&](const Step& step) { return step.form == command.form; });
  if (!of_plan) {
    return fail("form.unknown",
                {fmt::format("本预案没有表单“{}”", command.form.str()),
                 fmt::format("Expected a form of this plan, but got '{}'", command.form.str())},
                "form");
  }
  if (!may_add_to(context.directory, context.who, state)) {
    return not_allowed({"您与本事件无关，不能填表", "Expected someone concerned with this incident, but you are not"});
  }
  const auto before = std::count_if(state.forms.begin(), state.forms.end(),
                                    [&](const FormState& form) { return form.form == command.form; });
  Draft draft(state, context, {context.who.person, acting_role(context.who)});
  draft.emit(FormFiled{command.form, static_cast<std::uint32_t>(before + 1), command.content});
  return std::move(draft).finish();
}

}  // namespace tingan::detail
