// The six contents that a report must have (X6), taken from the record as far as it knows them.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "api/incident_log.h"
#include "report/report_document.h"

namespace tingan::api {

struct ReportSource {
  const IncidentState& incident;
  const Directory& directory;
  const std::vector<LoggedRecord>& records;
  const std::vector<IncidentPtr>& children;
  Lang lang = Lang::zh;
  Instant now{};
};

Text report_kind_title(std::string_view kind);
Text report_section_title(const std::string& id);
// By the ids of report_contents().
std::map<std::string, std::string> prefilled_contents(const ReportSource& source);

}  // namespace tingan::api
