// A pack of blank numbered forms: a cover that says how to use it and counts, then the forms, two on a page where they
// fit.
#include <fmt/format.h>

#include <array>

#include "report/papers/form_drawing.h"
#include "report/papers/paper_words.h"
#include "report/words.h"

namespace tingan::report {
namespace {

using pdf::Align;
using pdf::mm;
using pdf::Style;

constexpr double kWidth = mm(210);
constexpr double kHeight = mm(297);
constexpr double kSide = mm(15);
constexpr double kTop = mm(9);
constexpr double kBottom = mm(11);
constexpr double kBetween = mm(9);  // two forms on a page, cut apart here
constexpr double kRoomMax = mm(16);
constexpr double kSpread = 1.35;  // a form that has a page of its own

const std::array<Text, 7>& how_to_use() {
  static const std::array<Text, 7> lines = {{
      {"停电或系统中断、设备也不能用时使用本叠。按号码从小到大用，一张单只写一位客户、一项业务。",
       "Use this pack when neither system nor devices work: lowest number first, one customer and one business a "
       "form."},
      {"方格里一格写一个字。手机号、证件号写完，当面念一遍给客户核对。",
       "One character a box. Read mobile and document numbers back to the customer."},
      {"写明承诺的时间，请客户签字，撕下底联交给客户。",
       "Write the promised time, let the customer sign, tear off the stub and hand it over."},
      {"写坏的单不要撕掉：划两道线，写“作废”，留在本叠，并在下表登记号码。",
       "Never throw a spoiled form away: cross it out, write VOID, keep it here and note its number below."},
      {"不能预受理的业务，只写姓名、电话、需求和回电时间。",
       "For business that cannot be taken now, write only name, phone, request and the time to call back."},
      {"系统恢复后按号码录入：逐张录入，或填好表格后导入。作废的号码也要登记。对账时一个号码都不能少。",
       "When the system is back, enter the forms by number, one by one or as a table; note void numbers too. The "
       "reconciliation names every missing one."},
      {"单上有客户资料：专人保管，不离开柜台，录完交营业厅主任封存。",
       "These papers hold personal data: keep them at the counter and give them to the hall director afterwards."},
  }};
  return lines;
}

class PackDrawing {
 public:
  PackDrawing(const PaperPack& pack, const std::vector<QrRows>& codes, pdf::Canvas& canvas)
      : pack_(pack), codes_(codes), canvas_(canvas), form_(pack, canvas, kWidth - 2 * kSide) {}

  void draw() {
    cover();
    const double half = (kHeight - kTop - kBottom - kBetween) / 2;
    double height = measure();
    const bool two = height <= half;
    if (!two) {
      form_.set_spread(kSpread);
      height = measure();
      if (height > kHeight - kTop - kBottom) {
        form_.set_spread(1);
        height = measure();
      }
    }
    const double room = std::clamp((two ? half : kHeight - kTop - kBottom) - height, 0.0, kRoomMax);
    for (std::size_t i = 0; i < pack_.numbers.size(); ++i) {
      const bool lower = two && i % 2 == 1;
      form_.draw(pack_.numbers[i], codes_[i], kSide, lower ? kTop + half + kBetween : kTop, room);
      const bool last = i + 1 == pack_.numbers.size();
      if (two && !lower && !last) canvas_.rule(mm(4), kTop + half + kBetween / 2, kWidth - mm(8), 0.5, 0.6);
      if (lower || !two || last) {
        foot();
        canvas_.end_page();
      }
    }
  }

 private:
  double measure() {
    canvas_.set_dry(true);
    const double height = form_.draw(pack_.numbers.front(), codes_.front(), kSide, kTop);
    canvas_.set_dry(false);
    return height;
  }

  static constexpr double width() { return kWidth - 2 * kSide; }

  void foot() {
    const std::string mark = pack_.head.drill ? " · 演练 DRILL" : "";
    canvas_.text(fmt::format("{} · 第 {} 叠 · {}{}", pack_.head.hall.zh, pack_.pack, made_line(pack_.head).zh, mark),
                 {.size = 6.5, .grey = 0.45, .pitch = 1.3, .align = Align::right}, kSide, kHeight - mm(8), width());
  }

  void cover() {
    double y = mm(18);
    y += canvas_.text(pack_.head.hall.zh + "　" + pack_.head.hall.en, {.size = 11, .grey = 0.25, .pitch = 1.5}, kSide,
                      y, width());
    y += canvas_.text("应急受理空白单", {.size = 28, .bold = true, .pitch = 1.35}, kSide, y, width());
    const Text what = pack_.business == nullptr ? Text{"各项业务通用", "for any business"} : pack_.business->title;
    y += canvas_.text("Blank order forms for hours without electricity", {.size = 10, .grey = 0.3, .pitch = 1.5}, kSide,
                      y, width());
    y += mm(3);
    canvas_.rule(kSide, y, width(), 1.4);
    y += mm(4);
    y = numbers(what, y) + mm(5);
    y += canvas_.text("怎样使用 How to use this pack", {.size = 12.5, .bold = true, .pitch = 1.6}, kSide, y, width()) +
         2;
    int n = 0;
    for (const Text& line : how_to_use()) {
      canvas_.text(fmt::format("{}.", ++n), {.size = 10.5, .bold = true, .pitch = 1.5}, kSide, y, mm(7));
      y += twin(canvas_, line, {.size = 10.5, .pitch = 1.5}, kSide + mm(7), y, width() - mm(7)) + 3.5;
    }
    y += mm(2);
    y += canvas_.text("登记表 Tally: 每小时记一次 once an hour", {.size = 12.5, .bold = true, .pitch = 1.6}, kSide, y,
                      width()) +
         2;
    tally(y);
    foot();
    canvas_.end_page();
  }

  double numbers(const Text& what, double y) {
    struct Fact {
      const char* zh;
      const char* en;
      std::string value;
    };
    const std::array<Fact, 4> facts = {{{"第几叠", "Pack", std::to_string(pack_.pack)},
                                        {"从号码", "From", short_number(pack_.numbers.front())},
                                        {"到号码", "To", short_number(pack_.numbers.back())},
                                        {"共几张", "Forms", std::to_string(pack_.numbers.size())}}};
    const double quarter = width() / 4;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      const double x = kSide + quarter * static_cast<double>(i);
      canvas_.text(fmt::format("{} {}", facts[i].zh, facts[i].en), {.size = 9, .grey = 0.3, .pitch = 1.4}, x, y,
                   quarter);
      canvas_.text(facts[i].value, {.size = 22, .bold = true, .pitch = 1.3}, x, y + 13, quarter);
    }
    y += 46;
    return y + canvas_.text(fmt::format("业务 For: {}　{}", what.zh, what.en), {.size = 10.5, .pitch = 1.5}, kSide, y,
                            width());
  }

  void tally(double y) {
    struct Head {
      const char* zh;
      const char* en;
      double share;
    };
    static constexpr std::array<Head, 6> kHeads = {{{"时段", "Hour", 1.5},
                                                    {"用到的号码（从—到）", "Numbers used", 2.4},
                                                    {"张数", "Forms", 0.9},
                                                    {"作废的号码", "Void numbers", 2.2},
                                                    {"没能受理几人", "Turned away", 1.2},
                                                    {"经手人", "By", 1.2}}};
    constexpr int kRows = 9;  // eight hours and the sum
    const double bottom = kHeight - mm(13);
    const double high = std::min(mm(10.5), (bottom - y - 24) / kRows);
    double shares = 0;
    for (const Head& head : kHeads) shares += head.share;
    canvas_.fill(kSide, y, width(), 24, 0.92);
    double x = kSide;
    for (const Head& head : kHeads) {
      const double wide = width() * head.share / shares;
      canvas_.text(head.zh, {.size = 8.5, .bold = true, .pitch = 1.4}, x + 3, y + 1, wide - 4);
      canvas_.text(head.en, {.size = 6.5, .grey = 0.3, .pitch = 1.3}, x + 3, y + 13, wide - 4);
      canvas_.box(x, y, wide, 24 + high * kRows, 0.5, 0.3);
      x += wide;
    }
    for (int i = 0; i < kRows; ++i) {
      const double top = y + 24 + high * i;
      canvas_.rule(kSide, top, width(), 0.5, 0.3);
      const bool sum = i + 1 == kRows;
      canvas_.text(sum ? "合计 Total" : "＿＿点—＿＿点", {.size = 8.5, .bold = sum, .pitch = high / 8.5}, kSide + 3,
                   top, mm(30));
    }
  }

  const PaperPack& pack_;
  const std::vector<QrRows>& codes_;
  pdf::Canvas& canvas_;
  FormDrawing form_;
};

}  // namespace

Expected<std::string> pack_pdf(const PaperPack& pack) {
  if (pack.numbers.empty()) {
    return fail("report.pdf-failed", {"这叠单没有号码", "Expected a pack with numbers, but it has none"});
  }
  std::vector<QrRows> codes;
  for (const PaperNumber& number : pack.numbers) {
    auto code = qr_code(qr_text(number));
    if (!code) return tl::unexpected(code.error());
    codes.push_back(std::move(*code));
  }
  const auto title = fmt::format("应急受理空白单 第 {} 叠", pack.pack);
  return pdf::press(imprint_of(pack.head, title), kWidth, kHeight, [&](const pdf::DrawingOn& on) {
    pdf::Canvas canvas(on.cairo, on.typesetter);
    PackDrawing(pack, codes, canvas).draw();
  });
}

}  // namespace tingan::report
