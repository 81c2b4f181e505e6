// CSV (RFC 4180) -> TextTable.
#pragma once
#include <string_view>

#include "codec/text_table.h"

namespace tingan {

// UTF-8, with or without a byte order mark; UTF-16 with one; what is no UTF-8 is taken for GB18030, which Excel in
// China writes. Lines end with CRLF, LF or CR; an empty line is a row without cells. An apostrophe that keeps a cell
// from being a formula is taken away (csv_writer.h). Errors `table.encoding`, `table.quote`, `table.too-large`,
// `table.binary`, with row and column in `where`.
Expected<TextTable> read_csv(std::string_view bytes);

}  // namespace tingan
