#include "codec/json_writer.h"

#include <algorithm>

namespace tingan {
namespace {

constexpr char kHex[] = "0123456789abcdef";

constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x20; c < 0x80; ++c) table[c] = c != '"' && c != '\\';
  return table;
}();

// A letter for the short escapes of RFC 8785, 0 where \u00xx is the form.
char short_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) -> unsigned { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0; };
  const auto tail = [&](std::size_t i) { return (at(i) & 0xc0U) == 0x80U; };
  const unsigned lead = at(0);
  if (text.empty()) return 0;
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const bool overlong = lead == 0xe0 && at(1) < 0xa0;
    const bool surrogate = lead == 0xed && at(1) > 0x9f;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const bool overlong = lead == 0xf0 && at(1) < 0x90;
    const bool beyond = lead == 0xf4 && at(1) > 0x8f;
    return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

void JsonWriter::grow(std::size_t more) {
  const std::size_t wanted = std::max<std::size_t>({capacity_ * 2, size_ + more, 4096});
  auto bigger = std::make_unique<char[]>(wanted);
  if (size_ != 0) std::memcpy(bigger.get(), data_.get(), size_);
  data_ = std::move(bigger);
  capacity_ = wanted;
}

std::size_t JsonWriter::copy_plain(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && kPlain[static_cast<unsigned char>(text[count])]) ++count;
  raw(text.substr(0, count));
  return count;
}

std::size_t JsonWriter::write_special(std::string_view text) {
  const char c = text.front();
  if (static_cast<unsigned char>(c) >= 0x80) {
    const std::size_t length = utf8_length(text);
    raw(length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length));
    return length == 0 ? 1 : length;
  }
  if (const char letter = short_escape(c); letter != 0) {
    const char pair[] = {'\\', letter};
    raw({pair, 2});
  } else {
    const char escape[] = {'\\', 'u', '0', '0', kHex[static_cast<unsigned char>(c) >> 4], kHex[c & 15]};
    raw({escape, 6});
  }
  return 1;
}

void JsonWriter::string(std::string_view text) {
  ensure(text.size() + 2);
  data_[size_++] = '"';
  while (true) {
    text.remove_prefix(copy_plain(text));
    if (text.empty()) break;
    text.remove_prefix(write_special(text));
  }
  character('"');
}

void JsonWriter::hex(const std::uint8_t* bytes, std::size_t count) {
  ensure(2 * count + 2);
  char* out = data_.get() + size_;
  *out++ = '"';
  for (std::size_t i = 0; i < count; ++i) {
    *out++ = kHex[bytes[i] >> 4];
    *out++ = kHex[bytes[i] & 15];
  }
  *out++ = '"';
  size_ = static_cast<std::size_t>(out - data_.get());
}

void JsonWriter::uuid(const std::array<std::uint8_t, 16>& bytes) {
  ensure(38);
  char* out = data_.get() + size_;
  *out++ = '"';
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
    *out++ = kHex[bytes[i] >> 4];
    *out++ = kHex[bytes[i] & 15];
  }
  *out++ = '"';
  size_ = static_cast<std::size_t>(out - data_.get());
}

}  // namespace tingan
