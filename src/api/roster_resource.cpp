#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "model/vocabulary.h"

namespace tingan::api {
namespace {

constexpr std::array kFoundByNames = {"roster", "on_call", "fallback", "unit_above", "standing", "nobody"};

void write_person(JsonOut& out, const Call& call, PersonId id, PersonId in_place_of) {
  const Person* person = call.directory().person(id);
  out.begin_object();
  out.field("person", id.str());
  if (person != nullptr) {
    out.field("unit", person->unit.str());
    const bool known = may_see_name(call.directory(), call.who, id);
    if (known) out.field("name", person->name);
    out.field("phone", known ? person->phone : mask_phone(person->phone));
  }
  if (!in_place_of.empty()) out.field("in_place_of", in_place_of.str());
  out.end_object();
}

// In whose place a person is told: for a stand-in or after a handover. Nothing where it is the own place.
PersonId in_whose_place(const Directory& directory, UnitId home, RoleId role, PersonId person, Instant at) {
  for (const bool on_call : {false, true}) {
    const std::vector<PersonId> on_paper = directory.on_paper(home, role, on_call, at);
    if (std::find(on_paper.begin(), on_paper.end(), person) != on_paper.end()) return {};
    for (const PersonId planned : on_paper) {
      if (directory.in_place_of(home, role, planned, at) == person) return planned;
    }
  }
  return {};
}

}  // namespace

void write_roster(JsonOut& out, const Call& call, UnitId unit, Instant at) {
  for (const RoleInfo& role : roles()) {
    const Directory& directory = call.directory();
    const Found found = directory.who(unit, role.id, at);
    const RoleId acting = found.acting.empty() ? role.id : found.acting;
    const UnitId home = directory.home_of(acting, unit);
    out.begin_object();
    out.field("role", role.id.str());
    out.field("name", role.name);
    out.field("via", kFoundByNames[static_cast<std::size_t>(found.via)]);
    out.field("acting", found.acting.str());
    out.begin_array("people");
    for (const PersonId person : found.people) {
      write_person(out, call, person, in_whose_place(directory, home, acting, person, at));
    }
    out.end_array();
    out.ids("on_call", directory.on_call(directory.home_of(role.id, unit), role.id, at));
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

}  // namespace tingan::api
