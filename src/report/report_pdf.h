// A report on paper: A4, page x of y, plan, version and hash on every foot, 演练 across every page of a drill.
#pragma once
#include <string>

#include "base/error.h"
#include "report/report_document.h"

namespace tingan::report {

// The same document gives the same bytes. Errors: `report.font-missing`, `report.pdf-failed`.
Expected<std::string> report_pdf(const ReportDocument& document);

}  // namespace tingan::report
