#include "app/office_desk.h"

#include <gtest/gtest.h>

#include <fstream>
#include <future>

#include "base/check.h"
#include "base/file.h"
#include "runtime/node_clock.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

class OfficeDeskTest : public ::testing::Test {
 protected:
  OfficeDeskTest() {
    std::string pattern = (fs::temp_directory_path() / "tingan-office-XXXXXX").string();
    CHECK(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
  }
  ~OfficeDeskTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  std::unique_ptr<OfficeDesk> open(sim::OfficeTemper temper = {}) {
    auto desk = OfficeDesk::open({.file = file(), .temper = temper}, clock_);
    CHECK(desk);
    return std::move(*desk);
  }
  fs::path file() const { return folder_ / "books"; }
  static std::optional<EntryResult> send(OfficeDesk& desk, const std::string& key) {
    std::promise<std::optional<EntryResult>> promise;
    desk.send({.key = key,
               .number = "n",
               .business = BusinessId("bill-payment"),
               .amount_fen = 100,
               .personal = R"({"name":"张三","mobile":"13800138000"})"},
              [&](std::optional<EntryResult> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }

  fs::path folder_;
  NodeClock clock_{from_millis(0)};
};

TEST_F(OfficeDeskTest, KnowsAfterwardsWhatItHasAnswered) {
  std::string reference;
  {
    const auto desk = open();
    reference = send(*desk, "k1")->reference;
    send(*desk, "k2");
    EXPECT_EQ(desk->counts().entries, 2U);
  }
  const auto desk = open();
  EXPECT_EQ(desk->counts().entries, 2U);
  EXPECT_EQ(desk->counts().amount_fen, 200);
  const auto again = send(*desk, "k1");
  EXPECT_EQ(again->outcome, EntryOutcome::duplicate);
  EXPECT_EQ(again->reference, reference);
  ASSERT_EQ(desk->entries("k1", 10).size(), 1U);
  EXPECT_EQ(desk->entries("", 1).front().key, "k1");
}

TEST_F(OfficeDeskTest, ATornLastLineIsCutOffADamagedOneIsNamed) {
  send(*open(), "k1");
  const std::string sound = *read_whole_file(file());
  std::ofstream(file(), std::ios::app) << R"({"key":"k2","num)";
  EXPECT_EQ(open()->counts().entries, 1U);
  EXPECT_EQ(*read_whole_file(file()), sound);
  std::ofstream(file(), std::ios::app) << "nonsense\n" << sound;
  const auto damaged = OfficeDesk::open({.file = file()}, clock_);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, "office.damaged");
  EXPECT_TRUE(damaged.error().where.ends_with("books:2")) << damaged.error().where;
}

TEST_F(OfficeDeskTest, OneProgramItsBooks) {
  const auto first = open();
  const auto second = OfficeDesk::open({.file = file()}, clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "office.in-use");
}

TEST_F(OfficeDeskTest, EverybodyIsAnsweredWhenItEnds) {
  auto desk = open({.slow_least = Duration{600'000}, .slow_most = Duration{600'000}});
  std::promise<std::optional<EntryResult>> promise;
  desk->ask("k1", [&](std::optional<EntryResult> result) { promise.set_value(std::move(result)); });
  desk.reset();
  EXPECT_FALSE(promise.get_future().get());
}

TEST_F(OfficeDeskTest, ManyAtOnceAreEachEnteredOnce) {
  const auto desk = open();
  std::vector<std::thread> callers;
  for (int n = 0; n < 4; ++n) {
    callers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) send(*desk, "k" + std::to_string(i));
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(desk->counts().entries, 50U);
  EXPECT_EQ(desk->counts().doubled, 0U);
}

}  // namespace
}  // namespace tingan
