// The six-content reports (X6): read as JSON, as a page or on paper; drafted and filed. What was filed stays as it was
// filed, lateness and all (X5).
#include <charconv>

#include "api/accept.h"
#include "api/bodies.h"
#include "api/report_making.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "report/report_html.h"

namespace tingan::api {
namespace {

Expected<std::string> kind_of(std::string_view kind) {
  if (kind == "initial" || kind == "follow-up" || kind == "final") return std::string(kind);
  return fail("report.unknown-kind",
              {fmt::format("没有“{}”这种报告；可以是 initial、follow-up、final", kind),
               fmt::format("Expected initial, follow-up or final, but got '{}'", kind)},
              "kind");
}

Expected<std::optional<int>> number_of(const net::Request& request) {
  const auto text = request.query_value("number");
  if (!text) return std::nullopt;
  int number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size()) {
    return fail("query.unknown-value",
                {"number 应为报告的序号", "Expected the number of a report, but it is no whole number"}, "number");
  }
  return number;
}

const char* language_code(Lang lang) { return lang == Lang::zh ? "zh" : "en"; }

Expected<net::Response> render(const Service& service, const report::ReportDocument& document, ReadForm form) {
  if (form == ReadForm::json) return json_response(200, report_json(document));
  const auto& make = form == ReadForm::pdf ? service.options.render_pdf : service.options.render_html;
  if (!make) return tl::unexpected(not_acceptable("application/json, text/html, application/pdf"));
  auto made = make(document);
  if (!made) return tl::unexpected(made.error());
  net::Response response;
  response.content_type = form == ReadForm::pdf ? "application/pdf" : "text/html; charset=utf-8";
  response.body = std::move(*made);
  if (form == ReadForm::pdf) {
    response.headers.emplace_back(
        "Content-Disposition", fmt::format("inline; filename=\"report-{}-{}-{}.pdf\"", document.kind, document.number,
                                           to_string(document.incident)));
  } else {
    // The page's own style block and nothing else.
    response.headers.emplace_back("Content-Security-Policy",
                                  fmt::format("default-src 'none'; style-src {}; base-uri 'none'; form-action 'none'; "
                                              "frame-ancestors 'self'",
                                              report::report_style_source()));
  }
  return response;
}

// The kind from the query or the body.
Expected<std::pair<IncidentPtr, ReportBody>> read_report(Service& service, Call& call) {
  auto incident = incident_for(service, call, call.param(0));
  if (!incident) return tl::unexpected(incident.error());
  if (auto known = check_query(call.request, {"kind"}); !known) return tl::unexpected(known.error());
  auto body = read_body_of(call, parse_report);
  if (!body) return tl::unexpected(body.error());
  if (body->kind.empty()) body->kind = std::string(call.request.query_value("kind").value_or(""));
  auto kind = kind_of(body->kind);
  if (!kind) return tl::unexpected(kind.error());
  return std::pair{std::move(*incident), std::move(*body)};
}

// What goes into the envelope. A draft keeps what people wrote, so that the rest follows the record; a filing keeps all
// six as they stand now.
Expected<std::string> words_of(const Service& service, const Call& call, const IncidentState& incident,
                               const ReportBody& body, bool filing) {
  ReportWish wish{.kind = body.kind, .number = std::nullopt, .language = language_code(call.lang)};
  wish.related = picture_of(service, incident, call.directory(), call.who, true).related;
  for (const ReportState& state : incident.reports) {
    if (state.kind == body.kind) wish.number = state.filed_count + 1;
  }
  const auto document = make_report(service, call, incident, wish);
  if (!document) return tl::unexpected(document.error());
  WrittenReport written;
  for (const report::ReportSection& section : document->sections) {
    const auto said = body.content.find(section.id);
    const bool by_hand = said != body.content.end() || section.written;
    if (by_hand) written.by_hand.insert(section.id);
    if (by_hand || filing) written.content[section.id] = said != body.content.end() ? said->second : section.text;
  }
  return to_json(written);
}

// Runs on the pool, when the call may have been moved on: what is needed of it is copied.
std::function<Expected<void>(Work&)> seal_report(Service& service, const Call& call, const IncidentPtr& incident,
                                                 const ReportBody& body, bool filing,
                                                 std::function<Sealed&(IncidentCommand&)> slot) {
  auto copy = std::make_shared<Call>();
  copy->registry = call.registry;
  copy->who = call.who;
  copy->lang = call.lang;
  return [&service, copy, incident, body, filing, slot = std::move(slot)](Work& work) -> Expected<void> {
    const auto words = words_of(service, *copy, *incident, body, filing);
    if (!words) return tl::unexpected(words.error());
    auto sealed = service.ports.sealer.seal("incident:" + to_string(incident->id), *words);
    if (!sealed) return tl::unexpected(sealed.error());
    slot(std::get<IncidentCommand>(work.command)) = std::move(*sealed);
    return {};
  };
}

}  // namespace

Error not_acceptable(const char* offered) {
  return {"report.not-acceptable",
          {fmt::format("不能以要求的格式给出；可以是 {}", offered),
           fmt::format("Expected one of {}, but the Accept header names none of them", offered)},
          "Accept"};
}

Expected<net::Response> get_report(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"kind", "number", "format", "lang"}); !known) {
    return tl::unexpected(known.error());
  }
  const auto incident = incident_for(service, call, call.param(0));
  if (!incident) return tl::unexpected(incident.error());
  const auto kind = kind_of(call.request.query_value("kind").value_or("initial"));
  if (!kind) return tl::unexpected(kind.error());
  const auto number = number_of(call.request);
  if (!number) return tl::unexpected(number.error());
  const auto form = read_form_of(call, {ReadForm::json, ReadForm::html, ReadForm::pdf});
  if (!form) return tl::unexpected(form.error());
  ReportWish wish{.kind = *kind, .number = *number, .language = language_code(call.lang)};
  wish.related = picture_of(service, **incident, call.directory(), call.who, true).related;
  const auto document = make_report(service, call, **incident, wish);
  if (!document) return tl::unexpected(document.error());
  return render(service, *document, *form);
}

Expected<Work> draft_report(Service& service, Call& call) {
  const auto read = read_report(service, call);
  if (!read) return tl::unexpected(read.error());
  const auto& [incident, body] = *read;
  auto work = work_on_incident(service, call, DraftReport{.kind = body.kind, .content = {}});
  if (!work) return work;
  work->seal = seal_report(service, call, incident, body, false,
                           [](IncidentCommand& c) -> Sealed& { return std::get<DraftReport>(c).content; });
  return work;
}

Expected<Work> file_report(Service& service, Call& call) {
  const auto read = read_report(service, call);
  if (!read) return tl::unexpected(read.error());
  const auto& [incident, body] = *read;
  auto work = work_on_incident(service, call, FileReport{.kind = body.kind, .content = {}});
  if (!work) return work;
  work->seal = seal_report(service, call, incident, body, true,
                           [](IncidentCommand& c) -> Sealed& { return std::get<FileReport>(c).content; });
  return work;
}

}  // namespace tingan::api
