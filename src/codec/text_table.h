// A table of texts, as it comes from and goes into CSV and XLSX files. The first row is the head.
#pragma once
#include <string>
#include <vector>

#include "base/error.h"

namespace tingan {

struct TextTable {
  std::vector<std::vector<std::string>> rows;  // UTF-8; rows may differ in length
  friend bool operator==(const TextTable&, const TextTable&) = default;
};

// What a table from outside may be at most. Errors `table.too-large`, with the place.
constexpr std::size_t kTableRowsMax = 5000;
constexpr std::size_t kTableColumnsMax = 100;
constexpr std::size_t kCellBytesMax = 8 * 1024;
constexpr std::size_t kTableBytesMax = 4 * 1024 * 1024;  // of the file

}  // namespace tingan
