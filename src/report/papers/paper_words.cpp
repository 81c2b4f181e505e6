#include "report/papers/paper_words.h"

#include <fmt/format.h>

#include <array>

#include "report/words.h"

namespace tingan::report {
namespace {

constexpr std::array<const char*, 7> kWeekdaysZh = {"一", "二", "三", "四", "五", "六", "日"};
constexpr std::array<const char*, 7> kWeekdaysEn = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

const char* part_of_day(int hour) {
  if (hour < 6) return "凌晨";
  if (hour < 12) return "上午";
  if (hour < 13) return "中午";
  if (hour < 18) return "下午";
  return "晚上";
}

std::string spoken_clock(int minute_of_day) {
  const int hour = minute_of_day / 60;
  const int minute = minute_of_day % 60;
  const int shown = hour > 12 ? hour - 12 : hour;
  if (minute == 0) return fmt::format("{}{}点", part_of_day(hour), shown);
  if (minute == 30) return fmt::format("{}{}点半", part_of_day(hour), shown);
  return fmt::format("{}{}点{:02}分", part_of_day(hour), shown, minute);
}

Text call_us(const CustomerSlip& slip) {
  const std::string& phone = slip.head.phone;
  if (phone.empty()) {
    return {"过了时间没有消息，请到本厅，报上面的号码。",
            "If you hear nothing by then, come to this hall and give the number above."};
  }
  return {fmt::format("过了时间没有消息，请打 {}，报上面的号码。", phone),
          fmt::format("If you hear nothing by then, call {} and give the number above.", phone)};
}

}  // namespace

std::string qr_text(const PaperNumber& number) { return fmt::format("TA1:{}:{}", number.number, number.check); }

std::string short_number(const PaperNumber& number) {
  const auto dash = number.number.rfind('-');
  return dash == std::string::npos ? number.number : number.number.substr(dash + 1);
}

Text say_when(Instant at, Zone zone) {
  const LocalTime local = local_time(at, zone);
  const auto weekday = static_cast<std::size_t>(local.weekday);
  return {fmt::format("{}月{}日（星期{}）{}", local.month, local.day, kWeekdaysZh[weekday], spoken_clock(local.minute)),
          fmt::format("{} {} {}, {}:{:02}", kWeekdaysEn[weekday], local.day,
                      kMonths[static_cast<std::size_t>(local.month - 1)], local.minute / 60, local.minute % 60)};
}

Text made_line(const PaperHead& head) {
  const std::string minute = table_minute(head.made, head.zone);
  return {"打印时间 " + minute, "Printed " + minute};
}

Text promise_lead(PromiseKind promise) {
  switch (promise) {
    case PromiseKind::done:
      return {"我们最迟在这个时间办好", "We will have it done by"};
    case PromiseKind::come_again:
      return {"请您在这个时间以后再来", "Please come again from"};
    case PromiseKind::home_visit:
      return {"我们最迟在这个时间上门", "We will come to you by"};
    case PromiseKind::call_back:
      return {"我们最迟在这个时间回电话", "We will call you back by"};
  }
  return {};
}

std::vector<Text> what_comes_next(const CustomerSlip& slip) {
  const Text call = call_us(slip);
  switch (slip.promise) {
    case PromiseKind::done:
      return {{"系统恢复后，我们替您录入办理，您不用再来。",
               "When the system is back we complete this for you; you need not come again."},
              {fmt::format("办好后，我们打 {} 告诉您。", slip.mobile),
               fmt::format("When it is done, we call you on {}.", slip.mobile)},
              call};
    case PromiseKind::come_again:
      return {{"系统恢复后，您带本单来，不用重新填单。",
               "When the system is back, come with this slip; nothing needs to be filled in again."},
              {"到厅后把本单交给引导员，由他带您办理。", "Give this slip to the guide at the door, who will help you."},
              call};
    case PromiseKind::home_visit:
      return {{"工作人员带资料到您家里办理，来之前先打电话。",
               "A member of staff comes to your home and calls you before."},
              {"请先看工作证再开门；我们不会问您的密码和验证码。",
               "Ask for the staff card first; we never ask for passwords or codes."},
              call};
    case PromiseKind::call_back:
      return {{"您的需求已经记下，系统恢复后我们第一时间处理。",
               "Your request is noted; we take it up as soon as the system is back."},
              {fmt::format("我们打 {} 联系您，请保持电话畅通。", slip.mobile),
               fmt::format("We call you on {}; please keep the phone at hand.", slip.mobile)},
              call};
  }
  return {};
}

Text what_to_bring(const CustomerSlip& slip) {
  if (slip.promise == PromiseKind::call_back) return {};
  if (slip.promise == PromiseKind::done) {
    return {"来厅查询时带上本单", "Bring this slip if you come to ask about it"};
  }
  std::vector<Text> things{{"本单", "this slip"}};
  things.insert(things.end(), slip.documents.begin(), slip.documents.end());
  Text listed = join(things, {"、", ", "});
  if (!slip.documents.empty()) listed = listed + Text{"（原件）", " (originals)"};
  if (slip.promise == PromiseKind::home_visit) return Text{"请在家备好：", "Please have ready: "} + listed;
  return Text{"请带上：", "Please bring: "} + listed;
}

Expected<std::string> paper_pdf(const Paper& paper) {
  struct Printer {
    Expected<std::string> operator()(const CustomerSlip& slip) const { return slip_pdf(slip); }
    Expected<std::string> operator()(const PaperPack& pack) const { return pack_pdf(pack); }
    Expected<std::string> operator()(const NoticeBoard& board) const { return notice_board_pdf(board); }
    Expected<std::string> operator()(const VisitList& list) const { return visit_list_pdf(list); }
    Expected<std::string> operator()(const ReconciliationSheet& sheet) const { return reconciliation_pdf(sheet); }
  };
  return std::visit(Printer{}, paper);
}

pdf::Imprint imprint_of(const PaperHead& head, const std::string& title) {
  return {.title = title, .author = head.hall.zh, .made = head.made, .zone = head.zone};
}

double twin(pdf::Canvas& canvas, const Text& text, pdf::Style style, double x, double y, double width) {
  double height = canvas.text(text.zh, style, x, y, width);
  pdf::Style small = style;
  small.size = style.size * 0.78;
  small.bold = false;
  small.pitch = 1.35;
  if (style.grey < 0.5) small.grey = 0.3;
  if (!text.en.empty()) height += canvas.text(text.en, small, x, y + height, width);
  return height;
}

}  // namespace tingan::report
