// A report as the API gives it: the record as far as it goes (report/prefill.h), with what people wrote over it.
#pragma once
#include <map>
#include <set>
#include <string>

#include "api/call.h"
#include "api/incident_log.h"
#include "report/report_document.h"
#include "report/timeline.h"

namespace tingan::api {

// The six contents by their names, and which of them a person wrote; sealed as JSON in drafts and filings.
struct WrittenReport {
  std::map<std::string, std::string> content;
  std::set<std::string> by_hand;
};
std::string to_json(const WrittenReport& written);
// Nothing where the text is not one of ours.
WrittenReport written_report(std::string_view json);

// The incident's events with what was said along with them, as far as it was not erased.
std::vector<report::TimelineEntry> timeline_entries(const Service& service, const std::vector<LoggedRecord>& records);

struct ReportWish {
  std::string kind;           // initial, follow-up, final
  std::optional<int> number;  // which of its kind; absent: the draft where there is one, else the last filed
  std::string language = "zh";
  std::vector<IncidentPtr> related{};  // children and what chains have started, for the gates
};

// Reads the log: on the pool. Errors: those of read_incident, `report.not-found` for a number that there is not.
Expected<report::ReportDocument> make_report(const Service& service, const Call& call, const IncidentState& incident,
                                             const ReportWish& wish);
std::string report_json(const report::ReportDocument& document);

}  // namespace tingan::api
