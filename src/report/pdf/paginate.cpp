#include "report/pdf/paginate.h"

#include "base/check.h"

namespace tingan::pdf {
namespace {

class Paginator {
 public:
  Paginator(const std::vector<Extent>& slices, double body_height) : slices_(slices), body_(body_height) {}

  std::vector<Page> run() {
    pages_.emplace_back();
    for (std::size_t first = 0; first < slices_.size();) {
      const std::size_t end = chain_end(first);
      if (!fits(first, end) && !pages_.back().empty()) start_page(first);
      const bool whole = fits(first, end);
      for (std::size_t i = first; i < end; ++i) {
        // The chain is taller than a page: it has to be cut somewhere.
        if (!whole && !fits(i, i + 1) && !pages_.back().empty()) start_page(i);
        place(i, false);
      }
      first = end;
    }
    return std::move(pages_);
  }

 private:
  std::size_t chain_end(std::size_t first) const {
    std::size_t end = first + 1;
    while (end < slices_.size() && slices_[end - 1].keep_with_next) ++end;
    return end;
  }

  double space_before(std::size_t slice) const { return pages_.back().empty() ? 0 : slices_[slice].before; }

  bool fits(std::size_t first, std::size_t end) const {
    constexpr double kRounding = 0.01;
    double height = y_ + space_before(first) + slices_[first].height;
    for (std::size_t i = first + 1; i < end; ++i) height += slices_[i].before + slices_[i].height;
    return height <= body_ + kRounding;
  }

  void start_page(std::size_t slice) {
    pages_.emplace_back();
    y_ = 0;
    if (slices_[slice].repeat < 0) return;
    const auto from = static_cast<std::size_t>(slices_[slice].repeat);
    const auto to = static_cast<std::size_t>(slices_[slice].repeat_end);
    CHECK(from <= to && to <= slice);
    for (std::size_t i = from; i < to; ++i) place(i, true);
  }

  void place(std::size_t slice, bool repeated) {
    y_ += space_before(slice);
    pages_.back().push_back({slice, y_, repeated});
    y_ += slices_[slice].height;
  }

  const std::vector<Extent>& slices_;
  double body_;
  double y_ = 0;
  std::vector<Page> pages_;
};

}  // namespace

std::vector<Page> paginate(const std::vector<Extent>& slices, double body_height) {
  return Paginator(slices, body_height).run();
}

}  // namespace tingan::pdf
