#include "core/acceptance/paper_number.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/acceptance/decide.h"

namespace tingan {
namespace {

const UnitId kHall("hall-a");

TEST(PaperNumber, IsReadInEveryWayThatPeopleWriteIt) {
  const std::string check = number_check("hall-a-000123");
  for (const std::string& text : {std::string("123"), std::string("000123"), std::string(" hall-a-000123 "),
                                  "000123-" + check, "hall-a-000123 " + check, "TA1:hall-a-000123:" + check}) {
    EXPECT_EQ(read_paper_number(kHall, text), 123U) << text;
  }
  for (const char* text : {"", "0", "12a", "hall-b-000123", "-123", "1234567890", "123-4", "123-4x", "1.5"}) {
    EXPECT_EQ(read_paper_number(kHall, text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(PaperNumber, OneWrongDigitOrTwoSwappedAreCaught, ()) {
  const auto number = *rc::gen::inRange<std::uint32_t>(1, 999999);
  const std::string right = order_number(kHall, number);
  std::string wrong = right;
  const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, 6)) + right.size() - 6;
  if (*rc::gen::arbitrary<bool>() && at + 1 < right.size()) {
    std::swap(wrong[at], wrong[at + 1]);
  } else {
    wrong[at] = static_cast<char>('0' + *rc::gen::inRange(0, 10));
  }
  RC_PRE(wrong != right);
  RC_ASSERT(number_check(wrong) != number_check(right));
  RC_ASSERT(!read_paper_number(kHall, wrong + "-" + number_check(right)));
}

}  // namespace
}  // namespace tingan
