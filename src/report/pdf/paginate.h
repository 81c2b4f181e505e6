// Breaks a column of slices into pages. Knows nothing of fonts or drawing, so that it can be tried out with numbers.
#pragma once
#include <cstddef>
#include <vector>

namespace tingan::pdf {

// The smallest piece that is never cut: a line of text, or a line of a table row.
struct Extent {
  double height = 0;
  double before = 0;            // space above; falls away at the top of a page
  bool keep_with_next = false;  // on one page with the slice that follows
  int repeat = -1;              // a page that starts with this slice shows slices [repeat, repeat_end) above it again
  int repeat_end = -1;
};

struct Placed {
  std::size_t slice = 0;
  double y = 0;  // from the top of the body
  bool repeated = false;
};

using Page = std::vector<Placed>;

// At least one page. A chain of kept slices that no page can hold is cut where the page is full.
std::vector<Page> paginate(const std::vector<Extent>& slices, double body_height);

}  // namespace tingan::pdf
