// Text into lines, with the line breaking of the document's language. Lives as long as its cairo context.
#pragma once
#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <vector>

#include "report/pdf/block.h"

namespace tingan::pdf {

struct GObjectDeleter {
  void operator()(gpointer object) const { g_object_unref(object); }
};

// One line of set text; keeps its layout alive.
class Line {
 public:
  Line(std::shared_ptr<PangoLayout> layout, int index, const Style& style, double width, double first_indent);

  double height() const { return style_.size * style_.pitch; }
  // `x`, `y`: the upper left corner of the line's box.
  void draw(cairo_t* cairo, double x, double y) const;

 private:
  std::shared_ptr<PangoLayout> layout_;
  int index_;
  Style style_;
  double offset_ = 0;
};

class Typesetter {
 public:
  // `language`: "zh" or "en"; decides glyph forms and where lines may break.
  Typesetter(cairo_t* cairo, const std::string& language);

  // At least one line, also for an empty text.
  std::vector<Line> lines(const std::string& text, const Style& style, double width, double first_indent = 0) const;
  // Of the text on one line.
  double width(const std::string& text, const Style& style) const;
  // False where no font of the machine can show Chinese.
  bool has_chinese() const;

 private:
  std::shared_ptr<PangoLayout> layout(const std::string& text, const Style& style) const;

  std::unique_ptr<PangoContext, GObjectDeleter> context_;
};

}  // namespace tingan::pdf
