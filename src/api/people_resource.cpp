// Who works here: added, changed and taken out by administrators; a forgotten password is replaced by one for the first
// sign-in.
#include "api/bodies.h"
#include "api/credentials.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "codec/organisation_edit.h"

namespace tingan::api {
namespace {

std::string mask_mail(const std::string& mail) {
  const auto at = mail.find('@');
  if (at == std::string::npos || at == 0) return mail.empty() ? "" : "***";
  return mail.substr(0, 1) + "***" + mail.substr(at);
}

void write_row(JsonOut& out, const Registry& registry, const Person& person) {
  out.begin_object();
  out.field("id", person.id.str());
  out.field("name", person.name);
  out.field("unit", person.unit.str());
  out.ids("roles", person.roles);
  out.string_or_null("phone", person.phone.empty() ? "" : mask_phone(person.phone));
  out.string_or_null("email", mask_mail(person.email));
  const Credential* credential = registry.credential(person.id);
  out.field("password", credential == nullptr ? "none" : credential->must_change ? "must_change" : "set");
  out.end_object();
}

Expected<const Person*> person_in_path(const Call& call) {
  const auto id = PersonId::find(call.param(0));
  const Person* person = id ? call.directory().person(*id) : nullptr;
  if (person != nullptr) return person;
  return fail(
      "person.not-found",
      {fmt::format("没有人员“{}”", call.param(0)), fmt::format("Expected a known person, but got '{}'", call.param(0))},
      "id");
}

// Letters, digits and a little between them: an id is also a log-in name.
bool is_good_id(const std::string& id) {
  return !id.empty() && id.size() <= 100 &&
         std::all_of(id.begin(), id.end(),
                     [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '@' || c == '.' ||
                              c == '_';
                     }) &&
         id.front() != '-' && id.front() != '@' && id.front() != '.';
}

Expected<Person> person_from(const Call& call, const PersonBody& body) {
  const std::string& id = call.param(0);
  const auto known = PersonId::find(id);
  const Person* before = known ? call.directory().person(*known) : nullptr;
  if (before == nullptr && !is_good_id(id)) {
    return fail("person.malformed-id",
                {"人员编号用小写字母、数字和 - @ . _，例如 clerk-3@hall-a",
                 "Expected an id of lower-case letters, digits and - @ . _ such as clerk-3@hall-a"},
                "id");
  }
  const auto unit = unit_of(call.directory(), body.unit, "unit.unknown", "/unit");
  if (!unit) return tl::unexpected(unit.error());
  Person person{.id = PersonId(id), .name = body.name, .unit = *unit};
  for (const std::string& name : body.roles) {
    const auto role = RoleId::find(name);
    if (!role) {
      return fail("role.unknown",
                  {fmt::format("没有岗位“{}”", name), fmt::format("Expected a known role, but got '{}'", name)},
                  "/roles");
    }
    person.roles.push_back(*role);
  }
  person.phone = body.phone.value_or(before == nullptr ? "" : before->phone);
  person.email = body.email.value_or(before == nullptr ? "" : before->email);
  return person;
}

}  // namespace

Expected<net::Response> list_people(Service&, Call& call) {
  if (auto known = check_query(call.request, {"unit"}); !known) return tl::unexpected(known.error());
  if (!may_administer(call.who)) return tl::unexpected(only_administrators());
  std::optional<UnitId> unit;
  if (const auto name = call.request.query_value("unit")) {
    const auto known = unit_of(call.directory(), *name, "query.unknown-value", "unit");
    if (!known) return tl::unexpected(known.error());
    unit = *known;
  }
  JsonOut out;
  out.begin_object();
  out.field("version", call.directory().organisation().version);
  out.begin_array("items");
  for (const Person& person : call.directory().organisation().people) {
    if (!unit || person.unit == *unit) write_row(out, *call.registry, person);
  }
  out.end_array();
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

void put_person(Service& service, const CallPtr& call) {
  if (!may_administer(call->who)) return service.refuse(*call, only_administrators());
  const auto body = read_body_of(*call, parse_person);
  if (!body) return service.refuse(*call, body.error());
  auto person = person_from(*call, *body);
  if (!person) return service.refuse(*call, person.error());
  publish_edited(service, call, 0,
                 [person = std::move(*person)](const std::string& yaml) { return tingan::put_person(yaml, person); });
}

void remove_person(Service& service, const CallPtr& call) {
  if (!may_administer(call->who)) return service.refuse(*call, only_administrators());
  const auto person = person_in_path(*call);
  if (!person) return service.refuse(*call, person.error());
  publish_edited(service, call, 0,
                 [id = (*person)->id](const std::string& yaml) { return tingan::remove_person(yaml, id); });
}

// Shown once, to the administrator who asked; whoever was signed in under the old one is not any more.
void reset_password(Service& service, const CallPtr& call) {
  if (!may_administer(call->who)) return service.refuse(*call, only_administrators());
  const auto person = person_in_path(*call);
  if (!person) return service.refuse(*call, person.error());
  if (auto body = read_body_of(*call, parse_nothing); !body) return service.refuse(*call, body.error());
  service.on_hashing(call, [&service, call, id = (*person)->id] {
    const std::string password = make_initial_password(service.ports.random);
    auto command = make_password(id, password, true, service.ports.sealer);
    if (!command) return service.refuse(*call, command.error());
    // No idempotency key here: an answer with a password must not be kept.
    Submission submission{
        .person = call->who.person, .unit = call->who.unit, .command = UnitCommand(std::move(*command))};
    submission.done = [&service, call, id, password](const Outcome& outcome) {
      if (outcome.refused) return service.refuse(*call, *outcome.refused);
      service.end_sessions([&](const Session& one) { return one.person == id; }, "password");
      JsonOut out;
      out.begin_object();
      out.field("person", id.str());
      out.field("password", password);
      out.field("must_change", true);
      out.end_object();
      service.finish(*call, json_response(200, out.take()));
    };
    service.metrics.command();
    service.ports.submit(std::move(submission));
  });
}

}  // namespace tingan::api
