// What a filling disk refuses, and what one person and one hall may hand over.
#include <gtest/gtest.h>

#include "api/evidence_quota.h"
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

constexpr std::uint64_t kMiB = 1U << 20U;

TEST(EvidenceQuota, APersonAndAHallHaveTheirShareOfADay) {
  EvidenceQuota quota(10 * kMiB, 25 * kMiB);
  const UnitId hall("hall-a");
  const auto take = [&](const char* person, std::uint64_t mib, Instant at) {
    const auto taken = quota.take(PersonId(person), hall, mib * kMiB, at);
    return taken ? std::string("taken") : taken.error().code;
  };
  EXPECT_EQ(take("li", 6, kStart), "taken");
  EXPECT_EQ(take("li", 6, kStart), "evidence.quota");
  EXPECT_EQ(take("li", 4, kStart + 1h), "taken") << "a refusal takes nothing";
  EXPECT_EQ(take("wu", 10, kStart), "taken");
  EXPECT_EQ(take("he", 6, kStart), "evidence.quota") << "the hall's share is used up";
  quota.give_back(PersonId("wu"), hall, 5 * kMiB);
  EXPECT_EQ(take("he", 6, kStart), "taken") << "what was not kept does not count";
  EXPECT_EQ(take("li", 6, kStart + 25h), "taken") << "the next day";
}

TEST(EvidenceQuota, NoLimitWhereItIsZero) {
  EvidenceQuota quota(0, 0);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(quota.take(PersonId("li"), UnitId("hall-a"), 8 * kMiB, kStart));
}

const std::string kPhoto = "\xff\xd8\xff\xe0" + std::string(40, 'j');
const Fields kAsJpeg = {{"Content-Type", "image/jpeg"}};

TEST(DiskLimits, EvidenceBeyondTheShareIs429AndTheRestGoesOn) {
  World world([](Options& options) { options.person_evidence_max = 64; });
  const std::string id = world.declare("hall-director@hall-a", "hall-a", "fire");
  const std::string path = "/incidents/" + id + "/evidence";
  EXPECT_EQ(world.post("hall-director@hall-a", path, kPhoto, kAsJpeg).status, 201);
  const Reply refused = world.post("hall-director@hall-a", path, kPhoto, kAsJpeg);
  EXPECT_EQ(refused.status, 429) << refused.body;
  EXPECT_EQ(refused.code(), "evidence.quota");
  EXPECT_EQ(refused.header("Retry-After"), "3600");
  EXPECT_EQ(world.post("clerk@hall-a", path, kPhoto, kAsJpeg).status, 201) << "others have theirs";
}

TEST(DiskLimits, BelowTheMarkPhotosAreRefusedAndCommandsAreNot) {
  World world;
  const std::string id = world.declare("hall-director@hall-a", "hall-a", "fire");
  world.room = Room::low;
  const Reply photo = world.post("hall-director@hall-a", "/incidents/" + id + "/evidence", kPhoto, kAsJpeg);
  EXPECT_EQ(photo.status, 507) << photo.body;
  EXPECT_EQ(photo.code(), "store.low");
  const std::string order = "/orders/11111111-1111-4111-8111-111111111111/photos?unit=hall-a";
  EXPECT_EQ(world.post("clerk@hall-a", order, kPhoto, kAsJpeg).code(), "store.low");
  EXPECT_EQ(world.post("clerk@hall-a", "/orders/import?unit=hall-a", "a,b\n", {{"Content-Type", "text/csv"}}).code(),
            "store.low");
  EXPECT_EQ(world.get("hall-director@hall-a", "/incidents/" + id + "/evidence").status, 200);
  EXPECT_FALSE(world.declare("hall-director@hall-a", "hall-a", "outage").empty());
}

TEST(DiskLimits, OnAFullDiskOnlyWhatIsUrgentReachesTheEngine) {
  World world;
  const std::string drill = world.declare("hall-director@hall-b", "hall-b", "fire", "{}", R"(,"drill":true)");
  world.room = Room::reserve;
  world.warnings = {{"disk.full", {"磁盘已满", "The disk is full"}}};
  const std::string id = world.declare("hall-director@hall-a", "hall-a", "fire");
  ASSERT_FALSE(id.empty());
  EXPECT_EQ(world.post("hall-director@hall-a", "/incidents/" + id + "/facts", R"({"set":{"size":"large"}})").status,
            200);
  EXPECT_EQ(world.post("hall-director@hall-b", "/incidents/" + drill + "/facts", R"({"set":{"size":"large"}})").code(),
            "store.full");
  const Reply another =
      world.post("hall-director@hall-a", "/incidents", R"({"unit":"hall-a","type":"fire","drill":true})");
  EXPECT_EQ(another.status, 503);
  EXPECT_EQ(another.code(), "store.full");
  const Reply ready = world.send(Method::kGet, "/readyz");
  EXPECT_EQ(ready.at("/writes"), json::value(false));
  EXPECT_EQ(ready.at("/urgent_writes"), json::value(true));
  EXPECT_EQ(ready.text("/warnings/0/code"), "disk.full");
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/node").text("/warnings/0/text/zh"), "磁盘已满");
  EXPECT_NE(world.send(Method::kGet, "/metrics", "", {}, "127.0.0.1").body.find("tingan_disk_full 1\n"),
            std::string::npos);
  world.room = Room::none;
  EXPECT_EQ(world.send(Method::kGet, "/readyz").at("/urgent_writes"), json::value(false));
}

}  // namespace
}  // namespace tingan::api
