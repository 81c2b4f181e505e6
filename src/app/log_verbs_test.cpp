// The verbs that look at a log: what verify finds in a folder, an export and an anchor, and what it cannot prove.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "app/log_verbs_testing.h"
#include "base/file.h"

namespace tingan {
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

}  // namespace tingan
