// Every combination of files that are there, gone or empty.
#include "store/sqlite/folder_check.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "store/files/disk_reserve.h"
#include "store/temporary_folder.h"

namespace tingan {
namespace {

constexpr const char* kFiles[] = {"log.db", "keys.db", "master.key", "node.key"};

TEST(FolderCheck, EveryLossIsToldByName) {
  for (unsigned there = 0; there < 16; ++there) {
    const TemporaryFolder temporary;
    const DataFolder folder{temporary.path()};
    std::string first_lost;
    for (unsigned i = 0; i < 4; ++i) {
      if ((there >> i & 1U) != 0) {
        std::ofstream(temporary.path() / kFiles[i]) << "x";
      } else if (first_lost.empty()) {
        first_lost = kFiles[i];
      }
    }
    const auto state = check_folder(folder);
    if (there == 0) {
      EXPECT_EQ(*state, FolderState::fresh);
    } else if (there == 15) {
      EXPECT_EQ(*state, FolderState::whole);
    } else {
      ASSERT_FALSE(state) << there;
      EXPECT_EQ(state.error().code, "data.file-missing");
      EXPECT_EQ(std::filesystem::path(state.error().where).filename(), first_lost);
      EXPECT_NE(state.error().message.zh.find(first_lost), std::string::npos);
      EXPECT_NE(state.error().message.en.find("backup"), std::string::npos);
    }
  }
}

TEST(FolderCheck, AnEmptyFileIsALostOne) {
  for (const char* empty : kFiles) {
    const TemporaryFolder temporary;
    for (const char* name : kFiles) {
      std::ofstream file(temporary.path() / name);
      if (std::string_view(name) != empty) file << "x";
    }
    const auto state = check_folder({temporary.path()});
    ASSERT_FALSE(state) << empty;
    EXPECT_EQ(state.error().code, "data.file-empty");
    EXPECT_EQ(std::filesystem::path(state.error().where).filename(), empty);
  }
}

TEST(FolderCheck, WhatIsLeftOfANodeIsNoNewNode) {
  const TemporaryFolder temporary;
  const DataFolder folder{temporary.path()};
  std::filesystem::create_directories(folder.blobs() / "ab");
  std::ofstream(folder.blobs() / "ab" / std::string(64, 'a')) << "x";
  EXPECT_EQ(check_folder(folder).error().code, "data.file-missing");
  std::filesystem::remove_all(folder.blobs());
  std::ofstream(folder.snapshot()) << "x";
  EXPECT_EQ(check_folder(folder).error().code, "data.file-missing");
  std::filesystem::remove(folder.snapshot());
  std::filesystem::create_directories(folder.path / "tls");
  std::ofstream(folder.path / "tls" / "cert.pem") << "x";
  EXPECT_EQ(*check_folder(folder), FolderState::fresh) << "'tingan tls init' comes before the first start";
}

TEST(FolderCheck, AnInterruptedFirstStartIsRepeated) {
  const TemporaryFolder temporary;
  const DataFolder folder{temporary.path()};
  ASSERT_TRUE(begin_first_start(folder));
  std::ofstream(folder.log()) << "";
  std::ofstream(folder.master_key()) << "x";
  EXPECT_EQ(*check_folder(folder), FolderState::fresh);
  end_first_start(folder);
  EXPECT_EQ(check_folder(folder).error().code, "data.file-empty");
}

constexpr std::uint64_t kMiB = 1U << 20U;

TEST(DiskReserve, MarksFollowTheSizeOfTheDisk) {
  EXPECT_EQ(marks_for(100 * 1024 * kMiB).reserve, 32 * kMiB);
  EXPECT_EQ(marks_for(100 * 1024 * kMiB).low, 256 * kMiB);
  EXPECT_EQ(marks_for(64 * kMiB).reserve, 4 * kMiB);
  EXPECT_EQ(marks_for(64 * kMiB).low, 8 * kMiB);
}

// A disk of 64 MiB whose free bytes the test says; the reserve's own blocks are taken off.
struct SmallDisk {
  TemporaryFolder temporary;
  std::uint64_t others_free = 40 * kMiB;
  std::filesystem::path file = temporary.path() / "reserve";

  std::uint64_t taken() const {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_blocks) * 512 : 0;
  }
  DiskReserve::Ask ask() {
    return [this] { return DiskSpace{64 * kMiB, others_free - std::min(others_free, taken())}; };
  }
};

TEST(DiskReserve, IsReallyAllocatedGivenUpInStepsAndMadeAgain) {
  SmallDisk disk;
  DiskReserve reserve(disk.file, disk.ask());
  EXPECT_EQ(reserve.room(), Room::plenty);
  EXPECT_EQ(reserve.left(), 4 * kMiB);
  EXPECT_GE(disk.taken(), 4 * kMiB) << "blocks, not only a size";
  disk.others_free = 4 * kMiB + kMiB / 8;
  reserve.look();
  EXPECT_EQ(reserve.room(), Room::reserve);
  EXPECT_FALSE(reserve.give_up_some(Urgency::ordinary));
  int clocks = 0;
  while (reserve.give_up_some(Urgency::clocks)) ++clocks;
  EXPECT_EQ(reserve.left(), 2 * kMiB) << clocks;
  int people = 0;
  while (reserve.give_up_some(Urgency::people)) ++people;
  EXPECT_EQ(people, 8);
  EXPECT_EQ(reserve.left(), 0U);
  EXPECT_EQ(reserve.room(), Room::none);
  disk.others_free = 30 * kMiB;
  reserve.look();
  EXPECT_EQ(reserve.room(), Room::plenty);
  EXPECT_EQ(reserve.left(), 4 * kMiB);
}

TEST(DiskReserve, LowComesBeforeFullAndOneFoundByARestartIsTaken) {
  SmallDisk disk;
  { const DiskReserve reserve(disk.file, disk.ask()); }
  disk.others_free = 4 * kMiB + 6 * kMiB;
  DiskReserve reserve(disk.file, disk.ask());
  EXPECT_EQ(reserve.left(), 4 * kMiB);
  EXPECT_EQ(reserve.room(), Room::low);
  disk.others_free = 4 * kMiB;
  reserve.look();
  reserve.make_room_to_open();
  EXPECT_LT(reserve.left(), 4 * kMiB);
  EXPECT_EQ(reserve.room(), Room::reserve);
}

TEST(DiskReserve, AFailedWriteCountsAsFullUntilThereIsRoomForAll) {
  SmallDisk disk;
  DiskReserve reserve(disk.file, disk.ask());
  EXPECT_TRUE(reserve.give_up_some(Urgency::people));
  EXPECT_EQ(reserve.room(), Room::reserve);
  disk.others_free = 5 * kMiB;
  reserve.look();
  EXPECT_EQ(reserve.room(), Room::reserve);
  disk.others_free = 40 * kMiB;
  reserve.look();
  EXPECT_EQ(reserve.room(), Room::plenty);
}

}  // namespace
}  // namespace tingan
