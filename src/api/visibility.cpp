#include "api/visibility.h"

#include "api/service.h"
#include "core/incident/cover.h"
#include "model/vocabulary.h"

namespace tingan::api {

bool is_hidden(const IncidentState& incident) {
  return incident.plan->silent.has_value() && incident.silent_override != false;
}

bool is_uncounted(const IncidentState& incident) {
  const IncidentState& shown = incident.cover.empty() ? incident : incident.cover.front();
  return shown.silent && shown.ended_at == kNever;
}

namespace {

IncidentId named_in(const AnyEvent& any) {
  const auto* event = std::get_if<IncidentEvent>(&any);
  if (event == nullptr) return {};
  if (const auto* fired = std::get_if<ChainFired>(event)) return fired->started;
  if (const auto* joined = std::get_if<ChildJoined>(event)) return joined->child;
  if (const auto* parent = std::get_if<ParentJoined>(event)) return parent->parent;
  return {};
}

}  // namespace

bool may_name(const View& view, const Directory& directory, const Who& who, const IncidentId& other) {
  const IncidentPtr incident = seen_by(directory, who, view.find(other));
  return incident != nullptr && (!is_hidden(*incident) || may_see(directory, who, *incident));
}

bool names_another(const Record& record) {
  return std::any_of(record.events.begin(), record.events.end(),
                     [](const AnyEvent& any) { return !named_in(any).none(); });
}

std::optional<Record> without_unnamed(const Record& record, const View& view, const Directory& directory,
                                      const Who& who) {
  Record shown = record;
  std::erase_if(shown.events, [&](const AnyEvent& any) {
    const IncidentId other = named_in(any);
    return !other.none() && !may_name(view, directory, who, other);
  });
  if (shown.events.empty()) return std::nullopt;
  return shown;
}

Expected<IncidentPtr> incident_for(const Service& service, const Call& call, std::string_view text) {
  const auto id = parse_incident_id(text);
  IncidentPtr incident = id ? seen_by(call.directory(), call.who, service.ports.view.find(*id)) : nullptr;
  const bool seen = incident != nullptr && may_see(call.directory(), call.who, *incident);
  if (incident == nullptr || (!seen && is_hidden(*incident))) {
    return fail("incident.not-found", {"没有这个事件", "Expected a known incident, but there is none of this id"},
                "id");
  }
  if (!seen) {
    return fail("incident.not-allowed",
                {"这是别的单位的事件", "Expected an incident of your unit or of one below it, but it is another's"},
                "id");
  }
  return incident;
}

IncidentPtr seen_by(const Directory& directory, const Who& who, IncidentPtr incident) {
  if (incident == nullptr || !sees_cover(directory, who, *incident)) return incident;
  const IncidentState* cover = &incident->cover.front();
  return IncidentPtr(std::move(incident), cover);  // keeps the whole alive
}

std::optional<Record> record_in_cover(const Record& record, bool& covered) {
  Record shown = record;
  shown.events.clear();
  for (const AnyEvent& any : record.events) {
    const auto* event = std::get_if<IncidentEvent>(&any);
    if (event == nullptr) continue;
    if (std::holds_alternative<StoodDownUnderDuress>(*event)) {
      covered = true;
    } else if (const auto* moved = std::get_if<CoverMoved>(event)) {
      for (const PlainIncidentEvent& one : moved->events) {
        std::visit([&shown](const auto& plain) { shown.events.emplace_back(IncidentEvent(plain)); }, one);
      }
    } else if (std::holds_alternative<CoverLifted>(*event)) {
      covered = false;
    } else if (!covered) {
      shown.events.push_back(any);
    }
  }
  if (shown.events.empty()) return std::nullopt;
  // Where somebody above acted, the cover's own clocks moved along with it.
  const auto* first = std::get_if<IncidentEvent>(&record.events.front());
  const bool of_hall = first != nullptr && (std::holds_alternative<CoverMoved>(*first) ||
                                            std::holds_alternative<StoodDownUnderDuress>(*first));
  if (covered && !of_hall) shown.by = program_actor();
  return shown;
}

bool may_see_name(const Directory& directory, const Who& who, PersonId id) {
  const Person* person = directory.person(id);
  return person != nullptr &&
         (directory.is_within(person->unit, who.unit) || directory.is_within(who.unit, person->unit));
}

bool may_see_roster(const Directory& directory, const Who& who, UnitId unit) {
  return directory.is_within(unit, who.unit) || directory.is_within(who.unit, unit);
}

bool may_see_suspicion(const Directory& directory, const Who& who, const Suspicion& suspicion) {
  const SuspicionRaised& raised = suspicion.raised;
  if (!may_see_unit(directory, who, raised.unit)) return false;
  if (std::find(raised.told.begin(), raised.told.end(), who.person) != raised.told.end()) return true;
  const auto asked = [&](RoleId role) { return !role_for(directory, who, role, raised.unit).empty(); };
  if (std::any_of(raised.confirm_by.begin(), raised.confirm_by.end(), asked)) return true;
  return who.holds(RoleId("general-group")) || who.holds(RoleId("centre-head"));
}

bool may_keep_plans(const Who& who) { return who.holds(admin_role()) || who.holds(RoleId("centre-head")); }

std::string mask_phone(std::string_view phone) {
  if (phone.size() < 7) return std::string(phone.size(), '*');
  return std::string(phone.substr(0, 3)) + "****" + std::string(phone.substr(phone.size() - 4));
}

Expected<UnitId> unit_of(const Directory& directory, std::string_view name, const char* code, const char* where) {
  const auto id = UnitId::find(name);
  if (id && directory.unit(*id) != nullptr) return *id;
  return fail(code, {fmt::format("没有单位“{}”", name), fmt::format("Expected a known unit, but got '{}'", name)},
              where);
}

Expected<UnitId> unit_or_own(const Directory& directory, const Who& who, std::optional<std::string_view> name,
                             const char* code, const char* where) {
  return name ? unit_of(directory, *name, code, where) : Expected<UnitId>(who.unit);
}

}  // namespace tingan::api
