// An incident as the API gives it. Fields are only ever added.
#pragma once
#include <functional>
#include <string>

#include "api/json_out.h"
#include "core/roster/rights.h"
#include "model/incident_state.h"
#include "runtime/engine.h"

namespace tingan::api {

struct IncidentPicture {
  const IncidentState& incident;
  const Directory& directory;
  Instant now{};
  std::vector<IncidentId> similar;    // open ones of the same type in the same unit
  std::vector<IncidentPtr> children;  // for the gates of a parent
  const Who* reader = nullptr;        // names of people whom the reader may know; nullptr: no names
  bool acceptance_reconciled = true;  // for a gate that asks for it
  // Whether another incident may be named here; empty: any.
  std::function<bool(const IncidentId&)> may_name{};
};

// The whole incident.
std::string incident_json(const IncidentPicture& picture);
// A row of a list: no parts, only what tells one incident from another.
void write_incident_row(JsonOut& out, const IncidentState& incident, const Directory& directory, Instant now);
// For whoever asked for little (Prefer: return=minimal).
std::string incident_stub(const IncidentState& incident);

// Pieces that other resources show, too.
void write_step(JsonOut& out, const IncidentState& incident, std::size_t index, const Directory& directory,
                Instant now);
void write_notice(JsonOut& out, const IncidentState& incident, const NoticeState& notice, const Directory& directory);
void write_evidence_rows(JsonOut& out, const IncidentState& incident, const Directory& directory, const Who* reader);
// Null before the first count.
void write_headcount(JsonOut& out, const IncidentState& incident, const Directory& directory, const Who* reader);
// Whom the program tells next if nothing changes: an escalation of the plan, or a step that is not done in time.
struct NextTelling {
  Instant due = kNever;
  const char* kind = "";  // escalation, late
  PartId part;            // the escalation or the step
  std::vector<RoleId> to;
  Text text;  // with its placeholders
};
// `of_step`: lateness of this step alone counts beside the escalations; absent: of every step. nullopt: nobody is next.
std::optional<NextTelling> next_telling(const IncidentState& incident, std::optional<std::size_t> of_step);
// "next_escalation": the same with the seconds that are left (negative: it is being told now), or null.
void write_next_telling(JsonOut& out, const IncidentState& incident, std::optional<std::size_t> of_step,
                        const Directory& directory, Instant now);
// What must not be done, and what is said, right now; by this reader where one is given.
void write_prohibitions(JsonOut& out, const IncidentState& incident, const Directory& directory, const Who* reader);
void write_scripts(JsonOut& out, const IncidentState& incident, const Directory& directory, const Who* reader);
void write_actor(JsonOut& out, std::string_view key, const Actor& actor, const Directory& directory, const Who* reader);
const char* whereabouts_name(Whereabouts state);
void write_customers(JsonOut& out, const std::optional<int>& here, const std::optional<int>& missing);
const char* status_name(IncidentStatus status);
// A JSON boolean where the fact is one.
void write_value(JsonOut& out, std::string_view key, const Fact& fact, ValueId value);

}  // namespace tingan::api
