// Drawing at fixed places, for forms, slips and posters. Lengths in points, y downwards. Lives as long as the drawing.
#pragma once
#include <cairo.h>

#include <string>
#include <vector>

#include "report/pdf/typeset.h"

namespace tingan::pdf {

class Canvas {
 public:
  Canvas(cairo_t* cairo, const Typesetter& typesetter) : cairo_(cairo), typesetter_(typesetter) {}

  // A dry canvas only measures: the same calls give the same heights and leave no ink.
  void set_dry(bool dry) { dry_ = dry; }

  // Wrapped to `width`; the height that it takes.
  double text(const std::string& text, const Style& style, double x, double y, double width);
  double width(const std::string& text, const Style& style) const { return typesetter_.width(text, style); }
  // The largest size of at most `style.size` and at least `least` in which the text stands on one line.
  double fitting_size(const std::string& text, Style style, double width, double least) const;

  void rule(double x, double y, double width, double thick = 0.5, double grey = 0);
  void dashes(double x, double y, double width);
  void box(double x, double y, double width, double height, double thick = 0.5, double grey = 0);
  void fill(double x, double y, double width, double height, double grey);
  // A QR code without its quiet zone: the caller leaves four squares of white around.
  void squares(const std::vector<std::vector<bool>>& rows, double x, double y, double side);
  void end_page();

 private:
  cairo_t* cairo_;
  const Typesetter& typesetter_;
  bool dry_ = false;
};

}  // namespace tingan::pdf
