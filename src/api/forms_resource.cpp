// Forms: their schemas, filling one in, and reading what was filled in. Nobody sees another's robbery statement
// (S5R.9): a private form is shown to who wrote it, and to the security department for the police file.
#include "api/bodies.h"
#include "api/form_check.h"
#include "api/incident_log.h"
#include "api/json_in.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"

namespace tingan::api {
namespace {

Error no_such_form(const std::string& name) {
  return {"form.not-found",
          {fmt::format("没有表单“{}”", name), fmt::format("Expected a known form, but got '{}'", name)},
          "form"};
}

const std::string* schema_of(const Service& service, const std::string& name) {
  const auto id = FormId::find(name);
  const auto found = id ? service.options.forms.find(*id) : service.options.forms.end();
  return found == service.options.forms.end() ? nullptr : &found->second;
}

bool may_read(const Service& service, const Call& call, const std::string& form, PersonId author) {
  return author == call.who.person || call.who.holds(RoleId("security-dept")) || !is_private_form(service, form);
}

}  // namespace

// A form that we know nothing of counts as private.
bool is_private_form(const Service& service, const std::string& name) {
  const std::string* schema = schema_of(service, name);
  const auto json = schema == nullptr ? tl::unexpected(Error{}) : parse_json(*schema);
  if (!json) return true;
  const JsonValue* flag = json->find("x-private");
  return flag != nullptr && flag->as<bool>() != nullptr && *flag->as<bool>();
}

Expected<net::Response> list_forms(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (const auto& [id, schema] : service.options.forms) {
    out.begin_object();
    out.field("id", id.str());
    out.field("title", service.form_titles.at(id));
    out.field("private", is_private_form(service, id.str()));
    out.end_object();
  }
  out.end_array();
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

Expected<net::Response> get_form_schema(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const std::string* schema = schema_of(service, call.param(0));
  if (schema == nullptr) return tl::unexpected(no_such_form(call.param(0)));
  net::Response response = json_response(200, *schema);
  response.content_type = "application/schema+json";
  return response;
}

Expected<Work> file_form(Service& service, Call& call) {
  const auto incident = incident_for(service, call, call.param(0));
  if (!incident) return tl::unexpected(incident.error());
  const std::string& name = call.param(1);
  const auto form = FormId::find(name);
  const auto& steps = (*incident)->plan->steps;
  const bool of_plan =
      form && std::any_of(steps.begin(), steps.end(), [&](const Step& step) { return step.form == *form; });
  if (!of_plan) return tl::unexpected(no_such_form(name));
  auto body = read_body_of(call, parse_form);
  if (!body) return tl::unexpected(body.error());
  if (const std::string* schema = schema_of(service, name)) {
    const auto rules = parse_json(*schema);
    const auto content = parse_json(body->content);
    if (rules && content) {
      if (auto fits = check_form(*rules, *content, "/content"); !fits) return tl::unexpected(fits.error());
    }
  }
  auto work = work_on_incident(service, call, FileForm{.form = *form, .content = {}});
  if (!work) return work;
  work->status = 201;
  work->seal = seal_into(service, (*incident)->id, body->content,
                         [](IncidentCommand& c) -> Sealed& { return std::get<FileForm>(c).content; });
  return work;
}

Expected<net::Response> get_filed_forms(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const auto incident = incident_for(service, call, call.param(0));
  if (!incident) return tl::unexpected(incident.error());
  const std::string& name = call.param(1);
  const auto& steps = (*incident)->plan->steps;
  if (std::none_of(steps.begin(), steps.end(), [&](const Step& step) { return step.form.str() == name; }) ||
      name.empty()) {
    return tl::unexpected(no_such_form(name));
  }
  const auto records = read_incident(service, call.who, (*incident)->id);
  if (!records) return tl::unexpected(records.error());
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (const LoggedRecord& logged : *records) {
    for (const AnyEvent& any : logged.record.events) {
      const auto* event = std::get_if<IncidentEvent>(&any);
      const auto* filed = event == nullptr ? nullptr : std::get_if<FormFiled>(event);
      if (filed == nullptr || filed->form.str() != name) continue;
      if (!may_read(service, call, name, logged.record.by.person)) continue;
      out.begin_object();
      out.field("form", name);
      out.field("number", filed->number);
      out.time("filed", logged.record.time.at, call.zone());
      write_actor(out, "by", logged.record.by, call.directory(), &call.who);
      const auto content = open_words(service, filed->content);
      if (content) {
        out.raw("content", *content);
      } else {
        out.null("content");  // erased
      }
      out.end_object();
    }
  }
  out.end_array();
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

}  // namespace tingan::api
