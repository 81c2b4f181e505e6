// verify_log over a real data folder that somebody has changed with SQLite in hand.
#include <gtest/gtest.h>

#include "codec/record_json.h"
#include "runtime/log_verify.h"
#include "runtime/node_identity.h"
#include "runtime/sign_batch.h"
#include "store/sample_log.h"
#include "store/sqlite/event_log.h"
#include "store/temporary_folder.h"

namespace tingan {
namespace {

class StoreVerifyTest : public testing::Test {
 protected:
  StoreVerifyTest() {
    auto log = SqliteEventLog::open(folder_);
    CHECK(log.has_value());
    SampleLog sample;
    for (int i = 0; i < 6; ++i) {
      Batch batch;
      batch.records = {sample.next("hall-a", 1), sample.next(i % 2 == 0 ? "hall-b" : "hall-a", 2)};
      sign_batch(batch, *signer_);
      CHECK((*log)->append(batch).has_value());
    }
  }

  VerifyReport verify(const std::string& key) {
    const auto reader = SqliteLogReader::open(folder_, CheckHashes::no);
    CHECK(reader.has_value());
    auto report = verify_log(**reader, {.public_key = key});
    EXPECT_TRUE(report) << to_string(report.error());
    return std::move(*report);
  }
  VerifyReport after(const std::string& sql) {
    std::filesystem::remove_all(temporary_.path() / "copy");
    std::filesystem::copy(temporary_.path() / "data", temporary_.path() / "copy");
    folder_ = {temporary_.path() / "copy"};
    auto database = sqlite::Database::open(folder_.log(), sqlite::OpenMode::read_write);
    const auto done = database->execute(sql);
    EXPECT_TRUE(done) << sql << to_string(done.error());
    return verify(signer_->public_key());
  }

  TemporaryFolder temporary_;
  DataFolder folder_{temporary_.path() / "data"};
  std::unique_ptr<NodeIdentity> signer_ = NodeIdentity::from_seed({1});
};

}  // namespace

TEST_F(StoreVerifyTest, ASoundFolderIsSound) {
  const auto report = verify(signer_->public_key());
  EXPECT_TRUE(report.sound()) << report.bad->what.en;
  EXPECT_EQ(report.records, 12U);
  EXPECT_EQ(report.units, 2U);
  EXPECT_EQ(report.batches, 6U);
}

TEST_F(StoreVerifyTest, AnotherSignerIsFound) {
  const auto report = verify(NodeIdentity::from_seed({2})->public_key());
  ASSERT_FALSE(report.sound());
  EXPECT_EQ(report.bad->fault, Fault::bad_signature);
  EXPECT_EQ(report.bad->gseq, 2U);
}

TEST_F(StoreVerifyTest, WhateverIsChangedIsFoundAndNamed) {
  struct Case {
    const char* sql;
    Fault fault;
    std::uint64_t gseq;
  };
  const Case cases[] = {
      {"UPDATE events SET bytes = replace(bytes, 'wang', 'wong') WHERE gseq = 5", Fault::changed, 5},
      {"UPDATE events SET hash = zeroblob(32) WHERE gseq = 5", Fault::changed, 5},
      {"UPDATE events SET prev_of_incident = 1 WHERE gseq = 5", Fault::changed, 5},
      {"UPDATE events SET seq = 99 WHERE gseq = 5", Fault::changed, 5},
      {"UPDATE events SET unit = 77 WHERE gseq = 5", Fault::changed, 5},
      {"DELETE FROM events WHERE gseq = 5", Fault::missing, 5},
      {"DELETE FROM events WHERE gseq > 10", Fault::truncated, 11},
      {"DELETE FROM events WHERE gseq = 12", Fault::truncated, 11},
      {"UPDATE events SET gseq = 99 WHERE gseq = 5; UPDATE events SET gseq = 5 WHERE gseq = 7; "
       "UPDATE events SET gseq = 7 WHERE gseq = 99",
       Fault::reordered, 7},
      {"DELETE FROM batches WHERE last_gseq = 6", Fault::bad_signature, 5},
      {"DELETE FROM batches WHERE last_gseq = 12", Fault::bad_signature, 11},
      {"UPDATE batches SET signature = zeroblob(64) WHERE last_gseq = 6", Fault::bad_signature, 6},
      {"UPDATE batches SET signed_heads = replace(signed_heads, 'hall-a', 'hall-c') WHERE last_gseq = 6",
       Fault::changed, 6},
      {"INSERT INTO batches VALUES(20, 13, x'', x'')", Fault::truncated, 13},
      {"INSERT INTO events SELECT 13, prev_of_incident, unit, 99, bytes, hash FROM events WHERE gseq = 12",
       Fault::added, 13}};
  for (const Case& one : cases) {
    const auto report = after(one.sql);
    ASSERT_FALSE(report.sound()) << one.sql;
    EXPECT_EQ(report.bad->fault, one.fault) << one.sql << " " << report.bad->what.en;
    EXPECT_EQ(report.bad->gseq, one.gseq) << one.sql;
    folder_ = {temporary_.path() / "data"};
  }
}

// Every byte of one record, and of the last, which nothing comes after.
TEST_F(StoreVerifyTest, AnyChangedByteIsFound) {
  for (const int gseq : {5, 12}) {
    const auto reader = SqliteLogReader::open(folder_, CheckHashes::no);
    const std::string bytes = (*reader)->read(static_cast<std::uint64_t>(gseq))->bytes;
    auto database = sqlite::Database::open(folder_.log(), sqlite::OpenMode::read_write);
    ASSERT_TRUE(database->execute("PRAGMA synchronous=OFF"));
    auto update = database->prepare("UPDATE events SET bytes = ?1, hash = ?2 WHERE gseq = ?3");
    const auto put = [&](const std::string& now) {
      const Hash hash = sha256(now);  // the forger mends the hash, too
      ASSERT_TRUE(update->bind_blob(1, now)
                      .bind_blob(2, {reinterpret_cast<const char*>(hash.data()), hash.size()})
                      .bind(3, gseq)
                      .run());
    };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      put(changed);
      ASSERT_FALSE(verify(signer_->public_key()).sound()) << gseq << " byte " << i;
    }
    put(bytes);
    ASSERT_TRUE(verify(signer_->public_key()).sound());
  }
}

TEST_F(StoreVerifyTest, StopsWhenAsked) {
  const auto reader = SqliteLogReader::open(folder_, CheckHashes::no);
  const std::atomic<bool> stop{true};
  const auto report = verify_log(**reader, {.public_key = {}, .stop = &stop});
  EXPECT_TRUE(report->sound());
  EXPECT_EQ(report->records, 0U);
}

}  // namespace tingan
