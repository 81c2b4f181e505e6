// Phone numbers as people write them: with +86, 0086, hyphens, blanks of every width, wide digits, brackets, an
// extension, and the signs nobody sees that come along when a number is copied out of an address book. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace tingan {

struct PhoneText {
  bool international = false;  // began with + or 00
  std::string digits;          // 0-9, without these
  std::string extension;       // behind 转, 分机, "ext", "x" or '#'
  // The first sign that belongs to no number, as it stands there; a control or invisible one as U+XXXX. Empty: all is
  // well.
  std::string stray;
};

// `text` is UTF-8; what is not is a stray sign.
PhoneText read_phone(std::string_view text);

// Eleven digits of the mainland (13x to 19x, YD/T numbering plan), whatever way they are written; nullopt for anything
// else: land lines, short numbers, numbers of other regions, machines' numbers of 13 digits, an extension behind.
std::optional<std::string> mobile_digits(std::string_view text);

}  // namespace tingan
