#include "core/incident/clocks.h"

#include "core/incident/advance.h"
#include "core/incident/telling.h"
#include "model/vocabulary.h"

namespace tingan {
namespace {

enum class ClockKind { step_late, escalation, telling, report };

// Ties fire in this order: kind, then index.
struct Due {
  Instant at = kNever;
  ClockKind kind = ClockKind::step_late;
  std::size_t index = 0;

  void offer(Instant when, ClockKind k, std::size_t i) {
    if (when < at) *this = {when, k, i};
  }
};

bool ended(const IncidentState& state) {
  return state.status == IncidentStatus::closed || state.status == IncidentStatus::retracted;
}

bool holds_in(const IncidentState& state, const Condition& condition) {
  return holds(condition, [&state](int fact) { return state.facts[static_cast<std::size_t>(fact)].value; });
}

Instant step_late_at(const IncidentState& state, std::size_t index) {
  const StepState& step = state.steps[index];
  const bool active = step.status == StepStatus::open || step.status == StepStatus::started;
  if (!active || step.due == kNever) return kNever;
  const auto& rules = late_rules(*state.plan, state.plan->steps[index]);
  if (step.late_rules >= rules.size()) return kNever;
  return step.due + rules[step.late_rules].after;
}

// Follow-ups are asked for only while the trouble is not contained; the final one also after closing.
bool report_runs(const IncidentState& state, const ReportState& report) {
  if (report.missed || state.status == IncidentStatus::retracted) return false;
  if (report.kind == "follow-up") return state.status == IncidentStatus::open;
  return report.filed_count == 0;
}

Due earliest(const IncidentState& state) {
  Due due;
  if (!ended(state)) {
    for (std::size_t i = 0; i < state.steps.size(); ++i) due.offer(step_late_at(state, i), ClockKind::step_late, i);
    for (std::size_t i = 0; i < state.escalations.size(); ++i) {
      due.offer(escalation_due(state, static_cast<int>(i)), ClockKind::escalation, i);
    }
    for (std::size_t i = 0; i < state.tellings.size(); ++i) {
      const TellingState& telling = state.tellings[i];
      if (!telling.ended && telling.again_at < due.at && !is_satisfied(state, telling)) {
        due.offer(telling.again_at, ClockKind::telling, i);
      }
    }
  }
  for (std::size_t i = 0; i < state.reports.size(); ++i) {
    if (report_runs(state, state.reports[i])) due.offer(state.reports[i].due, ClockKind::report, i);
  }
  return due;
}

void fire_late(Draft& draft, std::size_t index) {
  const Step& step = draft.plan().steps[index];
  const StepState& state = draft.state().steps[index];
  const int rule = state.late_rules;
  const auto& rules = late_rules(draft.plan(), step);
  draft.emit(StepsLate{{{step.id, state.due}}, rule});
  std::vector<Wish> wishes;
  for (const RoleId role : rules[static_cast<std::size_t>(rule)].tell) {
    wishes.push_back({role, {ReasonKind::late, step.id}, draft.plan().acknowledge, false});
  }
  tell(draft, wishes);
}

// A long silence (the node was down) must not pour out every missed repeat: the latest one stands for them.
Instant collapse_repeats(const Escalation& escalation, const EscalationState& state, Instant due, Instant now) {
  if (state.rounds == 0 || !escalation.repeat) return due;
  return due + (now - due) / *escalation.repeat * *escalation.repeat;
}

void fire_escalation(Draft& draft, std::size_t index) {
  const Escalation& escalation = draft.plan().escalations[index];
  const EscalationState& state = draft.state().escalations[index];
  const Instant due =
      collapse_repeats(escalation, state, escalation_due(draft.state(), static_cast<int>(index)), draft.now());
  draft.emit(EscalationFired{escalation.id, due, state.rounds});
  std::vector<Wish> wishes;
  for (const RoleId role : escalation.tell) {
    wishes.push_back({role, {ReasonKind::escalation, escalation.id}, policy_of(draft.plan(), escalation), false});
  }
  tell(draft, wishes);
}

void fire_report(Draft& draft, std::size_t index) {
  const ReportState report = draft.state().reports[index];
  draft.emit(ReportMissed{report.kind, report.due});
  const ReportNeed* need = report_need(draft.plan(), report.kind);
  if (need == nullptr) return;
  std::vector<Wish> wishes{{need->by, {ReasonKind::report_late, PartId(report.kind)}, draft.plan().acknowledge, false}};
  for (const RoleId role : need->to) {
    wishes.push_back({role, {ReasonKind::report_late, PartId(report.kind)}, draft.plan().acknowledge, false});
  }
  tell(draft, wishes);
}

}  // namespace

const std::vector<LateRule>& late_rules(const Plan& plan, const Step& step) {
  static const std::vector<LateRule> in_hall = {{Duration{0}, {RoleId("hall-director")}},
                                                {std::chrono::minutes{10}, {RoleId("general-group")}}};
  static const std::vector<LateRule> above = {{Duration{0}, {RoleId("general-group")}},
                                              {std::chrono::minutes{10}, {RoleId("centre-head")}}};
  if (plan.late) return *plan.late;
  return is_hall_role(step.role) || step.role == staff_role() ? in_hall : above;
}

bool escalation_is_stopped(const IncidentState& state, int index) {
  const Escalation& escalation = state.plan->escalations[static_cast<std::size_t>(index)];
  if (escalation.until_acknowledged) {
    if (state.escalations[static_cast<std::size_t>(index)].acknowledged) return true;
    if (escalation.from < 0) return false;
    const PartId step = state.plan->steps[static_cast<std::size_t>(escalation.from)].id;
    return std::any_of(state.tellings.begin(), state.tellings.end(), [&](const TellingState& telling) {
      const bool of_step = std::any_of(telling.reasons.begin(), telling.reasons.end(), [&](const Reason& reason) {
        return (reason.kind == ReasonKind::step || reason.kind == ReasonKind::passed_on) && reason.part == step;
      });
      return of_step && is_satisfied(state, telling);
    });
  }
  return !escalation.until.trivial() && holds_in(state, escalation.until);
}

Instant escalation_due(const IncidentState& state, int index) {
  const Escalation& escalation = state.plan->escalations[static_cast<std::size_t>(index)];
  const EscalationState& run = state.escalations[static_cast<std::size_t>(index)];
  if (run.rounds > 0 && !escalation.repeat) return kNever;
  if (!belongs(state, escalation.of_parent) || !holds_in(state, escalation.when)) return kNever;
  if (escalation_is_stopped(state, index)) return kNever;
  if (run.rounds > 0) return run.last_due + *escalation.repeat;
  if (escalation.from < 0) return state.declared_at + escalation.at;
  const StepState& from = state.steps[static_cast<std::size_t>(escalation.from)];
  return from.ever_opened ? from.first_opened + escalation.at : kNever;
}

Instant next_deadline(const IncidentState& state) {
  const Instant real = earliest(state).at;
  return state.cover.empty() ? real : std::min(real, earliest(state.cover.front()).at);
}

bool fire_next_due(Draft& draft) {
  const Due due = earliest(draft.state());
  if (due.at > std::min(draft.now(), draft.context().fire_upto)) return false;
  switch (due.kind) {
    case ClockKind::step_late:
      fire_late(draft, due.index);
      break;
    case ClockKind::escalation:
      fire_escalation(draft, due.index);
      break;
    case ClockKind::telling:
      tell_again_or_pass_on(draft, draft.state().tellings[due.index]);
      break;
    case ClockKind::report:
      fire_report(draft, due.index);
      break;
  }
  return true;
}

}  // namespace tingan
