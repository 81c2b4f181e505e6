#include "report/pdf/press.h"

#include <cairo-pdf.h>
#include <fmt/format.h>

namespace tingan::pdf {
namespace {

struct SurfaceDeleter {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct ContextDeleter {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceDeleter>;
using Context = std::unique_ptr<cairo_t, ContextDeleter>;

cairo_status_t append(void* out, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(out)->append(bytes, bytes + size);
  return CAIRO_STATUS_SUCCESS;
}

void set_metadata(cairo_surface_t* surface, const Imprint& imprint) {
  const auto set = [&](cairo_pdf_metadata_t key, const std::string& value) {
    cairo_pdf_surface_set_metadata(surface, key, value.c_str());
  };
  set(CAIRO_PDF_METADATA_TITLE, imprint.title);
  set(CAIRO_PDF_METADATA_AUTHOR, imprint.author);
  set(CAIRO_PDF_METADATA_SUBJECT, imprint.subject);
  set(CAIRO_PDF_METADATA_CREATOR, "Ting'an");
  const std::string made = format_rfc3339(std::chrono::floor<std::chrono::seconds>(imprint.made), imprint.zone);
  set(CAIRO_PDF_METADATA_CREATE_DATE, made);
  set(CAIRO_PDF_METADATA_MOD_DATE, made);
}

}  // namespace

Expected<std::string> press(const Imprint& imprint, double width, double height,
                            const std::function<void(const DrawingOn&)>& draw) {
  std::string out;
  const Surface surface(cairo_pdf_surface_create_for_stream(append, &out, width, height));
  set_metadata(surface.get(), imprint);
  const Context cairo(cairo_create(surface.get()));
  const Typesetter typesetter(cairo.get(), imprint.language);
  if (!typesetter.has_chinese()) {
    return fail("report.font-missing", {"本机没有中文字体，请安装 fonts-noto-cjk",
                                        "Expected a font for Chinese, but there is none: install fonts-noto-cjk"});
  }
  draw({surface.get(), cairo.get(), typesetter});
  cairo_surface_finish(surface.get());
  cairo_status_t status = cairo_status(cairo.get());
  if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    const char* reason = cairo_status_to_string(status);
    return fail("report.pdf-failed", {fmt::format("生成 PDF 失败：{}", reason),
                                      fmt::format("Expected to write a PDF, but cairo says: {}", reason)});
  }
  return out;
}

}  // namespace tingan::pdf
