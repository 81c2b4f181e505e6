#include "runtime/node_identity.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "store/sample_log.h"
#include "store/temporary_folder.h"

namespace tingan {

TEST(NodeIdentity, StaysTheSameOverStops) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "node.key";
  CountingRandom random;
  EXPECT_EQ(NodeIdentity::open(file).error().code, "identity.none");
  const auto first = NodeIdentity::open_or_create(file, random);
  ASSERT_TRUE(first);
  const auto second = NodeIdentity::open_or_create(file, random);
  ASSERT_TRUE(second);
  EXPECT_EQ((*first)->public_key(), (*second)->public_key());
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const std::string signature = (*first)->sign("heads");
  EXPECT_TRUE(signature_valid((*second)->public_key(), "heads", signature));
  EXPECT_FALSE(signature_valid((*second)->public_key(), "head5", signature));
  EXPECT_FALSE(signature_valid((*second)->public_key(), "heads", signature.substr(1)));
  EXPECT_FALSE(signature_valid("short", "heads", signature));
}

TEST(NodeIdentity, ADamagedFileIsRefusedNotReplaced) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "node.key";
  std::ofstream(file) << "tingan-node-key 1 00";
  CountingRandom random;
  EXPECT_EQ(NodeIdentity::open_or_create(file, random).error().code, "identity.damaged");
}

TEST(NodeIdentity, PublicKeysAreReadAsTheyAreWritten) {
  const auto identity = NodeIdentity::from_seed({7});
  EXPECT_EQ(parse_public_key(public_key_text(identity->public_key())), identity->public_key());
  EXPECT_EQ(parse_public_key("abc").error().code, "identity.malformed-key");
}

}  // namespace tingan
