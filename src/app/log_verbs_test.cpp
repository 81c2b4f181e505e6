#include "app/log_verbs.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "app/tar_file.h"
#include "base/file.h"
#include "codec/record_json.h"
#include "runtime/node_identity.h"
#include "runtime/seal.h"
#include "runtime/sign_batch.h"
#include "store/files/blob_folder.h"
#include "store/sample_log.h"
#include "store/sqlite/event_log.h"
#include "store/sqlite/key_store.h"
#include "store/temporary_folder.h"

namespace tingan {
namespace {

// A node that is up: it holds the lock and its identity, and can write.
class RunningNode {
 public:
  explicit RunningNode(const DataFolder& folder) {
    auto log = SqliteEventLog::open(folder);
    CHECK(log.has_value());
    log_ = std::move(*log);
    auto keys = SqliteKeyStore::open(folder, std::nullopt, random_);
    CHECK(keys.has_value());
    keys_ = std::move(*keys);
    auto signer = NodeIdentity::open_or_create(folder.node_key(), random_);
    CHECK(signer.has_value());
    signer_ = std::move(*signer);
    const auto there = log_->reader().read_after(0, 1000);
    CHECK(there.has_value());
    for (const StoredRecord& record : *there) sample_.resume(record, sample_incident(1));
  }
  void append(const char* unit = "hall-a", const char* words = "一切正常") {
    Sealer sealer(*keys_, random_);
    Batch batch;
    batch.records = {sample_.next(UnitId(unit), sample_incident(1),
                                  IncidentEvent(ProgressNoted{*sealer.seal("incident:1", words)}))};
    sign_batch(batch, *signer_);
    CHECK(log_->append(batch).has_value());
  }
  // A photo beside the log, with the record that speaks of it. The file's path.
  std::filesystem::path add_evidence(const DataFolder& folder) {
    const std::string box = "sealed photo";
    const std::string name = to_hex(sha256(box));
    BlobFolder blobs(folder.blobs());
    CHECK(blobs.put(name, box).has_value());
    Batch batch;
    batch.records = {
        sample_.next(UnitId("hall-a"), sample_incident(1), IncidentEvent(EvidenceAdded{1, "image/jpeg", 4, name, {}}))};
    sign_batch(batch, *signer_);
    CHECK(log_->append(batch).has_value());
    return blobs.path_of(name);
  }
  // A customer's document beside the log, with the order that names it. The file's path.
  std::filesystem::path add_photo(const DataFolder& folder, const std::string& box) {
    const std::string name = to_hex(sha256(box));
    BlobFolder blobs(folder.blobs());
    CHECK(blobs.put(name, box).has_value());
    OrderTaken taken;
    taken.order.bytes[0] = 7;
    taken.number = 1;
    taken.photos = {name};
    Batch batch;
    batch.records = {sample_.next(UnitId("hall-a"), sample_incident(1), AcceptanceEvent(taken))};
    sign_batch(batch, *signer_);
    CHECK(log_->append(batch).has_value());
    return blobs.path_of(name);
  }
  SqliteKeyStore& keys() { return *keys_; }
  SqliteEventLog& log() { return *log_; }

 private:
  CountingRandom random_;
  SampleLog sample_;
  std::unique_ptr<SqliteEventLog> log_;
  std::unique_ptr<SqliteKeyStore> keys_;
  std::unique_ptr<NodeIdentity> signer_;
};

class LogVerbsTest : public testing::Test {
 protected:
  // What the program would end with; its standard output goes to `out_`.
  int run(const std::string& line) {
    CLI::App app;
    app.require_subcommand(1);
    int exit_code = 0;
    add_log_verbs(app, exit_code);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    try {
      app.parse(line);
    } catch (const CLI::ParseError&) {
      exit_code = 2;
    }
    std::fflush(stdout);
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return exit_code;
  }
  std::string at(const char* name) const { return (temporary_.path() / name).string(); }

  TemporaryFolder temporary_;
  DataFolder data_{temporary_.path() / "data"};
  std::string out_;
  std::string err_;
};

}  // namespace

TEST_F(LogVerbsTest, VerifyAFolderOfARunningNode) {
  RunningNode node(data_);
  node.append();
  EXPECT_EQ(run("verify " + at("data")), 0) << err_;
  EXPECT_NE(out_.find("完好"), std::string::npos);
  node.append();
  EXPECT_EQ(run("verify --json " + at("data")), 0);
  EXPECT_NE(out_.find("\"records\":2"), std::string::npos) << out_;
}

TEST_F(LogVerbsTest, VerifyNamesWhatIsWrong) {
  {
    RunningNode node(data_);
    for (int i = 0; i < 5; ++i) node.append();
  }
  {
    auto database = sqlite::Database::open(data_.log(), sqlite::OpenMode::read_write);
    ASSERT_TRUE(database->execute("UPDATE events SET bytes = replace(bytes, 'wang', 'wong') WHERE gseq = 3"));
  }
  EXPECT_EQ(run("verify " + at("data")), 1);
  EXPECT_NE(out_.find("hall-a/3"), std::string::npos) << out_;
  EXPECT_EQ(run("verify --json " + at("data")), 1);
  EXPECT_NE(out_.find("\"fault\":\"changed\""), std::string::npos) << out_;
  EXPECT_EQ(run("backup --data " + at("data") + " --to " + at("copy")), 1);
  EXPECT_FALSE(std::filesystem::exists(at("copy")));
}

TEST_F(LogVerbsTest, WrongUseIsTwo) {
  EXPECT_EQ(run("verify"), 2);
  EXPECT_EQ(run("verify " + at("nothing")), 2);
  std::filesystem::create_directory(at("empty"));
  EXPECT_EQ(run("verify " + at("empty")), 2);
  EXPECT_EQ(run("export --data " + at("empty")), 2);
  EXPECT_EQ(run("backup --data " + at("empty") + " --to " + at("x")), 2);
  RunningNode node(data_);
  node.append();
  EXPECT_EQ(run("export --data " + at("data") + " --unit hall-z"), 2);
  EXPECT_EQ(run("verify " + at("data") + " --key " + at("nothing")), 2);
}

TEST_F(LogVerbsTest, AnExportVerifiesElsewhere) {
  RunningNode node(data_);
  for (const char* unit : {"hall-b", "hall-a", "hall-b"}) node.append(unit);
  const std::string file = at("log.jsonl");
  ASSERT_EQ(run("export --data " + at("data") + " -o " + file + " --key-out " + at("node.pub")), 0) << err_;
  EXPECT_EQ(run("verify " + file + " --key " + at("node.pub")), 0) << out_ << err_;
  std::ofstream(at("other.pub")) << std::string(64, '0');
  EXPECT_EQ(run("verify " + file + " --key " + at("other.pub")), 1);
  EXPECT_NE(out_.find("wrong-signer"), std::string::npos) << out_;
  EXPECT_EQ(run("verify " + at("data") + " --key " + at("other.pub")), 1);
  ASSERT_EQ(run("export --data " + at("data") + " --unit hall-a"), 0);
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 2);
  std::ofstream(file, std::ios::app) << "{}\n";
  EXPECT_EQ(run("verify --json " + file), 1);
  EXPECT_NE(out_.find("\"line\":5"), std::string::npos) << out_;
}

TEST_F(LogVerbsTest, BackupOfARunningNodeComesBackWhole) {
  for (const char* target : {"copy", "copy.tar"}) {
    const std::string to = at(target);
    std::filesystem::remove_all(data_.path);
    std::filesystem::remove_all(at("restored"));
    std::optional<RunningNode> node(std::in_place, data_);
    node->append();
    std::atomic<bool> stop{false};
    std::thread writer([&] {
      while (!stop) node->append();
    });
    const int code = run("backup --data " + at("data") + " --to " + to);
    stop = true;
    writer.join();
    ASSERT_EQ(code, 0) << err_;
    ASSERT_EQ(run("restore " + to + " --data " + at("restored")), 0) << err_;
    EXPECT_NE(out_.find("完好"), std::string::npos);
    const std::uint64_t written = node->log().last_gseq();
    node.reset();

    RunningNode back({at("restored")});
    EXPECT_GE(back.log().last_gseq(), 1U);
    EXPECT_LE(back.log().last_gseq(), written);
    EXPECT_TRUE(back.keys().get("incident:1")->has_value());
    EXPECT_EQ(*read_whole_file(data_.node_key()), *read_whole_file(at("restored") + "/node.key"));
  }
}

TEST_F(LogVerbsTest, EvidenceIsHeldToItsHashAndTravelsWithABackup) {
  RunningNode node(data_);
  node.append();
  const std::filesystem::path photo = node.add_evidence(data_);
  EXPECT_EQ(run("verify --json " + at("data")), 0) << err_;
  EXPECT_NE(out_.find("\"evidence\":1"), std::string::npos) << out_;
  for (const char* target : {"copy", "copy.tar"}) {
    std::filesystem::remove_all(at("restored"));
    ASSERT_EQ(run("backup --data " + at("data") + " --to " + at(target)), 0) << err_;
    ASSERT_EQ(run("restore " + at(target) + " --data " + at("restored")), 0) << err_;
    EXPECT_EQ(*read_whole_file(photo),
              *read_whole_file(std::filesystem::path(at("restored")) / photo.lexically_relative(data_.path)));
  }
  std::ofstream(photo, std::ios::app) << "!";
  EXPECT_EQ(run("verify --json " + at("data")), 1);
  EXPECT_NE(out_.find("\"fault\":\"blob-changed\""), std::string::npos) << out_;
  std::filesystem::remove(photo);
  EXPECT_EQ(run("verify --json " + at("data")), 1);
  EXPECT_NE(out_.find("\"fault\":\"blob-missing\",\"unit\":\"hall-a\",\"seq\":2"), std::string::npos) << out_;
  EXPECT_EQ(run("backup --data " + at("data") + " --to " + at("third")), 1);
}

TEST_F(LogVerbsTest, WithoutAKeyNothingIsProvenOfSignatures) {
  {
    RunningNode node(data_);
    node.append();
  }
  ASSERT_EQ(run("export --data " + at("data") + " -o " + at("log.jsonl") + " --key-out " + at("node.pub")), 0) << err_;
  std::filesystem::remove(data_.node_key());
  EXPECT_EQ(run("verify --json " + at("data")), 1);
  EXPECT_NE(out_.find("\"sound\":false,\"verdict\":\"unsigned\""), std::string::npos) << out_;
  EXPECT_NE(out_.find("\"signatures\":{\"checked\":0,\"unchecked\":1}"), std::string::npos) << out_;
  EXPECT_EQ(run("verify " + at("data")), 1);
  EXPECT_EQ(out_.find("完好"), std::string::npos) << out_;
  EXPECT_EQ(run("verify --unsigned-ok " + at("data")), 0);
  EXPECT_NE(out_.find("unsigned"), std::string::npos) << out_;
  EXPECT_EQ(run("verify --json " + at("data") + " --key " + at("node.pub")), 0) << out_;
  EXPECT_NE(out_.find("\"signatures\":{\"checked\":1,\"unchecked\":0}"), std::string::npos) << out_;
  EXPECT_EQ(run("verify " + at("log.jsonl")), 0) << "an export carries its manifest's key";
  std::ofstream(at("other.pub")) << std::string(64, '0');
  EXPECT_EQ(run("verify --unsigned-ok " + at("data") + " --key " + at("other.pub")), 1);
}

// A cut, a fork and an older copy keep every rule of the chain and every signature: only who remembers can tell.
TEST_F(LogVerbsTest, AnAnchorOutsideFindsACutAForkAndARollback) {
  {
    RunningNode node(data_);
    for (int i = 0; i < 3; ++i) node.append();
  }
  std::filesystem::copy(data_.path, at("older"), std::filesystem::copy_options::recursive);
  std::filesystem::copy(data_.path, at("forked"), std::filesystem::copy_options::recursive);
  {
    RunningNode node(data_);
    for (int i = 0; i < 2; ++i) node.append("hall-a");
  }
  {
    RunningNode node({at("forked")});
    for (int i = 0; i < 3; ++i) node.append("hall-a", "另一个经过");
  }
  ASSERT_EQ(run("export --heads --data " + at("data") + " -o " + at("anchor")), 0) << err_;
  const std::string anchor = *read_whole_file(at("anchor"));
  EXPECT_EQ(std::count(anchor.begin(), anchor.end(), '\n'), 1);
  EXPECT_EQ(run("verify --json " + at("data") + " --anchor " + at("anchor")), 0) << out_ << err_;
  EXPECT_NE(out_.find("\"anchors\":{\"given\":1,\"checked\":1}"), std::string::npos) << out_;
  EXPECT_EQ(run("verify " + at("older")), 0) << "by itself it is whole";
  EXPECT_EQ(run("verify --json " + at("older") + " --anchor " + at("anchor")), 1);
  EXPECT_NE(out_.find("\"fault\":\"rolled-back\",\"unit\":\"hall-a\",\"seq\":4"), std::string::npos) << out_;
  EXPECT_EQ(run("verify " + at("forked")), 0);
  EXPECT_EQ(run("verify --json " + at("forked") + " --anchor " + at("anchor")), 1);
  EXPECT_NE(out_.find("\"fault\":\"forked\",\"unit\":\"hall-a\",\"seq\":5"), std::string::npos) << out_;
  // A whole export is an anchor as well, and stands in for the key.
  std::filesystem::remove(data_.node_key());
  EXPECT_EQ(run("verify " + at("data") + " --anchor " + at("anchor")), 0) << out_ << err_;
  std::ofstream(at("broken")) << "{\"manifest\":{}}\n";
  EXPECT_EQ(run("verify " + at("data") + " --anchor " + at("broken")), 1);
  EXPECT_EQ(run("verify " + at("data") + " --anchor " + at("nothing")), 2);
}

TEST_F(LogVerbsTest, AHeadFromAPrintedReportIsAnAnchor) {
  RunningNode node(data_);
  for (int i = 0; i < 3; ++i) node.append();
  const auto second = node.log().reader().read(2);
  ASSERT_TRUE(second);
  const std::string digits = to_hex(second->hash).substr(0, 32);
  EXPECT_EQ(run("verify " + at("data") + " --head hall-a:2:" + digits), 0) << out_ << err_;
  std::string other = digits;
  other[0] = other[0] == '0' ? '1' : '0';
  EXPECT_EQ(run("verify " + at("data") + " --head hall-a:2:" + other), 1);
  EXPECT_NE(out_.find("forked"), std::string::npos) << out_;
  EXPECT_EQ(run("verify " + at("data") + " --head hall-a:7:" + digits), 1);
  EXPECT_NE(out_.find("rolled-back"), std::string::npos) << out_;
  for (const char* bad : {"hall-a", "hall-a:2", "hall-a:2:abc", "hall-a:x:0123456789abcdef", ":2:0123456789abcdef"}) {
    EXPECT_EQ(run("verify " + at("data") + " --head " + bad), 1) << bad;
    EXPECT_NE(err_.find("anchor.malformed"), std::string::npos) << bad;
  }
}

// All that is wrong with pictures is counted; the first is named.
TEST_F(LogVerbsTest, OrdersPhotosAreHeldToTheirHashAndAllAreCounted) {
  RunningNode node(data_);
  const auto first = node.add_photo(data_, "one");
  const auto second = node.add_photo(data_, "two");
  node.add_photo(data_, "three");
  EXPECT_EQ(run("verify --json " + at("data")), 0) << out_ << err_;
  EXPECT_NE(out_.find("\"blobs\":{\"checked\":3,\"missing\":0,\"changed\":0}"), std::string::npos) << out_;
  std::filesystem::remove(first);
  std::ofstream(second, std::ios::app) << "!";
  EXPECT_EQ(run("verify --json " + at("data")), 1);
  EXPECT_NE(out_.find("\"blobs\":{\"checked\":1,\"missing\":1,\"changed\":1}"), std::string::npos) << out_;
  EXPECT_NE(out_.find("\"fault\":\"blob-missing\",\"unit\":\"hall-a\",\"seq\":1"), std::string::npos) << out_;
}

// Write-protected, with and without a write-ahead log that was never put into the file. A super-user writes all the
// same: there the test proves only that reading changes nothing.
TEST_F(LogVerbsTest, WriteProtectedMediaAreRead) {
  const pid_t child = ::fork();
  if (child == 0) {
    RunningNode node(data_);
    for (int i = 0; i < 5; ++i) node.append();
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_GT(std::filesystem::file_size(data_.log().string() + "-wal"), 0U);
  std::filesystem::remove(data_.log().string() + "-shm");
  std::filesystem::copy(data_.path, at("clean"), std::filesystem::copy_options::recursive);
  {
    RunningNode settled({at("clean")});  // its end puts the write-ahead log into the file
  }
  for (const char* name : {"data", "clean"}) {
    const std::filesystem::path folder = at(name);
    std::vector<std::string> before;
    for (const auto& file : std::filesystem::directory_iterator(folder)) before.push_back(file.path().filename());
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
      const auto rights = file.is_directory() ? 0500 : 0400;
      std::filesystem::permissions(file.path(), std::filesystem::perms(rights));
    }
    std::filesystem::permissions(folder, std::filesystem::perms(0500));
    const pid_t reader = ::fork();
    if (reader == 0) {
      // A super-user's reader becomes nobody in a folder that nobody may write to.
      if (::geteuid() == 0) {
        for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
          std::filesystem::permissions(file.path(), std::filesystem::perms(file.is_directory() ? 0555 : 0444));
        }
        std::filesystem::permissions(folder, std::filesystem::perms(0555));
        std::filesystem::permissions(temporary_.path(), std::filesystem::perms(0755));
        constexpr unsigned kNobody = 65534;
        if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(77);
      }
      const auto report = verify_folder({folder}, {});
      ::_exit(report && report->sound() && report->records == 5 ? 0 : 1);
    }
    ASSERT_EQ(::waitpid(reader, &status, 0), reader);
    ASSERT_TRUE(WIFEXITED(status));
    std::filesystem::permissions(folder, std::filesystem::perms(0700));
    std::vector<std::string> after;
    for (const auto& file : std::filesystem::directory_iterator(folder)) after.push_back(file.path().filename());
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
      std::filesystem::permissions(file.path(), std::filesystem::perms(file.is_directory() ? 0700 : 0600));
    }
    if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "cannot become another user here";
    EXPECT_EQ(WEXITSTATUS(status), 0) << name;
    std::sort(before.begin(), before.end());
    std::sort(after.begin(), after.end());
    EXPECT_EQ(before, after) << "nothing was made beside the log";
  }
}

TEST_F(LogVerbsTest, WhatWasErasedStaysErasedInAnOlderBackup) {
  RunningNode node(data_);
  node.append();
  ASSERT_TRUE(node.keys().get_or_create("order:7"));
  ASSERT_EQ(run("backup --data " + at("data") + " --to " + at("old.tar")), 0) << err_;
  ASSERT_TRUE(node.keys().destroy("order:7"));
  ASSERT_TRUE(node.keys().destroy("person:li"));
  ASSERT_EQ(run("keys erased --data " + at("data") + " -o " + at("erased")), 0) << err_;
  const std::string list = *read_whole_file(at("erased"));
  EXPECT_NE(list.find("\norder:7\nperson:li\n"), std::string::npos) << list;
  ASSERT_EQ(run("restore " + at("old.tar") + " --data " + at("plain")), 0) << err_;
  ASSERT_EQ(run("restore " + at("old.tar") + " --data " + at("back") + " --erased " + at("erased")), 0) << err_;
  EXPECT_NE(out_.find("1 of what had been erased"), std::string::npos) << out_;
  {
    RunningNode plain({at("plain")});
    EXPECT_TRUE(plain.keys().get("order:7")->has_value()) << "an old backup brings it back";
    RunningNode back({at("back")});
    EXPECT_FALSE(back.keys().get("order:7")->has_value());
    EXPECT_EQ(back.keys().get_or_create("person:li").error().code, "seal.destroyed");
    EXPECT_TRUE(back.keys().get("incident:1")->has_value());
  }
  EXPECT_EQ(run("verify " + at("back")), 0) << "the proof stays";
  std::ofstream(at("erased"), std::ios::app) << "no name\n";
  EXPECT_EQ(run("restore " + at("old.tar") + " --data " + at("third") + " --erased " + at("erased")), 2);
  EXPECT_FALSE(std::filesystem::exists(at("third")));
  EXPECT_EQ(run("keys erased --data " + at("nothing")), 2);
}

TEST_F(LogVerbsTest, NothingIsOverwritten) {
  RunningNode node(data_);
  node.append();
  ASSERT_EQ(run("backup --data " + at("data") + " --to " + at("copy")), 0) << err_;
  EXPECT_EQ(run("backup --data " + at("data") + " --to " + at("copy")), 2);
  EXPECT_EQ(run("restore " + at("copy") + " --data " + at("data")), 2);
  ASSERT_EQ(run("backup --data " + at("data") + " --to " + at("copy.tar")), 0) << err_;
  EXPECT_EQ(run("backup --data " + at("data") + " --to " + at("copy.tar")), 2);
  std::filesystem::create_directory(at("empty"));
  EXPECT_EQ(run("restore " + at("copy.tar") + " --data " + at("empty") + "/"), 0) << err_;
  EXPECT_EQ(run("verify " + at("empty")), 0);
}

TEST_F(LogVerbsTest, ADamagedArchiveIsRefused) {
  {
    RunningNode node(data_);
    node.append();
  }
  ASSERT_EQ(run("backup --data " + at("data") + " --to " + at("copy.tar")), 0) << err_;
  const std::string bytes = *read_whole_file(at("copy.tar"));
  for (const std::size_t size : {std::size_t{0}, std::size_t{100}, bytes.size() / 2, bytes.size() - 1024}) {
    std::ofstream(at("cut.tar"), std::ios::binary) << bytes.substr(0, size);
    EXPECT_EQ(run("restore " + at("cut.tar") + " --data " + at("back")), 1) << size;
    EXPECT_FALSE(std::filesystem::exists(at("back")));
  }
  std::string other = bytes;
  other[0] = '/';
  std::ofstream(at("other.tar"), std::ios::binary) << other;
  EXPECT_EQ(run("restore " + at("other.tar") + " --data " + at("back")), 1);
}

TEST_F(LogVerbsTest, EveryTarReadsTheArchive) {
  RunningNode node(data_);
  node.append();
  ASSERT_EQ(run("backup --data " + at("data") + " --to " + at("copy.tar")), 0) << err_;
  std::filesystem::create_directory(at("plain"));
  ASSERT_EQ(std::system(("tar -xf " + at("copy.tar") + " -C " + at("plain")).c_str()), 0);
  EXPECT_EQ(run("verify " + at("plain")), 0) << err_;
}

// A node that was killed leaves its write-ahead log: all verbs still work on the folder.
TEST_F(LogVerbsTest, AKilledNodesFolderVerifiesAndBacksUp) {
  const pid_t child = ::fork();
  if (child == 0) {
    RunningNode node(data_);
    for (int i = 0; i < 5; ++i) node.append();
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(run("verify --json " + at("data")), 0) << err_;
  EXPECT_NE(out_.find("\"records\":5"), std::string::npos) << out_;
  EXPECT_EQ(run("backup --data " + at("data") + " --to " + at("copy")), 0) << err_;
  EXPECT_NE(out_.find("5 条"), std::string::npos) << out_;
}

}  // namespace tingan
