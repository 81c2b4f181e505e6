#include "api/event_json.h"

#include "api/acceptance_json.h"
#include "api/incident_json.h"
#include "api/visibility.h"
#include "codec/record_json.h"
#include "core/incident/placeholders.h"
#include "model/plan.h"

namespace tingan::api {
namespace {

constexpr std::array kStepNames = {"waiting", "open", "started", "done", "skipped", "withdrawn"};
constexpr std::array kRungNames = {"sent", "delivered", "seen", "acknowledged", "failed"};
constexpr std::array kFoundByNames = {"roster", "on_call", "fallback", "unit_above", "standing", "nobody"};

template <class Names, class Enum>
const char* name_in(const Names& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

// The clauses that an event carries are those of the parts that it moves.
struct ClauseCollector {
  const Plan& plan;
  std::vector<ClauseId> out;

  void add(const std::vector<ClauseId>& clauses) {
    for (const ClauseId id : clauses) {
      if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
    }
  }
  template <class Parts>
  void add_part(const Parts& parts, int index) {
    if (index >= 0) add(parts[static_cast<std::size_t>(index)].clauses);
  }
  void add_step(PartId id) { add_part(plan.steps, find_step(plan, id)); }
  void add_escalation(PartId id) { add_part(plan.escalations, find_escalation(plan, id)); }
  void add_report(const std::string& kind) {
    if (const ReportNeed* need = report_need(plan, kind)) add(need->clauses);
  }

  void operator()(const IncidentDeclared&) { add(plan.clauses); }
  void operator()(const PlanAdvanced& e) {
    for (const StepOpening& opening : e.opened) add_step(opening.step);
    for (const PartId id : e.answered) add_step(id);
    for (const PartId id : e.scripts_on) add_part(plan.scripts, find_script(plan, id));
    for (const PartId id : e.prohibitions_on) add_part(plan.prohibitions, find_prohibition(plan, id));
  }
  void operator()(const StepMarked& e) { add_step(e.step); }
  void operator()(const StepDeclined& e) { add_step(e.step); }
  void operator()(const StepsReassigned& e) {
    for (const StepPassed& passed : e.steps) add_step(passed.step);
  }
  void operator()(const StepsLate& e) {
    for (const LateStep& late : e.steps) add_step(late.step);
  }
  void operator()(const EscalationFired& e) { add_escalation(e.escalation); }
  void operator()(const EscalationAcknowledged& e) { add_escalation(e.escalation); }
  void operator()(const Told& e) {
    for (const Reason& reason : e.reasons) {
      if (reason.kind == ReasonKind::escalation) add_escalation(reason.part);
      if (reason.kind == ReasonKind::step || reason.kind == ReasonKind::informs ||
          reason.kind == ReasonKind::passed_on || reason.kind == ReasonKind::nobody_left) {
        add_step(reason.part);
      }
    }
  }
  void operator()(const ChainFired& e) { add_part(plan.chains, find_chain(plan, e.chain)); }
  void operator()(const ReportDrafted& e) { add_report(e.kind); }
  void operator()(const ReportFiled& e) { add_report(e.kind); }
  void operator()(const ReportMissed& e) { add_report(e.kind); }
  void operator()(const IncidentClosed& e) {
    for (const Gate& gate : plan.gates) {
      if (std::find(e.gates.begin(), e.gates.end(), gate.id) != e.gates.end()) add(gate.clauses);
    }
  }
  template <class Other>
  void operator()(const Other&) {}
};

// The event's own fields.
struct FieldWriter {
  JsonOut& out;
  const IncidentState* incident;
  Zone zone;

  void settings(const std::vector<FactSetting>& set) {
    out.begin_object("set");
    for (const FactSetting& setting : set) {
      const int index = incident == nullptr ? -1 : find_fact(*incident->plan, setting.fact);
      const bool boolean = index >= 0 && incident->plan->facts[static_cast<std::size_t>(index)].boolean();
      if (boolean) {
        out.field(setting.fact.str(), setting.value.str() == "true");
      } else {
        out.field(setting.fact.str(), setting.value.str());
      }
    }
    out.end_object();
  }
  void notices(const std::vector<std::uint32_t>& numbers) {
    out.begin_array("notices");
    for (const std::uint32_t n : numbers) {
      if (incident != nullptr) out.item(to_string(NoticeId{incident->id, n}));
    }
    out.end_array();
  }
  void reasons(const std::vector<Reason>& list);

  void operator()(const IncidentDeclared& e) {
    out.begin_object("plan");
    out.field("id", e.plan.str());
    out.field("version", e.plan_version);
    out.end_object();
    out.field("drill", e.drill);
    settings(e.facts);
    if (!e.caused_by.none()) out.field("caused_by", to_string(e.caused_by));
  }
  void operator()(const FactsStated& e) { settings(e.set); }
  void operator()(const PlanAdvanced& e) {
    out.begin_array("opened");
    for (const StepOpening& opening : e.opened) {
      out.begin_object();
      out.field("step", opening.step.str());
      out.time("due", opening.due.value_or(kNever), zone);
      out.ids("people", opening.people);
      out.end_object();
    }
    out.end_array();
    out.ids("answered", e.answered);
    out.ids("withdrawn", e.withdrawn);
    out.ids("scripts_on", e.scripts_on);
    out.ids("scripts_off", e.scripts_off);
    out.ids("prohibitions_on", e.prohibitions_on);
    out.ids("prohibitions_off", e.prohibitions_off);
    if (e.silent) out.field("silent", *e.silent);
    if (e.contained) out.field("contained", *e.contained);
  }
  void operator()(const StepMarked& e) {
    out.field("step", e.step.str());
    out.field("state", name_in(kStepNames, e.status));
    if (e.on_behalf_of) out.field("on_behalf_of", e.on_behalf_of->str());
  }
  void operator()(const StepsReassigned& e) {
    out.field("from", e.from.str());
    out.string_or_null("role", e.role.str());
    out.begin_array("steps");
    for (const StepPassed& passed : e.steps) {
      out.begin_object();
      out.field("step", passed.step.str());
      out.ids("people", passed.people);
      out.end_object();
    }
    out.end_array();
  }
  void operator()(const StepsLate& e) {
    out.begin_array("steps");
    for (const LateStep& late : e.steps) out.item(late.step.str());
    out.end_array();
    if (!e.steps.empty()) out.time("due", e.steps.front().due, zone);
    out.field("rule", e.rule);
  }
  void operator()(const EscalationFired& e) {
    out.field("escalation", e.escalation.str());
    out.time("due", e.due, zone);
    out.field("round", e.round);
  }
  void operator()(const EscalationAcknowledged& e) { out.field("escalation", e.escalation.str()); }
  void operator()(const Told& e) {
    out.field("role", e.role.str());
    reasons(e.reasons);
    out.field("via", name_in(kFoundByNames, e.via));
    out.field("acting", e.acting.str());
    std::vector<std::uint32_t> numbers;
    out.begin_array("people");
    for (const NewNotice& notice : e.notices) {
      out.item(notice.person.str());
      numbers.push_back(notice.n);
    }
    out.end_array();
    numbers.insert(numbers.end(), e.shared.begin(), e.shared.end());
    notices(numbers);
    out.field("need", e.need);
  }
  void operator()(const ToldAgain& e) {
    notices(e.notices);
    out.field("round", e.round);
  }
  void operator()(const TellingEnded& e) { out.field("why", e.why); }
  void operator()(const NoticeProgressed& e) {
    notices(e.notices);
    out.field("rung", name_in(kRungNames, e.rung));
    out.string_or_null("channel", e.channel.str());
    if (!e.error.empty()) out.field("error", e.error);
  }
  void operator()(const ChainFired& e) {
    out.field("chain", e.chain.str());
    out.field("started", to_string(e.started));
  }
  void operator()(const ParentJoined& e) { out.field("parent", to_string(e.parent)); }
  void operator()(const ChildJoined& e) {
    out.field("child", to_string(e.child));
    out.field("unit", e.unit.str());
  }
  void operator()(const ProgressNoted&) {}
  void operator()(const ReportDrafted& e) { out.field("kind", e.kind); }
  void operator()(const ReportFiled& e) {
    out.field("kind", e.kind);
    out.time("due", e.due.value_or(kNever), zone);
    out.field("late", e.late);
  }
  void operator()(const ReportMissed& e) {
    out.field("kind", e.kind);
    out.time("due", e.due, zone);
  }
  void operator()(const FormFiled& e) {
    out.field("form", e.form.str());
    out.field("number", e.number);
  }
  void operator()(const StepDeclined& e) {
    out.field("step", e.step.str());
    out.ids("people", e.people);
    out.field("via", name_in(kFoundByNames, e.via));
    out.field("acting", e.acting.str());
  }
  void operator()(const EvidenceAdded& e) {
    out.field("n", e.n);
    out.field("media", e.media);
    out.field("bytes", e.bytes);
    out.field("blob", e.blob);
  }
  void operator()(const EvidenceSeen& e) { out.field("n", e.n); }
  void operator()(const StoodDownUnderDuress& e) { out.field("how", e.how); }
  void operator()(const CoverMoved&) {}
  void operator()(const CoverLifted& e) { out.field("why", e.why); }
  void operator()(const HeadcountTaken& e) {
    out.begin_array("staff");
    for (const PersonCounted& one : e.staff) {
      out.begin_object();
      out.field("person", one.person.str());
      out.field("state", whereabouts_name(one.state));
      out.end_object();
    }
    out.end_array();
    write_customers(out, e.customers_here, e.customers_missing);
  }
  void operator()(const IncidentClosed& e) { out.ids("gates", e.gates); }
  void operator()(const IncidentReopened&) {}
  void operator()(const IncidentRetracted&) {}

  void operator()(const PlanPublished& e) {
    out.field("plan", e.plan.str());
    out.field("version", e.version);
  }
  void operator()(const OrganisationPublished& e) { out.field("version", e.version); }
  void operator()(const SubstitutionSet& e) {
    out.field("person", e.person.str());
    out.field("stand_in", e.stand_in.str());
    out.time("from", e.from, zone);
    out.time("to", e.to, zone);
  }
  void operator()(const SubstitutionBegun& e) {
    out.field("person", e.person.str());
    out.field("stand_in", e.stand_in.str());
    out.time("from", e.from, zone);
  }
  void operator()(const HandoverUndone& e) { out.field("handover", to_string(e.handover)); }
  void operator()(const RoleHandedOver& e) {
    out.field("handover", to_string(e.id));
    out.field("role", e.role.str());
    out.field("from", e.from.str());
    out.field("to", e.to.str());
    out.time("until", e.until, zone);
  }
  void operator()(const PresenceStated& e) {
    out.field("person", e.person.str());
    out.field("present", e.present);
    out.time("until", e.until, zone);
  }
  void operator()(const PasswordSet&) {}
  void operator()(const HallWordsSet& e) { out.field("unit", e.unit.str()); }
  void operator()(const SecurityNoted& e) { out.field("notes", e.notes.size()); }
  void operator()(const SuspicionRaised& e) {
    out.field("suspicion", to_string(e.suspicion));
    out.field("plan", e.plan.str());
    out.field("source", e.source);
  }
  void operator()(const SuspicionToldAgain& e) {
    out.field("suspicion", to_string(e.suspicion));
    out.field("round", e.round);
  }
  void operator()(const SuspicionSettled& e) {
    out.field("suspicion", to_string(e.suspicion));
    out.field("confirmed", e.confirmed);
    if (!e.incident.none()) out.field("incident", to_string(e.incident));
  }
  void operator()(const DataErased& e) {
    if (!e.person.empty()) out.field("person", e.person.str());
    if (!e.incident.none()) out.field("incident", to_string(e.incident));
  }
};

void FieldWriter::reasons(const std::vector<Reason>& list) {
  static constexpr std::array kKinds = {"step",         "informs",     "late",      "escalation",  "report",
                                        "report_filed", "report_late", "progress",  "retracted",   "reopened",
                                        "joined",       "alarm",       "passed_on", "nobody_left", "duress"};
  out.begin_array("reasons");
  for (const Reason& reason : list) {
    out.begin_object();
    out.field("kind", name_in(kKinds, reason.kind));
    out.string_or_null("part", reason.part.str());
    out.end_object();
  }
  out.end_array();
}

}  // namespace

report::TimelineContext words_for(const IncidentState& incident, const Directory& directory,
                                  const EventReader& reader) {
  return {.plan = *incident.plan,
          .zone = directory.zone(),
          .name_of =
              [who = reader.who, &directory](PersonId id) {
                const bool known = who != nullptr && may_see_name(directory, *who, id);
                return known ? directory.person(id)->name : std::string();
              },
          .fill = [&incident, &directory](const Text& text) { return fill_placeholders(text, incident, directory); },
          .unit_name =
              [&directory](UnitId id) {
                const Unit* unit = directory.unit(id);
                return unit == nullptr ? Text{id.str(), id.str()} : unit->name;
              },
          .form_title =
              [titles = reader.form_titles](FormId id) {
                if (titles == nullptr || !titles->contains(id)) return Text{id.str(), id.str()};
                return titles->at(id);
              }};
}

void write_event(JsonOut& out, const AnyEvent& any, const Record& record, const IncidentState* incident,
                 const Directory& directory, const EventReader& reader) {
  out.field("type", event_name(any));
  FieldWriter writer{out, incident, directory.zone()};
  if (const auto* event = std::get_if<IncidentEvent>(&any)) {
    if (incident != nullptr) {
      ClauseCollector clauses{*incident->plan, {}};
      std::visit(clauses, *event);
      out.ids("clauses", clauses.out);
      out.field("text", report::say_any_event(words_for(*incident, directory, reader),
                                              {record.time.at, record.by, *event, {}}));
    }
    std::visit(writer, *event);
  } else if (const auto* acceptance = std::get_if<AcceptanceEvent>(&any)) {
    out.begin_array("clauses");
    out.end_array();
    write_acceptance_event(out, *acceptance, directory.zone());
  } else {
    const auto& unit_event = std::get<UnitEvent>(any);
    out.begin_array("clauses");
    out.end_array();
    out.field("text", describe(unit_event));
    std::visit(writer, unit_event);
  }
}

std::string record_json(std::uint64_t gseq, const Record& record, const IncidentState* incident,
                        const Registry& registry) {
  const Directory& directory = registry.directory();
  JsonOut out;
  out.begin_object();
  out.field("gseq", gseq);
  out.field("unit", record.unit.str());
  if (record.incident.none()) {
    out.null("incident");
  } else {
    out.field("incident", to_string(record.incident));
  }
  out.time("at", record.time.at, directory.zone());
  out.begin_object("by");
  out.field("person", record.by.person.str());
  out.field("role", record.by.role.str());
  out.end_object();
  out.begin_array("events");
  for (const AnyEvent& event : record.events) {
    out.begin_object();
    write_event(out, event, record, incident, directory);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.take();
}

}  // namespace tingan::api
