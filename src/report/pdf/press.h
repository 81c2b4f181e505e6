// The bytes of one PDF: a surface to draw on and what is said about the document. Pure: the date is an argument, so the
// same drawing gives the same bytes.
#pragma once
#include <cairo.h>

#include <functional>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "report/pdf/typeset.h"

namespace tingan::pdf {

struct Imprint {
  std::string language = "zh";
  std::string title;
  std::string author;
  std::string subject;
  Instant made{};
  Zone zone;
};

struct DrawingOn {
  cairo_surface_t* surface;
  cairo_t* cairo;
  const Typesetter& typesetter;
};

// `width` and `height` of a page in points. Errors: `report.font-missing` (no font for Chinese), `report.pdf-failed`.
Expected<std::string> press(const Imprint& imprint, double width, double height,
                            const std::function<void(const DrawingOn&)>& draw);

}  // namespace tingan::pdf
