#include "api/incident_json.h"

#include <set>

#include "api/visibility.h"
#include "core/incident/advance.h"
#include "core/incident/clocks.h"
#include "core/incident/gates.h"
#include "core/incident/placeholders.h"
#include "report/words.h"

namespace tingan::api {
namespace {

std::string id_or_empty(const IncidentId& id) { return id.none() ? std::string() : to_string(id); }

void write_facts(JsonOut& out, const IncidentPicture& picture) {
  const IncidentState& incident = picture.incident;
  out.begin_object("facts");
  for (std::size_t i = 0; i < incident.facts.size(); ++i) {
    const Fact& fact = incident.plan->facts[i];
    const FactState& state = incident.facts[i];
    out.begin_object(fact.id.str());
    write_value(out, "value", fact, state.value);
    out.field("known", state.known);
    out.field("title", fact.title);
    out.field("label", report::value_label(fact, state.value));
    if (state.known) {
      out.time("at", state.at, picture.directory.zone());
      write_actor(out, "by", state.by, picture.directory, picture.reader);
    } else {
      out.null("at");
      out.null("by");
    }
    out.end_object();
  }
  out.end_object();
}

void write_escalations(JsonOut& out, const IncidentPicture& picture) {
  const IncidentState& incident = picture.incident;
  const Zone zone = picture.directory.zone();
  out.begin_array("escalations");
  for (std::size_t i = 0; i < incident.escalations.size(); ++i) {
    const Escalation& escalation = incident.plan->escalations[i];
    const EscalationState& state = incident.escalations[i];
    if (!belongs(incident, escalation.of_parent)) continue;
    const bool over = incident.ended_at != kNever;
    const Instant next = over ? kNever : escalation_due(incident, static_cast<int>(i));
    out.begin_object();
    out.field("id", escalation.id.str());
    out.time("due", next == kNever && state.rounds > 0 ? state.last_due : next, zone);
    out.time("fired", state.rounds > 0 ? state.fired : kNever, zone);
    out.field("rounds", state.rounds);
    out.field("acknowledged", state.acknowledged);
    out.field("stopped", over || escalation_is_stopped(incident, static_cast<int>(i)));
    out.ids("to", escalation.tell);
    out.field("text", fill_placeholders(escalation.text, incident, picture.directory));
    out.field("ours", escalation.ours);
    out.ids("clauses", escalation.clauses);
    out.end_object();
  }
  out.end_array();
}

void write_gates(JsonOut& out, const IncidentPicture& picture) {
  out.begin_array("gates");
  for (const GateView& view : gates_of(picture.incident, picture.children, picture.acceptance_reconciled)) {
    out.begin_object();
    out.field("id", view.gate->id.str());
    out.field("met", view.met);
    out.field("text", view.gate->text);
    out.ids("clauses", view.gate->clauses);
    out.end_object();
  }
  out.end_array();
}

void write_reports(JsonOut& out, const IncidentPicture& picture) {
  const Zone zone = picture.directory.zone();
  out.begin_array("reports");
  for (const ReportState& report : picture.incident.reports) {
    const ReportNeed* need = report_need(*picture.incident.plan, report.kind);
    out.begin_object();
    out.field("kind", report.kind);
    out.time("due", report.due, zone);
    out.time("filed", report.filed, zone);
    out.field("count", report.filed_count);
    out.field("late", report.filed_late || report.missed);
    if (need != nullptr) {
      out.field("by", need->by.str());
      out.ids("to", need->to);
      out.ids("clauses", need->clauses);
    }
    out.end_object();
  }
  out.end_array();
}

void write_links(JsonOut& out, const IncidentPicture& picture) {
  const IncidentState& incident = picture.incident;
  const auto nameable = [&](const IncidentId& id) { return id.none() || !picture.may_name || picture.may_name(id); };
  const auto named = [&](const IncidentId& id) { return nameable(id) ? id_or_empty(id) : std::string(); };
  out.string_or_null("parent", named(incident.parent));
  out.begin_array("children");
  for (const ChildLink& link : incident.children) {
    if (!nameable(link.child)) continue;
    out.begin_object();
    out.field("id", to_string(link.child));
    out.field("unit", link.unit.str());
    out.end_object();
  }
  out.end_array();
  out.string_or_null("caused_by", named(incident.caused_by));
  out.begin_array("chained");
  for (const ChainLink& link : incident.chains) {
    if (!nameable(link.started)) continue;
    const int index = find_chain(*incident.plan, link.chain);
    out.begin_object();
    out.field("chain", link.chain.str());
    out.field("incident", to_string(link.started));
    if (index >= 0) out.field("type", incident.plan->chains[static_cast<std::size_t>(index)].start.str());
    out.end_object();
  }
  out.end_array();
  out.begin_array("similar");
  for (const IncidentId& id : picture.similar) {
    if (id != incident.id) out.item(to_string(id));
  }
  out.end_array();
}

void write_forms(JsonOut& out, const IncidentPicture& picture) {
  out.begin_array("forms");
  for (const FormState& form : picture.incident.forms) {
    out.begin_object();
    out.field("form", form.form.str());
    out.field("number", form.number);
    out.field("author", form.author.str());
    out.time("filed", form.filed, picture.directory.zone());
    out.end_object();
  }
  out.end_array();
}

// Everybody whom the incident names and whose name the reader may know.
void write_people(JsonOut& out, const IncidentPicture& picture) {
  if (picture.reader == nullptr) return;
  std::set<PersonId> people{picture.incident.declared_by.person};
  for (const StepState& step : picture.incident.steps) people.insert(step.people.begin(), step.people.end());
  for (const NoticeState& notice : picture.incident.notices) people.insert(notice.person);
  for (const PersonCounted& one : picture.incident.headcount.staff) people.insert(one.person);
  for (const EvidenceState& piece : picture.incident.evidence) people.insert(piece.by.person);
  out.begin_object("people");
  for (const PersonId id : people) {
    if (!may_see_name(picture.directory, *picture.reader, id)) continue;
    const Person* person = picture.directory.person(id);
    out.begin_object(id.str());
    out.field("name", person->name);
    out.field("unit", person->unit.str());
    out.ids("roles", person->roles);
    out.end_object();
  }
  out.end_object();
}

void write_head(JsonOut& out, const IncidentState& incident, const Directory& directory, const Who* reader) {
  const Zone zone = directory.zone();
  out.field("id", to_string(incident.id));
  out.field("unit", incident.unit.str());
  const Unit* unit = directory.unit(incident.unit);
  if (unit != nullptr) out.field("unit_name", unit->name);
  out.field("type", incident.plan_id.str());
  out.field("title", incident.plan->title);
  static constexpr std::array kSeverities = {"minor", "major", "danger"};
  out.field("severity", kSeverities[static_cast<std::size_t>(incident.plan->severity)]);
  out.field("state", status_name(incident.status));
  out.field("drill", incident.drill);
  out.field("silent", incident.silent);
  out.begin_object("plan");
  out.field("id", incident.plan_id.str());
  out.field("version", incident.plan_version);
  out.end_object();
  out.begin_object("declared");
  out.time("at", incident.declared_at, zone);
  write_actor(out, "by", incident.declared_by, directory, reader);
  out.end_object();
  out.time("ended", incident.ended_at, zone);
  if (incident.duress_at == kNever) {
    out.null("duress");
  } else {
    out.begin_object("duress");
    out.time("at", incident.duress_at, zone);
    write_actor(out, "by", incident.duress_by, directory, reader);
    out.field("covered", !incident.cover.empty());
    out.end_object();
  }
}

}  // namespace

const char* status_name(IncidentStatus status) {
  static constexpr std::array kNames = {"open", "contained", "closed", "retracted"};
  return kNames[static_cast<std::size_t>(status)];
}

void write_value(JsonOut& out, std::string_view key, const Fact& fact, ValueId value) {
  if (fact.boolean()) {
    out.field(key, value.str() == "true");
  } else {
    out.field(key, value.str());
  }
}

void write_actor(JsonOut& out, std::string_view key, const Actor& actor, const Directory& directory,
                 const Who* reader) {
  out.begin_object(key);
  out.field("person", actor.person.str());
  out.field("role", actor.role.str());
  if (reader != nullptr && may_see_name(directory, *reader, actor.person)) {
    out.field("name", directory.person(actor.person)->name);
  }
  out.end_object();
}

std::string incident_json(const IncidentPicture& picture) {
  const IncidentState& incident = picture.incident;
  JsonOut out;
  out.begin_object();
  write_head(out, incident, picture.directory, picture.reader);
  write_links(out, picture);
  write_facts(out, picture);
  out.begin_array("steps");
  for (std::size_t i = 0; i < incident.steps.size(); ++i) {
    if (belongs(incident, incident.plan->steps[i].of_parent)) {
      write_step(out, incident, i, picture.directory, picture.now);
    }
  }
  out.end_array();
  write_escalations(out, picture);
  write_prohibitions(out, incident, picture.directory, nullptr);
  write_scripts(out, incident, picture.directory, nullptr);
  out.begin_array("notices");
  for (const NoticeState& notice : incident.notices) write_notice(out, incident, notice, picture.directory);
  out.end_array();
  write_gates(out, picture);
  write_reports(out, picture);
  write_forms(out, picture);
  write_evidence_rows(out, incident, picture.directory, picture.reader);
  write_headcount(out, incident, picture.directory, picture.reader);
  write_people(out, picture);
  out.end_object();
  return out.take();
}

void write_incident_row(JsonOut& out, const IncidentState& incident, const Directory& directory, Instant now) {
  out.begin_object();
  write_head(out, incident, directory, nullptr);
  out.string_or_null("parent", id_or_empty(incident.parent));
  std::size_t open = 0;
  std::size_t late = 0;
  Instant due = kNever;
  for (const StepState& step : incident.steps) {
    if (step.status != StepStatus::open && step.status != StepStatus::started) continue;
    ++open;
    late += step.late_rules > 0 || step.due < now ? 1 : 0;
    due = std::min(due, step.due);
  }
  out.field("open_steps", open);
  out.field("late_steps", late);
  out.time("next_due", due, directory.zone());
  write_next_telling(out, incident, std::nullopt, directory, now);
  const auto unacknowledged = std::count_if(incident.notices.begin(), incident.notices.end(),
                                            [](const NoticeState& notice) { return notice.acknowledged == kNever; });
  out.begin_object("notices");
  out.field("total", incident.notices.size());
  out.field("unacknowledged", unacknowledged);
  out.end_object();
  out.field("children", incident.children.size());
  out.end_object();
}

std::string incident_stub(const IncidentState& incident) {
  JsonOut out;
  out.begin_object();
  out.field("id", to_string(incident.id));
  out.field("unit", incident.unit.str());
  out.field("type", incident.plan_id.str());
  out.field("state", status_name(incident.status));
  out.end_object();
  return out.take();
}

}  // namespace tingan::api
