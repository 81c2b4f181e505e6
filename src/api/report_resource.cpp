#include "api/bodies.h"
#include "api/event_json.h"
#include "api/json_in.h"
#include "api/report_content.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"

namespace tingan::api {
namespace {

Expected<std::string> kind_of(std::string_view kind) {
  if (kind == "initial" || kind == "follow-up" || kind == "final") return std::string(kind);
  return fail("report.unknown-kind",
              {fmt::format("没有“{}”这种报告；可以是 initial、follow-up、final", kind),
               fmt::format("Expected initial, follow-up or final, but got '{}'", kind)},
              "kind");
}

std::string json_of(const std::map<std::string, std::string>& content) {
  JsonOut out;
  out.begin_object();
  for (const std::string& id : report_contents()) {
    const auto found = content.find(id);
    if (found != content.end()) out.field(id, found->second);
  }
  out.end_object();
  return out.take();
}

// The newest words of that kind in the log: a filed report, or the draft that came after it.
struct Written {
  const LoggedRecord* record = nullptr;
  const Sealed* content = nullptr;
  bool filed = false;
};

Written newest_words(const std::vector<LoggedRecord>& records, const std::string& kind) {
  Written out;
  for (const LoggedRecord& logged : records) {
    for (const AnyEvent& any : logged.record.events) {
      const auto* event = std::get_if<IncidentEvent>(&any);
      if (event == nullptr) continue;
      if (const auto* draft = std::get_if<ReportDrafted>(event); draft != nullptr && draft->kind == kind) {
        out = {&logged, &draft->content, false};
      }
      if (const auto* filed = std::get_if<ReportFiled>(event); filed != nullptr && filed->kind == kind) {
        out = {&logged, &filed->content, true};
      }
    }
  }
  return out;
}

void take_written(const Service& service, const Written& written, std::map<std::string, std::string>& content,
                  std::set<std::string>& by_hand) {
  if (written.content == nullptr) return;
  const auto words = open_words(service, *written.content);
  const auto json = words ? parse_json(*words) : tl::unexpected(Error{});
  if (!json) return;
  for (const std::string& id : report_contents()) {
    const JsonValue* section = json->find(id);
    const auto* text = section == nullptr ? nullptr : section->as<std::string>();
    if (text == nullptr) continue;
    content[id] = *text;
    by_hand.insert(id);
  }
}

ReportSource source_of(const Service& service, const Call& call, const IncidentState& incident,
                       const std::vector<LoggedRecord>& records, const std::vector<IncidentPtr>& children) {
  return {incident, call.directory(), records, children, call.lang, service.ports.clock.now()};
}

void add_timeline(report::ReportDocument& document, const Call& call, const IncidentState& incident,
                  const std::vector<LoggedRecord>& records) {
  for (const LoggedRecord& logged : records) {
    const Actor& by = logged.record.by;
    std::string who = pick(role_name(by.role), call.lang);
    if (may_see_name(call.directory(), call.who, by.person)) who += " " + call.directory().person(by.person)->name;
    for (const AnyEvent& any : logged.record.events) {
      const auto* event = std::get_if<IncidentEvent>(&any);
      if (event == nullptr || std::holds_alternative<NoticeProgressed>(*event)) continue;
      document.timeline.push_back({logged.record.time.at, who, describe(*event, incident, call.directory())});
    }
  }
}

Expected<report::ReportDocument> make_document(const Service& service, const Call& call, const IncidentPtr& incident,
                                               const std::string& kind) {
  const auto records = read_incident(service, incident->id);
  if (!records) return tl::unexpected(records.error());
  const IncidentPicture picture = picture_of(service, *incident, call.directory(), &call.who);
  auto content = prefilled_contents(source_of(service, call, *incident, *records, picture.children));
  std::set<std::string> by_hand;
  const Written written = newest_words(*records, kind);
  take_written(service, written, content, by_hand);

  report::ReportDocument document;
  document.incident = incident->id;
  document.kind = kind;
  document.kind_title = report_kind_title(kind);
  document.incident_title = incident->plan->title;
  document.unit = incident->unit;
  if (const Unit* unit = call.directory().unit(incident->unit)) document.unit_name = unit->name;
  document.drill = incident->drill;
  document.language = call.lang == Lang::zh ? "zh" : "en";
  document.status = written.record == nullptr ? "prefilled" : written.filed ? "filed" : "drafted";
  if (written.record != nullptr) document.author = written.record->record.by.person.str();
  for (const ReportState& state : incident->reports) {
    if (state.kind != kind) continue;
    if (state.due != kNever) document.due = state.due;
    if (state.filed != kNever) document.filed = state.filed;
    document.late = state.filed_late || state.missed;
  }
  for (const std::string& id : report_contents()) {
    document.sections.push_back({id, report_section_title(id), content[id], by_hand.contains(id)});
  }
  add_timeline(document, call, *incident, *records);
  document.plan = incident->plan_id;
  document.plan_version = incident->plan_version;
  document.plan_hash = incident->plan->hash;
  document.made = service.ports.clock.now();
  document.zone = call.zone();
  return document;
}

std::string document_json(const report::ReportDocument& document) {
  JsonOut out;
  out.begin_object();
  out.field("incident", to_string(document.incident));
  out.field("kind", document.kind);
  out.field("title", document.kind_title);
  out.field("incident_title", document.incident_title);
  out.field("unit", document.unit.str());
  out.field("unit_name", document.unit_name);
  out.field("drill", document.drill);
  out.field("status", document.status);
  out.time("due", document.due.value_or(kNever), document.zone);
  out.time("filed", document.filed.value_or(kNever), document.zone);
  out.field("late", document.late);
  out.string_or_null("author", document.author);
  out.begin_object("content");
  for (const report::ReportSection& section : document.sections) out.field(section.id, section.text);
  out.end_object();
  out.begin_array("sections");
  for (const report::ReportSection& section : document.sections) {
    out.begin_object();
    out.field("id", section.id);
    out.field("title", section.title);
    out.field("text", section.text);
    out.field("written", section.written);
    out.end_object();
  }
  out.end_array();
  out.begin_object("plan");
  out.field("id", document.plan.str());
  out.field("version", document.plan_version);
  out.field("hash", document.plan_hash);
  out.end_object();
  out.end_object();
  return out.take();
}

enum class Format { json, html, pdf, none };

// The first of the three that the client names; JSON where it does not care.
Format format_of(std::string_view accept) {
  struct Name {
    std::string_view type;
    Format format;
  };
  static constexpr Name kNames[] = {{"application/json", Format::json}, {"application/pdf", Format::pdf},
                                    {"text/html", Format::html},        {"application/*", Format::json},
                                    {"text/*", Format::html},           {"*/*", Format::json}};
  if (accept.empty()) return Format::json;
  while (!accept.empty()) {
    const auto comma = std::min(accept.find(','), accept.size());
    std::string_view range = accept.substr(0, comma);
    accept.remove_prefix(std::min(comma + 1, accept.size()));
    while (range.starts_with(' ')) range.remove_prefix(1);
    range = range.substr(0, range.find_first_of("; "));
    for (const Name& name : kNames) {
      if (net::equals_ignoring_case(range, name.type)) return name.format;
    }
  }
  return Format::none;
}

Expected<net::Response> render(const Service& service, const report::ReportDocument& document, Format format) {
  if (format == Format::json) return json_response(200, document_json(document));
  const auto& renderer = format == Format::pdf ? service.options.render_pdf : service.options.render_html;
  if (format == Format::none || !renderer) {
    return fail("report.not-acceptable",
                {"报告只有 JSON、HTML 和 PDF，本节点可能没有装排版",
                 "Expected a format that this node can make: application/json"},
                "Accept");
  }
  auto made = renderer(document);
  if (!made) return tl::unexpected(made.error());
  net::Response response;
  response.content_type = format == Format::pdf ? "application/pdf" : "text/html; charset=utf-8";
  response.body = std::move(*made);
  if (format == Format::pdf) {
    response.headers.emplace_back("Content-Disposition", fmt::format("inline; filename=\"report-{}-{}.pdf\"",
                                                                     document.kind, to_string(document.incident)));
  }
  return response;
}

// The kind from the query or the body.
Expected<std::pair<IncidentPtr, ReportBody>> read_report(Service& service, Call& call) {
  auto incident = incident_for(service, call, call.param(0));
  if (!incident) return tl::unexpected(incident.error());
  auto body = read_body_of(call, parse_report);
  if (!body) return tl::unexpected(body.error());
  if (body->kind.empty()) body->kind = std::string(call.request.query_value("kind").value_or(""));
  auto kind = kind_of(body->kind);
  if (!kind) return tl::unexpected(kind.error());
  return std::pair{std::move(*incident), std::move(*body)};
}

// Runs on the pool: what the person left out is taken from the draft or the record.
std::function<Expected<void>(Work&)> seal_report(Service& service, const Call& call, const IncidentPtr& incident,
                                                 const ReportBody& body,
                                                 std::function<Sealed&(IncidentCommand&)> slot) {
  // The call outlives the sealing, but not its own move: what is needed is copied.
  auto copy = std::make_shared<Call>();
  copy->registry = call.registry;
  copy->who = call.who;
  copy->lang = call.lang;
  return [&service, copy, incident, body, slot = std::move(slot)](Work& work) -> Expected<void> {
    auto document = make_document(service, *copy, incident, body.kind);
    if (!document) return tl::unexpected(document.error());
    std::map<std::string, std::string> content;
    for (const report::ReportSection& section : document->sections) content[section.id] = section.text;
    for (const auto& [id, text] : body.content) content[id] = text;
    auto sealed = service.ports.sealer.seal("incident:" + to_string(incident->id), json_of(content));
    if (!sealed) return tl::unexpected(sealed.error());
    slot(std::get<IncidentCommand>(work.command)) = std::move(*sealed);
    return {};
  };
}

}  // namespace

Expected<net::Response> get_report(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"kind"}); !known) return tl::unexpected(known.error());
  const auto incident = incident_for(service, call, call.param(0));
  if (!incident) return tl::unexpected(incident.error());
  const auto kind = kind_of(call.request.query_value("kind").value_or("initial"));
  if (!kind) return tl::unexpected(kind.error());
  const auto document = make_document(service, call, *incident, *kind);
  if (!document) return tl::unexpected(document.error());
  return render(service, *document, format_of(call.request.headers.get("Accept")));
}

Expected<Work> draft_report(Service& service, Call& call) {
  const auto read = read_report(service, call);
  if (!read) return tl::unexpected(read.error());
  const auto& [incident, body] = *read;
  auto work = work_on_incident(service, call, DraftReport{.kind = body.kind, .content = {}});
  if (!work) return work;
  work->seal = seal_report(service, call, incident, body,
                           [](IncidentCommand& c) -> Sealed& { return std::get<DraftReport>(c).content; });
  return work;
}

Expected<Work> file_report(Service& service, Call& call) {
  const auto read = read_report(service, call);
  if (!read) return tl::unexpected(read.error());
  const auto& [incident, body] = *read;
  auto work = work_on_incident(service, call, FileReport{.kind = body.kind, .content = {}});
  if (!work) return work;
  work->seal = seal_report(service, call, incident, body,
                           [](IncidentCommand& c) -> Sealed& { return std::get<FileReport>(c).content; });
  return work;
}

}  // namespace tingan::api
