// base/phone.h, where numbers leave for robots. (base has no test program of its own.)
#include "base/phone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tingan {
namespace {

using testing::Optional;
using testing::StrEq;

TEST(MobileDigits, AreElevenWhateverWayTheyAreWritten) {
  for (const char* text : {"13800138002",
                           "+8613800138002",
                           "+86 138 0013 8002",
                           "86-13800138002",
                           "008613800138002",
                           "0086 138-0013-8002",
                           "138 0013 8002",
                           "\u202d13800138002\u202c",
                           "\u200b13800138002",
                           "138\u30000013\u30008002",
                           "138‑0013‑8002",
                           "'13800138002",
                           "１３８００１３８００２",
                           "＋８６１３８００１３８００２",
                           "（+86）138 0013 8002",
                           "138.0013.8002",
                           "\ufeff138\u00a00013\u00a08002",
                           "138—0013—8002",
                           "(138)00138002",
                           "\t13800138002 "}) {
    EXPECT_THAT(mobile_digits(text), Optional(StrEq("13800138002"))) << text;
  }
  for (const char* text : {"14900138002", "16600138002", "17000138002", "19900138002"}) {
    EXPECT_TRUE(mobile_digits(text)) << text;
  }
}

TEST(MobileDigits, AreNothingElse) {
  for (const char* text : {"",
                           "0571-5550-1000",
                           "88012345",
                           "010-12345678",
                           "400-800-8888",
                           "10086",
                           "110",
                           "12345",
                           "12800138002",
                           "1380013800",
                           "138001380022",
                           "+852 5123 4567",
                           "+8521380013800",
                           "+1 380 013 8002",
                           "1440138001380",
                           "1064812345678",
                           "138001380o2",
                           "13800138002转801",
                           "13800138002 x8",
                           "two",
                           "+",
                           "８",
                           "138+00138002",
                           "13800138002/13900139003",
                           "\xff\xfe"}) {
    EXPECT_EQ(mobile_digits(text), std::nullopt) << text;
  }
}

TEST(ReadPhone, NamesTheSignThatBelongsToNoNumber) {
  EXPECT_EQ(read_phone("138O0138002").stray, "O");
  EXPECT_EQ(read_phone("王静 138").stray, "王");
  EXPECT_EQ(read_phone(std::string_view("138\0", 4)).stray, "U+0000");
  EXPECT_EQ(read_phone("138\n0013").stray, "U+000A");
  const PhoneText line = read_phone("0571-5550 1000 转 801");
  EXPECT_EQ(line.stray, "");
  EXPECT_EQ(line.digits, "057155501000");
  EXPECT_EQ(line.extension, "801");
  EXPECT_TRUE(read_phone("+852 5123 4567").international);
}

}  // namespace
}  // namespace tingan
