#include "report/pdf/canvas.h"

namespace tingan::pdf {

double Canvas::text(const std::string& text, const Style& style, double x, double y, double width) {
  double height = 0;
  for (const Line& line : typesetter_.lines(text, style, width)) {
    if (!dry_) line.draw(cairo_, x, y + height);
    height += line.height();
  }
  return height;
}

double Canvas::fitting_size(const std::string& text, Style style, double width, double least) const {
  while (style.size > least && typesetter_.width(text, style) > width) style.size -= 0.5;
  return std::max(style.size, least);
}

void Canvas::rule(double x, double y, double width, double thick, double grey) {
  if (dry_) return;
  cairo_set_source_rgb(cairo_, grey, grey, grey);
  cairo_set_line_width(cairo_, thick);
  cairo_move_to(cairo_, x, y);
  cairo_line_to(cairo_, x + width, y);
  cairo_stroke(cairo_);
}

void Canvas::dashes(double x, double y, double width) {
  if (dry_) return;
  constexpr double kPattern[] = {3, 2.5};
  cairo_set_dash(cairo_, kPattern, 2, 0);
  rule(x, y, width, 0.6, 0.35);
  cairo_set_dash(cairo_, nullptr, 0, 0);
}

void Canvas::box(double x, double y, double width, double height, double thick, double grey) {
  if (dry_) return;
  cairo_set_source_rgb(cairo_, grey, grey, grey);
  cairo_set_line_width(cairo_, thick);
  cairo_rectangle(cairo_, x, y, width, height);
  cairo_stroke(cairo_);
}

void Canvas::fill(double x, double y, double width, double height, double grey) {
  if (dry_) return;
  cairo_set_source_rgb(cairo_, grey, grey, grey);
  cairo_rectangle(cairo_, x, y, width, height);
  cairo_fill(cairo_);
}

void Canvas::squares(const std::vector<std::vector<bool>>& rows, double x, double y, double side) {
  if (dry_ || rows.empty()) return;
  const double square = side / static_cast<double>(rows.size());
  cairo_set_source_rgb(cairo_, 0, 0, 0);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t column = 0; column < rows[row].size(); ++column) {
      if (!rows[row][column]) continue;
      cairo_rectangle(cairo_, x + static_cast<double>(column) * square, y + static_cast<double>(row) * square, square,
                      square);
    }
  }
  cairo_fill(cairo_);
}

void Canvas::end_page() {
  if (!dry_) cairo_show_page(cairo_);
}

}  // namespace tingan::pdf
