// S4.4: the poster for the door. Large enough to be read from three metres.
#include <fmt/format.h>

#include "report/papers/paper_words.h"
#include "report/words.h"

namespace tingan::report {
namespace {

using pdf::Align;
using pdf::mm;
using pdf::Style;

constexpr double kWidth = mm(297);
constexpr double kHeight = mm(420);
constexpr double kSide = mm(20);
constexpr double kBand = mm(70);
// A character of 9 mm is read at three metres without effort.
constexpr double kLeast = 26;
constexpr double kMost = 44;

class PosterDrawing {
 public:
  PosterDrawing(const NoticeBoard& board, pdf::Canvas& canvas, double size)
      : board_(board), canvas_(canvas), size_(size) {}

  // The height that the words take.
  double draw() {
    canvas_.fill(0, 0, kWidth, kBand, 0.1);
    canvas_.text(board_.title.zh, {.size = 118, .bold = true, .grey = 1, .pitch = 1.25, .align = Align::centre}, kSide,
                 mm(5), width());
    canvas_.text(board_.title.en, {.size = 30, .grey = 1, .pitch = 1.2, .align = Align::centre}, kSide, mm(53),
                 width());
    y_ = kBand + mm(10);
    paragraph(board_.opening, true);
    if (!board_.acceptable.empty()) {
      heading({"现在可以预受理的业务", "What we can take now, and complete when the system is back"});
      listed();
    }
    heading({"其他业务", "Anything else"});
    paragraph({"请留下姓名和电话，系统恢复后我们马上联系您。",
               "Leave your name and phone number: we call you as soon as the system is back."},
              false);
    others();
    return y_ + mm(22);
  }

  void foot() {
    const double top = kHeight - mm(19);
    canvas_.rule(kSide, top, width(), 1.2, 0.2);
    const PaperHead& head = board_.head;
    const std::string phone = head.phone.empty() ? "" : "　咨询电话 " + head.phone;
    canvas_.text(head.hall.zh + phone, {.size = 24, .bold = true, .pitch = 1.4}, kSide, top + mm(1.5), width() * 0.74);
    const Text when = say_when(head.made, head.zone);
    canvas_.text(when.zh, {.size = 17, .pitch = 1.6, .align = Align::right}, kSide, top + mm(2.5), width());
  }

 private:
  static constexpr double width() { return kWidth - 2 * kSide; }

  void paragraph(const Text& text, bool bold) {
    y_ += canvas_.text(text.zh, {.size = size_, .bold = bold, .pitch = 1.42}, kSide, y_, width());
    y_ += canvas_.text(text.en, {.size = size_ * 0.5, .grey = 0.25, .pitch = 1.4}, kSide, y_, width()) + size_ * 0.35;
  }

  void heading(const Text& text) {
    y_ += size_ * 0.25;
    canvas_.fill(kSide, y_ + size_ * 0.24, mm(3), size_ * 1.05, 0.1);
    const double left = kSide + mm(7);
    const double wide = canvas_.width(text.zh, {.size = size_ * 0.92, .bold = true});
    canvas_.text(text.zh, {.size = size_ * 0.92, .bold = true, .pitch = 1.65}, left, y_, width());
    const double beside = width() - mm(7) - wide - mm(5);
    Style en{.size = size_ * 0.46, .grey = 0.3, .pitch = 3.3};
    en.size = canvas_.fitting_size(text.en, en, beside, size_ * 0.36);
    en.pitch = size_ * 1.52 / en.size;
    canvas_.text(text.en, en, left + wide + mm(5), y_, beside);
    y_ += size_ * 1.6;
  }

  // Two columns of what can be taken.
  void listed() {
    const double column = width() / 2;
    double row = 0;
    for (std::size_t i = 0; i < board_.acceptable.size(); ++i) {
      const bool right = i % 2 == 1;
      const double x = kSide + (right ? column : 0);
      const double room = column - mm(10);
      canvas_.fill(x + mm(1), y_ + size_ * 0.62, size_ * 0.22, size_ * 0.22, 0.1);
      Style zh{.size = size_ * 0.92, .bold = true, .pitch = 1.5};
      zh.size = canvas_.fitting_size(board_.acceptable[i].zh, zh, room, size_ * 0.6);
      double height = canvas_.text(board_.acceptable[i].zh, zh, x + mm(7), y_, room);
      height += canvas_.text(board_.acceptable[i].en, {.size = size_ * 0.42, .grey = 0.3, .pitch = 1.25}, x + mm(7),
                             y_ + height, room);
      row = std::max(row, height + size_ * 0.18);
      if (right || i + 1 == board_.acceptable.size()) {
        y_ += row;
        row = 0;
      }
    }
    y_ += size_ * 0.1;
  }

  void others() {
    if (board_.others.empty()) return;
    heading({"也可以去这些营业厅", "Or go to one of these halls"});
    for (const OtherHall& hall : board_.others) {
      const std::string phone = hall.phone.empty() ? "" : "　" + hall.phone;
      Style zh{.size = size_ * 0.8, .bold = true, .pitch = 1.45};
      y_ += canvas_.text(hall.name.zh + phone, zh, kSide + mm(7), y_, width() - mm(7));
      y_ += canvas_.text(hall.address.zh, {.size = size_ * 0.68, .pitch = 1.4}, kSide + mm(7), y_, width() - mm(7));
      const Style en{.size = size_ * 0.4, .grey = 0.3, .pitch = 1.3};
      y_ += canvas_.text(hall.name.en + ", " + hall.address.en, en, kSide + mm(7), y_, width() - mm(7)) + size_ * 0.25;
    }
  }

  const NoticeBoard& board_;
  pdf::Canvas& canvas_;
  double size_;
  double y_ = 0;
};

}  // namespace

Expected<std::string> notice_board_pdf(const NoticeBoard& board) {
  NoticeBoard shown = board;
  return pdf::press(imprint_of(board.head, board.title.zh), kWidth, kHeight, [&](const pdf::DrawingOn& on) {
    pdf::Canvas canvas(on.cairo, on.typesetter);
    // As large as fits; where even the least size is too much, fewer other halls are named.
    double size = kMost;
    canvas.set_dry(true);
    while (PosterDrawing(shown, canvas, size).draw() > kHeight) {
      if (size > kLeast) {
        size -= 1;
      } else if (!shown.others.empty()) {
        shown.others.pop_back();
      } else {
        break;
      }
    }
    canvas.set_dry(false);
    PosterDrawing poster(shown, canvas, size);
    poster.draw();
    poster.foot();
    canvas.end_page();
  });
}

}  // namespace tingan::report
