#include "report/prefill.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "report/prefill_sections.h"
#include "report/words.h"

namespace tingan::report {
namespace {

TimelineContext words_of(const PrefillInput& input) {
  auto name_of = input.name_of;
  if (!name_of) {
    name_of = [&organisation = input.organisation](PersonId id) {
      const Person* person = find_person(organisation, id);
      return person == nullptr ? std::string() : person->name;
    };
  }
  return {.plan = *input.state.plan,
          .zone = input.organisation.zone,
          .name_of = std::move(name_of),
          .fill = input.fill,
          .unit_name =
              [&organisation = input.organisation](UnitId id) {
                const Unit* unit = find_unit(organisation, id);
                return unit == nullptr ? Text{id.str(), id.str()} : unit->name;
              },
          .form_title =
              [&titles = input.form_titles](FormId id) {
                const auto found = titles.find(id);
                return found == titles.end() ? Text{id.str(), id.str()} : found->second;
              }};
}

template <class Event, class Use>
void each(const std::vector<TimelineEntry>& entries, const Use& use) {
  for (const TimelineEntry& entry : entries) {
    if (const Event* event = std::get_if<Event>(&entry.event)) use(entry, *event);
  }
}

void fill_head(const PrefillInput& input, const TimelineContext& words, ReportDocument& document) {
  const IncidentState& state = input.state;
  const Unit* unit = find_unit(input.organisation, state.unit);
  document.incident = state.id;
  document.kind = input.kind;
  document.kind_title = kind_title(input.kind);
  document.incident_title = state.plan->title;
  document.unit = state.unit;
  document.unit_name = unit == nullptr ? Text{state.unit.str(), state.unit.str()} : unit->name;
  document.drill = state.drill;
  document.language = input.language;
  document.status = "prefilled";
  document.plan = state.plan_id;
  document.plan_version = state.plan_version;
  document.plan_hash = state.plan->hash;
  document.plan_title = state.plan->title;
  document.made = input.now;
  document.zone = input.organisation.zone;
  document.state = status_name(state.status);
  document.declared = state.declared_at;
  const bool closed = state.status == IncidentStatus::closed;
  if (closed && state.ended_at != kNever) document.closed = state.ended_at;
  each<PlanAdvanced>(input.entries, [&](const TimelineEntry& entry, const PlanAdvanced& event) {
    if (!event.contained) return;
    document.contained = *event.contained ? std::optional(entry.at) : std::nullopt;
  });
  int filed = 0;
  each<ReportFiled>(input.entries, [&](const TimelineEntry& entry, const ReportFiled& event) {
    if (event.kind != input.kind) return;
    ++filed;
    if (&entry == input.filing) document.number = filed;
  });
  if (input.filing == nullptr) document.number = filed + 1;
  if (input.filing != nullptr) {
    const auto* event = std::get_if<ReportFiled>(&input.filing->event);
    CHECK(event != nullptr);
    document.status = "filed";
    document.due = event->due;
    document.filed = input.filing->at;
    document.late = event->late;
    document.author = in(words.who(input.filing->by), input.language);
  }
}

void fill_clocks(const PrefillInput& input, ReportDocument& document) {
  for (const ReportState& report : input.state.reports) {
    ReportClock clock{.kind = kind_title(report.kind)};
    if (report.due != kNever) clock.due = report.due;
    if (report.filed_count > 0) clock.filed = report.filed;
    const bool overdue = report.filed_count == 0 && report.due != kNever && input.now > report.due;
    clock.late = report.filed_late || report.missed || overdue;
    if (report.kind == input.kind && input.filing == nullptr && report.due != kNever) {
      document.due = report.due;
      document.late = input.now > report.due;
    }
    document.reports.push_back(std::move(clock));
  }
}

void fill_steps(const PrefillInput& input, const TimelineContext& words, ReportDocument& document) {
  for (std::size_t i = 0; i < input.state.plan->steps.size(); ++i) {
    const Step& step = input.state.plan->steps[i];
    const StepState& state = input.state.steps[i];
    const bool open = state.status == StepStatus::open || state.status == StepStatus::started;
    const bool overdue = open && state.due != kNever && input.now > state.due;
    const bool late = state.late_rules > 0 || overdue;
    if (!open && !late) continue;
    ReportStep row{.text = words.filled(step.text),
                   .role = role_name(step.role),
                   .state = step_status_name(state.status),
                   .late = late};
    if (state.due != kNever) row.due = state.due;
    if (open) document.open_steps.push_back(row);
    if (late) document.late_steps.push_back(std::move(row));
  }
}

void fill_escalations(const PrefillInput& input, const TimelineContext& words, ReportDocument& document) {
  const Plan& plan = *input.state.plan;
  const auto add = [&](PartId id, Instant due, std::optional<Instant> fired) {
    const int index = find_escalation(plan, id);
    if (index < 0 || due == kNever) return;
    const Escalation& escalation = plan.escalations[static_cast<std::size_t>(index)];
    document.escalations.push_back({words.filled(escalation.text), role_names(escalation.tell), due, fired});
  };
  each<EscalationFired>(input.entries, [&](const TimelineEntry& entry, const EscalationFired& event) {
    add(event.escalation, event.due, entry.at);
  });
  for (const auto& [id, due] : input.next_firings) add(id, due, std::nullopt);
}

Text why_told(const Plan& plan, const TimelineContext& words, const std::vector<Reason>& reasons) {
  std::vector<Text> texts;
  for (const Reason& reason : reasons) {
    const int step = find_step(plan, reason.part);
    const int escalation = find_escalation(plan, reason.part);
    if (reason.kind == ReasonKind::escalation && escalation >= 0) {
      texts.push_back(words.filled(plan.escalations[static_cast<std::size_t>(escalation)].text));
    } else if (step >= 0) {
      texts.push_back(words.filled(plan.steps[static_cast<std::size_t>(step)].text));
    } else if (!reason.part.empty()) {
      texts.push_back(kind_title(reason.part.str()));
    }
  }
  return join(texts, {"；", "; "});
}

void fill_notices(const PrefillInput& input, const TimelineContext& words, ReportDocument& document) {
  ReportNotices& out = document.notices;
  for (const NoticeState& notice : input.state.notices) {
    ++out.total;
    const bool acknowledged = notice.acknowledged != kNever;
    const bool seen = acknowledged || notice.seen != kNever;
    const bool delivered = seen || notice.delivered != kNever;
    const bool sent = delivered || notice.sent != kNever;
    out.sent += sent ? 1 : 0;
    out.delivered += delivered ? 1 : 0;
    out.seen += seen ? 1 : 0;
    out.acknowledged += acknowledged ? 1 : 0;
    if (acknowledged) continue;
    ReportNotices::Unanswered row{.at = notice.queued, .failed = notice.failed_channels > 0 && !sent};
    const bool known = notice.telling >= 1 && notice.telling <= input.state.tellings.size();
    if (known) {
      const TellingState& telling = input.state.tellings[notice.telling - 1];
      row.who = in(words.who({notice.person, telling.role}), input.language);
      row.why = why_told(*input.state.plan, words, telling.reasons);
    } else {
      row.who = words.person(notice.person);
    }
    out.unanswered.push_back(std::move(row));
  }
}

void fill_rest(const PrefillInput& input, const TimelineContext& words, ReportDocument& document) {
  for (const auto& [id, met] : input.gates) {
    for (const Gate& gate : input.state.plan->gates) {
      if (gate.id == id) document.gates.push_back({gate.text, met});
    }
  }
  for (const FormState& form : input.state.forms) {
    document.forms.push_back({words.form_title(form.form), form.number, form.filed});
  }
  document.timeline = timeline_of(words, input.entries, input.language);
}

}  // namespace

ReportDocument prefill(const PrefillInput& input) {
  CHECK(input.state.plan != nullptr);
  const TimelineContext words = words_of(input);
  ReportDocument document;
  fill_head(input, words, document);
  fill_clocks(input, document);
  fill_steps(input, words, document);
  fill_escalations(input, words, document);
  fill_notices(input, words, document);
  fill_rest(input, words, document);
  const SectionSource source{input, words, document};
  const auto add = [&](const char* id, Text title, const Text& text) {
    document.sections.push_back({id, std::move(title), in(text, input.language), false});
  };
  add("place", {"单位与地点", "Hall and place"}, place_text(source));
  add("time", {"时间", "Time"}, time_text(source));
  add("type", {"事件类型", "Type"}, type_text(source));
  add("effect", {"影响与损害", "Effect and harm"}, effect_text(source));
  add("measures", {"已采取的措施和控制程度", "Measures taken and degree of control"}, measures_text(source));
  add("outlook", {"发展趋势和可能造成的后果", "How it may develop and what it may still cause"}, outlook_text(source));
  return document;
}

}  // namespace tingan::report
