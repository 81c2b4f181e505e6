// A timeline as a table for spreadsheets: RFC 4180, commas and CRLF, UTF-8.
#pragma once
#include <string>
#include <vector>

#include "report/report_document.h"

namespace tingan::report {

struct CsvOptions {
  bool bom = false;  // Excel reads UTF-8 as such only with it
  std::string language = "zh";
};

// Cells that a spreadsheet would take for a formula begin with an apostrophe, so that nothing that a person wrote runs.
std::string timeline_csv(const std::vector<ReportLine>& timeline, Zone zone, const CsvOptions& options = {});

}  // namespace tingan::report
