#include "report/pdf/document.h"

#include <cairo-pdf.h>
#include <fmt/format.h>

#include <numbers>

#include "report/pdf/compose.h"
#include "report/pdf/press.h"

namespace tingan::pdf {
namespace {

class Printer {
 public:
  Printer(cairo_surface_t* surface, cairo_t* cairo, const Document& document, const Typesetter& typesetter)
      : surface_(surface), cairo_(cairo), document_(document), paper_(document.paper), typesetter_(typesetter) {}

  void print() {
    const auto slices = compose(document_.blocks, typesetter_, paper_.body_width(), paper_.body_height());
    std::vector<Extent> extents;
    for (const Slice& slice : slices) extents.push_back(slice.extent);
    const auto pages = paginate(extents, paper_.body_height());
    for (std::size_t i = 0; i < pages.size(); ++i) {
      draw_watermark();
      draw_head(i);
      for (const Placed& placed : pages[i]) {
        const Slice& slice = slices[placed.slice];
        const double y = paper_.top + placed.y;
        slice.draw(cairo_, paper_.left, y);
        if (!slice.outline.empty() && !placed.repeated) add_outline(slice.outline, i, y);
      }
      draw_foot(i, pages.size());
      cairo_show_page(cairo_);
    }
  }

 private:
  void one_line(const std::string& text, const Style& style, double x, double y, double width) {
    const auto lines = typesetter_.lines(text, style, width);
    lines.front().draw(cairo_, x, y);
  }

  void add_outline(const std::string& text, std::size_t page, double y) {
    const std::string place = fmt::format("page={} pos=[{:.1f} {:.1f}]", page + 1, paper_.left, y);
    cairo_pdf_surface_add_outline(surface_, CAIRO_PDF_OUTLINE_ROOT, text.c_str(), place.c_str(),
                                  CAIRO_PDF_OUTLINE_FLAG_OPEN);
  }

  void draw_watermark() {
    if (document_.watermark.empty()) return;
    const Style style{.size = paper_.width * 0.28, .bold = true, .grey = 0.91, .pitch = 1};
    const double width = typesetter_.width(document_.watermark, style);
    cairo_save(cairo_);
    cairo_translate(cairo_, paper_.width / 2, paper_.height / 2);
    cairo_rotate(cairo_, -std::numbers::pi / 5);
    one_line(document_.watermark, style, -width / 2, -style.size / 2, width * 1.1);
    cairo_restore(cairo_);
  }

  void draw_head(std::size_t page) {
    const Style style{.size = paper_.foot_size, .grey = 0.3, .pitch = 1.4};
    const double y = paper_.top - style.size * 2.6;
    const double width = paper_.body_width();
    if (!document_.watermark.empty()) {
      Style mark = style;
      mark.bold = true;
      mark.grey = 0;
      mark.align = Align::right;
      one_line(document_.watermark, mark, paper_.left, y, width);
    }
    if (page > 0) one_line(document_.running_head, style, paper_.left, y, width * 0.85);
  }

  void draw_foot(std::size_t page, std::size_t count) {
    Style style{.size = paper_.foot_size, .grey = 0.3, .pitch = 1.4};
    const double y = paper_.height - paper_.bottom + style.size * 1.4;
    const double width = paper_.body_width();
    cairo_set_source_rgb(cairo_, 0.75, 0.75, 0.75);
    cairo_set_line_width(cairo_, 0.4);
    cairo_move_to(cairo_, paper_.left, y - 2);
    cairo_line_to(cairo_, paper_.left + width, y - 2);
    cairo_stroke(cairo_);
    one_line(document_.foot, style, paper_.left, y, width * 0.78);
    style.align = Align::right;
    const std::string number = document_.language == "en" ? fmt::format("Page {} of {}", page + 1, count)
                                                          : fmt::format("第 {} 页 共 {} 页", page + 1, count);
    one_line(number, style, paper_.left, y, width);
  }

  cairo_surface_t* surface_;
  cairo_t* cairo_;
  const Document& document_;
  const Paper& paper_;
  const Typesetter& typesetter_;
};

}  // namespace

Expected<std::string> render(const Document& document) {
  const Imprint imprint{document.language, document.title, document.author,
                        document.subject,  document.made,  document.zone};
  return press(imprint, document.paper.width, document.paper.height,
               [&](const DrawingOn& on) { Printer(on.surface, on.cairo, document, on.typesetter).print(); });
}

}  // namespace tingan::pdf
