// The verbs that copy a log: backup and restore, of a running and of a killed node, damaged archives, what was erased.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include "app/log_verbs_testing.h"
#include "base/file.h"

namespace tingan {

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
