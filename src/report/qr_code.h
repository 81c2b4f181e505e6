// A QR code (ISO/IEC 18004) as its dark and light squares.
#pragma once
#include <string>
#include <vector>

#include "base/error.h"

namespace tingan::report {

using QrRows = std::vector<std::vector<bool>>;  // true: dark; without the quiet zone around it

// Medium error correction: a sixth of it may be dirty. Error `report.qr-failed`: the text is too long or empty.
Expected<QrRows> qr_code(const std::string& text);

}  // namespace tingan::report
