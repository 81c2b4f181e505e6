// Events as people read them: flat JSON with a sentence in both languages and the clauses that they carry. Envelopes
// and password verifiers never stand here.
#pragma once
#include <map>
#include <string>

#include "api/json_out.h"
#include "core/roster/rights.h"
#include "model/incident_state.h"
#include "model/record.h"
#include "report/timeline.h"
#include "runtime/registry.h"

namespace tingan::api {

// Whose eyes an event is written for: whose names the reader may know, and what the forms are called. Nothing of it:
// the same bytes for everybody.
struct EventReader {
  const Who* who = nullptr;
  const std::map<FormId, Text>* form_titles = nullptr;
};

// The words of documents and of the API are the same ones (report/timeline.h).
report::TimelineContext words_for(const IncidentState& incident, const Directory& directory,
                                  const EventReader& reader = {});
// What happened in a unit's own log, in a sentence.
Text describe(const UnitEvent& event);

// "type", "clauses", "text" and the event's own fields, into an open object. `incident` may be older or newer than the
// event: only its plan is read. `record` is the event's own.
void write_event(JsonOut& out, const AnyEvent& event, const Record& record, const IncidentState* incident,
                 const Directory& directory, const EventReader& reader = {});

// The envelope of what a person wrote, where the event has one.
const Sealed* sealed_words(const AnyEvent& event);

// {gseq, unit, incident, at, by, events: [...]}: the same bytes for everybody who may see the record.
std::string record_json(std::uint64_t gseq, const Record& record, const IncidentState* incident,
                        const Registry& registry);

}  // namespace tingan::api
