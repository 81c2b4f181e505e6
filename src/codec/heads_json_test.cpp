#include "codec/heads_json.h"

#include <gtest/gtest.h>

#include "codec/record_json.h"

namespace tingan {

TEST(HeadsJson, ComesBackInOrder) {
  const SignedHeads heads{3, 5, {{UnitId("hall-b"), 2, sha256("b")}, {UnitId("hall-a"), 9, sha256("a")}}};
  const std::string bytes = encode_signed_heads(heads);
  EXPECT_TRUE(bytes.starts_with(R"({"gseq":[3,5],"heads":[{"unit":"hall-a","seq":9,"hash":")")) << bytes;
  const auto decoded = decode_signed_heads(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->heads[1], heads.heads[0]);
  EXPECT_EQ(encode_signed_heads(*decoded), bytes);
}

TEST(HeadsJson, RefusesEverythingElse) {
  const std::string bytes = encode_signed_heads({1, 1, {{UnitId("hall-a"), 1, sha256("a")}}});
  EXPECT_EQ(decode_signed_heads(bytes + " ").error().code, "log.not-canonical");
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode_signed_heads(bytes.substr(0, size)));
}

}  // namespace tingan
