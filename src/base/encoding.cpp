#include "base/encoding.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <initializer_list>
#include <memory>

namespace tingan {
namespace {

// How many bytes the character that begins with `lead` has; 0: it begins none.
std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

// Overlong forms, surrogates and what lies beyond Unicode.
bool is_forbidden(unsigned char lead, unsigned char second) {
  return (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
         (lead == 0xf4 && second > 0x8f);
}

// The character at `from`, of valid UTF-8.
char32_t character_at(std::string_view text, std::size_t from, std::size_t length) {
  const auto byte = [&](std::size_t at) { return static_cast<char32_t>(static_cast<unsigned char>(text[from + at])); };
  if (length == 1) return byte(0);
  char32_t value = byte(0) & (0x7fU >> length);
  for (std::size_t k = 1; k < length; ++k) value = (value << 6U) | (byte(k) & 0x3fU);
  return value;
}

struct Range {
  char32_t first;
  char32_t last;
};

// Format characters (Cf) and what else leaves no mark, and the controls of C1; not those that scripts are written with.
constexpr std::array kHidden = {Range{0x80, 0x9f},       Range{0xad, 0xad},       Range{0x34f, 0x34f},
                                Range{0x61c, 0x61c},     Range{0x115f, 0x1160},   Range{0x17b4, 0x17b5},
                                Range{0x200b, 0x200b},   Range{0x200e, 0x200f},   Range{0x202a, 0x202e},
                                Range{0x2060, 0x206f},   Range{0x3164, 0x3164},   Range{0xfeff, 0xfeff},
                                Range{0xffa0, 0xffa0},   Range{0xfff0, 0xfffb},   Range{0x1bca0, 0x1bca3},
                                Range{0x1d173, 0x1d17a}, Range{0xe0000, 0xe00ff}, Range{0xe01f0, 0xe0fff}};

bool is_in(char32_t c, std::initializer_list<Range> ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [c](Range one) { return one.first <= c && c <= one.last; });
}

// Arabic (Uyghur, Kazakh) to the scripts of India and Tibet, and Mongolian, are written with joiners; so are pictures.
bool is_joined(char32_t before) {
  return is_in(before, {{0x600, 0xfff}, {0x1800, 0x18af}, {0x2190, 0x2bff}, {0xfe0f, 0xfe0f}, {0x1f000, 0x1faff}});
}

bool is_hidden(char32_t c, char32_t before) {
  if (c == 0x200c || c == 0x200d || c == 0x180e) return !is_joined(before);
  return std::any_of(kHidden.begin(), kHidden.end(), [c](Range one) { return one.first <= c && c <= one.last; });
}

bool is_blank(char32_t c) {
  return is_in(c, {{' ', ' '},
                   {'\n', '\n'},
                   {'\'', '\''},
                   {0xa0, 0xa0},
                   {0x2000, 0x200a},
                   {0x202f, 0x202f},
                   {0x205f, 0x205f},
                   {0x3000, 0x3000}});
}

bool begins_formula(char32_t c) {
  return is_in(c, {{'=', '='},
                   {'+', '+'},
                   {'-', '-'},
                   {'@', '@'},
                   {'\t', '\t'},
                   {'\r', '\r'},
                   {0x2212, 0x2212},
                   {0xfe62, 0xfe63},
                   {0xfe66, 0xfe66},
                   {0xfe6b, 0xfe6b},
                   {0xff0b, 0xff0b},
                   {0xff0d, 0xff0d},
                   {0xff1d, 0xff1d},
                   {0xff20, 0xff20},
                   {0x207a, 0x207c},
                   {0x208a, 0x208c}});
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const std::size_t length = length_of(lead);
    if (length == 0 || i + length > bytes.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(bytes[i + k]) & 0xc0U) != 0x80U) return false;
    }
    if (length > 2 && is_forbidden(lead, static_cast<unsigned char>(bytes[i + 1]))) return false;
    i += length;
  }
  return true;
}

std::optional<std::string> convert_to_utf8(std::string_view bytes, const char* encoding) {
  const iconv_t opened = iconv_open("UTF-8", encoding);
  if (opened == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  const std::unique_ptr<void, int (*)(iconv_t)> closing(opened, &iconv_close);
  std::string input(bytes);
  char* in = input.data();
  std::size_t left = input.size();
  std::string out;
  std::array<char, 4096> buffer{};
  while (left > 0) {
    char* to = buffer.data();
    std::size_t room = buffer.size();
    const std::size_t done = iconv(opened, &in, &left, &to, &room);
    out.append(buffer.data(), buffer.size() - room);
    if (done == static_cast<std::size_t>(-1) && errno != E2BIG) return std::nullopt;
  }
  return out;
}

std::string without_hidden(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  char32_t before = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length =
        std::min(std::max<std::size_t>(1, length_of(static_cast<unsigned char>(text[i]))), text.size() - i);
    const char32_t c = character_at(text, i, length);
    if (!is_hidden(c, before)) {
      out += text.substr(i, length);
      before = c;
    }
    i += length;
  }
  return out;
}

bool has_hidden(std::string_view text) { return without_hidden(text).size() != text.size(); }

bool looks_like_formula(std::string_view cell) {
  for (std::size_t i = 0; i < cell.size();) {
    const std::size_t length =
        std::min(std::max<std::size_t>(1, length_of(static_cast<unsigned char>(cell[i]))), cell.size() - i);
    const char32_t c = character_at(cell, i, length);
    if (begins_formula(c)) return true;
    if (!is_blank(c) && !is_hidden(c, 0)) return false;
    i += length;
  }
  return false;
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",;\t\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string escape_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace tingan
