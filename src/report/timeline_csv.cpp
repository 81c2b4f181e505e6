#include "report/timeline_csv.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/encoding.h"
#include "report/words.h"

namespace tingan::report {
namespace {

// The full-width forms are taken for formulas by some spreadsheets as well.
bool looks_like_formula(std::string_view cell) {
  constexpr std::array<std::string_view, 10> kStarts = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
  return std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view start) { return cell.starts_with(start); });
}

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
