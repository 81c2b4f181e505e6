// A node's folder as a start finds it: files lost, empty, damaged, mixed up with another node's; open to others; all of
// it in a backup.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>

#include "tests/blackbox/process.h"

namespace tingan::blackbox {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kFiles = {"log.db", "keys.db", "master.key", "node.key"};

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

// A node that has run: its folder, and the one incident that it knows.
fs::path node_that_ran(const fs::path& folder) {
  Server server(folder, {"--demo"});
  Client client(server.address());
  EXPECT_EQ(client.sign_in("hall-director@hall-a"), 200);
  EXPECT_EQ(client.post("/api/v1/incidents", {{"unit", "hall-a"}, {"type", "outage"}}).status, 201);
  EXPECT_EQ(server.stop(), 0);
  return folder;
}

class DataFolderTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder;
    node_ = node_that_ran(folder_->path() / "node");
    other_ = node_that_ran(folder_->path() / "other");
  }
  static void TearDownTestSuite() { delete folder_; }

  fs::path copy() {
    const fs::path to = mine_.path() / std::to_string(copies_++);
    fs::copy(node_, to, fs::copy_options::recursive);
    return to;
  }
  // Refused with this code, in both languages, naming the file; and nothing was made or changed.
  void expect_refused(const fs::path& data, const std::string& code, const std::string& name) {
    std::map<std::string, std::string> before;
    for (const std::string& file : kFiles) {
      if (fs::exists(data / file)) before[file] = content(data / file);
    }
    const Ran ran = try_to_serve(data, {"--demo"});
    EXPECT_EQ(ran.exit_code, 1) << ran.output;
    EXPECT_NE(ran.output.find(code), std::string::npos) << code << " but " << ran.output;
    EXPECT_NE(ran.output.find(name), std::string::npos) << ran.output;
    EXPECT_NE(ran.output.find("Expected"), std::string::npos) << ran.output;
    for (const std::string& file : kFiles) {
      const bool was_there = before.contains(file);
      EXPECT_EQ(fs::exists(data / file), was_there) << file;
      if (was_there) {
        EXPECT_TRUE(content(data / file) == before[file]) << file << " was changed";
      }
    }
  }

  static inline Folder* folder_ = nullptr;
  static inline fs::path node_;
  static inline fs::path other_;
  Folder mine_;
  int copies_ = 0;
};

TEST_F(DataFolderTest, EveryCombinationOfLostFilesIsRefused) {
  for (unsigned there = 1; there < 15; ++there) {
    const fs::path data = copy();
    std::string first;
    for (unsigned i = 0; i < kFiles.size(); ++i) {
      if ((there >> i & 1U) != 0) continue;
      fs::remove(data / kFiles[i]);
      if (first.empty()) first = kFiles[i];
    }
    SCOPED_TRACE(there);
    expect_refused(data, "data.file-missing", first);
    fs::remove_all(data);
  }
}

TEST_F(DataFolderTest, AnEmptyFileIsNotStartedOver) {
  for (const std::string& file : kFiles) {
    const fs::path data = copy();
    write(data / file, "");
    SCOPED_TRACE(file);
    expect_refused(data, "data.file-empty", file);
  }
}

TEST_F(DataFolderTest, ADamagedFileIsToldByName) {
  const std::map<std::string, std::string> codes = {{"log.db", "store.damaged"},
                                                    {"keys.db", "store.damaged"},
                                                    {"master.key", "seal.master-key-damaged"},
                                                    {"node.key", "identity.damaged"}};
  for (const auto& [file, code] : codes) {
    SCOPED_TRACE(file);
    const fs::path rubbish = copy();
    write(rubbish / file, std::string(8192, 'x'));
    expect_refused(rubbish, code, file);
    const fs::path cut = copy();
    fs::resize_file(cut / file, fs::file_size(cut / file) / 2);
    expect_refused(cut, code, file);
  }
}

TEST_F(DataFolderTest, AnotherNodesFileIsFoundOut) {
  const std::map<std::string, std::string> codes = {{"log.db", "identity.other-node"},
                                                    {"keys.db", "seal.other-master-key"},
                                                    {"master.key", "seal.other-master-key"},
                                                    {"node.key", "seal.other-node"}};
  for (const auto& [file, code] : codes) {
    SCOPED_TRACE(file);
    const fs::path data = copy();
    fs::remove(data / "snapshot.db");
    fs::copy_file(other_ / file, data / file, fs::copy_options::overwrite_existing);
    expect_refused(data, code, "");
  }
  const fs::path both = copy();
  for (const char* file : {"keys.db", "master.key"}) {
    fs::copy_file(other_ / file, both / file, fs::copy_options::overwrite_existing);
  }
  expect_refused(both, "seal.other-node", "keys.db");
}

// keys.db from an older backup: what was declared since has no key there.
TEST_F(DataFolderTest, KeysOlderThanTheLogAreFoundOut) {
  const fs::path data = copy();
  const std::string old_keys = content(data / "keys.db");
  {
    Server server(data, {"--demo"});
    Client client(server.address());
    ASSERT_EQ(client.sign_in("hall-director@hall-a"), 200);
    ASSERT_EQ(client.post("/api/v1/incidents", {{"unit", "hall-a"}, {"type", "fire"}, {"note", "三楼有烟"}}).status,
              201);
    server.stop();
  }
  write(data / "keys.db", old_keys);
  expect_refused(data, "seal.keys-older", "keys.db");
}

TEST_F(DataFolderTest, TheWrongPassphraseOrNoneIsRefused) {
  const fs::path data = copy();
  write(mine_.path() / "phrase", "correct horse");
  write(mine_.path() / "wrong", "wrong horse");
  ASSERT_EQ(
      run({"keys", "rotate", "--data", data.string(), "--new-passphrase-file", (mine_.path() / "phrase").string()})
          .exit_code,
      0);
  expect_refused(data, "seal.wrong-passphrase", "master.key");
  const Ran wrong = try_to_serve(data, {"--demo", "--passphrase-file", (mine_.path() / "wrong").string()});
  EXPECT_EQ(wrong.exit_code, 1) << wrong.output;
  EXPECT_EQ(try_to_serve(data, {"--demo", "--passphrase-file", (mine_.path() / "phrase").string()}).exit_code, -1);
}

TEST_F(DataFolderTest, ABackupHasThemAllOrIsNone) {
  const fs::path tar = mine_.path() / "node.tar";
  ASSERT_EQ(run({"backup", "--data", node_.string(), "--to", tar.string()}).exit_code, 0);
  const fs::path back = mine_.path() / "back";
  ASSERT_EQ(run({"restore", tar.string(), "--data", back.string()}).exit_code, 0);
  for (const std::string& file : kFiles) EXPECT_TRUE(fs::exists(back / file)) << file;
  EXPECT_EQ(try_to_serve(back, {"--demo"}).exit_code, -1);
  for (const std::string& file : kFiles) {
    const fs::path data = copy();
    fs::remove(data / file);
    const fs::path to = mine_.path() / ("without-" + file);
    const Ran refused = run({"backup", "--data", data.string(), "--to", to.string()});
    EXPECT_EQ(refused.exit_code, 1) << refused.output;
    EXPECT_NE(refused.output.find("data.file-missing"), std::string::npos) << refused.output;
    EXPECT_FALSE(fs::exists(to));
    const fs::path part = mine_.path() / ("part-" + file);
    fs::copy(back, part);
    fs::remove(part / file);
    const Ran half = run({"restore", part.string(), "--data", (mine_.path() / ("half-" + file)).string()});
    EXPECT_EQ(half.exit_code, file == "log.db" ? 2 : 1) << half.output;
    EXPECT_FALSE(fs::exists(mine_.path() / ("half-" + file)));
  }
}

// Everything under the folder that others could get at.
std::vector<std::string> open_to_others(const fs::path& folder) {
  std::vector<std::string> out;
  const auto look = [&](const fs::path& path) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) return;
    const mode_t wanted = S_ISDIR(status.st_mode) ? 0700 : 0600;
    if ((status.st_mode & 07777) != wanted)
      out.push_back(fmt::format("{} {:o}", path.string(), status.st_mode & 07777));
  };
  look(folder);
  for (const auto& entry : fs::recursive_directory_iterator(folder)) look(entry.path());
  return out;
}

TEST(PrivateFiles, NothingInTheFolderIsForOthersWhoeverMadeIt) {
  const mode_t before = umask(0);  // the most careless operator
  Folder folder;
  const fs::path data = folder.path() / "node";
  ASSERT_EQ(run({"tls", "init", "--data", data.string(), "--name", "localhost"}).exit_code, 0);
  EXPECT_THAT(open_to_others(data), testing::IsEmpty());
  for (const auto& entry : fs::recursive_directory_iterator(data)) fs::permissions(entry.path(), fs::perms::all);
  fs::permissions(data, fs::perms::all);
  {
    Server server(data, {"--demo"});
    EXPECT_THAT(open_to_others(data), testing::IsEmpty()) << "closed at the start";
    server.stop();
  }
  EXPECT_THAT(open_to_others(data), testing::IsEmpty()) << "and what it made while it ran";
  fs::permissions(data / "log.db", fs::perms::group_read, fs::perm_options::add);
  const Ran again = try_to_serve(data, {"--demo"});
  EXPECT_EQ(again.exit_code, -1) << again.output;
  EXPECT_NE(again.output.find("closed now"), std::string::npos) << again.output;
  EXPECT_THAT(open_to_others(data), testing::IsEmpty());
  umask(before);
}

}  // namespace
}  // namespace tingan::blackbox
