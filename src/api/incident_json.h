// An incident as the API gives it. Fields are only ever added.
#pragma once
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
};

// The whole incident.
std::string incident_json(const IncidentPicture& picture);
// A row of a list: no parts, only what tells one incident from another.
void write_incident_row(JsonOut& out, const IncidentState& incident, const Directory& directory);
// For whoever asked for little (Prefer: return=minimal).
std::string incident_stub(const IncidentState& incident);

// Pieces that other resources show, too.
void write_step(JsonOut& out, const IncidentState& incident, std::size_t index, const Directory& directory,
                Instant now);
void write_notice(JsonOut& out, const IncidentState& incident, const NoticeState& notice, const Directory& directory);
// What must not be done, and what is said, right now; by this reader where one is given.
void write_prohibitions(JsonOut& out, const IncidentState& incident, const Directory& directory, const Who* reader);
void write_scripts(JsonOut& out, const IncidentState& incident, const Directory& directory, const Who* reader);
void write_actor(JsonOut& out, std::string_view key, const Actor& actor, const Directory& directory, const Who* reader);
const char* status_name(IncidentStatus status);
// A JSON boolean where the fact is one.
void write_value(JsonOut& out, std::string_view key, const Fact& fact, ValueId value);

}  // namespace tingan::api
