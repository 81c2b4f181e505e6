// Sizes of paper, in points (1/72 inch).
#pragma once

namespace tingan::pdf {

constexpr double mm(double length) { return length * 72.0 / 25.4; }

struct Paper {
  double width = mm(210);
  double height = mm(297);
  double left = mm(20);
  double right = mm(20);
  double top = mm(20);
  double bottom = mm(22);  // the foot stands within it
  double foot_size = 8;

  double body_width() const { return width - left - right; }
  double body_height() const { return height - top - bottom; }
};

inline Paper a4() { return {}; }
inline Paper a6() { return {mm(105), mm(148), mm(8), mm(8), mm(9), mm(12), 6}; }

}  // namespace tingan::pdf
