#include "api/refused_close.h"

#include "api/json_out.h"
#include "api/visibility.h"
#include "core/incident/gates.h"
#include "core/incident/placeholders.h"

namespace tingan::api {
namespace {

void write_missing_gates(JsonOut& out, const Plan& plan, const std::vector<PartId>& missing) {
  out.begin_array("gates");
  for (const Gate& gate : plan.gates) {
    if (std::find(missing.begin(), missing.end(), gate.id) == missing.end()) continue;
    out.begin_object();
    out.field("id", gate.id.str());
    out.field("met", false);
    out.field("text", gate.text);
    out.ids("clauses", gate.clauses);
    out.end_object();
  }
  out.end_array();
}

// Whoever has the step; a step that nobody has is for whoever holds its role now.
std::vector<PersonId> people_for(const IncidentState& incident, std::size_t index, const Directory& directory,
                                 Instant now) {
  const StepState& state = incident.steps[index];
  if (!state.people.empty()) return state.people;
  return directory.who(incident.unit, incident.plan->steps[index].role, now).people;
}

void write_missing_steps(JsonOut& out, const IncidentState& incident, const std::vector<PartId>& missing,
                         const Directory& directory, Instant now) {
  out.begin_array("steps");
  for (const PartId id : missing) {
    const int index = find_step(*incident.plan, id);
    if (index < 0) continue;
    const auto i = static_cast<std::size_t>(index);
    const Step& step = incident.plan->steps[i];
    out.begin_object();
    out.field("id", id.str());
    out.field("must", is_must(incident, step));
    out.field("role", step.role.str());
    out.ids("people", people_for(incident, i, directory, now));
    out.field("text", fill_placeholders(step.text, incident, directory));
    out.ids("clauses", step.clauses);
    out.end_object();
  }
  out.end_array();
}

}  // namespace

std::string missing_members(const Outcome& outcome, const Directory& directory, const Who& reader, Instant now) {
  if (!outcome.refused || outcome.refused->code != "incident.gates-unmet") return {};
  const IncidentPtr incident = seen_by(directory, reader, outcome.incident);
  if (incident == nullptr) return {};
  const Missing missing = missing_of(outcome.refused->where);
  JsonOut out;
  write_missing_gates(out, *incident->plan, missing.gates);
  write_missing_steps(out, *incident, missing.steps, directory, now);
  return out.take();
}

}  // namespace tingan::api
