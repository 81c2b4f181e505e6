// XLSX (ECMA-376) -> TextTable: the first sheet, what its cells show.
#pragma once
#include <string_view>

#include "codec/text_table.h"

namespace tingan {

// Texts as they stand; whole numbers without exponent; dates as 2026-11-24 or 2026-11-24 10:05; of formulas the value
// that was saved. Rows and cells that are left out in the file are empty here. Defended: the archive's parts are read
// up to fixed sizes whatever they claim (zip bombs), document types and their entities are refused, cells are counted.
// Errors `table.not-xlsx`, `table.xml`, `table.too-large`, with the part or the cell in `where`.
Expected<TextTable> read_xlsx(std::string_view bytes);

}  // namespace tingan
