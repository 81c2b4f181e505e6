// The count at the assembly point: whom the roster of this hour wants there, who is, who is missing.
#include "api/bodies.h"
#include "api/incident_log.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "core/incident/decide.h"

namespace tingan::api {
namespace {

void write_row(JsonOut& out, const Call& call, PersonId id, Whereabouts state, bool expected) {
  const Person* person = call.directory().person(id);
  out.begin_object();
  out.field("person", id.str());
  if (person != nullptr && may_see_name(call.directory(), call.who, id)) {
    out.field("name", person->name);
    out.string_or_null("phone", person->phone);
  }
  if (person != nullptr) out.ids("roles", person->roles);
  out.field("state", whereabouts_name(state));
  out.field("expected", expected);
  out.end_object();
}

}  // namespace

// Before the first count: the list to be ticked off.
Expected<net::Response> get_headcount(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const auto found = incident_for(service, call, call.param(0));
  if (!found) return tl::unexpected(found.error());
  const HeadcountState& count = (*found)->headcount;
  const bool taken = count.at != kNever;
  const Instant of = taken ? count.at : service.now();
  const std::vector<PersonId> expected = expected_at_assembly(call.directory(), (*found)->unit, of);
  const auto is_expected = [&](PersonId person) {
    return std::find(expected.begin(), expected.end(), person) != expected.end();
  };
  JsonOut out;
  out.begin_object();
  out.time("at", count.at, call.zone());
  if (taken) {
    write_actor(out, "by", count.by, call.directory(), &call.who);
  } else {
    out.null("by");
  }
  const Unit* unit = call.directory().unit((*found)->unit);
  out.text_or_null("assembly_point", unit == nullptr ? Text{} : unit->assembly_point);
  out.begin_array("staff");
  for (const PersonCounted& one : count.staff) write_row(out, call, one.person, one.state, is_expected(one.person));
  for (const PersonId person : expected) {
    const bool counted = std::any_of(count.staff.begin(), count.staff.end(),
                                     [&](const PersonCounted& one) { return one.person == person; });
    if (!counted) write_row(out, call, person, Whereabouts::unknown, true);
  }
  out.end_array();
  write_customers(out, count.customers_here, count.customers_missing);
  out.string_or_null("note", count.note.empty() ? "" : open_words(service, count.note).value_or(""));
  out.end_object();
  return json_response(200, out.take());
}

Expected<Work> take_headcount(Service& service, Call& call) {
  const auto incident = incident_for(service, call, call.param(0));
  if (!incident) return tl::unexpected(incident.error());
  const auto body = read_body_of(call, parse_headcount);
  if (!body) return tl::unexpected(body.error());
  TakeHeadcount command{
      .staff = {}, .customers_here = body->customers_here, .customers_missing = body->customers_missing, .note = {}};
  for (std::size_t i = 0; i < body->staff.size(); ++i) {
    const auto& [name, state] = body->staff[i];
    const auto person = PersonId::find(name);
    if (!person || call.directory().person(*person) == nullptr) {
      return fail("headcount.unknown-person",
                  {fmt::format("没有人员“{}”", name), fmt::format("Expected a known person, but got '{}'", name)},
                  fmt::format("/staff/{}/person", i));
    }
    command.staff.push_back({*person, state});
  }
  auto work = work_on_incident(service, call, std::move(command));
  if (!work) return work;
  work->seal = seal_into(service, (*incident)->id, body->note,
                         [](IncidentCommand& c) -> Sealed& { return std::get<TakeHeadcount>(c).note; });
  return work;
}

}  // namespace tingan::api
