// What changes who is on duty beside the published shifts: handovers, stand-ins, who is here. Who may is decided in
// core/roster/duty.h.
#include "api/bodies.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/unit_editing.h"
#include "api/visibility.h"
#include "core/roster/duty.h"
#include "model/vocabulary.h"

namespace tingan::api {
namespace {

Expected<PersonId> person_of(const Call& call, const std::string& name, const char* where) {
  const auto id = PersonId::find(name);
  if (id && call.directory().person(*id) != nullptr) return *id;
  return fail("roster.unknown-person",
              {fmt::format("没有人员“{}”", name), fmt::format("Expected a known person, but got '{}'", name)}, where);
}

// The command itself, as it stands in the log, is the answer.
Work roster_work(UnitId unit, UnitCommand command, std::string body) {
  Work work;
  work.unit = unit;
  work.command = std::move(command);
  work.body = [body = std::move(body)](const Outcome&, const Registry&) { return body; };
  return work;
}

// A moment that was said; the zero that means "none was said" cannot be.
Instant said(const std::optional<Instant>& until) { return until ? std::max(*until, from_millis(1)) : Instant{}; }

Expected<UnitId> unit_of_query(const Call& call) {
  auto unit = unit_or_own(call.directory(), call.who, call.request.query_value("unit"), "query.unknown-value", "unit");
  if (!unit) return unit;
  if (!may_see_roster(call.directory(), call.who, *unit)) {
    return fail("unit.not-allowed", {"您不能看这个单位的值班表", "Expected your unit, one below it or one above it"},
                "unit");
  }
  return unit;
}

void write_handover(JsonOut& out, const Handover& one, const Directory& directory, const Who* reader) {
  out.begin_object();
  out.field("id", to_string(one.set.id));
  out.field("unit", one.set.unit.str());
  out.field("role", one.set.role.str());
  out.field("from", one.set.from.str());
  out.field("to", one.set.to.str());
  out.time("until", one.set.until, directory.zone());
  write_actor(out, "by", one.by, directory, reader);
  out.time("at", one.at, directory.zone());
  out.time("undone", one.undone_at, directory.zone());
  out.end_object();
}

std::string handover_text(const Registry& registry, IncidentId id) {
  JsonOut out;
  for (const Handover& one : registry.directory().changes().handovers) {
    if (one.set.id == id) write_handover(out, one, registry.directory(), nullptr);
  }
  return out.take();
}

// Who hands over; a leader who names nobody means the one who holds the role.
PersonId giver(const Call& call, UnitId unit, RoleId role, Instant now) {
  const Found found = call.directory().who(unit, role, now);
  const bool own = std::find(found.people.begin(), found.people.end(), call.who.person) != found.people.end();
  const bool one_other = found.people.size() == 1 && leads_unit(call.directory(), call.who, unit);
  return !own && one_other ? found.people.front() : call.who.person;
}

}  // namespace

Expected<Work> hand_over(Service& service, Call& call) {
  const auto body = read_body_of(call, parse_handover);
  if (!body) return tl::unexpected(body.error());
  const auto unit = unit_or_own(call.directory(), call.who, body->unit, "unit.unknown", "/unit");
  if (!unit) return tl::unexpected(unit.error());
  const auto role = RoleId::find(body->role);
  if (!role || find_role(*role) == nullptr) {
    return fail(
        "roster.unknown-role",
        {fmt::format("没有岗位“{}”", body->role), fmt::format("Expected a known role, but got '{}'", body->role)},
        "/role");
  }
  const auto from =
      body->from ? person_of(call, *body->from, "/from") : Expected<PersonId>(giver(call, *unit, *role, service.now()));
  if (!from) return tl::unexpected(from.error());
  const auto to = person_of(call, body->to, "/to");
  if (!to) return tl::unexpected(to.error());
  const IncidentId id = new_incident_id(service.now(), service.ports.random);
  Work work;
  work.unit = *unit;
  work.command = UnitCommand(RoleHandedOver{id, *unit, *role, *from, *to, said(body->until)});
  work.body = [id](const Outcome&, const Registry& registry) { return handover_text(registry, id); };
  return work;
}

// In force now, the newest first; the past is in the log.
Expected<net::Response> list_handovers(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"unit", "limit", "cursor"}); !known) {
    return tl::unexpected(known.error());
  }
  const auto unit = unit_of_query(call);
  if (!unit) return tl::unexpected(unit.error());
  const auto limit = limit_of(call.request);
  if (!limit) return tl::unexpected(limit.error());
  const auto& all = call.directory().changes().handovers;
  auto at = all.rbegin();
  if (const auto cursor = call.request.query_value("cursor")) {
    at = std::find_if(all.rbegin(), all.rend(),
                      [&](const Handover& one) { return one.set.unit == *unit && to_string(one.set.id) == *cursor; });
    if (at == all.rend()) {
      return fail("query.malformed-cursor",
                  {"cursor 应当是上一页给出的 next", "Expected the `next` of the page before"}, "cursor");
    }
    ++at;
  }
  const auto wanted = [&](const Handover& one) { return one.set.unit == *unit && one.in_force(service.now()); };
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  std::string last;
  for (std::size_t n = 0; n < *limit; ++n, ++at) {
    at = std::find_if(at, all.rend(), wanted);
    if (at == all.rend()) break;
    write_handover(out, *at, call.directory(), &call.who);
    last = to_string(at->set.id);
  }
  const bool more = std::any_of(at, all.rend(), wanted);
  out.end_array();
  out.string_or_null("next", more ? last : "");
  out.end_object();
  return json_response(200, out.take());
}

Expected<Work> undo_handover(Service&, Call& call) {
  const auto id = parse_incident_id(call.param(0));
  const auto& all = call.directory().changes().handovers;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Handover& one) { return id && one.set.id == *id; });
  if (found == all.end() || !may_see_roster(call.directory(), call.who, found->set.unit)) {
    return fail("roster.unknown-handover",
                {"没有这次交接，或者它已经结束", "Expected a handover that is in force, but there is none of this id"},
                "id");
  }
  Work work;
  work.unit = found->set.unit;
  work.command = UnitCommand(UndoHandover{*id});
  work.body = [id = *id](const Outcome&, const Registry& registry) { return handover_text(registry, id); };
  return work;
}

// In force or still to come, of a unit's people; the past is in the log.
Expected<net::Response> list_substitutions(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"unit"}); !known) return tl::unexpected(known.error());
  const auto unit = unit_of_query(call);
  if (!unit) return tl::unexpected(unit.error());
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (const StandIn& one : call.directory().changes().substitutions) {
    const Person* person = call.directory().person(one.set.person);
    if (person == nullptr || person->unit != *unit || one.set.to <= service.now()) continue;
    out.begin_object();
    out.field("person", one.set.person.str());
    out.field("stand_in", one.set.stand_in.str());
    out.time("from", one.set.from, call.zone());
    out.time("to", one.set.to, call.zone());
    out.end_object();
  }
  out.end_array();
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

Expected<Work> set_substitution(Service&, Call& call) {
  const auto body = read_body_of(call, parse_substitution);
  if (!body) return tl::unexpected(body.error());
  const auto person = person_of(call, body->person.value_or(call.who.person.str()), "/person");
  if (!person) return tl::unexpected(person.error());
  const auto stand_in = person_of(call, body->stand_in, "/stand_in");
  if (!stand_in) return tl::unexpected(stand_in.error());
  JsonOut out;
  out.begin_object();
  out.field("person", person->str());
  out.field("stand_in", stand_in->str());
  out.time("from", body->from, call.zone());
  out.time("to", body->to, call.zone());
  out.end_object();
  return roster_work(call.directory().person(*person)->unit, SubstitutionSet{*person, *stand_in, body->from, body->to},
                     out.take());
}

Expected<Work> state_presence(Service&, Call& call) {
  const auto body = read_body_of(call, parse_presence);
  if (!body) return tl::unexpected(body.error());
  const auto person = person_of(call, body->person.value_or(call.who.person.str()), "/person");
  if (!person) return tl::unexpected(person.error());
  Work work;
  work.unit = call.directory().person(*person)->unit;
  work.command = UnitCommand(PresenceStated{*person, body->present, said(body->until)});
  work.body = [id = *person](const Outcome&, const Registry& registry) {
    JsonOut out;
    for (const Presence& one : registry.directory().changes().presence) {
      if (one.set.person != id) continue;
      out.begin_object();
      out.field("person", one.set.person.str());
      out.field("present", one.set.present);
      out.time("until", one.set.until, registry.directory().zone());
      out.end_object();
    }
    return out.take();
  };
  return work;
}

}  // namespace tingan::api
