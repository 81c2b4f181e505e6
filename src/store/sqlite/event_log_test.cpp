// What only a real file can do: be locked, damaged, full or newer than the program.
#include "store/sqlite/event_log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "store/sample_log.h"
#include "store/temporary_folder.h"

namespace tingan {
namespace {

class SqliteEventLogTest : public testing::Test {
 protected:
  std::unique_ptr<SqliteEventLog> open(const SqliteOptions& options = {}) {
    auto log = SqliteEventLog::open(folder_, options);
    EXPECT_TRUE(log) << to_string(log.error());
    return std::move(*log);
  }
  std::string open_code(const SqliteOptions& options = {}) {
    const auto log = SqliteEventLog::open(folder_, options);
    return log ? "" : log.error().code;
  }
  void append(SqliteEventLog& log, int count) {
    for (int i = 0; i < count; ++i) {
      const auto done = log.append(SampleLog::batch({sample_.next(i % 2 == 0 ? "hall-a" : "hall-b")}));
      ASSERT_TRUE(done) << to_string(done.error());
    }
  }
  void change(const std::string& sql) {
    auto database = sqlite::Database::open(folder_.log(), sqlite::OpenMode::read_write);
    ASSERT_TRUE(database);
    const auto done = database->execute(sql);
    ASSERT_TRUE(done) << to_string(done.error());
  }

  TemporaryFolder temporary_;
  DataFolder folder_{temporary_.path() / "data"};
  SampleLog sample_;
};

// The descriptor under which this process holds `file` open for writing, -1 if none.
int descriptor_of(const std::filesystem::path& file) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    if (std::filesystem::read_symlink(entry.path(), ignored) != file) continue;
    const int fd = std::stoi(entry.path().filename());
    if ((::fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY) return fd;
  }
  return -1;
}

// Puts another file in the place of an open one, as a full or broken disk would behave.
class Replaced {
 public:
  Replaced(int fd, const char* by, int flags) : fd_(fd), saved_(::dup(fd)) {
    const int other = ::open(by, flags);
    CHECK(other >= 0 && ::dup2(other, fd_) == fd_);
    ::close(other);
  }
  ~Replaced() {
    ::dup2(saved_, fd_);
    ::close(saved_);
  }

 private:
  int fd_;
  int saved_;
};

}  // namespace

TEST_F(SqliteEventLogTest, OneNodeAFolder) {
  const auto log = open();
  const auto second = SqliteEventLog::open(folder_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "store.locked");
  EXPECT_NE(second.error().message.zh.find(std::to_string(::getpid())), std::string::npos);
}

TEST_F(SqliteEventLogTest, TheLockEndsWithTheProcessHoweverItEnds) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto log = SqliteEventLog::open(folder_);
    if (log) ::kill(::getpid(), SIGKILL);
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(open_code(), "");
}

// A killed process leaves its write-ahead log behind: all of it counts.
TEST_F(SqliteEventLogTest, WhatWasAnsweredSurvivesAKill) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto log = SqliteEventLog::open(folder_);
    bool good = log.has_value();
    for (int i = 0; i < 30 && good; ++i) good = (*log)->append(SampleLog::batch({sample_.next()})).has_value();
    if (good) ::kill(::getpid(), SIGKILL);
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(open()->last_gseq(), 30U);
}

TEST_F(SqliteEventLogTest, FullByItsLimitRefusesAndRecovers) {
  const auto log = open();
  append(*log, 5);
  ASSERT_TRUE(log->limit_pages(1));  // SQLite takes the present size for it
  Batch batch;
  std::vector<StoredRecord> records;
  for (int i = 0; i < 200; ++i) records.push_back(sample_.next("hall-new"));
  batch = SampleLog::batch(std::move(records));
  for (int i = 0; i < 3; ++i) {
    const auto refused = log->append(batch);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "store.full");
  }
  EXPECT_EQ(log->last_gseq(), 5U);
  EXPECT_EQ(log->reader().read_after(0, 1000)->size(), 5U);  // reading goes on
  EXPECT_EQ(log->heads()->size(), 2U);
  ASSERT_TRUE(log->limit_pages(0));
  ASSERT_TRUE(log->append(batch));
  EXPECT_EQ(log->last_gseq(), 205U);
  EXPECT_EQ(log->heads()->size(), 3U);
}

// The system's own ENOSPC, on the write-ahead log.
TEST_F(SqliteEventLogTest, FullDiskRefusesAndRecovers) {
  const auto log = open();
  append(*log, 5);
  const int wal = descriptor_of(folder_.log().string() + "-wal");
  ASSERT_GE(wal, 0);
  const Batch batch = SampleLog::batch({sample_.next()});
  {
    const Replaced full(wal, "/dev/full", O_RDWR);
    const auto refused = log->append(batch);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "store.full") << to_string(refused.error());
  }
  EXPECT_EQ(log->last_gseq(), 5U);
  ASSERT_TRUE(log->append(batch));
  EXPECT_EQ(log->reader().read_after(0, 100)->size(), 6U);
}

TEST_F(SqliteEventLogTest, OtherFailuresAreIoErrors) {
  const auto log = open();
  append(*log, 5);
  const int wal = descriptor_of(folder_.log().string() + "-wal");
  ASSERT_GE(wal, 0);
  {
    const Replaced broken(wal, "/dev/null", O_RDONLY);
    const auto refused = log->append(SampleLog::batch({sample_.next()}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "store.io") << to_string(refused.error());
  }
  EXPECT_EQ(log->last_gseq(), 5U);
}

TEST_F(SqliteEventLogTest, DamageInTheTailStopsTheStart) {
  append(*open(), 20);
  const std::pair<const char*, const char*> damages[] = {
      {"a changed byte", "UPDATE events SET bytes = replace(bytes, 'wang', 'wong') WHERE gseq = 17"},
      {"a changed hash", "UPDATE events SET hash = zeroblob(32) WHERE gseq = 17"},
      {"a missing record", "DELETE FROM events WHERE gseq = 17"},
      {"a missing tail", "DELETE FROM events WHERE gseq > 18"},
      {"a missing batch", "DELETE FROM batches WHERE last_gseq = 20"},
      {"another unit", "UPDATE events SET unit = 3 - unit, seq = seq + 100 WHERE gseq = 17"},
      {"an unknown unit", "UPDATE events SET unit = 77 WHERE gseq = 17"},
      {"another number", "UPDATE events SET seq = 99 WHERE gseq = 17"},
      {"swapped records",
       "UPDATE events SET gseq = 1000 WHERE gseq = 17; UPDATE events SET gseq = 17 WHERE gseq = 19; "
       "UPDATE events SET gseq = 19 WHERE gseq = 1000"}};
  const auto sound = folder_;
  for (const auto& [what, sql] : damages) {
    folder_ = DataFolder{temporary_.path() / "damaged"};
    std::filesystem::remove_all(folder_.path);
    std::filesystem::copy(sound.path, folder_.path);
    change(sql);
    const auto log = SqliteEventLog::open(folder_);
    ASSERT_FALSE(log) << what;
    EXPECT_EQ(log.error().code, "store.damaged") << what;
    EXPECT_NE(log.error().message.zh.find("tingan restore"), std::string::npos);
  }
}

// Beyond the tail it is the background's turn; reading the record itself is refused at once.
TEST_F(SqliteEventLogTest, DamageFurtherBackIsFoundWhenItIsRead) {
  append(*open(), 20);
  change("UPDATE events SET bytes = replace(bytes, 'wang', 'wong') WHERE gseq = 3");
  const auto log = open({.verify_tail = 10});
  EXPECT_TRUE(log->reader().read_after(10, 100));
  EXPECT_EQ(log->reader().read(3).error().code, "store.damaged");
}

TEST_F(SqliteEventLogTest, AFileThatIsNoDatabaseIsDamaged) {
  std::filesystem::create_directories(folder_.path);
  std::ofstream(folder_.log()) << std::string(8192, 'x');
  EXPECT_EQ(open_code(), "store.damaged");
}

TEST_F(SqliteEventLogTest, BrokenPagesAreDamage) {
  append(*open(), 200);
  {
    std::fstream file(folder_.log(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(8 * 4096);
    file << std::string(4096, '\x5a');
  }
  EXPECT_EQ(open_code(), "store.damaged");
}

TEST_F(SqliteEventLogTest, ANewerFormatIsRefused) {
  append(*open(), 1);
  change("PRAGMA user_version=2");
  EXPECT_EQ(open_code(), "store.format");
}

TEST_F(SqliteEventLogTest, ADamagedSnapshotIsMadeAnew) {
  { ASSERT_TRUE(open()->put_snapshot({{sample_incident(1), 1, "a"}}, {}, {1, "f", "", ""})); }
  std::ofstream(folder_.snapshot(), std::ios::binary) << std::string(8192, 'x');
  EXPECT_FALSE(open()->snapshot_meta()->has_value());
}

TEST_F(SqliteEventLogTest, AnotherProcessMayReadARunningNode) {
  const auto log = open();
  append(*log, 5);
  const auto reader = SqliteLogReader::open(folder_, CheckHashes::yes);
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->read_after(0, 100)->size(), 5U);
  append(*log, 5);
  EXPECT_EQ((*reader)->read_after(0, 100)->size(), 10U);
  EXPECT_EQ(SqliteLogReader::open({temporary_.path() / "nothing"}, CheckHashes::yes).error().code, "store.none");
}

TEST_F(SqliteEventLogTest, ASecondRecordOfTheSameNumberIsRefused) {
  const auto log = open();
  append(*log, 2);
  SampleLog forked;
  std::vector<StoredRecord> records = {forked.next(), forked.next(), forked.next()};
  records[2].seq = 1;
  EXPECT_FALSE(log->append(SampleLog::batch({records[2]})));
  EXPECT_EQ(log->last_gseq(), 2U);
}

}  // namespace tingan
