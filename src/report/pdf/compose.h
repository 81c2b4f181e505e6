// Blocks into slices: the lines of a document from top to bottom, each able to draw itself.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "report/pdf/block.h"
#include "report/pdf/paginate.h"
#include "report/pdf/typeset.h"

namespace tingan::pdf {

struct Slice {
  Extent extent;
  std::function<void(cairo_t*, double x, double y)> draw;  // upper left corner of the slice
  std::string outline;                                     // a heading's text
};

std::vector<Slice> compose(const std::vector<Block>& blocks, const Typesetter& typesetter, double width,
                           double body_height);

}  // namespace tingan::pdf
