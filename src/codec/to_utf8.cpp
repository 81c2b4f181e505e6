#include "codec/to_utf8.h"

#include "base/encoding.h"

namespace tingan {
namespace {

Expected<std::string> converted(std::string_view bytes, const char* from) {
  if (auto text = convert_to_utf8(bytes, from)) return std::move(*text);
  return fail("table.encoding", {"文件编码认不出来，请另存为 UTF-8 或 GBK 的 CSV",
                                 "Expected a file in UTF-8, UTF-16 or GB18030, but it is none of them"});
}

}  // namespace

Expected<std::string> to_utf8(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  if (bytes.starts_with("\xff\xfe")) return converted(bytes.substr(2), "UTF-16LE");
  if (bytes.starts_with("\xfe\xff")) return converted(bytes.substr(2), "UTF-16BE");
  if (is_utf8(bytes)) return std::string(bytes);
  return converted(bytes, "GB18030");
}

}  // namespace tingan
