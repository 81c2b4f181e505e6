#include "channels/support/csv_text.h"

#include "base/encoding.h"

namespace tingan::channels {

std::string csv_line(const CsvRow& row) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) line += ',';
    line += csv_cell(row[i]);
  }
  return line + "\r\n";
}

std::optional<std::vector<CsvRow>> parse_csv(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::vector<CsvRow> rows;
  CsvRow row;
  std::string cell;
  enum class At { start, plain, quoted, closed } at = At::start;
  const auto end_cell = [&] {
    row.push_back(std::move(cell));
    cell.clear();
    at = At::start;
  };
  const auto end_row = [&] {
    end_cell();
    if (row.size() > 1 || !row.front().empty()) rows.push_back(std::move(row));
    row.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (at == At::quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += text[++i];
      } else {
        at = At::closed;
      }
    } else if (c == ',') {
      end_cell();
    } else if (c == '\n') {
      end_row();
    } else if (c == '\r' && (i + 1 == text.size() || text[i + 1] == '\n')) {
      // part of the line's end
    } else if (c == '"' && at == At::start) {
      at = At::quoted;
    } else if (at == At::closed) {
      return std::nullopt;
    } else {
      cell += c;
      at = At::plain;
    }
  }
  if (at == At::quoted) return std::nullopt;
  if (!cell.empty() || !row.empty() || at == At::closed) end_row();
  return rows;
}

std::optional<std::string> to_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  return convert_to_utf8(text, "GB18030");
}

}  // namespace tingan::channels
