// An incident as it stands: the fold of its events over its pinned plan. Plain data; 50,000 of them fit in 150 MB.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <vector>

#include "model/incident_event.h"

namespace tingan {

enum class IncidentStatus : std::uint8_t { open, contained, closed, retracted };
BOOST_DESCRIBE_ENUM(IncidentStatus, open, contained, closed, retracted)

struct FactState {
  ValueId value;
  bool known = false;   // an answer was given
  bool stated = false;  // somebody (or the program) said so; else the value is only what a plan starts with
  bool moved = false;   // it has been something else than the first value
  Instant at{};
  Actor by;
  friend bool operator==(const FactState&, const FactState&) = default;
};
BOOST_DESCRIBE_STRUCT(FactState, (), (value, known, stated, moved, at, by))

struct Declination {
  PersonId person;
  Instant at{};
  friend bool operator==(const Declination&, const Declination&) = default;
};
BOOST_DESCRIBE_STRUCT(Declination, (), (person, at))

struct StepState {
  StepStatus status = StepStatus::waiting;
  std::uint8_t late_rules = 0;  // how many late rules have fired; late when > 0
  bool ever_opened = false;
  Instant first_opened{};
  Instant opened{};
  Instant due = kNever;
  Instant marked_at{};
  Actor marked_by;
  std::vector<PersonId> people;       // who has to do it
  std::vector<PersonId> done_by;      // `each`: who has done it so far
  std::vector<Declination> declined;  // who said "I cannot" since it opened
  friend bool operator==(const StepState&, const StepState&) = default;
};
BOOST_DESCRIBE_STRUCT(StepState, (),
                      (status, late_rules, ever_opened, first_opened, opened, due, marked_at, marked_by, people,
                       done_by, declined))

struct EscalationState {
  std::uint16_t rounds = 0;   // how often it has fired
  bool acknowledged = false;  // by anybody that it told
  Instant last_due{};
  Instant fired{};  // first time
  friend bool operator==(const EscalationState&, const EscalationState&) = default;
};
BOOST_DESCRIBE_STRUCT(EscalationState, (), (rounds, acknowledged, last_due, fired))

struct NoticeState {
  std::uint32_t n = 0;
  PersonId person;
  std::uint32_t telling = 0;  // the first telling it belongs to
  Instant queued{};
  Instant sent = kNever;
  Instant delivered = kNever;
  Instant seen = kNever;
  Instant acknowledged = kNever;
  std::uint8_t failed_channels = 0;
  std::vector<ChannelId> ways;  // channels that took it or gave it up: a restart sends it through the others only
  friend bool operator==(const NoticeState&, const NoticeState&) = default;
};
BOOST_DESCRIBE_STRUCT(NoticeState, (),
                      (n, person, telling, queued, sent, delivered, seen, acknowledged, failed_channels, ways))

struct TellingState {
  std::uint32_t id = 0;
  RoleId role;
  RoleId acting;
  FoundBy via = FoundBy::roster;
  std::uint8_t round = 0;
  std::uint8_t passes = 0;
  std::uint16_t need = 1;
  bool ended = false;
  Instant again_at = kNever;
  std::vector<Reason> reasons;
  std::vector<std::uint32_t> notices;
  friend bool operator==(const TellingState&, const TellingState&) = default;
};
BOOST_DESCRIBE_STRUCT(TellingState, (), (id, role, acting, via, round, passes, need, ended, again_at, reasons, notices))

struct ReportState {
  std::string kind;
  Instant due = kNever;  // the next one of this kind
  bool missed = false;   // the present `due` has passed without a report
  std::uint16_t filed_count = 0;
  Instant filed = kNever;  // the last one
  bool filed_late = false;
  friend bool operator==(const ReportState&, const ReportState&) = default;
};
BOOST_DESCRIBE_STRUCT(ReportState, (), (kind, due, missed, filed_count, filed, filed_late))

struct FormState {
  FormId form;
  std::uint32_t number = 0;
  PersonId author;
  Instant filed{};
  friend bool operator==(const FormState&, const FormState&) = default;
};
BOOST_DESCRIBE_STRUCT(FormState, (), (form, number, author, filed))

struct EvidenceState {
  std::string media;
  std::int64_t bytes = 0;
  std::string blob;
  Sealed details;
  Actor by;
  Instant at{};
  std::vector<PersonId> seen_by;
  friend bool operator==(const EvidenceState&, const EvidenceState&) = default;
};
BOOST_DESCRIBE_STRUCT(EvidenceState, (), (media, bytes, blob, details, by, at, seen_by))

// The latest word on each person, and on the customers.
struct HeadcountState {
  std::vector<PersonCounted> staff;
  std::optional<int> customers_here;
  std::optional<int> customers_missing;
  Sealed note;
  Actor by;
  Instant at = kNever;  // of the latest count; kNever: none yet
  friend bool operator==(const HeadcountState&, const HeadcountState&) = default;
};
BOOST_DESCRIBE_STRUCT(HeadcountState, (), (staff, customers_here, customers_missing, note, by, at))

struct ChildLink {
  IncidentId child;
  UnitId unit;
  friend bool operator==(const ChildLink&, const ChildLink&) = default;
};
BOOST_DESCRIBE_STRUCT(ChildLink, (), (child, unit))

struct ChainLink {
  PartId chain;
  IncidentId started;
  friend bool operator==(const ChainLink&, const ChainLink&) = default;
};
BOOST_DESCRIBE_STRUCT(ChainLink, (), (chain, started))

struct IncidentState {
  IncidentId id;
  UnitId unit;
  PlanId plan_id;
  int plan_version = 0;
  PlanPtr plan;  // pinned; not part of the encoded state
  IncidentStatus status = IncidentStatus::open;
  bool drill = false;
  bool silent = false;
  bool parent_role = false;
  std::optional<bool> silent_override;
  IncidentId parent;
  IncidentId caused_by;
  Instant declared_at{};
  Actor declared_by;
  Instant ended_at = kNever;  // closed or retracted
  std::uint32_t next_notice = 1;
  std::uint32_t next_telling = 1;
  std::vector<FactState> facts;  // same order as the plan's
  std::vector<StepState> steps;  // same order as the plan's
  std::vector<EscalationState> escalations;
  std::vector<bool> scripts_on;
  std::vector<bool> prohibitions_on;
  std::vector<NoticeState> notices;    // notice n stands at n - 1
  std::vector<TellingState> tellings;  // telling n stands at n - 1
  std::vector<ReportState> reports;
  std::vector<FormState> forms;
  std::vector<EvidenceState> evidence;  // piece n stands at n - 1
  HeadcountState headcount;
  std::vector<ChildLink> children;
  std::vector<ChainLink> chains;
  Instant duress_at = kNever;  // of the stand-down under duress; kNever: there was none
  Actor duress_by;
  // What the hall is shown meanwhile; at most one. Beside the described members: the codec writes it by itself.
  std::vector<IncidentState> cover;
  friend bool operator==(const IncidentState&, const IncidentState&) = default;
};
BOOST_DESCRIBE_STRUCT(IncidentState, (),
                      (id, unit, plan_id, plan_version, status, drill, silent, parent_role, silent_override, parent,
                       caused_by, declared_at, declared_by, ended_at, next_notice, next_telling, facts, steps,
                       escalations, scripts_on, prohibitions_on, notices, tellings, reports, forms, evidence, headcount,
                       children, chains, duress_at, duress_by))

using IncidentPtr = std::shared_ptr<const IncidentState>;

}  // namespace tingan
