#include <charconv>

#include "api/event_json.h"
#include "api/incident_log.h"
#include "api/report_making.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "codec/record_json.h"
#include "core/incident/cover.h"
#include "report/timeline_csv.h"

namespace tingan::api {
namespace {

constexpr std::size_t kTimelineLimit = 5000;

Expected<std::size_t> position_of(const net::Request& request) {
  const auto cursor = request.query_value("cursor");
  if (!cursor) return std::size_t{0};
  std::size_t position = 0;
  const auto [end, error] = std::from_chars(cursor->data(), cursor->data() + cursor->size(), position);
  if (error != std::errc{} || end != cursor->data() + cursor->size()) {
    return fail("query.malformed-cursor", {"cursor 应当是上一页给出的 next", "Expected the `next` of the page before"},
                "cursor");
  }
  return position;
}

struct Page {
  const Service& service;
  const Call& call;
  const IncidentState& incident;

  void write(JsonOut& out, const LoggedRecord& logged, std::size_t index) const {
    const Record& record = logged.record;
    const AnyEvent& event = record.events[index];
    out.begin_object();
    out.field("id", fmt::format("{}.{}", logged.gseq, index));
    out.time("at", record.time.at, call.zone());
    write_actor(out, "by", record.by, call.directory(), &call.who);
    out.field("unit", record.unit.str());
    write_event(out, event, record, &incident, call.directory(), {&call.who, &service.form_titles});
    if (const Sealed* sealed = sealed_words(event)) {
      const auto words = open_words(service, *sealed);
      if (words) {
        out.field("note", *words);
      } else {
        out.null("note");  // erased
      }
    }
    out.end_object();
  }
};

// The whole timeline for a spreadsheet: those events that people care about, with what they said.
net::Response csv_answer(const Service& service, const Call& call, const IncidentState& incident,
                         const std::vector<LoggedRecord>& records) {
  const std::string language = call.lang == Lang::zh ? "zh" : "en";
  const report::TimelineContext words = words_for(incident, call.directory(), {&call.who, &service.form_titles});
  net::Response response;
  response.content_type = "text/csv; charset=utf-8; header=present";
  response.body = report::timeline_csv(report::timeline_of(words, timeline_entries(service, records), language),
                                       call.zone(), {.bom = true, .language = language});
  response.headers.emplace_back("Content-Disposition",
                                fmt::format("attachment; filename=\"timeline-{}.csv\"", to_string(incident.id)));
  return response;
}

}  // namespace

Expected<std::vector<LoggedRecord>> read_incident(const Service& service, const Who& who, IncidentId id) {
  constexpr std::size_t kMost = 100'000;
  std::vector<LoggedRecord> records;
  std::uint64_t gseq = service.ports.view.last_gseq_of(id);
  while (gseq != 0) {
    if (records.size() == kMost) {
      return fail("incident.too-long",
                  {"事件记录太长，请用导出查看", "Expected fewer records: read the export instead"});
    }
    auto stored = service.ports.log.read(gseq);
    if (!stored) return tl::unexpected(stored.error());
    auto record = decode_record(stored->bytes);
    if (!record) return tl::unexpected(record.error());
    records.push_back({gseq, std::move(*record)});
    gseq = stored->prev_of_incident;
  }
  std::reverse(records.begin(), records.end());
  const IncidentPtr incident = service.ports.view.find(id);
  const RegistryPtr registry = service.ports.view.registry();
  const Directory& directory = registry->directory();
  const bool in_cover = incident != nullptr && sees_cover(directory, who, *incident);
  bool covered = false;
  std::vector<LoggedRecord> shown;
  shown.reserve(records.size());
  for (LoggedRecord& logged : records) {
    std::optional<Record> record = std::move(logged.record);
    if (in_cover) record = record_in_cover(*record, covered);
    if (record && names_another(*record)) record = without_unnamed(*record, service.ports.view, directory, who);
    if (record) shown.push_back({logged.gseq, std::move(*record)});
  }
  return shown;
}

std::optional<std::string> open_words(const Service& service, const Sealed& sealed) {
  auto opened = service.ports.sealer.open(sealed);
  return opened ? std::move(*opened) : std::nullopt;
}

Expected<net::Response> get_timeline(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"limit", "cursor", "format", "lang"}); !known) {
    return tl::unexpected(known.error());
  }
  const auto incident = incident_for(service, call, call.param(0));
  if (!incident) return tl::unexpected(incident.error());
  const auto limit = limit_of(call.request, kTimelineLimit);
  if (!limit) return tl::unexpected(limit.error());
  const auto from = position_of(call.request);
  if (!from) return tl::unexpected(from.error());
  const auto form = read_form_of(call, {ReadForm::json, ReadForm::csv});
  if (!form) return tl::unexpected(form.error());
  const auto records = read_incident(service, call.who, (*incident)->id);
  if (!records) return tl::unexpected(records.error());
  if (*form == ReadForm::csv) return csv_answer(service, call, **incident, *records);

  const Page page{service, call, **incident};
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  std::size_t position = 0;
  for (const LoggedRecord& logged : *records) {
    for (std::size_t i = 0; i < logged.record.events.size(); ++i, ++position) {
      if (position >= *from && position < *from + *limit) page.write(out, logged, i);
    }
  }
  out.end_array();
  const std::size_t end = *from + *limit;
  out.string_or_null("next", end < position ? std::to_string(end) : "");
  out.end_object();
  return json_response(200, out.take());
}

}  // namespace tingan::api
