// Texts in the encodings that others write, and the escapes of the formats that they read.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace tingan {

// Well-formed: no overlong form, no surrogate, nothing beyond Unicode.
bool is_utf8(std::string_view bytes);
// UTF-8 from an encoding that iconv knows: "GB18030", "UTF-16LE". nullopt: `bytes` are none of it.
std::optional<std::string> convert_to_utf8(std::string_view bytes, const char* encoding);

// One cell of RFC 4180: in quotes where it needs them.
std::string csv_cell(std::string_view text);
// & < > " ' as entities of HTML and XML, for text and for attributes in quotes.
std::string escape_markup(std::string_view text);

}  // namespace tingan
