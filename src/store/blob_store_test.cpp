// What every blob store promises, and what the files look like.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/file.h"
#include "store/files/blob_folder.h"
#include "store/memory/memory_blob_store.h"
#include "store/temporary_folder.h"

namespace tingan {
namespace {

const std::string kName(64, 'a');
const std::string kOther = "0b" + std::string(62, '1');

void keeps_what_it_was_given(BlobStore& store) {
  const std::string bytes("\0\xff sealed \n", 11);
  ASSERT_TRUE(store.put(kName, bytes));
  ASSERT_TRUE(store.put(kName, bytes));
  ASSERT_TRUE(store.put(kOther, ""));
  EXPECT_EQ(**store.get(kName), bytes);
  EXPECT_EQ(**store.get(kOther), "");
  EXPECT_FALSE(store.get(std::string(64, 'b'))->has_value());
  ASSERT_TRUE(store.remove(kName));
  ASSERT_TRUE(store.remove(kName));
  EXPECT_FALSE(store.get(kName)->has_value());
}

TEST(BlobStore, MemoryKeepsWhatItWasGiven) {
  MemoryBlobStore store;
  keeps_what_it_was_given(store);
}

TEST(BlobStore, FilesKeepWhatTheyWereGiven) {
  TemporaryFolder temporary;
  BlobFolder store(temporary.path() / "blobs");
  keeps_what_it_was_given(store);
}

TEST(BlobStore, FilesAreTheOwnersAloneAndOutliveTheStore) {
  TemporaryFolder temporary;
  const auto folder = temporary.path() / "blobs";
  ASSERT_TRUE(BlobFolder(folder).put(kName, "x"));
  BlobFolder again(folder);
  EXPECT_EQ(**again.get(kName), "x");
  struct stat about {};
  ASSERT_EQ(::stat(again.path_of(kName).c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  std::ofstream(folder / "aa" / (kName + ".123.new")) << "half";
  EXPECT_EQ(again.names(), std::vector<std::string>{kName});
}

TEST(BlobStore, ANameThatIsNoHashNeverReachesTheDisk) {
  TemporaryFolder temporary;
  ASSERT_TRUE(write_private_file(temporary.path() / "secret", "s"));
  BlobFolder store(temporary.path() / "blobs");
  EXPECT_FALSE(store.get("../secret")->has_value());
  EXPECT_FALSE(is_blob_name("../secret"));
  EXPECT_FALSE(is_blob_name(std::string(64, 'A')));
  EXPECT_FALSE(is_blob_name(std::string(63, 'a')));
}

TEST(BlobStore, AFolderThatCannotBeMadeIsAnError) {
  TemporaryFolder temporary;
  ASSERT_TRUE(write_private_file(temporary.path() / "blobs", "a file is in the way"));
  BlobFolder store(temporary.path() / "blobs");
  const auto put = store.put(kName, "x");
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, "store.io");
}

}  // namespace
}  // namespace tingan
