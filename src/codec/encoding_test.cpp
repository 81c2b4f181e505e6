#include "base/encoding.h"

#include <gtest/gtest.h>

namespace tingan {

TEST(Hidden, WhatNobodySeesAndWhatTurnsALineAroundGoes) {
  for (const char* hidden : {"\u202e", "\u202d", "\u202a", "\u202b", "\u202c", "\u2066", "\u2067",     "\u2068",
                             "\u2069", "\u200e", "\u200f", "\u061c", "\u200b", "\u200d", "\u2060",     "\u2063",
                             "\ufeff", "\u00ad", "\u0085", "\u206a", "\ufff9", "\u3164", "\U000e0041", "\U000e01f0"}) {
    const std::string text = std::string("病人") + hidden + "已送医";
    EXPECT_EQ(without_hidden(text), "病人已送医") << hidden;
    EXPECT_TRUE(has_hidden(text));
    EXPECT_EQ(without_hidden(hidden), "");
  }
}

TEST(Hidden, WhatPeopleWriteWithStays) {
  for (const char* text : {"厅主任：一切正常\n\t第二行", "👨‍👩‍👧 一家三口", "❤️", "葛\U000e0100城",
                           "می‌خواهم", "ᠮᠣᠩᠭᠣᠯ᠎ᠠ", "བོད་ཡིག", "é à", "全　角", "ＡＢＣ－１２"}) {
    EXPECT_EQ(without_hidden(text), text);
    EXPECT_FALSE(has_hidden(text));
  }
}

// Cut in the middle of a character it is no UTF-8; nothing is read beyond the end all the same.
TEST(Hidden, BrokenTextDoesNoHarm) {
  const std::string whole = "中\u202e👧";
  for (std::size_t n = 0; n < whole.size(); ++n) {
    (void)without_hidden(whole.substr(0, n));
    (void)looks_like_formula(whole.substr(n));
  }
}

TEST(Formula, WhateverASpreadsheetMayTakeForOne) {
  for (const char* cell :
       {"=1+1", "+1",  "-1", "@SUM", "\tx",  "\rx",   "＝1+1",    "＋1", "－1",   "＠SUM",    "﹦1",     "﹢1",
        "﹣1",  "﹫x", "−1", " =1",  "\n=1", "　＝1", "\u00a0=1", "'=1", "''＝1", "\ufeff=1", "\u202e=1"}) {
    EXPECT_TRUE(looks_like_formula(cell)) << cell;
  }
  for (const char* cell : {"", "a=b", "1-2", "'a", "hall-a-000001", "（＝）", "2026-11-24", "中－国", "\"=1\"", " a"}) {
    EXPECT_FALSE(looks_like_formula(cell)) << cell;
  }
}

TEST(CsvCell, IsQuotedAlsoForThoseWhoPartBySemicolonsOrTabs) {
  EXPECT_EQ(csv_cell("a;=1"), "\"a;=1\"");
  EXPECT_EQ(csv_cell("a\t=1"), "\"a\t=1\"");
  EXPECT_EQ(csv_cell("say \"=1\""), "\"say \"\"=1\"\"\"");
  EXPECT_EQ(csv_cell("plain"), "plain");
}

}  // namespace tingan
