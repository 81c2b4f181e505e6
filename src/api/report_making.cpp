#include "api/report_making.h"

#include "api/acceptance_support.h"
#include "api/bodies.h"
#include "api/event_json.h"
#include "api/json_in.h"
#include "api/service.h"
#include "api/visibility.h"
#include "codec/record_json.h"
#include "core/incident/clocks.h"
#include "core/incident/cover.h"
#include "core/incident/gates.h"
#include "report/prefill.h"
#include "report/words.h"

namespace tingan::api {
namespace {

// What the log has of one kind: its filings in order, and the last draft after them.
struct Found {
  std::vector<std::size_t> filings;  // places in the entries
  std::vector<const Sealed*> filed;
  std::optional<std::size_t> draft_at;
  const Sealed* draft = nullptr;
};

template <class Use>
void each_event(const std::vector<LoggedRecord>& records, const Use& use) {
  for (const LoggedRecord& logged : records) {
    for (const AnyEvent& any : logged.record.events) {
      if (const auto* event = std::get_if<IncidentEvent>(&any)) use(logged.record, any, *event);
    }
  }
}

Found find_written(const std::vector<LoggedRecord>& records, const std::string& kind) {
  Found out;
  std::size_t place = 0;
  each_event(records, [&](const Record&, const AnyEvent&, const IncidentEvent& event) {
    if (const auto* draft = std::get_if<ReportDrafted>(&event); draft != nullptr && draft->kind == kind) {
      out.draft_at = place;
      out.draft = &draft->content;
    }
    if (const auto* filed = std::get_if<ReportFiled>(&event); filed != nullptr && filed->kind == kind) {
      out.filings.push_back(place);
      out.filed.push_back(&filed->content);
      out.draft_at.reset();
      out.draft = nullptr;
    }
    ++place;
  });
  return out;
}

// Which filing is meant: its place among the filings, or nothing for the next report.
Expected<std::optional<std::size_t>> filing_of(const Found& found, const ReportWish& wish) {
  const auto count = static_cast<int>(found.filings.size());
  if (!wish.number) {
    if (found.draft != nullptr || count == 0) return std::nullopt;
    return found.filings.size() - 1;
  }
  if (*wish.number < 1 || *wish.number > count + 1) {
    return fail("report.not-found",
                {fmt::format("没有第 {} 号，现有 {} 份", *wish.number, count),
                 fmt::format("Expected one of the {} filed or the next, but got number {}", count, *wish.number)},
                "number");
  }
  if (*wish.number > count) return std::nullopt;
  return static_cast<std::size_t>(*wish.number - 1);
}

void lay_over(const WrittenReport& written, report::ReportDocument& document) {
  for (report::ReportSection& section : document.sections) {
    const auto found = written.content.find(section.id);
    if (found == written.content.end()) continue;
    section.text = found->second;
    section.written = written.by_hand.contains(section.id);
  }
}

// What was taken by hand during the incident, and where the numbers are; nothing where nobody took anything.
void add_acceptance(const Service& service, const Directory& directory, const IncidentState& incident,
                    std::vector<report::ReportAcceptance>& out) {
  const AcceptanceView& view = service.ports.view.acceptance();
  const HallPtr hall = view.hall(incident.unit);
  const Reconciliation found = reconcile(*hall, view.of_unit(incident.unit), incident.id);
  const bool opens = std::any_of(incident.plan->steps.begin(), incident.plan->steps.end(),
                                 [](const Step& step) { return step.opens == "acceptance"; });
  if (found.all.taken == 0 && !(opens && !found.blocks.empty())) return;
  const Unit* unit = directory.unit(incident.unit);
  report::ReportAcceptance one{.hall = unit == nullptr ? Text{incident.unit.str(), incident.unit.str()} : unit->name,
                               .taken = found.all.taken,
                               .callbacks = found.callbacks.taken,
                               .entered = found.all.entered,
                               .rejected = found.all.rejected,
                               .handed_back = found.all.handed_back,
                               .waiting = found.all.waiting,
                               .promises_kept = found.promises_kept};
  for (const BlockTally& block : found.blocks) {
    const std::string missing = missing_text(block.missing);
    if (!missing.empty()) one.missing += (one.missing.empty() ? "" : ", ") + missing;
  }
  for (const OrderPtr& order : found.broken) {
    one.broken.push_back({order_number(order->unit, order->number), order->promise_due});
  }
  out.push_back(std::move(one));
}

report::PrefillInput input_of(const Service& service, const Call& call, const IncidentState& incident,
                              const std::vector<report::TimelineEntry>& entries, const ReportWish& wish) {
  const Directory& directory = call.directory();
  const report::TimelineContext words = words_for(incident, directory, {&call.who, &service.form_titles});
  report::PrefillInput input{
      .state = incident, .organisation = directory.organisation(), .entries = entries, .kind = wish.kind};
  input.language = wish.language;
  input.now = service.now();
  const bool reconciled = !asks_for_reconciliation(*incident.plan) ||
                          service.ports.view.acceptance().reconciled(incident.unit, incident.id);
  for (const GateView& view : gates_of(incident, wish.related, reconciled)) {
    input.gates.emplace_back(view.gate->id, view.met);
  }
  add_acceptance(service, directory, incident, input.acceptance);
  for (const IncidentPtr& one : wish.related) {
    if (one->parent == incident.id) add_acceptance(service, directory, *one, input.acceptance);
  }
  for (std::size_t i = 0; incident.ended_at == kNever && i < incident.escalations.size(); ++i) {
    const Instant due = escalation_due(incident, static_cast<int>(i));
    if (due != kNever) input.next_firings.emplace_back(incident.plan->escalations[i].id, due);
  }
  input.name_of = words.name_of;
  input.fill = words.fill;
  input.form_titles = service.form_titles;
  return input;
}

void write_sections(JsonOut& out, const report::ReportDocument& document) {
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
}

}  // namespace

std::string to_json(const WrittenReport& written) {
  JsonOut out;
  out.begin_object();
  for (const std::string& id : report_contents()) {
    const auto found = written.content.find(id);
    if (found != written.content.end()) out.field(id, found->second);
  }
  out.begin_array("written");
  for (const std::string& id : written.by_hand) out.item(id);
  out.end_array();
  out.end_object();
  return out.take();
}

WrittenReport written_report(std::string_view text) {
  WrittenReport out;
  const auto json = parse_json(text);
  if (!json) return out;
  for (const std::string& id : report_contents()) {
    const JsonValue* section = json->find(id);
    const auto* words = section == nullptr ? nullptr : section->as<std::string>();
    if (words != nullptr) out.content[id] = *words;
  }
  const JsonValue* list = json->find("written");
  const auto* names = list == nullptr ? nullptr : list->as<JsonValue::Array>();
  if (names == nullptr) return out;
  for (const JsonValue& name : *names) {
    if (const auto* id = name.as<std::string>()) out.by_hand.insert(*id);
  }
  return out;
}

std::vector<report::TimelineEntry> timeline_entries(const Service& service, const std::vector<LoggedRecord>& records) {
  std::vector<report::TimelineEntry> entries;
  each_event(records, [&](const Record& record, const AnyEvent& any, const IncidentEvent& event) {
    const Sealed* sealed = sealed_words(any);
    entries.push_back({record.time.at, record.by, event,
                       sealed == nullptr ? std::string() : open_words(service, *sealed).value_or("")});
  });
  return entries;
}

Expected<report::ReportDocument> make_report(const Service& service, const Call& call, const IncidentState& incident,
                                             const ReportWish& wish) {
  const auto records = read_incident(service, call.who, incident.id);
  if (!records) return tl::unexpected(records.error());
  const Found found = find_written(*records, wish.kind);
  const auto filing = filing_of(found, wish);
  if (!filing) return tl::unexpected(filing.error());
  const std::vector<report::TimelineEntry> entries = timeline_entries(service, *records);
  report::PrefillInput input = input_of(service, call, incident, entries, wish);
  const Sealed* words = *filing ? found.filed[**filing] : found.draft;
  if (*filing) input.filing = &entries[found.filings[**filing]];
  report::ReportDocument document = report::prefill(input);
  // The last record that this reader is shown. Not for the hall where a plan may run in silence: under duress the log
  // goes on behind what is shown there, and its numbers would tell.
  const bool hidden = incident.plan->silent.has_value() && is_of_hall(call.directory(), call.who.person, incident.unit);
  if (!records->empty() && !hidden) {
    const auto last = service.ports.log.read(records->back().gseq);
    if (!last) return tl::unexpected(last.error());
    constexpr std::size_t kDigits = 32;
    document.log_head = fmt::format("{}:{}:{}", last->unit.str(), last->seq, to_hex(last->hash).substr(0, kDigits));
  }
  if (words == nullptr) return document;
  lay_over(written_report(open_words(service, *words).value_or("")), document);
  if (!*filing) {
    document.status = "drafted";
    const report::TimelineContext context = words_for(incident, call.directory(), {&call.who, nullptr});
    document.author = report::in(context.who(entries[*found.draft_at].by), wish.language);
  }
  return document;
}

std::string report_json(const report::ReportDocument& document) {
  JsonOut out;
  out.begin_object();
  out.field("incident", to_string(document.incident));
  out.field("kind", document.kind);
  out.field("number", document.number);
  out.field("title", document.kind_title);
  out.field("incident_title", document.incident_title);
  out.field("unit", document.unit.str());
  out.field("unit_name", document.unit_name);
  out.field("drill", document.drill);
  out.field("language", document.language);
  out.field("status", document.status);
  out.time("due", document.due.value_or(kNever), document.zone);
  out.time("filed", document.filed.value_or(kNever), document.zone);
  out.field("late", document.late);
  out.string_or_null("author", document.author);
  write_sections(out, document);
  out.begin_object("plan");
  out.field("id", document.plan.str());
  out.field("version", document.plan_version);
  out.field("hash", document.plan_hash);
  out.end_object();
  out.string_or_null("log_head", document.log_head);
  out.end_object();
  return out.take();
}

}  // namespace tingan::api
