// Who gets to see what, beyond core/roster/rights.h: what a refusal may give away, names, suspicions.
#pragma once
#include "api/call.h"

namespace tingan::api {

// It runs, or ran, in silence: for those whom it does not concern it does not exist.
bool is_hidden(const IncidentState& incident);
// The incident of the path for this person. Errors: `incident.not-found` (also a silent one that does not concern the
// person), `incident.not-allowed` (another unit's).
Expected<IncidentPtr> incident_for(const Service& service, const Call& call, std::string_view id);

// It is running in silence as those see it who do not know better: no figure counts it before it comes out.
bool is_uncounted(const IncidentState& incident);
// Whether another incident may be named to this person (a parent, what a chain started): not one that is hidden from
// them, and none that is unknown here.
bool may_name(const View& view, const Directory& directory, const Who& who, const IncidentId& other);
// The record without the events that name an incident that may not be named; nullopt: nothing is left.
std::optional<Record> without_unnamed(const Record& record, const View& view, const Directory& directory,
                                      const Who& who);
// Whether there may be anything to leave out: most records name no other incident.
bool names_another(const Record& record);

// The incident as this person is to see it: the cover where there is one for the person.
IncidentPtr seen_by(const Directory& directory, const Who& who, IncidentPtr incident);

// One record as those see it who are shown the cover; nullopt: nothing of it. `covered` says whether the cover is
// there, and follows: begin with false at the incident's first record.
std::optional<Record> record_in_cover(const Record& record, bool& covered);

// Names and numbers go along the line of the organisation: the own unit, those below it, those above it.
bool may_see_name(const Directory& directory, const Who& who, PersonId person);
// Up as well as down: a hall has to know whom to call at the centre.
bool may_see_roster(const Directory& directory, const Who& who, UnitId unit);
// Somebody who was asked, whoever would be asked next, and those who lead; a silent plan's suspicion concerns no
// others.
bool may_see_suspicion(const Directory& directory, const Who& who, const Suspicion& suspicion);
bool may_keep_plans(const Who& who);

// "138****1001": enough to recognise, too little to call.
std::string mask_phone(std::string_view phone);

// The unit of that name, or `unit.not-found` / `query.unknown-value`.
Expected<UnitId> unit_of(const Directory& directory, std::string_view name, const char* code, const char* where);
// The same; the person's own where none is named.
Expected<UnitId> unit_or_own(const Directory& directory, const Who& who, std::optional<std::string_view> name,
                             const char* code, const char* where);

}  // namespace tingan::api
