// TextTable -> XLSX (ECMA-376): one sheet, every cell a text, never a formula or a number that a program would round.
#pragma once
#include <map>
#include <string>

#include "base/time.h"
#include "codec/text_table.h"

namespace tingan {

struct XlsxSheet {
  std::string title;  // of the sheet; what a sheet's name cannot hold is replaced
  TextTable table;
  std::map<std::size_t, std::vector<std::string>> choices;  // by column: what its cells may be
  std::size_t blank_rows = 0;                               // formatted as text below the table, to be filled in
  Instant made{};
};

// Goes through a file of its own in the temporary folder. Blocks. Errors `table.write-failed`, `table.too-large`.
Expected<std::string> write_xlsx(const XlsxSheet& sheet);

}  // namespace tingan
