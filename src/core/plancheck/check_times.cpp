// Deadlines of nothing, and orders of time that contradict each other.
#include "core/plancheck/look.h"

namespace tingan {
namespace {

bool nothing(Duration length) { return length.count() <= 0; }

void say_zero(Look& look, int line, const std::vector<ClauseId>& clauses, const Text& name, const char* key) {
  look.error("plan.deadline-not-positive", line, clauses,
             {fmt::format("{}的“{}”应大于零", name.zh, key),
              fmt::format("'{}' of {} should be longer than nothing", key, name.en)});
}

void check_acknowledge(Look& look, const AckPolicy& policy, int line, const std::vector<ClauseId>& clauses,
                       const Text& name) {
  if (policy.times > 0 && nothing(policy.repeat)) say_zero(look, line, clauses, name, "acknowledge.repeat");
}

void check_parts(Look& look) {
  const Plan& plan = look.plan();
  check_acknowledge(look, plan.acknowledge, look.line(0, "acknowledge"), {}, {"预案", "the plan"});
  for (const Step& step : plan.steps) {
    if (step.within && nothing(*step.within))
      say_zero(look, look.line(step.line, "within"), step.clauses, name_of(step), "within");
    if (step.acknowledge) {
      check_acknowledge(look, *step.acknowledge, look.line(step.line, "acknowledge"), step.clauses, name_of(step));
    }
  }
  for (const Escalation& escalation : plan.escalations) {
    if (escalation.repeat && nothing(*escalation.repeat)) {
      say_zero(look, look.line(escalation.line, "repeat"), escalation.clauses, name_of(escalation), "repeat");
    }
    if (escalation.acknowledge) {
      check_acknowledge(look, *escalation.acknowledge, look.line(escalation.line, "acknowledge"), escalation.clauses,
                        name_of(escalation));
    }
  }
  if (plan.correlate && nothing(plan.correlate->within)) {
    say_zero(look, look.line(plan.correlate->line, "within"), {}, {"多厅合并", "correlate"}, "within");
  }
}

void check_late(Look& look) {
  if (!look.plan().late) return;
  const int line = look.line(0, "late");
  const LateRule* before = nullptr;
  for (const LateRule& rule : *look.plan().late) {
    if (rule.tell.empty()) {
      look.error("plan.nobody-told", line, {}, {"超时规则里有一级没有写告诉谁", "A level of 'late' tells nobody"});
    }
    if (before != nullptr && rule.after <= before->after) {
      look.error("plan.late-order", line, {},
                 {fmt::format("超时规则的时间应一级比一级晚：{} 排在 {} 之后", format_duration(rule.after),
                              format_duration(before->after)),
                  fmt::format("Each level of 'late' should come later than the one before, but {} follows {}",
                              format_duration(rule.after), format_duration(before->after))});
    }
    before = &rule;
  }
}

void check_report(Look& look, const std::optional<ReportNeed>& need, const Text& name) {
  if (!need) return;
  if (need->within && nothing(*need->within))
    say_zero(look, look.line(need->line, "within"), need->clauses, name, "within");
  if (need->every && nothing(*need->every))
    say_zero(look, look.line(need->line, "every"), need->clauses, name, "every");
  if (need->to.empty()) {
    look.error("plan.nobody-told", look.line(need->line, "to"), need->clauses,
               {fmt::format("{}没有写报给谁", name.zh), fmt::format("{} goes to nobody", name.en)});
  }
}

void check_report_order(Look& look) {
  const Plan& plan = look.plan();
  if (plan.initial && plan.final && *plan.final->within < *plan.initial->within) {
    look.error("plan.report-order", look.line(plan.final->line, "within"), plan.final->clauses,
               {fmt::format("终报（{}）早于初报（{}）", format_duration(*plan.final->within),
                            format_duration(*plan.initial->within)),
                fmt::format("The final report ({}) is due before the initial one ({})",
                            format_duration(*plan.final->within), format_duration(*plan.initial->within))});
  }
  if (plan.initial && plan.follow_up && *plan.initial->within > *plan.follow_up->every) {
    look.error("plan.report-order", look.line(plan.initial->line, "within"), plan.initial->clauses,
               {fmt::format("初报（{}）晚于第一次续报（{}）", format_duration(*plan.initial->within),
                            format_duration(*plan.follow_up->every)),
                fmt::format("The initial report ({}) is due after the first follow-up ({})",
                            format_duration(*plan.initial->within), format_duration(*plan.follow_up->every))});
  }
}

}  // namespace

void check_times(Look& look) {
  const Plan& plan = look.plan();
  check_parts(look);
  check_late(look);
  check_report(look, plan.initial, {"初报", "The initial report"});
  check_report(look, plan.follow_up, {"续报", "The follow-up report"});
  check_report(look, plan.final, {"终报", "The final report"});
  check_report_order(look);
}

}  // namespace tingan
