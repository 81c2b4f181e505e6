#include "base/phone.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace tingan {
namespace {

// The next character of well-formed UTF-8, and on.
char32_t next(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const int more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  constexpr std::array<unsigned char, 4> kMask = {0x7f, 0x1f, 0x0f, 0x07};
  char32_t out = first & kMask[static_cast<std::size_t>(more)];
  for (int i = 1; i <= more; ++i)
    out = out << 6 | (static_cast<unsigned char>(text[static_cast<std::size_t>(i)]) & 0x3f);
  text.remove_prefix(static_cast<std::size_t>(more) + 1);
  return out;
}

bool within(char32_t c, char32_t from, char32_t to) { return c >= from && c <= to; }

bool is_blank(char32_t c) {
  return c == ' ' || c == '\t' || c == 0xa0 || within(c, 0x2000, 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000;
}

// Zero width, direction marks, soft hyphen, byte order mark: nobody wrote them.
bool is_invisible(char32_t c) {
  return c == 0xad || c == 0x61c || c == 0x180e || within(c, 0x200b, 0x200f) || within(c, 0x2028, 0x202e) ||
         within(c, 0x2060, 0x206f) || c == 0xfeff || within(c, 0xfe00, 0xfe0f);
}

// Between the groups of a number. The apostrophe in front makes a spreadsheet keep the digits.
bool is_joint(char32_t c) {
  constexpr std::u32string_view kJoints = U"-()./'’·（）．／－—–‐‑‒−―";
  return kJoints.find(c) != std::u32string_view::npos;
}

std::optional<char> digit_of(char32_t c) {
  if (within(c, '0', '9')) return static_cast<char>(c);
  if (within(c, 0xff10, 0xff19)) return static_cast<char>('0' + (c - 0xff10));
  return std::nullopt;
}

// How an extension begins; what stands there is taken off.
bool take_extension_mark(std::string_view& text) {
  for (const std::string_view mark : {"转", "轉", "分机", "ext.", "Ext.", "ext", "Ext", "EXT", "x", "X", "#", "＃"}) {
    if (!text.starts_with(mark)) continue;
    text.remove_prefix(mark.size());
    return true;
  }
  return false;
}

std::string shown(char32_t c, std::string_view as_written) {
  const bool seen = c > 0x20 && c != 0x7f && !within(c, 0x80, 0x9f) && !is_invisible(c) && !within(c, 0xe000, 0xf8ff);
  return seen ? fmt::format("{}", as_written) : fmt::format("U+{:04X}", static_cast<unsigned>(c));
}

}  // namespace

PhoneText read_phone(std::string_view text) {
  PhoneText out;
  if (!is_utf8(text)) {
    out.stray.push_back('?');
    return out;
  }
  bool in_extension = false;
  while (!text.empty()) {
    if (!in_extension && !out.digits.empty() && take_extension_mark(text)) {
      in_extension = true;
      continue;
    }
    const std::string_view before = text;
    const char32_t c = next(text);
    if (const auto digit = digit_of(c)) {
      (in_extension ? out.extension : out.digits) += *digit;
    } else if ((c == '+' || c == 0xff0b) && out.digits.empty() && !out.international) {
      out.international = true;
    } else if (!is_blank(c) && !is_invisible(c) && !is_joint(c)) {
      out.stray = shown(c, before.substr(0, before.size() - text.size()));
      return out;
    }
  }
  if (!out.international && out.digits.starts_with("00")) {
    out.international = true;
    out.digits.erase(0, 2);
  }
  return out;
}

std::optional<std::string> mobile_digits(std::string_view text) {
  PhoneText phone = read_phone(text);
  if (!phone.stray.empty() || !phone.extension.empty()) return std::nullopt;
  std::string& digits = phone.digits;
  // A number of 13 digits that begins with 86 and goes on as a mobile is one: machines' numbers begin with 1.
  if (digits.size() == 13 && digits.starts_with("86"))
    digits.erase(0, 2);
  else if (phone.international)
    return std::nullopt;
  if (digits.size() != 11 || digits[0] != '1' || digits[1] < '3') return std::nullopt;
  return std::move(digits);
}

}  // namespace tingan
