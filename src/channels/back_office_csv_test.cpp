#include "channels/back_office_csv.h"

#include <fstream>

#include "base/file.h"
#include "channels/support/batch_folder.h"
#include "channels/support/csv_text.h"
#include "channels/support/testing.h"

namespace tingan::channels {
namespace {

namespace fs = std::filesystem;
using testing::SetClock;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "tingan-csv-XXXXXX").string();
    CHECK(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

std::string text_of(const fs::path& file) { return read_whole_file(file).value_or("(none)"); }

class CsvBackOfficeTest : public ::testing::Test {
 protected:
  CsvBackOfficeTest() {
    csv_.folder = folder_.path.string();
    csv_.columns = {{"单号", {{{}, "number"}}},
                    {"编号", {{{}, "key"}}},
                    {"客户", {{{}, "name"}}},
                    {"备注", {{"厅安, ", {}}, {{}, "business"}}}};
    csv_.orders_max = 2;
    csv_.key_column = "编号";
    csv_.outcome_column = "结果";
    csv_.reference_column = "业务流水";
    csv_.reason_column = "原因";
    csv_.outcomes = {{"成功", AnswerMeans::entered}, {"失败", AnswerMeans::rejected}};
    open();
  }

  void open() {
    office_.reset();
    auto made = make_csv_back_office({.id = "city", .where = "c.yaml:2"}, csv_, clock_);
    ASSERT_TRUE(made) << to_string(made.error());
    office_ = std::move(*made);
  }
  static OrderToEnter order(const std::string& key) {
    return {.key = key,
            .number = "hall-a-" + key,
            .unit = UnitId("hall-a"),
            .business = BusinessId("bill-payment"),
            .connector = "city",
            .personal = R"({"name":"张三"})"};
  }
  EntryOutcome send(const std::string& key) {
    std::promise<EntryResult> promise;
    office_->send(order(key), [&](EntryResult result) { promise.set_value(std::move(result)); });
    return promise.get_future().get().outcome;
  }
  EntryResult ask(const std::string& key) {
    clock_.advance(Duration{2000});  // it looks into the folder once a second
    std::promise<EntryResult> promise;
    office_->ask(order(key), [&](EntryResult result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }
  // The connector's thread writes it; until then.
  void wait_for(const std::string& name) const {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!fs::exists(folder_.path / name) && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
    ASSERT_TRUE(fs::exists(folder_.path / name)) << name;
  }
  void put(const std::string& name, const std::string& content) const {
    std::ofstream(folder_.path / "beside") << content;
    fs::rename(folder_.path / "beside", folder_.path / name);
  }

  Folder folder_;
  SetClock clock_;
  CsvConnector csv_;
  std::unique_ptr<BackOffice> office_;
};

TEST_F(CsvBackOfficeTest, GathersOrdersIntoAFileAndReadsTheAnswer) {
  EXPECT_EQ(ask("k1").outcome, EntryOutcome::absent);
  EXPECT_EQ(send("k1"), EntryOutcome::pending);
  EXPECT_EQ(ask("k1").outcome, EntryOutcome::pending) << "gathered, not yet written";
  EXPECT_EQ(send("k2"), EntryOutcome::pending);
  wait_for("tingan-000001.csv");
  EXPECT_EQ(text_of(folder_.path / "tingan-000001.csv"),
            "\xef\xbb\xbf单号,编号,客户,备注\r\nhall-a-k1,k1,张三,\"厅安, bill-payment\"\r\n"
            "hall-a-k2,k2,张三,\"厅安, bill-payment\"\r\n");
  EXPECT_EQ(ask("k1").outcome, EntryOutcome::pending);
  put("tingan-000001.result.csv", "编号,结果,业务流水,原因\nk1,成功,B-7,\nk2,失败,,\"没有, 号码\"\n");
  EXPECT_EQ(ask("k1").outcome, EntryOutcome::entered);
  EXPECT_EQ(ask("k1").reference, "B-7");
  EXPECT_EQ(ask("k2").outcome, EntryOutcome::rejected);
  EXPECT_EQ(ask("k2").reason, "没有, 号码");
  EXPECT_EQ(ask("k3").outcome, EntryOutcome::absent);
}

// The customer's data was erased: no file on the way keeps it, and what the other side took is not offered again.
TEST_F(CsvBackOfficeTest, WhoWasErasedIsInNoFileAnyMore) {
  send("k1");
  send("k2");
  wait_for("tingan-000001.csv");
  put("tingan-000001.result.csv", "编号,结果,业务流水,原因\nk1,失败,,张三的号码不对\nk2,成功,B-8,\n");
  EXPECT_TRUE(office_->forget("k1", "hall-a-k1"));
  EXPECT_EQ(text_of(folder_.path / "tingan-000001.csv"),
            "\xef\xbb\xbf单号,编号,客户,备注\r\nhall-a-k2,k2,张三,\"厅安, bill-payment\"\r\n");
  EXPECT_EQ(text_of(folder_.path / "tingan-000001.result.csv").find("张三"), std::string::npos);
  EXPECT_EQ(ask("k2").outcome, EntryOutcome::entered) << "the others are as before";
  EXPECT_TRUE(office_->forget("k2", "hall-a-k2"));
  EXPECT_FALSE(fs::exists(folder_.path / "tingan-000001.csv")) << "nothing is left in it";
  EXPECT_TRUE(office_->forget("k2", "hall-a-k2")) << "once more does no harm";
  EXPECT_EQ(send("k3"), EntryOutcome::pending);
  EXPECT_TRUE(office_->forget("k3", "hall-a-k3")) << "gathered, not yet written";
  EXPECT_EQ(ask("k3").outcome, EntryOutcome::absent);
  for (const auto& file : fs::recursive_directory_iterator(folder_.path)) {
    if (!file.is_regular_file()) continue;
    EXPECT_EQ(text_of(file.path()).find("张三"), std::string::npos) << file.path();
  }
}

TEST_F(CsvBackOfficeTest, AFewWaitOnlySoLong) {
  EXPECT_EQ(send("k1"), EntryOutcome::pending);
  clock_.advance(csv_.wait);
  EXPECT_EQ(ask("k1").outcome, EntryOutcome::pending);
  wait_for("tingan-000001.csv");
}

TEST_F(CsvBackOfficeTest, AfterARestartItKnowsWhatWasWrittenAlsoWhenTheFilesWereTaken) {
  send("k1");
  send("k2");
  wait_for("tingan-000001.csv");
  send("k3");  // gathered only
  fs::remove(folder_.path / "tingan-000001.csv");
  open();
  EXPECT_EQ(ask("k1").outcome, EntryOutcome::pending);
  EXPECT_EQ(ask("k3").outcome, EntryOutcome::absent) << "never written, so it may be sent again";
  EXPECT_FALSE(fs::exists(folder_.path / "tingan-000001.csv")) << "offered once";
  send("k3");
  send("k4");
  wait_for("tingan-000002.csv");
  const std::string kept = text_of(folder_.path / ".tingan" / "written" / "tingan-000001.csv");
  EXPECT_EQ(kept, "k1\nk2\n") << "no personal data stays";
  EXPECT_TRUE(fs::is_empty(folder_.path / ".tingan" / "staging"));
}

// A crash between staging and offering.
TEST_F(CsvBackOfficeTest, WhatIsStagedIsOfferedOnceAtTheNextStart) {
  office_.reset();
  ASSERT_TRUE(write_private_file(folder_.path / ".tingan" / "staging" / "tingan-000007.csv",
                                 "单号,编号,客户,备注\r\nn,k9,x,y\r\n"));
  open();
  EXPECT_TRUE(fs::exists(folder_.path / "tingan-000007.csv"));
  EXPECT_EQ(ask("k9").outcome, EntryOutcome::pending);
  send("k1");
  send("k2");
  wait_for("tingan-000008.csv");
}

TEST_F(CsvBackOfficeTest, ARepairedOrderIsNotJudgedByItsOldAnswer) {
  send("k1");
  send("k2");
  wait_for("tingan-000001.csv");
  put("tingan-000001.result.csv", "编号,结果\nk1,失败\nk2,成功\n");
  EXPECT_EQ(ask("k1").outcome, EntryOutcome::rejected);
  send("k1");
  EXPECT_EQ(ask("k1").outcome, EntryOutcome::pending);
  send("k3");
  wait_for("tingan-000002.csv");
  EXPECT_EQ(ask("k1").outcome, EntryOutcome::pending);
  put("tingan-000002.result.csv", "编号,结果\nk1,成功\n");
  EXPECT_EQ(ask("k1").outcome, EntryOutcome::entered);
}

TEST_F(CsvBackOfficeTest, WordsThatNobodyExplainedAreUnknown) {
  send("k1");
  send("k2");
  wait_for("tingan-000001.csv");
  put("tingan-000001.result.csv", "编号,结果\nk1,大概\n");
  EXPECT_EQ(ask("k1").outcome, EntryOutcome::unknown);
  EXPECT_EQ(ask("k2").outcome, EntryOutcome::pending) << "not in it";
}

TEST_F(CsvBackOfficeTest, ResultsOfASpreadsheetInGb18030AreRead) {
  send("k1");
  send("k2");
  wait_for("tingan-000001.csv");
  // 编号,结果 / k1,成功 as GBK.
  put("tingan-000001.result.csv", "\xb1\xe0\xba\xc5,\xbd\xe1\xb9\xfb\r\nk1,\xb3\xc9\xb9\xa6\r\n");
  EXPECT_EQ(ask("k1").outcome, EntryOutcome::entered);
}

TEST_F(CsvBackOfficeTest, OneProgramAFolder) {
  const auto second = make_csv_back_office({.id = "city", .where = "c.yaml:2"}, csv_, clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "connectors.folder");
  CsvConnector nowhere = csv_;
  nowhere.folder = (folder_.path / "nowhere").string();
  EXPECT_FALSE(make_csv_back_office({.id = "city", .where = "c.yaml:2"}, nowhere, clock_));
}

TEST(CsvText, ReadsWhatItWritesAndRefusesBrokenQuotes) {
  const std::vector<CsvRow> rows{{"a", "b,c", "d\"e", "f\ng", ""}, {"", "x"}};
  std::string text;
  for (const CsvRow& row : rows) text += csv_line(row);
  EXPECT_EQ(parse_csv(text), rows);
  EXPECT_EQ(parse_csv("\xef\xbb\xbf"
                      "a,b\nc,d"),
            (std::vector<CsvRow>{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(parse_csv("\n\r\n"), std::vector<CsvRow>{});
  EXPECT_FALSE(parse_csv("\"a"));
  EXPECT_FALSE(parse_csv("\"a\"b,c\n"));
}

}  // namespace
}  // namespace tingan::channels
