// Events as people read them: flat JSON with a sentence in both languages and the clauses that they carry. Envelopes
// and password verifiers never stand here.
#pragma once
#include <string>

#include "api/json_out.h"
#include "core/roster/directory.h"
#include "model/incident_state.h"
#include "model/record.h"
#include "runtime/registry.h"

namespace tingan::api {

// What happened, in a sentence.
Text describe(const IncidentEvent& event, const IncidentState& incident, const Directory& directory);
Text describe(const UnitEvent& event, const Directory& directory);

// "type", "clauses", "text" and the event's own fields, into an open object. `incident` may be older or newer than the
// event: only its plan is read.
void write_event(JsonOut& out, const AnyEvent& event, const IncidentState* incident, const Directory& directory);

// The envelope of what a person wrote, where the event has one.
const Sealed* sealed_words(const AnyEvent& event);

// {gseq, unit, incident, at, by, events: [...]}: the same bytes for everybody who may see the record.
std::string record_json(std::uint64_t gseq, const Record& record, const IncidentState* incident,
                        const Registry& registry);

// 营业厅主任 / Hall director; `staff` and the program have names, too.
Text role_name(RoleId role);

}  // namespace tingan::api
