// A disk that fills up under a running node, and a start on a full one. The disk is a small one in memory, mounted in a
// mount namespace of the test's own; where that is not permitted the test says so and is skipped.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstring>
#include <random>

#include "tests/blackbox/process.h"

namespace tingan::blackbox {
namespace {

class SmallDisk {
 public:
  explicit SmallDisk(const char* size) {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, size) != 0) {
      why_not_ = std::strerror(errno);
      return;
    }
    mounted_ = true;
  }
  ~SmallDisk() {
    if (mounted_) umount2(folder_.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  const char* why_not() const { return why_not_; }
  std::filesystem::path data() const { return folder_.path() / "node"; }
  // Somebody else's log file, to the last byte.
  void fill() const {
    const int fd = open((folder_.path() / "filler").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const std::string some(65536, 'f');
    for (std::size_t size = some.size(); size > 0;) {
      if (write(fd, some.data(), size) <= 0) size /= 2;
    }
    close(fd);
  }
  void clear() const { std::filesystem::remove(folder_.path() / "filler"); }

 private:
  Folder folder_;
  bool mounted_ = false;
  const char* why_not_ = "";
};

Reply declare(Client& client, const char* type, bool drill = false) {
  return client.post("/api/v1/incidents", {{"unit", "hall-a"}, {"type", type}, {"drill", drill}});
}

bool becomes(Client& client, bool writes) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < give_up) {
    if (text_at(client.get("/readyz").json, "/writes") == (writes ? "true" : "false")) return true;
  }
  return false;
}

Reply photo(Client& client, const std::string& incident, std::mt19937& dice) {
  // The scan of a picture: no byte in it begins a marker.
  std::string bytes("\xff\xd8\xff\xda\0\2", 6);
  while (bytes.size() < 3U << 20U) bytes += static_cast<char>(dice() % 0xff);
  bytes += "\xff\xd9";
  return client.send(net::Method::kPost, "/api/v1/incidents/" + incident + "/evidence", bytes,
                     {{"Content-Type", "image/jpeg"}});
}

TEST(FullDisk, TakesWhatIsUrgentFromTheReserveAndComesBackByItself) {
  const SmallDisk disk("size=64m");
  if (!disk.mounted()) GTEST_SKIP() << "a small disk cannot be mounted here: " << disk.why_not();
  std::mt19937 dice(20261129);
  std::vector<std::string> acknowledged;
  {
    Server server(disk.data(), {"--demo"});
    Client director(server.address());
    Client clerk(server.address());
    ASSERT_EQ(director.sign_in("hall-director@hall-a"), 200);
    ASSERT_EQ(clerk.sign_in("clerk@hall-a"), 200);
    const Reply fire = declare(director, "fire");
    ASSERT_EQ(fire.status, 201) << fire.text;
    const std::string id = text_at(fire.json, "/id");
    acknowledged.push_back(id);

    // Photos fill it down to the mark and no further.
    Reply last;
    for (int i = 0; i < 40 && (last = photo(director, id, dice)).status == 201; ++i) {
    }
    EXPECT_EQ(last.status, 507) << last.text;
    EXPECT_EQ(text_at(last.json, "/code"), "store.low");
    EXPECT_EQ(declare(clerk, "complaint", true).status, 201) << "below the mark everything small goes on";

    // Somebody else fills the rest.
    disk.fill();
    ASSERT_TRUE(becomes(director, false));
    EXPECT_EQ(text_at(declare(clerk, "complaint", true).json, "/code"), "store.full") << "a drill can wait";
    for (int i = 0; i < 20; ++i) {
      if (i < 5) disk.fill();  // it takes what each step leaves over
      const Reply taken = declare(director, i % 2 == 0 ? "robbery" : "illness");
      ASSERT_EQ(taken.status, 201) << i << " " << taken.text;
      acknowledged.push_back(text_at(taken.json, "/id"));
      EXPECT_EQ(text_at(taken.json, "/silent"), i % 2 == 0 ? "true" : "false");
    }
    const Reply fact = director.post("/api/v1/incidents/" + id + "/facts", {{"set", {{"size", "large"}}}});
    EXPECT_EQ(fact.status, 200) << fact.text;
    const Reply all = director.get("/api/v1/incidents/" + id);
    const std::string notice = text_at(all.json, "/notices/0/id");
    Client told(server.address());
    ASSERT_EQ(told.sign_in(text_at(all.json, "/notices/0/to/person")), 200) << all.text;
    const Reply seen = told.post("/api/v1/notices/" + notice + "/ack", boost::json::object{});
    EXPECT_EQ(seen.status / 100, 2) << seen.text;
    EXPECT_NE(director.get("/metrics").text.find("tingan_disk_full 1\n"), std::string::npos);
    EXPECT_NE(director.get("/readyz").text.find("disk.full"), std::string::npos);
    server.kill();
  }
  // A start on the full disk reads everything and says that it does not write.
  disk.fill();
  Server server(disk.data(), {"--demo"});
  ASSERT_FALSE(server.address().empty());
  Client director(server.address());
  ASSERT_EQ(director.sign_in("hall-director@hall-a"), 200);
  const Reply ready = director.get("/readyz");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(text_at(ready.json, "/writes"), "false") << ready.text;
  EXPECT_NE(ready.text.find("磁盘已满"), std::string::npos) << ready.text;
  Client centre(server.address());
  ASSERT_EQ(centre.sign_in("general-group@centre"), 200);
  for (const std::string& id : acknowledged) {
    EXPECT_EQ(centre.get("/api/v1/incidents/" + id).status, 200) << "acknowledged, and gone";
  }
  EXPECT_EQ(text_at(declare(director, "complaint", true).json, "/code"), "store.full");
  EXPECT_EQ(declare(director, "fight").status, 201);

  disk.clear();
  std::filesystem::remove_all(disk.data() / "blobs");
  EXPECT_TRUE(becomes(director, true)) << director.get("/readyz").text;
  EXPECT_EQ(declare(director, "complaint", true).status, 201);
  EXPECT_EQ(photo(director, acknowledged.front(), dice).status, 201);
  EXPECT_EQ(server.stop(), 0);
}

// The reserve is used up too, and the machine restarts: what is there can still be read.
TEST(FullDisk, WithTheReserveUsedUpANodeStillStartsToRead) {
  const SmallDisk disk("size=64m");
  if (!disk.mounted()) GTEST_SKIP() << "a small disk cannot be mounted here: " << disk.why_not();
  std::vector<std::string> acknowledged;
  {
    Server server(disk.data(), {"--demo"});
    Client director(server.address());
    ASSERT_EQ(director.sign_in("hall-director@hall-a"), 200);
    Reply last;
    for (int i = 0; i < 200; ++i) {
      disk.fill();
      last = declare(director, "illness");
      if (last.status != 201) break;
      acknowledged.push_back(text_at(last.json, "/id"));
    }
    EXPECT_EQ(last.status, 503) << last.text;
    EXPECT_EQ(text_at(last.json, "/code"), "store.full");
    EXPECT_EQ(text_at(director.get("/readyz").json, "/urgent_writes"), "false");
    EXPECT_NE(director.get("/readyz").text.find("disk.read-only"), std::string::npos);
    server.kill();
  }
  disk.fill();
  Server server(disk.data(), {"--demo"});
  ASSERT_FALSE(server.address().empty());
  Client director(server.address());
  ASSERT_EQ(director.sign_in("hall-director@hall-a"), 200);
  EXPECT_EQ(text_at(director.get("/readyz").json, "/writes"), "false");
  for (const std::string& id : acknowledged) EXPECT_EQ(director.get("/api/v1/incidents/" + id).status, 200);
  EXPECT_EQ(declare(director, "fire").status, 503);
  disk.clear();
  EXPECT_TRUE(becomes(director, true)) << director.get("/readyz").text;
  EXPECT_EQ(declare(director, "fire").status, 201);
}

}  // namespace
}  // namespace tingan::blackbox
