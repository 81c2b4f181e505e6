// Text files in the encodings that office programs write.
#pragma once
#include <string>
#include <string_view>

#include "base/error.h"

namespace tingan {

// UTF-8 as it is, without its byte order mark; UTF-16 with a mark; else GB18030. Error `table.encoding`.
Expected<std::string> to_utf8(std::string_view bytes);

}  // namespace tingan
