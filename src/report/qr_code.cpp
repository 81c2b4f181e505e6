#include "report/qr_code.h"

#include <qrencode.h>

#include <memory>

namespace tingan::report {

Expected<QrRows> qr_code(const std::string& text) {
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M),
                                                        QRcode_free);
  if (code == nullptr) {
    return fail("report.qr-failed", {"内容太长或为空，做不成二维码",
                                     "Expected a text that fits into a QR code, but it is too long or empty"});
  }
  const auto width = static_cast<std::size_t>(code->width);
  QrRows rows(width, std::vector<bool>(width));
  for (std::size_t y = 0; y < width; ++y) {
    for (std::size_t x = 0; x < width; ++x) rows[y][x] = (code->data[y * width + x] & 1U) != 0;
  }
  return rows;
}

}  // namespace tingan::report
