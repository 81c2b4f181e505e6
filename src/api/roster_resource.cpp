#include "api/bodies.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/unit_editing.h"
#include "api/visibility.h"
#include "model/vocabulary.h"

namespace tingan::api {
namespace {

constexpr std::array kFoundByNames = {"roster", "on_call", "fallback", "unit_above", "standing", "nobody"};

void write_person(JsonOut& out, const Call& call, PersonId id) {
  const Person* person = call.directory().person(id);
  out.begin_object();
  out.field("person", id.str());
  if (person != nullptr) {
    out.field("unit", person->unit.str());
    const bool known = may_see_name(call.directory(), call.who, id);
    if (known) out.field("name", person->name);
    out.field("phone", known ? person->phone : mask_phone(person->phone));
  }
  out.end_object();
}

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

}  // namespace

void write_roster(JsonOut& out, const Call& call, UnitId unit, Instant at) {
  for (const RoleInfo& role : roles()) {
    const Found found = call.directory().who(unit, role.id, at);
    out.begin_object();
    out.field("role", role.id.str());
    out.field("name", role.name);
    out.field("via", kFoundByNames[static_cast<std::size_t>(found.via)]);
    out.field("acting", found.acting.str());
    out.begin_array("people");
    for (const PersonId person : found.people) write_person(out, call, person);
    out.end_array();
    out.end_object();
  }
}

Expected<net::Response> get_roster(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"unit", "at"}); !known) return tl::unexpected(known.error());
  const auto named =
      unit_or_own(call.directory(), call.who, call.request.query_value("unit"), "query.unknown-value", "unit");
  if (!named) return tl::unexpected(named.error());
  const UnitId unit = *named;
  if (!may_see_roster(call.directory(), call.who, unit)) {
    return fail("unit.not-allowed", {"您不能看这个单位的值班表", "Expected your unit, one below it or one above it"},
                "unit");
  }
  Instant at = service.now();
  if (const auto text = call.request.query_value("at")) {
    const auto parsed = parse_rfc3339(*text);
    if (!parsed) return tl::unexpected(parsed.error());
    at = *parsed;
  }
  JsonOut out;
  out.begin_object();
  out.field("unit", unit.str());
  out.time("at", at, call.zone());
  out.field("business_hours", call.directory().in_business_hours(unit, at));
  out.begin_array("items");
  write_roster(out, call, unit, at);
  out.end_array();
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

Expected<Work> hand_over(Service& service, Call& call) {
  const auto body = read_body_of(call, parse_handover);
  if (!body) return tl::unexpected(body.error());
  const auto named = unit_or_own(call.directory(), call.who, body->unit, "unit.unknown", "/unit");
  if (!named) return tl::unexpected(named.error());
  const UnitId unit = *named;
  const auto role = RoleId::find(body->role);
  if (!role || find_role(*role) == nullptr) {
    return fail(
        "roster.unknown-role",
        {fmt::format("没有岗位“{}”", body->role), fmt::format("Expected a known role, but got '{}'", body->role)},
        "/role");
  }
  const auto from = person_of(call, body->from.value_or(call.who.person.str()), "/from");
  if (!from) return tl::unexpected(from.error());
  const auto to = person_of(call, body->to, "/to");
  if (!to) return tl::unexpected(to.error());
  const Instant until = body->until.value_or(call.directory().shift_end(*from, service.now()));
  JsonOut out;
  out.begin_object();
  out.field("unit", unit.str());
  out.field("role", role->str());
  out.field("from", from->str());
  out.field("to", to->str());
  out.time("until", until, call.zone());
  out.end_object();
  return roster_work(unit, RoleHandedOver{unit, *role, *from, *to, until}, out.take());
}

// In force or still to come, of a unit's people; the past is in the log.
Expected<net::Response> list_substitutions(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"unit"}); !known) return tl::unexpected(known.error());
  const auto named =
      unit_or_own(call.directory(), call.who, call.request.query_value("unit"), "query.unknown-value", "unit");
  if (!named) return tl::unexpected(named.error());
  const UnitId unit = *named;
  if (!may_see_roster(call.directory(), call.who, unit)) {
    return fail("unit.not-allowed", {"您不能看这个单位的值班表", "Expected your unit, one below it or one above it"},
                "unit");
  }
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (const SubstitutionSet& one : call.directory().changes().substitutions) {
    const Person* person = call.directory().person(one.person);
    if (person == nullptr || person->unit != unit || one.to <= service.now()) continue;
    out.begin_object();
    out.field("person", one.person.str());
    out.field("stand_in", one.stand_in.str());
    out.time("from", one.from, call.zone());
    out.time("to", one.to, call.zone());
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

Expected<Work> state_presence(Service& service, Call& call) {
  const auto body = read_body_of(call, parse_presence);
  if (!body) return tl::unexpected(body.error());
  const auto person = person_of(call, body->person.value_or(call.who.person.str()), "/person");
  if (!person) return tl::unexpected(person.error());
  const Instant until = body->until.value_or(call.directory().shift_end(*person, service.now()));
  JsonOut out;
  out.begin_object();
  out.field("person", person->str());
  out.field("present", body->present);
  out.time("until", until, call.zone());
  out.end_object();
  return roster_work(call.directory().person(*person)->unit, PresenceStated{*person, body->present, until}, out.take());
}

}  // namespace tingan::api
