// Everything that can happen to an incident. Past tense; applied by core/incident/evolve.cpp, one mutation each.
// The record that carries an event says when and by whom (model/record.h); here stands only what happened.
// Each event has a stable name and a version: an unknown one stops the node, an old one stays readable.
#pragma once
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/actor.h"
#include "model/evidence_event.h"
#include "model/ids.h"
#include "model/plan.h"
#include "model/sealed.h"

namespace tingan {

BOOST_DESCRIBE_STRUCT(FactSetting, (), (fact, value))

enum class StepStatus : std::uint8_t { waiting, open, started, done, skipped, withdrawn };
BOOST_DESCRIBE_ENUM(StepStatus, waiting, open, started, done, skipped, withdrawn)

struct IncidentDeclared {
  static constexpr const char* kName = "incident-declared";
  static constexpr int kVersion = 1;
  UnitId unit;
  PlanId plan;
  int plan_version = 0;
  bool drill = false;
  bool parent_role = false;        // the parent incident of a correlation
  std::optional<bool> silent;      // overrides the plan's
  IncidentId caused_by;            // a chain started it, or none
  std::vector<FactSetting> facts;  // what was known at the declare
  Sealed note;
  friend bool operator==(const IncidentDeclared&, const IncidentDeclared&) = default;
};
BOOST_DESCRIBE_STRUCT(IncidentDeclared, (),
                      (unit, plan, plan_version, drill, parent_role, silent, caused_by, facts, note))

struct FactsStated {
  static constexpr const char* kName = "facts-stated";
  static constexpr int kVersion = 1;
  std::vector<FactSetting> set;
  Sealed reason;
  friend bool operator==(const FactsStated&, const FactsStated&) = default;
};
BOOST_DESCRIBE_STRUCT(FactsStated, (), (set, reason))

struct StepOpening {
  PartId step;
  std::optional<Instant> due;
  std::vector<PersonId> people;  // who has to do it, as resolved now
  friend bool operator==(const StepOpening&, const StepOpening&) = default;
};
BOOST_DESCRIBE_STRUCT(StepOpening, (), (step, due, people))

// What followed in the plan from what is now known: one event for one move.
struct PlanAdvanced {
  static constexpr const char* kName = "plan-advanced";
  static constexpr int kVersion = 1;
  std::vector<StepOpening> opened;
  std::vector<PartId> answered;  // questions that are done because the fact is known
  std::vector<PartId> withdrawn;
  std::vector<PartId> scripts_on;
  std::vector<PartId> scripts_off;
  std::vector<PartId> prohibitions_on;
  std::vector<PartId> prohibitions_off;
  std::optional<bool> silent;
  std::optional<bool> contained;
  friend bool operator==(const PlanAdvanced&, const PlanAdvanced&) = default;
};
BOOST_DESCRIBE_STRUCT(PlanAdvanced, (),
                      (opened, answered, withdrawn, scripts_on, scripts_off, prohibitions_on, prohibitions_off, silent,
                       contained))

struct StepMarked {
  static constexpr const char* kName = "step-marked";
  static constexpr int kVersion = 1;
  PartId step;
  StepStatus status =
      StepStatus::done;                 // started, done or skipped; an `each` step stays started until all have done it
  std::optional<PersonId> finished_by;  // `each`: who has done the own part now
  std::optional<RoleId> on_behalf_of;   // the step's role, where another marks it
  Sealed note;                          // or the reason of a skip
  friend bool operator==(const StepMarked&, const StepMarked&) = default;
};
BOOST_DESCRIBE_STRUCT(StepMarked, (), (step, status, finished_by, on_behalf_of, note))

enum class FoundBy : std::uint8_t { roster, on_call, fallback, unit_above, standing, nobody };
BOOST_DESCRIBE_ENUM(FoundBy, roster, on_call, fallback, unit_above, standing, nobody)

// Somebody says "I cannot": the step stays open and is these people's now. `via` says how they were found, `acting`
// which role they hold; nobody is left where `people` is empty. Who declined is not asked again.
struct StepDeclined {
  static constexpr const char* kName = "step-declined";
  static constexpr int kVersion = 1;
  PartId step;
  Sealed reason;
  std::vector<PersonId> people;
  FoundBy via = FoundBy::roster;
  RoleId acting;
  friend bool operator==(const StepDeclined&, const StepDeclined&) = default;
};
BOOST_DESCRIBE_STRUCT(StepDeclined, (), (step, reason, people, via, acting))

struct StepPassed {
  PartId step;
  std::vector<PersonId> people;  // who has it now
  FoundBy via = FoundBy::roster;
  RoleId acting;
  friend bool operator==(const StepPassed&, const StepPassed&) = default;
};
BOOST_DESCRIBE_STRUCT(StepPassed, (), (step, people, via, acting))

// Somebody left in the middle of the incident (a handover, "not here", a stand-in, removed): these open steps are now
// other people's, and in these tellings nothing more goes to the one who left.
struct StepsReassigned {
  static constexpr const char* kName = "steps-reassigned";
  static constexpr int kVersion = 1;
  PersonId from;
  RoleId role;  // the role that was given away; empty: all of them
  std::vector<StepPassed> steps;
  std::vector<std::uint32_t> tellings;
  friend bool operator==(const StepsReassigned&, const StepsReassigned&) = default;
};
BOOST_DESCRIBE_STRUCT(StepsReassigned, (), (from, role, steps, tellings))

struct LateStep {
  PartId step;
  Instant due;
  friend bool operator==(const LateStep&, const LateStep&) = default;
};
BOOST_DESCRIBE_STRUCT(LateStep, (), (step, due))

// A mark, not a failure: people are late, not failed. `rule` counts through the plan's late rules.
struct StepsLate {
  static constexpr const char* kName = "steps-late";
  static constexpr int kVersion = 1;
  std::vector<LateStep> steps;
  int rule = 0;
  friend bool operator==(const StepsLate&, const StepsLate&) = default;
};
BOOST_DESCRIBE_STRUCT(StepsLate, (), (steps, rule))

struct EscalationFired {
  static constexpr const char* kName = "escalation-fired";
  static constexpr int kVersion = 1;
  PartId escalation;
  Instant due;    // when it was to fire; the record's time is when it did
  int round = 0;  // 0 the first time, then each repeat
  friend bool operator==(const EscalationFired&, const EscalationFired&) = default;
};
BOOST_DESCRIBE_STRUCT(EscalationFired, (), (escalation, due, round))

enum class ReasonKind : std::uint8_t {
  step,
  informs,
  late,
  escalation,
  report,
  report_filed,
  report_late,
  progress,
  retracted,
  reopened,
  joined,
  alarm,
  passed_on,    // somebody else cannot do the step: it is yours now
  nobody_left,  // nobody is left who could do the step
  duress
};
BOOST_DESCRIBE_ENUM(ReasonKind, step, informs, late, escalation, report, report_filed, report_late, progress, retracted,
                    reopened, joined, alarm, passed_on, nobody_left, duress)

// Why somebody is told: `part` names the step, escalation or report kind.
struct Reason {
  ReasonKind kind = ReasonKind::step;
  PartId part;
  friend bool operator==(const Reason&, const Reason&) = default;
};
BOOST_DESCRIBE_STRUCT(Reason, (), (kind, part))

struct NewNotice {
  std::uint32_t n = 0;
  PersonId person;
  friend bool operator==(const NewNotice&, const NewNotice&) = default;
};
BOOST_DESCRIBE_STRUCT(NewNotice, (), (n, person))

// One telling: for these reasons this role is told. A person told for another role at the same moment keeps that one
// notice
// (`shared` names it); `via` says how the people were found, `acting` which role they hold where that is another one.
struct Told {
  static constexpr const char* kName = "told";
  static constexpr int kVersion = 1;
  std::uint32_t telling = 0;
  RoleId role;
  std::vector<Reason> reasons;
  FoundBy via = FoundBy::roster;
  RoleId acting;
  std::vector<NewNotice> notices;
  std::vector<std::uint32_t> shared;
  int need = 1;
  int passes = 0;                   // how often it was passed on before
  std::optional<Instant> again_at;  // next repeat or passing on, unless acknowledged
  friend bool operator==(const Told&, const Told&) = default;
};
BOOST_DESCRIBE_STRUCT(Told, (), (telling, role, reasons, via, acting, notices, shared, need, passes, again_at))

struct ToldAgain {
  static constexpr const char* kName = "told-again";
  static constexpr int kVersion = 1;
  std::uint32_t telling = 0;
  int round = 0;
  std::vector<std::uint32_t> notices;
  std::optional<Instant> again_at;
  friend bool operator==(const ToldAgain&, const ToldAgain&) = default;
};
BOOST_DESCRIBE_STRUCT(ToldAgain, (), (telling, round, notices, again_at))

// The telling's clock ends here: passed on (a new Told follows), moot, or nobody is left to tell.
struct TellingEnded {
  static constexpr const char* kName = "telling-ended";
  static constexpr int kVersion = 1;
  std::vector<std::uint32_t> tellings;
  std::string why;  // passed-on, moot, nobody-left
  friend bool operator==(const TellingEnded&, const TellingEnded&) = default;
};
BOOST_DESCRIBE_STRUCT(TellingEnded, (), (tellings, why))

enum class Rung : std::uint8_t { sent, delivered, seen, acknowledged, failed };
BOOST_DESCRIBE_ENUM(Rung, sent, delivered, seen, acknowledged, failed)

struct NoticeProgressed {
  static constexpr const char* kName = "notice-progressed";
  static constexpr int kVersion = 1;
  std::vector<std::uint32_t> notices;
  Rung rung = Rung::sent;
  ChannelId channel;
  std::string error;  // failed: the stable code of the last error (dead-lettered)
  friend bool operator==(const NoticeProgressed&, const NoticeProgressed&) = default;
};
BOOST_DESCRIBE_STRUCT(NoticeProgressed, (), (notices, rung, channel, error))

// Somebody whom the escalation told has it; only where the plan says `until: acknowledged` does that stop the clock.
struct EscalationAcknowledged {
  static constexpr const char* kName = "escalation-acknowledged";
  static constexpr int kVersion = 1;
  PartId escalation;
  friend bool operator==(const EscalationAcknowledged&, const EscalationAcknowledged&) = default;
};
BOOST_DESCRIBE_STRUCT(EscalationAcknowledged, (), (escalation))

struct ChainFired {
  static constexpr const char* kName = "chain-fired";
  static constexpr int kVersion = 1;
  PartId chain;
  IncidentId started;
  friend bool operator==(const ChainFired&, const ChainFired&) = default;
};
BOOST_DESCRIBE_STRUCT(ChainFired, (), (chain, started))

struct ParentJoined {
  static constexpr const char* kName = "parent-joined";
  static constexpr int kVersion = 1;
  IncidentId parent;
  friend bool operator==(const ParentJoined&, const ParentJoined&) = default;
};
BOOST_DESCRIBE_STRUCT(ParentJoined, (), (parent))

struct ChildJoined {
  static constexpr const char* kName = "child-joined";
  static constexpr int kVersion = 1;
  IncidentId child;
  UnitId unit;
  friend bool operator==(const ChildJoined&, const ChildJoined&) = default;
};
BOOST_DESCRIBE_STRUCT(ChildJoined, (), (child, unit))

// A word on how it goes. On a parent it reaches every child hall (S4.12).
struct ProgressNoted {
  static constexpr const char* kName = "progress-noted";
  static constexpr int kVersion = 1;
  Sealed text;
  friend bool operator==(const ProgressNoted&, const ProgressNoted&) = default;
};
BOOST_DESCRIBE_STRUCT(ProgressNoted, (), (text))

struct ReportDrafted {
  static constexpr const char* kName = "report-drafted";
  static constexpr int kVersion = 1;
  std::string kind;
  Sealed content;
  friend bool operator==(const ReportDrafted&, const ReportDrafted&) = default;
};
BOOST_DESCRIBE_STRUCT(ReportDrafted, (), (kind, content))

struct ReportFiled {
  static constexpr const char* kName = "report-filed";
  static constexpr int kVersion = 1;
  std::string kind;
  std::optional<Instant> due;
  bool late = false;  // recorded, never hidden (X5)
  std::optional<Instant> next_due;
  Sealed content;
  friend bool operator==(const ReportFiled&, const ReportFiled&) = default;
};
BOOST_DESCRIBE_STRUCT(ReportFiled, (), (kind, due, late, next_due, content))

struct ReportMissed {
  static constexpr const char* kName = "report-missed";
  static constexpr int kVersion = 1;
  std::string kind;
  Instant due;
  friend bool operator==(const ReportMissed&, const ReportMissed&) = default;
};
BOOST_DESCRIBE_STRUCT(ReportMissed, (), (kind, due))

struct FormFiled {
  static constexpr const char* kName = "form-filed";
  static constexpr int kVersion = 1;
  FormId form;
  std::uint32_t number = 0;
  Sealed content;
  friend bool operator==(const FormFiled&, const FormFiled&) = default;
};
BOOST_DESCRIBE_STRUCT(FormFiled, (), (form, number, content))

struct IncidentClosed {
  static constexpr const char* kName = "incident-closed";
  static constexpr int kVersion = 1;
  std::vector<PartId> gates;  // all of them were met
  friend bool operator==(const IncidentClosed&, const IncidentClosed&) = default;
};
BOOST_DESCRIBE_STRUCT(IncidentClosed, (), (gates))

struct IncidentReopened {
  static constexpr const char* kName = "incident-reopened";
  static constexpr int kVersion = 1;
  Sealed reason;
  friend bool operator==(const IncidentReopened&, const IncidentReopened&) = default;
};
BOOST_DESCRIBE_STRUCT(IncidentReopened, (), (reason))

struct IncidentRetracted {
  static constexpr const char* kName = "incident-retracted";
  static constexpr int kVersion = 1;
  Sealed reason;
  friend bool operator==(const IncidentRetracted&, const IncidentRetracted&) = default;
};
BOOST_DESCRIBE_STRUCT(IncidentRetracted, (), (reason))

using PlainIncidentEvent =
    std::variant<IncidentDeclared, FactsStated, PlanAdvanced, StepMarked, StepsReassigned, StepsLate, EscalationFired,
                 EscalationAcknowledged, Told, ToldAgain, TellingEnded, NoticeProgressed, ChainFired, ParentJoined,
                 ChildJoined, ProgressNoted, ReportDrafted, ReportFiled, ReportMissed, FormFiled, IncidentClosed,
                 IncidentReopened, IncidentRetracted, StepDeclined, EvidenceAdded, EvidenceSeen, HeadcountTaken>;

// A silent incident was stood down with the duress word (docs/adr/0014-duress.md): from here on the hall is shown a
// cover.
struct StoodDownUnderDuress {
  static constexpr const char* kName = "stood-down-under-duress";
  static constexpr int kVersion = 1;
  std::string how;  // retract, facts
  friend bool operator==(const StoodDownUnderDuress&, const StoodDownUnderDuress&) = default;
};
BOOST_DESCRIBE_STRUCT(StoodDownUnderDuress, (), (how))

// What happened in the cover, by the same rules as in an incident.
struct CoverMoved {
  static constexpr const char* kName = "cover-moved";
  static constexpr int kVersion = 1;
  std::vector<PlainIncidentEvent> events;
  friend bool operator==(const CoverMoved&, const CoverMoved&) = default;
};
BOOST_DESCRIBE_STRUCT(CoverMoved, (), (events))

struct CoverLifted {
  static constexpr const char* kName = "cover-lifted";
  static constexpr int kVersion = 1;
  std::string why;  // over: the silence has ended, or the incident
  friend bool operator==(const CoverLifted&, const CoverLifted&) = default;
};
BOOST_DESCRIBE_STRUCT(CoverLifted, (), (why))

using IncidentEvent = boost::mp11::mp_push_back<PlainIncidentEvent, StoodDownUnderDuress, CoverMoved, CoverLifted>;

}  // namespace tingan
