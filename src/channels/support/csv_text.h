// CSV as RFC 4180 has it. Pure functions.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tingan::channels {

using CsvRow = std::vector<std::string>;

// With CRLF at the end; quotes where they are needed.
std::string csv_line(const CsvRow& row);
// LF or CRLF; a byte order mark is skipped; a last line without an end is a line. nullopt: a quote is left open or
// something stands behind a closed one.
std::optional<std::vector<CsvRow>> parse_csv(std::string_view text);
// Text that is no UTF-8 is read as GB 18030, as spreadsheets in China write it. nullopt: neither.
std::optional<std::string> to_utf8(std::string_view text);

}  // namespace tingan::channels
