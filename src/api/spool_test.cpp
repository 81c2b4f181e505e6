#include "api/spool.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "codec/record_json.h"

namespace tingan::api {
namespace {

class Seeded : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_{7};
};

std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + i / 257);
  return bytes;
}

TEST(Spool, GivesBackWhatCameHoweverItWasCut) {
  Seeded random;
  std::mt19937 cut(3);
  for (const std::size_t size : {0U, 1U, 63U, 64U, 65'535U, 65'536U, 65'537U, 300'001U}) {
    const std::string bytes = some_bytes(size);
    const auto spool = *Spool::open(std::filesystem::temp_directory_path().string(), random);
    for (std::size_t at = 0; at < size;) {
      const std::size_t piece = std::min<std::size_t>(1 + cut() % 50'000, size - at);
      ASSERT_TRUE(spool->write(std::string_view(bytes).substr(at, piece)));
      at += piece;
    }
    EXPECT_EQ(spool->size(), size);
    EXPECT_EQ(spool->front(), std::string_view(bytes).substr(0, 64));
    EXPECT_EQ(spool->hash(), to_hex(sha256(bytes)));
    EXPECT_EQ(*spool->read(), bytes);
    EXPECT_EQ(*spool->read(), bytes);
  }
}

TEST(Spool, LeavesNoNameAndNothingReadable) {
  Seeded random;
  const auto folder = std::filesystem::temp_directory_path() / "tingan-spool-test";
  std::filesystem::create_directories(folder);
  {
    const auto spool = *Spool::open(folder.string(), random);
    ASSERT_TRUE(spool->write(std::string(200'000, 'a')));
    EXPECT_TRUE(std::filesystem::is_empty(folder));
  }
  std::filesystem::remove_all(folder);
  EXPECT_EQ(Spool::open("/nowhere/at/all", random).error().code, "store.io");
}

}  // namespace
}  // namespace tingan::api
