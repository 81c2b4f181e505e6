// TextTable -> CSV (RFC 4180), in UTF-8 with a byte order mark, so that Excel shows Chinese.
#pragma once
#include <string>

#include "codec/text_table.h"

namespace tingan {

// A cell that a spreadsheet would take for a formula (looks_like_formula) gets an apostrophe in front; read_csv takes
// it away again.
std::string write_csv(const TextTable& table);

}  // namespace tingan
