#include "report/papers/form_drawing.h"

#include <fmt/format.h>

#include "report/papers/paper_words.h"
#include "report/words.h"

namespace tingan::report {
namespace {

using pdf::Align;
using pdf::mm;
using pdf::Style;

constexpr double kLabel = mm(30);
constexpr double kGap = mm(1.4);
constexpr double kTick = mm(3.4);

std::string both(const Text& text) { return text.zh == text.en ? text.zh : text.zh + " " + text.en; }

Text title_of(const BusinessType* type) {
  if (type == nullptr) return {"应急受理单", "Emergency order"};
  return type->title +
         (type->pre_acceptable ? Text{"　预受理单", ": order form"} : Text{"　回访登记单", ": callback form"});
}

Text in_yuan(const Text& title) {
  return title.zh.find("元") == std::string::npos ? title + Text{"（元）", " (yuan)"} : title;
}

}  // namespace

void FormDrawing::label(const Text& title, bool required, double x, double y, double width) {
  const std::string shown = title.zh + (required ? " *" : "");
  Style zh{.size = 9.5, .bold = true, .pitch = 1.3};
  zh.size = canvas_.fitting_size(shown, zh, width, 6.5);
  Style en{.size = 6.5, .grey = 0.35, .pitch = 1.3};
  en.size = canvas_.fitting_size(title.en, en, width, 5);
  canvas_.text(shown, zh, x, y, width);
  canvas_.text(title.en, en, x, y + 12.4, width);
}

void FormDrawing::lines(const Text& title, bool required, int count) {
  label(title, required, x_, y_, kLabel);
  for (int i = 0; i < count; ++i) {
    canvas_.rule(x_ + kLabel, y_ + row() - mm(1.4), width_ - kLabel, 0.5, 0.35);
    y_ += row();
  }
}

void FormDrawing::boxes(const Text& title, bool required, const std::vector<int>& groups, const char* between) {
  label(title, required, x_, y_, kLabel);
  int count = 0;
  for (const int group : groups) count += group;
  const double gap = groups.size() > 1 ? mm(4) : 0;
  const double room = width_ - kLabel - gap * static_cast<double>(groups.size() - 1);
  const double side = std::min(mm(7), room / count);
  double x = x_ + kLabel;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (int k = 0; k < groups[i]; ++k, x += side) canvas_.box(x, y_, side, mm(7), 0.6);
    if (i + 1 < groups.size()) {
      canvas_.text(between, {.size = 9, .pitch = 2.2, .align = Align::centre}, x, y_, gap);
      x += gap;
    }
  }
  y_ += row();
}

void FormDrawing::tick(const Text& choice, double x, double y, double width) {
  canvas_.box(x, y + mm(1), kTick, kTick, 0.7);
  canvas_.text(both(choice), {.size = 8.5, .pitch = 1.85}, x + kTick + mm(1.4), y, width - kTick - mm(1.4));
}

void FormDrawing::ticks(const Text& title, bool required, const std::vector<Text>& choices) {
  label(title, required, x_, y_, kLabel);
  double x = x_ + kLabel;
  for (const Text& choice : choices) {
    const double wide = canvas_.width(both(choice), {.size = 8.5}) + kTick + mm(5);
    const double room = std::min(wide, width_ - kLabel);
    if (x + room > x_ + width_ + 0.5 && x > x_ + kLabel) {
      x = x_ + kLabel;
      y_ += mm(6);
    }
    tick(choice, x, y_, room);
    x += room;
  }
  y_ += std::max(mm(7.6), row() - mm(1));
}

void FormDrawing::head(const PaperNumber& number, const QrRows& code) {
  const double side = mm(17);
  const Text title = title_of(pack_.business.get());
  const double room = width_ - side - mm(48);
  canvas_.text(pack_.head.hall.zh, {.size = 9, .grey = 0.25, .pitch = 1.3}, x_, y_, room);
  Style big{.size = 17, .bold = true, .pitch = 1.4};
  big.size = canvas_.fitting_size(title.zh, big, room, 11);
  const double height = canvas_.text(title.zh, big, x_, y_ + 13, room);
  canvas_.text(title.en, {.size = 8, .grey = 0.35, .pitch = 1.3}, x_, y_ + 13 + height, room);
  const double right = x_ + width_ - side - mm(46);
  canvas_.text("号码 No.", {.size = 7.5, .grey = 0.35, .pitch = 1.3, .align = Align::right}, right, y_, mm(44));
  canvas_.text(short_number(number), {.size = 25, .bold = true, .pitch = 1.2, .align = Align::right}, right, y_ + 9,
               mm(44));
  canvas_.text(fmt::format("{} · 校验 {} · 第 {} 叠　* 必填", number.number, number.check, pack_.pack),
               {.size = 7.5, .grey = 0.35, .pitch = 1.3, .align = Align::right}, right - mm(14), y_ + 39, mm(58));
  canvas_.squares(code, x_ + width_ - side, y_, side);
  y_ += side + mm(1.6);
  canvas_.rule(x_, y_, width_, 1.2);
  y_ += mm(2.2);
}

void FormDrawing::customer() {
  lines({"客户姓名", "Customer's name"}, true, 1);
  boxes({"联系手机", "Mobile"}, true, {3, 4, 4}, "");
}

void FormDrawing::field(const BusinessField& field) {
  switch (field.kind) {
    case FieldKind::mobile:
      return boxes(field.title, field.required, {3, 4, 4}, "");
    case FieldKind::resident_id:
      return boxes(field.title, field.required, {6, 8, 4}, "");
    case FieldKind::passport:
      return boxes(field.title, field.required, {9}, "");
    case FieldKind::date:
      return boxes(field.title, field.required, {4, 2, 2}, "-");
    case FieldKind::money:
      label(in_yuan(field.title), field.required, x_, y_, kLabel);
      canvas_.text("￥", {.size = 11, .pitch = 1.8}, x_ + kLabel, y_, mm(8));
      canvas_.rule(x_ + kLabel + mm(6), y_ + row() - mm(1.4), mm(50), 0.5, 0.35);
      y_ += row();
      return;
    case FieldKind::choice: {
      std::vector<Text> titles;
      for (const FieldChoice& choice : field.choices) titles.push_back(choice.title);
      return ticks(field.title, field.required, titles);
    }
    case FieldKind::signature:  // signed below
    case FieldKind::photo:      // with the documents
      return;
    case FieldKind::address:
      return lines(field.title, field.required, 1);
    case FieldKind::text:
    case FieldKind::number:
      return lines(field.title, field.required, field.kind == FieldKind::text && field.max.value_or(0) > 60 ? 2 : 1);
  }
}

void FormDrawing::fields() {
  if (pack_.business != nullptr) {
    for (const BusinessField& one : pack_.business->fields) field(one);
    return;
  }
  if (!pack_.businesses.empty()) ticks({"办什么业务", "Business"}, true, pack_.businesses);
  lines({"需求", "Request"}, true, 3);
}

void FormDrawing::documents() {
  std::vector<Text> titles;
  if (pack_.business != nullptr) {
    for (const NeededDocument& document : pack_.business->documents) titles.push_back(document.title);
    for (const BusinessField& field : pack_.business->fields) {
      if (field.kind == FieldKind::photo) titles.push_back(field.title);
    }
  }
  if (!titles.empty()) ticks({"已看原件、已拍照", "Seen and photographed"}, false, titles);
}

void FormDrawing::promise_and_signatures() {
  y_ += kGap;
  canvas_.rule(x_, y_, width_, 0.4, 0.6);
  y_ += kGap;
  label({"给客户的承诺", "Promise"}, true, x_, y_, kLabel);
  canvas_.text("最迟 ＿＿月＿＿日＿＿点＿＿分", {.size = 9.5, .pitch = 1.7}, x_ + kLabel, y_, mm(54));
  static const std::vector<Text> kinds = {
      {"办好", "done"}, {"再来", "come again"}, {"上门", "home visit"}, {"回电", "call"}};
  double x = x_ + kLabel + mm(53);
  for (const Text& kind : kinds) {
    const double wide = canvas_.width(both(kind), {.size = 8.5}) + kTick + mm(3.4);
    tick(kind, x, y_, wide + mm(3));
    x += wide;
  }
  y_ += mm(8.5);
  const double high = mm(12) + room_;
  const double third = width_ / 3;
  static const Text kSigns[] = {{"客户签字：内容已核对，同意", "Customer: checked and agreed"},
                                {"经办人签字", "Taken by"},
                                {"受理时间　　月　　日　　点　　分", "Taken at"}};
  for (int i = 0; i < 3; ++i) {
    const double left = x_ + third * i;
    canvas_.box(left, y_, third, high, 0.6);
    canvas_.text(kSigns[i].zh, {.size = 7.5, .pitch = 1.4}, left + 3, y_ + 1.5, third - 6);
    canvas_.text(kSigns[i].en, {.size = 6, .grey = 0.4, .pitch = 1.3}, left + 3, y_ + 12, third - 6);
  }
  y_ += high + mm(2.2);
}

void FormDrawing::stub(const PaperNumber& number, const QrRows& code) {
  canvas_.dashes(x_, y_, width_);
  canvas_.text("撕下交客户 tear off for the customer", {.size = 6.5, .grey = 0.4, .pitch = 1.5, .align = Align::centre},
               x_, y_ + 0.5, width_);
  y_ += mm(4.2);
  const double side = mm(14);
  canvas_.squares(code, x_, y_, side);
  const double left = x_ + side + mm(4);
  canvas_.text(short_number(number), {.size = 18, .bold = true, .pitch = 1.2}, left, y_, mm(40));
  canvas_.text(fmt::format("{} · 校验 {}", number.number, number.check), {.size = 7, .grey = 0.35, .pitch = 1.3}, left,
               y_ + 23, mm(50));
  canvas_.text("业务 ＿＿＿＿＿＿＿＿＿＿", {.size = 8, .pitch = 1.4}, left, y_ + 31, mm(60));
  const double right = left + mm(54);
  const double room = x_ + width_ - right;
  canvas_.text("最迟 ＿＿月＿＿日＿＿点＿＿分　□办好 □再来 □上门 □回电", {.size = 8.5, .bold = true, .pitch = 1.5},
               right, y_, room);
  const std::string phone = pack_.head.phone.empty() ? "" : "　电话 " + pack_.head.phone;
  canvas_.text(fmt::format("{}{}", pack_.head.hall.zh, phone), {.size = 8.5, .pitch = 1.5}, right, y_ + 14, room);
  canvas_.text(
      "系统恢复后按此号码为您办理；过了时间没有消息，请来电报号码。\n"
      "We handle this number when the system is back. If you hear nothing in time, please call.",
      {.size = 6.5, .grey = 0.35, .pitch = 1.4}, right, y_ + 27, room);
  y_ += side + mm(1);
}

double FormDrawing::draw(const PaperNumber& number, const QrRows& code, double x, double y, double room) {
  x_ = x;
  y_ = y;
  room_ = room;
  head(number, code);
  customer();
  fields();
  documents();
  promise_and_signatures();
  stub(number, code);
  return y_ - y;
}

}  // namespace tingan::report
