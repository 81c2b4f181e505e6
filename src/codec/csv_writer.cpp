#include "codec/csv_writer.h"

#include <algorithm>

namespace tingan {
namespace {

void write_cell(std::string& out, const std::string& cell, bool alone) {
  const std::string safe = looks_like_formula(cell) ? "'" + cell : cell;
  // A row of one empty cell would be an empty line, which is a row of none.
  const bool quoted = safe.find_first_of("\",\r\n") != std::string::npos || (alone && safe.empty());
  if (!quoted) {
    out += safe;
    return;
  }
  out += '"';
  for (const char c : safe) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

bool looks_like_formula(std::string_view cell) {
  const auto at = std::min(cell.find_first_not_of('\''), cell.size());
  return at < cell.size() && std::string_view("=+-@\t\r").find(cell[at]) != std::string_view::npos;
}

std::string write_csv(const TextTable& table) {
  std::string out = "\xef\xbb\xbf";
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      write_cell(out, row[i], row.size() == 1);
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace tingan
