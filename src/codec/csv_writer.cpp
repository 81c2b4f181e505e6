#include "codec/csv_writer.h"

#include "base/encoding.h"

namespace tingan {
namespace {

std::string cell_of(const std::string& cell, bool alone) {
  // A row of one empty cell would be an empty line, which is a row of none.
  if (alone && cell.empty()) return "\"\"";
  return csv_cell(looks_like_formula(cell) ? "'" + cell : cell);
}

}  // namespace

std::string write_csv(const TextTable& table) {
  std::string out = "\xef\xbb\xbf";
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      out += cell_of(row[i], row.size() == 1);
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace tingan
