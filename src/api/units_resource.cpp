#include "api/incident_json.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "model/vocabulary.h"

namespace tingan::api {
namespace {

std::string minutes(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

void write_unit(JsonOut& out, const Unit& unit) {
  static constexpr std::array kKinds = {"company", "centre", "department", "hall"};
  static constexpr std::array kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  out.begin_object();
  out.field("id", unit.id.str());
  out.field("kind", kKinds[static_cast<std::size_t>(unit.kind)]);
  out.string_or_null("parent", unit.parent.str());
  out.field("name", unit.name);
  out.text_or_null("address", unit.address);
  out.text_or_null("landmarks", unit.landmarks);
  out.text_or_null("assembly_point", unit.assembly_point);
  out.string_or_null("phone", unit.phone);
  out.begin_array("hours");
  for (const OpeningHours& open : unit.hours) {
    out.begin_object();
    out.begin_array("days");
    for (std::size_t day = 0; day < kDays.size(); ++day) {
      if ((open.days >> day & 1U) != 0) out.item(kDays[day]);
    }
    out.end_array();
    out.field("from", minutes(open.span.from));
    out.field("to", minutes(open.span.to));
    out.end_object();
  }
  out.end_array();
  out.begin_object("numbers");
  for (const auto& [party, number] : unit.numbers) out.field(party.str(), number);
  out.end_object();
  out.end_object();
}

}  // namespace

Expected<net::Response> list_units(Service&, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (const Unit& unit : call.directory().organisation().units) write_unit(out, unit);
  out.end_array();
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

Expected<net::Response> get_unit(Service&, Call& call) {
  const auto id = unit_of(call.directory(), call.param(0), "unit.not-found", "id");
  if (!id) return tl::unexpected(id.error());
  JsonOut out;
  write_unit(out, *call.directory().unit(*id));
  return json_response(200, out.take());
}

// Units, roles and people; names along the own line, numbers not at all (the roster has them).
Expected<net::Response> get_organisation(Service&, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const Organisation& organisation = call.directory().organisation();
  JsonOut out;
  out.begin_object();
  out.field("id", organisation.id);
  out.field("version", organisation.version);
  out.field("title", organisation.title);
  out.field("zone_minutes", organisation.zone.minutes);
  out.begin_array("units");
  for (const Unit& unit : organisation.units) write_unit(out, unit);
  out.end_array();
  out.begin_array("roles");
  static constexpr std::array kLevels = {"hall", "centre", "company"};
  for (const RoleInfo& role : roles()) {
    out.begin_object();
    out.field("id", role.id.str());
    out.field("level", kLevels[static_cast<std::size_t>(role.level)]);
    out.field("name", role.name);
    out.end_object();
  }
  out.end_array();
  out.begin_array("people");
  for (const Person& person : organisation.people) {
    out.begin_object();
    out.field("id", person.id.str());
    out.field("unit", person.unit.str());
    out.ids("roles", person.roles);
    if (may_see_name(call.directory(), call.who, person.id)) out.field("name", person.name);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return json_response(200, out.take());
}

}  // namespace tingan::api
