#include "report/papers/papers.h"

#include <gtest/gtest.h>

namespace tingan::report {
namespace {

PaperHead head() {
  return {{"湖滨路营业厅", "Hubin Road hall"},
          {"湖滨路 118 号", "118 Hubin Road"},
          "0571-5550-1000",
          false,
          *parse_rfc3339("2026-11-24T10:12:00+08:00"),
          {}};
}

std::size_t pages_of(const std::string& pdf) {
  std::size_t pages = 0;
  for (auto at = pdf.find("/Type /Page "); at != std::string::npos; at = pdf.find("/Type /Page ", at + 1)) ++pages;
  return pages;
}

// Points, as the first page says.
std::pair<double, double> size_of(const std::string& pdf) {
  double width = 0;
  double height = 0;
  const auto at = pdf.find("/MediaBox [ 0 0 ");
  if (at != std::string::npos) std::sscanf(pdf.c_str() + at, "/MediaBox [ 0 0 %lf %lf", &width, &height);
  return {width, height};
}

CustomerSlip slip() {
  return {.head = head(),
          .number = {"hall-a-000123", "42"},
          .business = {"套餐变更", "Change of plan"},
          .name = "张*",
          .mobile = "138****5678",
          .taken_at = head().made,
          .due = *parse_rfc3339("2026-11-25T10:30:00+08:00")};
}

BusinessTypePtr business(int fields) {
  BusinessType type;
  type.id = BusinessId("plan-change");
  type.title = {"套餐变更", "Change of plan"};
  for (int i = 0; i < fields; ++i) {
    type.fields.push_back({.id = "f" + std::to_string(i), .title = {"业务号码", "Number"}, .kind = FieldKind::mobile});
  }
  return std::make_shared<const BusinessType>(type);
}

PaperPack pack(int fields, std::size_t forms) {
  PaperPack out{.head = head(), .pack = 3, .business = business(fields)};
  for (std::size_t i = 1; i <= forms; ++i) out.numbers.push_back({fmt::format("hall-a-{:06}", i), "07"});
  return out;
}

}  // namespace

TEST(Papers, SayTimesAsPeopleDo) {
  const auto said = [](const char* at) { return say_when(*parse_rfc3339(at), Zone{}).zh; };
  EXPECT_EQ(said("2026-11-25T10:30:00+08:00"), "11月25日（星期三）上午10点半");
  EXPECT_EQ(said("2026-11-25T12:05:00+08:00"), "11月25日（星期三）中午12点05分");
  EXPECT_EQ(said("2026-11-29T18:00:00+08:00"), "11月29日（星期日）晚上6点");
  EXPECT_EQ(said("2026-11-25T00:00:00+08:00"), "11月25日（星期三）凌晨0点");
  EXPECT_EQ(say_when(*parse_rfc3339("2026-11-25T15:07:00+08:00"), Zone{}).en, "Wed 25 Nov, 15:07");
}

TEST(Papers, TheCodeOnASlipSaysNothingOfTheCustomer) { EXPECT_EQ(qr_text(slip().number), "TA1:hall-a-000123:42"); }

TEST(Papers, ASlipIsOneSheetOrAsMuchOfTheRollAsItNeeds) {
  const auto sheet = slip_pdf(slip());
  ASSERT_TRUE(sheet) << sheet.error().message.en;
  EXPECT_EQ(pages_of(*sheet), 1U);
  EXPECT_NEAR(size_of(*sheet).first, 419.5, 1);
  CustomerSlip small = slip();
  small.paper = SlipPaper::receipt;
  const auto roll = slip_pdf(small);
  small.promise = PromiseKind::home_visit;
  small.documents = {{"身份证正面", "front of the id card"}, {"身份证反面", "back of the id card"}};
  const auto longer = slip_pdf(small);
  ASSERT_TRUE(roll && longer);
  EXPECT_EQ(pages_of(*roll), 1U);
  EXPECT_NEAR(size_of(*roll).first, 226.8, 1);
  EXPECT_GT(size_of(*longer).second, size_of(*roll).second);
}

TEST(Papers, ShortFormsStandTwoOnAPageAfterTheCover) {
  const auto two = pack_pdf(pack(2, 5));
  const auto one = pack_pdf(pack(14, 5));
  ASSERT_TRUE(two && one);
  EXPECT_EQ(pages_of(*two), 1U + 3U);
  EXPECT_EQ(pages_of(*one), 1U + 5U);
  EXPECT_FALSE(pack_pdf(pack(2, 0)));
}

TEST(Papers, TheBoardStaysOneSheetHoweverMuchThereIsToSay) {
  NoticeBoard board{.head = head(), .title = {"情况说明", "Notice"}, .opening = {"系统暂时不能使用", "Out of service"}};
  for (int i = 0; i < 30; ++i) board.acceptable.push_back({"套餐变更和其他", "Change of plan and more"});
  for (int i = 0; i < 10; ++i) board.others.push_back({{"文晖路营业厅", "x"}, {"文晖路 286 号", "y"}, "0571"});
  const auto printed = notice_board_pdf(board);
  ASSERT_TRUE(printed);
  EXPECT_EQ(pages_of(*printed), 1U);
  EXPECT_NEAR(size_of(*printed).second, 1190.5, 1);
}

TEST(Papers, TheSameInputGivesTheSameBytes) {
  EXPECT_EQ(*paper_pdf(slip()), *paper_pdf(slip()));
  EXPECT_EQ(*paper_pdf(pack(4, 2)), *paper_pdf(pack(4, 2)));
  const VisitList list{
      head(), true, {{"hall-a-000123", {"宽带", "Broadband"}, "张三", "138", "湖滨路", "上城", "李四", head().made}}};
  EXPECT_EQ(*paper_pdf(list), *paper_pdf(list));
  const ReconciliationSheet sheet{.head = head(), .counts = {{{"合计", "All"}, 3, 1, 1, 0, 1}}};
  EXPECT_EQ(*paper_pdf(sheet), *paper_pdf(sheet));
}

}  // namespace tingan::report
