// The customer's slip: what was taken, the number, the promise, and what will happen.
#include <fmt/format.h>

#include "report/papers/paper_words.h"
#include "report/qr_code.h"
#include "report/words.h"

namespace tingan::report {
namespace {

using pdf::Align;
using pdf::mm;
using pdf::Style;

class SlipDrawing {
 public:
  SlipDrawing(const CustomerSlip& slip, const QrRows& code, pdf::Canvas& canvas, double width)
      : slip_(slip), code_(code), canvas_(canvas), receipt_(slip.paper == SlipPaper::receipt) {
    margin_ = receipt_ ? mm(4) : mm(11);
    width_ = width - 2 * margin_;
    base_ = receipt_ ? 9 : 10.5;
  }

  // The height of the whole, lower margin included.
  double draw() {
    y_ = margin_;
    head();
    number();
    rows();
    promise();
    next();
    foot();
    return y_ + margin_;
  }

 private:
  void head() {
    if (slip_.head.drill) {
      canvas_.box(margin_, y_, width_, base_ * 2.2, 1);
      y_ +=
          canvas_.text("演练，不是真的业务 / DRILL",
                       {.size = base_ * 1.2, .bold = true, .pitch = 1.83, .align = Align::centre}, margin_, y_, width_);
      y_ += base_ * 0.6;
    }
    const Style hall{.size = base_ * 1.05, .grey = 0.25, .pitch = 1.4, .align = receipt_ ? Align::centre : Align::left};
    y_ += canvas_.text(slip_.head.hall.zh + "　" + slip_.head.hall.en, hall, margin_, y_, width_);
    const Text title = slip_.callback ? Text{"回访登记单", "Callback note"} : Text{"预受理单", "Order receipt"};
    const Style big{.size = base_ * 2.1, .bold = true, .pitch = 1.4, .align = receipt_ ? Align::centre : Align::left};
    y_ += canvas_.text(title.zh, big, margin_, y_, width_);
    const Style small{.size = base_ * 0.9, .grey = 0.3, .pitch = 1.4, .align = big.align};
    y_ += canvas_.text(title.en + " · 客户联 Customer's copy", small, margin_, y_, width_) + base_ * 0.5;
    canvas_.rule(margin_, y_, width_, 1.2);
    y_ += base_ * 0.8;
  }

  void number() {
    const double side = receipt_ ? mm(28) : mm(30);
    const std::string shown = short_number(slip_.number);
    const std::string whole = fmt::format("{} · 校验 check {}", slip_.number.number, slip_.number.check);
    if (receipt_) {
      canvas_.squares(code_, margin_ + (width_ - side) / 2, y_ + base_ * 0.6, side);
      y_ += side + base_ * 1.2;
      y_ += canvas_.text(shown, {.size = base_ * 3, .bold = true, .pitch = 1.25, .align = Align::centre}, margin_, y_,
                         width_);
      y_ += canvas_.text(whole, {.size = base_ * 0.85, .grey = 0.3, .align = Align::centre}, margin_, y_, width_) +
            base_ * 0.7;
      return;
    }
    const double room = width_ - side - mm(8);
    double y = y_ + mm(2);
    y += canvas_.text("您的号码 Your number", {.size = base_ * 0.95, .grey = 0.3}, margin_, y, room);
    y += canvas_.text(shown, {.size = base_ * 4, .bold = true, .pitch = 1.2}, margin_, y, room);
    canvas_.text(whole, {.size = base_ * 0.85, .grey = 0.3}, margin_, y, room);
    canvas_.squares(code_, margin_ + width_ - side - mm(1), y_ + mm(1), side);
    y_ += side + mm(4);
  }

  void row(const char* zh, const char* en, const std::string& value) {
    if (value.empty()) return;
    const double label = receipt_ ? base_ * 7.2 : base_ * 8;
    const double head = canvas_.text(fmt::format("{} {}", zh, en), {.size = base_ * 0.85, .grey = 0.3, .pitch = 2.0},
                                     margin_, y_ + base_ * 0.1, label);
    const double body =
        canvas_.text(value, {.size = base_, .bold = true, .pitch = 1.7}, margin_ + label, y_, width_ - label);
    y_ += std::max(head, body);
    canvas_.rule(margin_, y_, width_, 0.4, 0.75);
  }

  void rows() {
    canvas_.rule(margin_, y_, width_, 0.4, 0.75);
    row("业务", "For", fmt::format("{}　{}", slip_.business.zh, slip_.business.en));
    row("客户", "Name", slip_.name);
    row("电话", "Phone", slip_.mobile);
    row("金额", "Amount", slip_.amount.empty() ? "" : slip_.amount + " 元 yuan");
    row("受理时间", "Taken", table_minute(slip_.taken_at, slip_.head.zone));
    y_ += base_ * 0.9;
  }

  void promise() {
    const double pad = base_ * 0.8;
    const double top = y_;
    const Text lead = promise_lead(slip_.promise);
    const Text when = say_when(slip_.due, slip_.head.zone);
    // First dry, to know how high the frame is.
    const auto words = [&](double y) {
      const double x = margin_ + pad;
      const double room = width_ - 2 * pad;
      double height = canvas_.text(lead.zh + "  " + lead.en, {.size = base_ * 0.95, .pitch = 1.5}, x, y, room);
      Style spoken{.size = base_ * 1.9, .bold = true, .pitch = 1.4};
      spoken.size = canvas_.fitting_size(when.zh, spoken, room, base_ * 1.2);
      height += canvas_.text(when.zh, spoken, x, y + height, room);
      height += canvas_.text(when.en, {.size = base_, .grey = 0.25, .pitch = 1.4}, x, y + height, room);
      return height;
    };
    const double height = words(top + pad) + 2 * pad;
    canvas_.box(margin_, top, width_, height, 1.4);
    y_ += height + base_;
  }

  void next() {
    y_ += canvas_.text("接下来 What happens next", {.size = base_, .bold = true, .pitch = 1.7}, margin_, y_, width_);
    int n = 0;
    for (const Text& one : what_comes_next(slip_)) {
      const double indent = base_ * 1.6;
      canvas_.text(fmt::format("{}.", ++n), {.size = base_, .pitch = 1.55}, margin_, y_, indent);
      y_ += twin(canvas_, one, {.size = base_, .pitch = 1.55}, margin_ + indent, y_, width_ - indent) + base_ * 0.25;
    }
    const Text bring = what_to_bring(slip_);
    if (!bring.empty()) {
      y_ += base_ * 0.4;
      y_ += twin(canvas_, bring, {.size = base_, .bold = true, .pitch = 1.55}, margin_, y_, width_);
    }
    y_ += base_ * 0.9;
  }

  void foot() {
    canvas_.rule(margin_, y_, width_, 0.5, 0.4);
    y_ += base_ * 0.5;
    const Style small{.size = base_ * 0.85, .grey = 0.2, .pitch = 1.5};
    const PaperHead& head = slip_.head;
    const std::string phone = head.phone.empty() ? "" : "　电话 Tel. " + head.phone;
    y_ += canvas_.text(head.hall.zh + phone, {.size = small.size, .bold = true, .pitch = 1.5}, margin_, y_, width_);
    if (!head.address.empty()) y_ += canvas_.text(head.address.zh + "\n" + head.address.en, small, margin_, y_, width_);
    y_ += canvas_.text(fmt::format("{} · 二维码里只有号码，没有您的资料", made_line(head).zh),
                       {.size = base_ * 0.75, .grey = 0.4, .pitch = 1.6}, margin_, y_, width_);
  }

  const CustomerSlip& slip_;
  const QrRows& code_;
  pdf::Canvas& canvas_;
  bool receipt_;
  double margin_ = 0;
  double width_ = 0;
  double base_ = 0;
  double y_ = 0;
};

}  // namespace

Expected<std::string> slip_pdf(const CustomerSlip& slip) {
  const auto code = qr_code(qr_text(slip.number));
  if (!code) return tl::unexpected(code.error());
  const pdf::Imprint imprint = imprint_of(slip.head, "预受理单 " + slip.number.number);
  const double width = slip.paper == SlipPaper::receipt ? mm(80) : mm(148);
  double height = mm(210);
  if (slip.paper == SlipPaper::receipt) {
    // A roll is cut where the text ends: drawn dry first.
    const auto measured = pdf::press(imprint, width, height, [&](const pdf::DrawingOn& on) {
      pdf::Canvas canvas(on.cairo, on.typesetter);
      canvas.set_dry(true);
      height = SlipDrawing(slip, *code, canvas, width).draw();
    });
    if (!measured) return measured;
  }
  return pdf::press(imprint, width, height, [&](const pdf::DrawingOn& on) {
    pdf::Canvas canvas(on.cairo, on.typesetter);
    SlipDrawing(slip, *code, canvas, width).draw();
    canvas.end_page();
  });
}

}  // namespace tingan::report
