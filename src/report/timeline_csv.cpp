#include "report/timeline_csv.h"

#include <array>

#include "base/encoding.h"
#include "report/words.h"

namespace tingan::report {
namespace {

void add_row(std::string& out, const std::array<std::string, 3>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    out += csv_cell(looks_like_formula(cells[i]) ? "'" + cells[i] : cells[i]);
  }
  out += "\r\n";
}

}  // namespace

std::string timeline_csv(const std::vector<ReportLine>& timeline, Zone zone, const CsvOptions& options) {
  std::string out;
  if (options.bom) out += "\xEF\xBB\xBF";
  const bool english = options.language == "en";
  add_row(out, english ? std::array<std::string, 3>{"time", "who", "what"}
                       : std::array<std::string, 3>{"时间", "何人", "经过"});
  for (const ReportLine& line : timeline) {
    add_row(out, {format_rfc3339(line.at, zone), line.who, in(line.text, options.language)});
  }
  return out;
}

}  // namespace tingan::report
