// A report as one file of HTML, for reading and for printing on A4 from a browser. No scripts, no links, no style
// attributes: it carries a policy that allows its one style block and nothing else.
#pragma once
#include <string>
#include <string_view>

#include "report/report_document.h"

namespace tingan::report {

std::string report_html(const ReportDocument& document);

// What a server's own Content-Security-Policy has to allow under style-src: 'sha256-...' of the style block, which is
// the same for every report.
std::string_view report_style_source();
// The text of that block, as it stands between <style> and </style>.
std::string_view report_style();

}  // namespace tingan::report
