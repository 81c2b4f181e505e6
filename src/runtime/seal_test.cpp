#include "runtime/seal.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "store/memory/memory_key_store.h"
#include "store/sample_log.h"

namespace tingan {
namespace {

class SealerTest : public testing::Test {
 protected:
  CountingRandom random_;
  MemoryKeyStore keys_{std::make_shared<MemoryKeys>(), random_};
  Sealer sealer_{keys_, random_};
};

}  // namespace

TEST_F(SealerTest, AnyTextComesBack) {
  EXPECT_TRUE(rc::check("open(seal(text)) == text", [&](const std::string& text) {
    const auto sealed = sealer_.seal("incident:1", text);
    RC_ASSERT(sealed.has_value());
    RC_ASSERT(sealed->empty() == text.empty());
    RC_ASSERT(**sealer_.open(*sealed) == text);
  }));
}

TEST_F(SealerTest, NothingSaidNeedsNoKey) {
  EXPECT_TRUE(sealer_.seal("incident:1", "")->empty());
  EXPECT_FALSE(keys_.get("incident:1")->has_value());
}

TEST_F(SealerTest, TheSameWordsNeverLookTheSame) {
  EXPECT_NE(sealer_.seal("incident:1", "病人")->box, sealer_.seal("incident:1", "病人")->box);
}

// What is compared without being opened: the same words under the same key, and only these.
TEST_F(SealerTest, SealedAlikeTheSameWordsAreTheSameEnvelope) {
  const Sealed sealed = *sealer_.seal_alike("order:1", "B-7");
  EXPECT_EQ(sealed, *sealer_.seal_alike("order:1", "B-7"));
  EXPECT_FALSE(sealed == *sealer_.seal_alike("order:1", "B-8"));
  EXPECT_FALSE(sealed == *sealer_.seal_alike("order:2", "B-7"));
  EXPECT_EQ(**sealer_.open(sealed), "B-7");
  EXPECT_TRUE(sealer_.seal_alike("order:1", "")->empty());
}

TEST_F(SealerTest, ADestroyedKeyErasesWhatItSealed) {
  const Sealed sealed = *sealer_.seal("person:li", "13800000000");
  ASSERT_TRUE(keys_.destroy("person:li"));
  const auto opened = sealer_.open(sealed);
  ASSERT_TRUE(opened);
  EXPECT_FALSE(opened->has_value());
  EXPECT_EQ(sealer_.seal("person:li", "again").error().code, "seal.destroyed");
}

TEST_F(SealerTest, ChangedOrRelabelledEnvelopesAreForged) {
  const Sealed sealed = *sealer_.seal("person:li", "13800000000");
  ASSERT_TRUE(sealer_.seal("person:wu", "x"));
  EXPECT_EQ(sealer_.open({"person:wu", sealed.box}).error().code, "seal.forged");
  EXPECT_EQ(sealer_.open({"person:li", ""}).error().code, "seal.forged");
  EXPECT_EQ(sealer_.open({"person:li", "not base64!"}).error().code, "seal.forged");
  for (std::size_t i = 0; i < sealed.box.size(); ++i) {
    Sealed changed = sealed;
    changed.box[i] = changed.box[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(sealer_.open(changed).error().code, "seal.forged") << i;
  }
}

}  // namespace tingan
