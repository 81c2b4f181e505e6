// What every EventLog must do, whatever it keeps its bytes in.
#include <gtest/gtest.h>

#include <thread>

#include "store/memory/memory_event_log.h"
#include "store/sample_log.h"
#include "store/sqlite/event_log.h"
#include "store/temporary_folder.h"

namespace tingan {
namespace {

// Opens a log and opens it again, as after a stop.
class Home {
 public:
  virtual ~Home() = default;
  virtual std::unique_ptr<EventLog> open() = 0;
};

class MemoryHome final : public Home {
 public:
  std::unique_ptr<EventLog> open() override { return std::make_unique<MemoryEventLog>(disk_); }

 private:
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
};

class SqliteHome final : public Home {
 public:
  std::unique_ptr<EventLog> open() override {
    auto log = SqliteEventLog::open({folder_.path()});
    CHECK(log.has_value());
    return std::move(*log);
  }

 private:
  TemporaryFolder folder_;
};

template <class HomeType>
class EventLogContract : public testing::Test {
 protected:
  HomeType home_;
  SampleLog sample_;
};

using Homes = testing::Types<MemoryHome, SqliteHome>;
TYPED_TEST_SUITE(EventLogContract, Homes);

}  // namespace

TYPED_TEST(EventLogContract, StartsEmpty) {
  const auto log = this->home_.open();
  EXPECT_EQ(log->last_gseq(), 0U);
  EXPECT_TRUE(log->heads()->empty());
  EXPECT_TRUE(log->reader().read_after(0, 10)->empty());
  EXPECT_FALSE(log->snapshot_meta()->has_value());
  EXPECT_EQ(log->reader().read(1).error().code, "store.no-record");
}

TYPED_TEST(EventLogContract, WhatWasAppendedIsThereAfterAStop) {
  std::vector<StoredRecord> written;
  {
    const auto log = this->home_.open();
    for (int i = 0; i < 20; ++i) {
      written.push_back(this->sample_.next(i % 3 == 0 ? "hall-b" : "hall-a", static_cast<std::uint8_t>(i % 4)));
      ASSERT_TRUE(log->append(SampleLog::batch({written.back()})));
    }
  }
  const auto log = this->home_.open();
  EXPECT_EQ(log->last_gseq(), 20U);
  const auto read = log->reader().read_after(0, 100);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    EXPECT_EQ((*read)[i].bytes, written[i].bytes);
    EXPECT_EQ((*read)[i].hash, written[i].hash);
    EXPECT_EQ((*read)[i].gseq, written[i].gseq);
    EXPECT_EQ((*read)[i].prev_of_incident, written[i].prev_of_incident);
    EXPECT_EQ((*read)[i].unit, written[i].unit);
    EXPECT_EQ((*read)[i].seq, written[i].seq);
  }
  EXPECT_EQ(log->reader().read(7)->bytes, written[6].bytes);
  EXPECT_EQ(log->reader().read_after(18, 100)->size(), 2U);
  EXPECT_EQ(log->reader().read_after(0, 5)->size(), 5U);
}

TYPED_TEST(EventLogContract, ReadsOneUnitInOrder) {
  const auto log = this->home_.open();
  std::vector<StoredRecord> records;
  for (int i = 0; i < 10; ++i) records.push_back(this->sample_.next(i % 2 == 0 ? "hall-a" : "hall-b"));
  ASSERT_TRUE(log->append(SampleLog::batch(records)));
  const auto of_b = log->reader().read_unit(UnitId("hall-b"), 2, 2);
  ASSERT_EQ(of_b->size(), 2U);
  EXPECT_EQ((*of_b)[0].seq, 3U);
  EXPECT_EQ((*of_b)[1].seq, 4U);
  EXPECT_TRUE(log->reader().read_unit(UnitId("nowhere"), 0, 10)->empty());
  const auto heads = log->heads();
  ASSERT_EQ(heads->size(), 2U);
  EXPECT_EQ((*heads)[0].unit, UnitId("hall-a"));
  EXPECT_EQ((*heads)[1].seq, 5U);
  EXPECT_EQ((*heads)[1].hash, records[9].hash);
  EXPECT_EQ((*heads)[1].time.at, from_millis(1795226400009));
}

TYPED_TEST(EventLogContract, KeepsWhatEachBatchSigned) {
  const auto log = this->home_.open();
  const Batch first = SampleLog::batch({this->sample_.next(), this->sample_.next()});
  const Batch second = SampleLog::batch({this->sample_.next()});
  ASSERT_TRUE(log->append(first));
  ASSERT_TRUE(log->append(second));
  const auto batches = log->reader().read_batches(0, 10);
  ASSERT_EQ(batches->size(), 2U);
  EXPECT_EQ((*batches)[0].first_gseq, 1U);
  EXPECT_EQ((*batches)[0].last_gseq, 2U);
  EXPECT_EQ((*batches)[0].signed_heads, first.signed_heads);
  EXPECT_EQ((*batches)[1].signature, second.signature);
  EXPECT_EQ(log->reader().read_batches(2, 10)->size(), 1U);
}

TYPED_TEST(EventLogContract, TheFirstAnswerToAKeyStands) {
  StoredAnswer answer{"wang@/incidents", "k1", "hash", 201, "{\"id\":1}", from_millis(1000)};
  {
    const auto log = this->home_.open();
    Batch batch = SampleLog::batch({this->sample_.next()});
    batch.answers = {answer};
    ASSERT_TRUE(log->append(batch));
    Batch again;
    again.answers = {answer};
    again.answers.front().status = 500;
    ASSERT_TRUE(log->append(again));
  }
  const auto log = this->home_.open();
  EXPECT_EQ(log->last_gseq(), 1U);
  const auto found = log->answer(answer.scope, answer.key);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->status, 201);
  EXPECT_EQ((*found)->body, answer.body);
  EXPECT_EQ((*found)->body_hash, answer.body_hash);
  EXPECT_FALSE(log->answer("li@/incidents", answer.key)->has_value());
  EXPECT_EQ(*log->forget_answers(from_millis(1000)), 0U);
  EXPECT_EQ(*log->forget_answers(from_millis(1001)), 1U);
  EXPECT_FALSE(log->answer(answer.scope, answer.key)->has_value());
}

TYPED_TEST(EventLogContract, SnapshotsAreReplacedRowByRow) {
  const auto log = this->home_.open();
  const SnapshotMeta meta{5, "fold-1", std::string("he\0ads", 6), "sum"};
  const auto row = [](std::uint8_t n, std::uint64_t gseq, std::string blob) {
    return SnapshotRow{sample_incident(n), gseq, std::move(blob)};
  };
  ASSERT_TRUE(log->put_snapshot({row(1, 1, "a"), row(2, 2, "b")}, {}, meta));
  ASSERT_TRUE(log->put_snapshot({row(2, 4, "b2"), row(3, 5, "")}, {sample_incident(1)}, {6, "fold-1", "", "x"}));
  std::map<IncidentId, SnapshotRow> rows;
  ASSERT_TRUE(log->read_snapshot([&](SnapshotRow one) { rows[one.incident] = std::move(one); }));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[sample_incident(2)].blob, "b2");
  EXPECT_EQ(rows[sample_incident(2)].gseq, 4U);
  EXPECT_EQ((*log->snapshot_meta())->gseq, 6U);
  ASSERT_TRUE(log->drop_snapshot());
  EXPECT_FALSE(log->snapshot_meta()->has_value());
}

TYPED_TEST(EventLogContract, ReadersMayComeFromManyThreads) {
  const auto log = this->home_.open();
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(log->append(SampleLog::batch({this->sample_.next()})));
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const auto records = log->reader().read_after(10, 20);
        if (records && records->size() == 20 && log->reader().heads()) ++good;
      }
    });
  }
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(log->append(SampleLog::batch({this->sample_.next()})));
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 400);
}

TEST(MemoryEventLog, MeetsTheFaultsItIsTold) {
  const auto disk = std::make_shared<MemoryDisk>();
  MemoryEventLog log(disk);
  SampleLog sample;
  const Batch batch = SampleLog::batch({sample.next()});
  disk->full = true;
  EXPECT_EQ(log.append(batch).error().code, "store.full");
  EXPECT_EQ(log.put_snapshot({}, {}, {}).error().code, "store.full");
  disk->full = false;
  disk->next_append = AppendFault::io;
  EXPECT_EQ(log.append(batch).error().code, "store.io");
  EXPECT_EQ(log.last_gseq(), 0U);
  disk->next_append = AppendFault::io_after_write;
  EXPECT_EQ(log.append(batch).error().code, "store.io");
  EXPECT_EQ(MemoryEventLog(disk).last_gseq(), 1U);
}

}  // namespace tingan
