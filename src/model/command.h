// What people, clocks and policies ask for. Imperative; decided by core/, never applied by themselves.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/actor.h"
#include "model/incident_event.h"
#include "model/unit_event.h"

namespace tingan {

struct Declare {
  IncidentId id;  // fresh, made by the caller
  UnitId unit;
  PlanId type;
  std::vector<FactSetting> facts;
  bool drill = false;
  Sealed note;
  std::optional<bool> silent;
  IncidentId caused_by;      // chain
  bool parent_role = false;  // correlation
};

struct StateFacts {
  std::vector<FactSetting> set;
  Sealed reason;
  bool found = false;  // by the program, not by a person
  bool under_duress = false;
};

struct MarkStep {
  PartId step;
  StepStatus status = StepStatus::done;  // started, done, skipped
  Sealed note;                           // note, or the reason of a skip
  bool has_reason = false;
};

// "I cannot": the step goes to somebody else.
struct DeclineStep {
  PartId step;
  Sealed reason;
};

struct AcknowledgeNotice {
  std::uint32_t n = 0;
};

// What a channel (or a screen) reports of notices.
struct ReportDelivery {
  std::vector<std::uint32_t> notices;
  Rung rung = Rung::sent;
  ChannelId channel;
  std::string error;
  bool in_cover = false;  // of notices that the hall was shown after a stand-down under duress
};

struct NoteProgress {
  Sealed text;
  bool handed_down = false;  // came from the parent incident
};

struct DraftReport {
  std::string kind;
  Sealed content;
};

struct FileReport {
  std::string kind;
  Sealed content;
};

struct FileForm {
  FormId form;
  Sealed content;
};

// The bytes are durable in the blob store already.
struct AddEvidence {
  std::string media;
  std::int64_t bytes = 0;
  std::string blob;
  Sealed details;
};

struct LookAtEvidence {
  std::uint32_t n = 0;
};

struct TakeHeadcount {
  std::vector<PersonCounted> staff;
  std::optional<int> customers_here;
  std::optional<int> customers_missing;
  Sealed note;
};

struct CloseIncident {};

struct ReopenIncident {
  Sealed reason;
};

struct RetractIncident {
  Sealed reason;
  bool under_duress = false;
};

struct JoinParent {
  IncidentId parent;
};

struct AddChild {
  IncidentId child;
  UnitId unit;
};

// A role at the incident's unit goes to another person: what is open goes along.
struct ReassignSteps {
  RoleId role;
  PersonId from;
  PersonId to;
};

// Time has passed: fire every clock that is due at `upto` or before (and at the decision's time or before).
struct Tick {
  Instant upto = kNever;
};

using IncidentCommand =
    std::variant<Declare, StateFacts, MarkStep, AcknowledgeNotice, ReportDelivery, NoteProgress, DraftReport,
                 FileReport, FileForm, CloseIncident, ReopenIncident, RetractIncident, JoinParent, AddChild,
                 ReassignSteps, Tick, DeclineStep, AddEvidence, LookAtEvidence, TakeHeadcount>;

struct PublishPlan {
  std::string yaml;
  std::string file;  // for messages
};

struct PublishOrganisation {
  OrganisationPublished event;  // sealed by the caller
  int base = 0;                 // the version that it was made from: another one meanwhile is a refusal; 0: whatever is
};

struct RaiseSuspicion {
  IncidentId id;
  UnitId unit;
  PlanId type;
  std::vector<FactSetting> facts;
  std::string source;
  std::string fingerprint;
  std::vector<RoleId> confirm_by;
};

struct SettleSuspicion {
  IncidentId suspicion;
  bool confirmed = false;
  IncidentId incident;  // fresh id for the declare
  Sealed reason;
};

struct TickSuspicions {};

// Of the program alone.
struct NoteSecurity {
  std::vector<SecurityNote> notes;
};

using UnitCommand =
    std::variant<PublishPlan, PublishOrganisation, SubstitutionSet, RoleHandedOver, PresenceStated, PasswordSet,
                 HallWordsSet, RaiseSuspicion, SettleSuspicion, TickSuspicions, NoteSecurity>;

}  // namespace tingan
