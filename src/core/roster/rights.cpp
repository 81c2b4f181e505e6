#include "core/roster/rights.h"

#include <algorithm>

#include "model/vocabulary.h"

namespace tingan {
namespace {

bool any_of_roles(const Who& who, std::initializer_list<const char*> names) {
  return std::any_of(who.roles.begin(), who.roles.end(), [&](RoleId role) {
    return std::any_of(names.begin(), names.end(), [&](const char* name) { return role.str() == name; });
  });
}

// In this unit, or above it.
bool reaches(const Directory& directory, const Who& who, UnitId unit) { return directory.is_within(unit, who.unit); }

bool was_ever_silent(const IncidentState& incident) {
  return incident.plan->silent.has_value() && incident.silent_override != false;
}

// Concerned: who declared, who has or had a step, who was told, and those who answer for what happens in silence.
bool concerned(const Who& who, const IncidentState& incident) {
  if (incident.declared_by.person == who.person) return true;
  if (any_of_roles(who, {"general-group", "back-office", "centre-head", "safety-officer", "security-dept",
                         "company-leader", "hall-director"})) {
    return true;
  }
  const auto is_person = [&](PersonId person) { return person == who.person; };
  for (const StepState& step : incident.steps) {
    if (std::any_of(step.people.begin(), step.people.end(), is_person)) return true;
  }
  return std::any_of(incident.notices.begin(), incident.notices.end(),
                     [&](const NoticeState& notice) { return notice.person == who.person; });
}

}  // namespace

bool Who::holds(RoleId role) const { return std::find(roles.begin(), roles.end(), role) != roles.end(); }

bool has_part_in_incidents(const Who& who) {
  return std::any_of(who.roles.begin(), who.roles.end(), [](RoleId role) { return !is_technical_role(role); });
}

Who program_who() {
  Who who;
  who.person = program_actor().person;
  who.roles = {program_actor().role};
  who.program = true;
  return who;
}

std::optional<Who> who_is(const Directory& directory, PersonId id) {
  const Person* person = directory.person(id);
  if (person == nullptr) return std::nullopt;
  return Who{person->id, person->unit, person->roles, RoleId(), false};
}

RoleId role_for(const Directory& directory, const Who& who, RoleId role, UnitId unit) {
  if (!reaches(directory, who, unit)) return RoleId();
  if (role != staff_role()) {
    const bool right_place = !is_hall_role(role) || who.unit == unit;
    return right_place && who.holds(role) ? role : RoleId();
  }
  if (who.unit != unit) return RoleId();
  if (!who.preferred.empty() && is_hall_role(who.preferred)) return who.preferred;
  const auto found = std::find_if(who.roles.begin(), who.roles.end(), is_hall_role);
  return found == who.roles.end() ? RoleId() : *found;
}

RoleId acting_role(const Who& who) {
  if (!who.preferred.empty()) return who.preferred;
  return who.roles.empty() ? RoleId() : who.roles.front();
}

bool may_see_unit(const Directory& directory, const Who& who, UnitId unit) {
  return who.program || reaches(directory, who, unit);
}

bool may_set_words(const Directory& directory, const Who& who, UnitId hall) {
  return any_of_roles(who, {"admin"}) ||
         (reaches(directory, who, hall) && any_of_roles(who, {"hall-director", "safety-officer"}));
}

bool may_declare(const Directory& directory, const Who& who, UnitId unit) {
  return who.program || (reaches(directory, who, unit) && has_part_in_incidents(who));
}

bool may_see(const Directory& directory, const Who& who, const IncidentState& incident) {
  if (who.program) return true;
  if (!has_part_in_incidents(who)) return false;
  const bool own_child = std::any_of(incident.children.begin(), incident.children.end(),
                                     [&](const ChildLink& child) { return directory.is_within(child.unit, who.unit); });
  if (!own_child && !reaches(directory, who, incident.unit)) return false;
  return !was_ever_silent(incident) || concerned(who, incident);
}

bool may_add_to(const Directory& directory, const Who& who, const IncidentState& incident) {
  return who.program || (reaches(directory, who, incident.unit) && may_see(directory, who, incident));
}

bool may_state(const Directory& directory, const Who& who, const IncidentState& incident, const Fact& fact) {
  if (who.program) return true;
  if (!reaches(directory, who, incident.unit)) return false;
  const auto holds_one = [&](const std::vector<RoleId>& wanted) {
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](RoleId role) { return !role_for(directory, who, role, incident.unit).empty(); });
  };
  if (fact.only_stated_by) return holds_one(*fact.only_stated_by);
  const bool of_the_unit = who.unit == incident.unit && has_part_in_incidents(who);
  return of_the_unit || who.holds(RoleId("general-group")) || holds_one(fact.also_stated_by);
}

bool may_close(const Directory& directory, const Who& who, const IncidentState& incident) {
  return who.program ||
         (reaches(directory, who, incident.unit) &&
          any_of_roles(who, {"hall-director", "duty-manager", "general-group", "centre-head", "company-leader"}));
}

bool may_act_on_behalf(const Directory& directory, const Who& who, UnitId unit) {
  const Unit* at = directory.unit(unit);
  if (who.program || at == nullptr) return who.program;
  if (at->kind == UnitKind::hall) {
    return who.unit == unit && any_of_roles(who, {"hall-director", "duty-manager", "shift-leader"});
  }
  return reaches(directory, who, unit) && any_of_roles(who, {"general-group", "centre-head"});
}

}  // namespace tingan
