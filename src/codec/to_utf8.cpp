#include "codec/to_utf8.h"

#include <iconv.h>

#include <array>
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

tl::unexpected<Error> unreadable() {
  return fail("table.encoding", {"文件编码认不出来，请另存为 UTF-8 或 GBK 的 CSV",
                                 "Expected a file in UTF-8, UTF-16 or GB18030, but it is none of them"});
}

Expected<std::string> converted(std::string_view bytes, const char* from) {
  const iconv_t opened = iconv_open("UTF-8", from);
  if (opened == reinterpret_cast<iconv_t>(-1)) return unreadable();
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
    if (done == static_cast<std::size_t>(-1) && errno != E2BIG) return unreadable();
  }
  return out;
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

Expected<std::string> to_utf8(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  if (bytes.starts_with("\xff\xfe")) return converted(bytes.substr(2), "UTF-16LE");
  if (bytes.starts_with("\xfe\xff")) return converted(bytes.substr(2), "UTF-16BE");
  if (is_utf8(bytes)) return std::string(bytes);
  return converted(bytes, "GB18030");
}

}  // namespace tingan
