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

// The text without what nobody sees and what turns a line around: controls beyond ASCII, embeddings, overrides and
// isolates of direction, zero-width and other format characters (Unicode Cf). Joiners stay where letters or pictures
// are written with them, variation selectors always. `text` is valid UTF-8.
std::string without_hidden(std::string_view text);
bool has_hidden(std::string_view text);

// A spreadsheet would take the cell for a formula: behind apostrophes, blanks and line breaks stands a tab, or one of
// = + - @ in their plain, full-width, small or mathematical forms.
bool looks_like_formula(std::string_view cell);

// One cell of RFC 4180: in quotes where it needs them, also for those who part cells by semicolons or tabs.
std::string csv_cell(std::string_view text);
// & < > " ' as entities of HTML and XML, for text and for attributes in quotes.
std::string escape_markup(std::string_view text);

}  // namespace tingan
