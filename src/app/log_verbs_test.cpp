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
  }
  void append(const char* unit = "hall-a") {
    Sealer sealer(*keys_, random_);
    Batch batch;
    batch.records = {sample_.next(UnitId(unit), sample_incident(1),
                                  IncidentEvent(ProgressNoted{*sealer.seal("incident:1", "一切正常")}))};
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
