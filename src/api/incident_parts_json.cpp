// Steps, notices, prohibitions and scripts as the API gives them.
#include "api/incident_json.h"
#include "core/incident/advance.h"
#include "core/incident/clocks.h"
#include "core/incident/gates.h"
#include "core/incident/placeholders.h"
#include "model/vocabulary.h"
#include "report/words.h"

namespace tingan::api {
namespace {

const char* step_name(StepStatus status) {
  static constexpr std::array kNames = {"waiting", "open", "started", "done", "skipped", "withdrawn"};
  return kNames[static_cast<std::size_t>(status)];
}

void write_question(JsonOut& out, const IncidentState& incident, int index) {
  if (index < 0) return out.null("asks");
  const Fact& fact = incident.plan->facts[static_cast<std::size_t>(index)];
  out.begin_object("asks");
  out.field("fact", fact.id.str());
  out.field("question", fact.ask.value_or(fact.title));
  out.begin_array("values");
  for (const ValueId value : fact.values) {
    if (fact.boolean()) {
      out.item(value.str() == "true");
    } else {
      out.item(value.str());
    }
  }
  out.end_array();
  out.begin_array("labels");
  for (const ValueId value : fact.values) out.item(report::value_label(fact, value));
  out.end_array();
  out.begin_array("options");
  for (const ValueId value : fact.values) {
    out.begin_object();
    write_value(out, "value", fact, value);
    out.field("label", report::value_label(fact, value));
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

// The public number, the unit's own one, or the phone of the unit where the role is.
std::string number_of(PartId party, UnitId unit_id, const Directory& directory) {
  for (const Unit* unit = directory.unit(unit_id); unit != nullptr; unit = directory.unit(unit->parent)) {
    const auto own = unit->numbers.find(party);
    if (own != unit->numbers.end()) return own->second;
  }
  if (const OutsideParty* outside = find_outside_party(party)) return outside->number == nullptr ? "" : outside->number;
  const Unit* home = directory.unit(directory.home_of(RoleId(party.str()), unit_id));
  return home == nullptr ? "" : home->phone;
}

void write_call(JsonOut& out, const IncidentState& incident, const Step& step, const Directory& directory) {
  if (step.call.empty()) return out.null("call");
  out.begin_object("call");
  out.field("id", step.call.str());
  if (const OutsideParty* outside = find_outside_party(step.call)) {
    out.field("name", outside->name);
  } else if (const RoleInfo* role = find_role(RoleId(step.call.str()))) {
    out.field("name", role->name);
  }
  out.string_or_null("number", number_of(step.call, incident.unit, directory));
  if (step.say >= 0) {
    const Script& script = incident.plan->scripts[static_cast<std::size_t>(step.say)];
    out.field("say", fill_placeholders(script.text, incident, directory));
  }
  out.end_object();
}

// The words that this step is done with, whether by phone or not.
void write_script_of(JsonOut& out, const IncidentState& incident, const Step& step, const Directory& directory) {
  if (step.say < 0) return out.null("script");
  const Script& script = incident.plan->scripts[static_cast<std::size_t>(step.say)];
  out.begin_object("script");
  out.field("id", script.id.str());
  out.field("audience", script.audience);
  out.field("text", fill_placeholders(script.text, incident, directory));
  out.end_object();
}

bool is_active(const StepState& state) {
  return state.status == StepStatus::open || state.status == StepStatus::started;
}

// An empty list of roles means everyone; `staff` anybody of the hall.
bool concerns(const std::vector<RoleId>& roles, const IncidentState& incident, const Directory& directory,
              const Who* reader) {
  if (reader == nullptr || roles.empty()) return true;
  return std::any_of(roles.begin(), roles.end(),
                     [&](RoleId role) { return !role_for(directory, *reader, role, incident.unit).empty(); });
}

}  // namespace

void write_step(JsonOut& out, const IncidentState& incident, std::size_t index, const Directory& directory,
                Instant now) {
  const Step& step = incident.plan->steps[index];
  const StepState& state = incident.steps[index];
  const Zone zone = directory.zone();
  out.begin_object();
  out.field("id", step.id.str());
  out.string_or_null("phase",
                     step.phase < 0 ? "" : incident.plan->phases[static_cast<std::size_t>(step.phase)].id.str());
  out.field("role", step.role.str());
  out.ids("people", state.people);
  out.field("state", step_name(state.status));
  out.field("applies", applies(incident, step));
  out.time("opened", state.ever_opened ? state.opened : kNever, zone);
  out.time("due", state.due, zone);
  out.field("late", state.late_rules > 0 || (is_active(state) && state.due < now));
  const bool marked = state.marked_at != Instant{};
  out.time("marked", marked ? state.marked_at : kNever, zone);
  if (marked) {
    write_actor(out, "by", state.marked_by, directory, nullptr);
  } else {
    out.null("by");
  }
  if (step.each) out.ids("done_by", state.done_by);
  out.begin_array("declined");
  for (const Declination& one : state.declined) {
    out.begin_object();
    out.field("person", one.person.str());
    out.time("at", one.at, zone);
    out.end_object();
  }
  out.end_array();
  out.field("text", fill_placeholders(step.text, incident, directory));
  out.text_or_null("why", step.why ? fill_placeholders(*step.why, incident, directory) : Text{});
  write_question(out, incident, step.asks);
  write_call(out, incident, step, directory);
  write_script_of(out, incident, step, directory);
  out.string_or_null("opens", step.opens);
  out.string_or_null("form", step.form.str());
  out.field("each", step.each);
  out.field("must", is_must(incident, step));
  out.field("ours", step.ours);
  out.ids("clauses", step.clauses);
  out.end_object();
}

std::optional<NextTelling> next_telling(const IncidentState& incident, std::optional<std::size_t> of_step) {
  if (incident.ended_at != kNever) return std::nullopt;
  std::optional<NextTelling> next;
  const auto offer = [&](NextTelling one) {
    if (one.due != kNever && (!next || one.due < next->due)) next = std::move(one);
  };
  const Plan& plan = *incident.plan;
  for (std::size_t i = 0; i < incident.escalations.size(); ++i) {
    const Escalation& escalation = plan.escalations[i];
    offer(
        {escalation_due(incident, static_cast<int>(i)), "escalation", escalation.id, escalation.tell, escalation.text});
  }
  for (std::size_t i = 0; i < incident.steps.size(); ++i) {
    const StepState& state = incident.steps[i];
    const auto& rules = late_rules(plan, plan.steps[i]);
    const bool runs = is_active(state) && state.due != kNever && state.late_rules < rules.size();
    if (!runs || (of_step && *of_step != i)) continue;
    const LateRule& rule = rules[state.late_rules];
    offer({state.due + rule.after, "late", plan.steps[i].id, rule.tell, plan.steps[i].text});
  }
  return next;
}

void write_next_telling(JsonOut& out, const IncidentState& incident, std::optional<std::size_t> of_step,
                        const Directory& directory, Instant now) {
  const auto next = next_telling(incident, of_step);
  if (!next) return out.null("next_escalation");
  out.begin_object("next_escalation");
  out.field("kind", next->kind);
  out.field("id", next->part.str());
  out.time("due", next->due, directory.zone());
  out.field("in_s", std::chrono::floor<std::chrono::seconds>(next->due - now).count());
  out.ids("to", next->to);
  out.field("to_names", report::role_names(next->to));
  out.field("text", fill_placeholders(next->text, incident, directory));
  out.end_object();
}

void write_notice(JsonOut& out, const IncidentState& incident, const NoticeState& notice, const Directory& directory) {
  static constexpr std::array kKinds = {"step",         "informs",     "late",      "escalation",  "report",
                                        "report_filed", "report_late", "progress",  "retracted",   "reopened",
                                        "joined",       "alarm",       "passed_on", "nobody_left", "duress"};
  const Zone zone = directory.zone();
  const TellingState& telling = incident.tellings[notice.telling - 1];
  out.begin_object();
  out.field("id", to_string(NoticeId{incident.id, notice.n}));
  out.begin_object("to");
  out.field("person", notice.person.str());
  out.field("role", telling.role.str());
  out.field("acting", telling.acting.str());
  out.end_object();
  out.begin_array("reasons");
  for (const TellingState& each : incident.tellings) {
    if (std::find(each.notices.begin(), each.notices.end(), notice.n) == each.notices.end()) continue;
    for (const Reason& reason : each.reasons) {
      out.begin_object();
      out.field("kind", kKinds[static_cast<std::size_t>(reason.kind)]);
      out.string_or_null("part", reason.part.str());
      out.end_object();
    }
  }
  out.end_array();
  out.begin_object("ladder");
  out.time("queued", notice.queued, zone);
  out.time("sent", notice.sent, zone);
  out.time("delivered", notice.delivered, zone);
  out.time("seen", notice.seen, zone);
  out.time("acknowledged", notice.acknowledged, zone);
  out.end_object();
  out.field("failed_channels", static_cast<int>(notice.failed_channels));
  out.end_object();
}

void write_prohibitions(JsonOut& out, const IncidentState& incident, const Directory& directory, const Who* reader) {
  out.begin_array("prohibitions");
  for (std::size_t i = 0; i < incident.prohibitions_on.size(); ++i) {
    const Prohibition& part = incident.plan->prohibitions[i];
    if (!incident.prohibitions_on[i] || !concerns(part.roles, incident, directory, reader)) continue;
    out.begin_object();
    out.field("id", part.id.str());
    out.field("text", fill_placeholders(part.text, incident, directory));
    out.ids("roles", part.roles);
    out.string_or_null("act", part.act);
    out.string_or_null("enforce", part.enforce);
    out.field("ours", part.ours);
    out.ids("clauses", part.clauses);
    out.end_object();
  }
  out.end_array();
}

void write_scripts(JsonOut& out, const IncidentState& incident, const Directory& directory, const Who* reader) {
  out.begin_array("scripts");
  for (std::size_t i = 0; i < incident.scripts_on.size(); ++i) {
    const Script& part = incident.plan->scripts[i];
    if (!incident.scripts_on[i] || !concerns(part.who, incident, directory, reader)) continue;
    out.begin_object();
    out.field("id", part.id.str());
    out.field("audience", part.audience);
    out.ids("who", part.who);
    out.field("text", fill_placeholders(part.text, incident, directory));
    out.field("ours", part.ours);
    out.ids("clauses", part.clauses);
    out.end_object();
  }
  out.end_array();
}

}  // namespace tingan::api
