#include "api/incident_json.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "model/vocabulary.h"

namespace tingan::api {
namespace {

std::string minutes(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

void write_parts(JsonOut& out, const Unit& unit) {
  static constexpr std::array kKinds = {"company", "centre", "department", "hall"};
  static constexpr std::array kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
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
}

void write_unit(JsonOut& out, const Unit& unit) {
  out.begin_object();
  write_parts(out, unit);
  out.end_object();
}

// With who is on duty now and their numbers, for a phone that may lose the network; only along the own line.
void write_unit_with_roster(JsonOut& out, const Call& call, const Unit& unit, Instant now) {
  out.begin_object();
  write_parts(out, unit);
  if (may_see_roster(call.directory(), call.who, unit.id)) {
    out.begin_array("roster");
    write_roster(out, call, unit.id, now);
    out.end_array();
  } else {
    out.null("roster");
  }
  out.end_object();
}

}  // namespace

Expected<net::Response> list_units(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"limit", "cursor"}); !known) return tl::unexpected(known.error());
  const auto limit = limit_of(call.request);
  if (!limit) return tl::unexpected(limit.error());
  const auto& units = call.directory().organisation().units;
  auto at = units.begin();
  if (const auto cursor = call.request.query_value("cursor")) {
    at = std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.id.str() == *cursor; });
    if (at == units.end()) {
      return fail("query.malformed-cursor",
                  {"cursor 应当是上一页给出的 next", "Expected the `next` of the page before"}, "cursor");
    }
    ++at;
  }
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  const Instant now = service.now();
  std::string last;
  for (std::size_t n = 0; n < *limit && at != units.end(); ++n, ++at) {
    write_unit_with_roster(out, call, *at, now);
    last = at->id.str();
  }
  out.end_array();
  out.string_or_null("next", at == units.end() ? "" : last);
  out.time("now", now, call.zone());
  out.end_object();
  return json_response(200, out.take());
}

Expected<net::Response> get_unit(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const auto id = unit_of(call.directory(), call.param(0), "unit.not-found", "id");
  if (!id) return tl::unexpected(id.error());
  JsonOut out;
  write_unit_with_roster(out, call, *call.directory().unit(*id), service.now());
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
  out.begin_array("holidays");
  static constexpr std::array kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  for (const Holiday& holiday : organisation.holidays) {
    out.begin_object();
    out.field("date", fmt::format("{:04}-{:02}-{:02}", holiday.year, holiday.month, holiday.day));
    out.field("as", kDays[static_cast<std::size_t>(holiday.as_weekday)]);
    out.text_or_null("title", holiday.title);
    out.end_object();
  }
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
