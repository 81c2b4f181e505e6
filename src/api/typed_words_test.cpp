// What people type: sealed wherever the log could hold it in the clear, without what nobody sees, and erased on
// request.
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

World world_with_business() {
  return World([](Options& options) {
    BusinessType bill;
    bill.id = BusinessId("bill-payment");
    bill.title = {"缴费", "Bill payment"};
    bill.fields = {{.id = "amount", .title = {"金额", "the amount"}, .kind = FieldKind::money, .required = true}};
    bill.amount_field = "amount";
    options.business[bill.id] = std::make_shared<const BusinessType>(bill);
  });
}

std::string order_body(const std::string& more = "") {
  return R"({"business":"bill-payment","name":"张三丰","mobile":"13812345678","fields":{"amount":"50.00"})" + more +
         "}";
}

// Everything that lies on the disk in the clear: the records, and the answers that are kept under their keys.
std::string on_disk(World& world) {
  const std::lock_guard lock(world.disk().mutex);
  std::string all;
  for (const StoredRecord& record : world.disk().records) {
    if (record.bytes.find("-published\"") == std::string::npos) all += record.bytes + "\n";
  }
  for (const auto& [key, answer] : world.disk().answers) all += answer.body + "\n";
  return all;
}

const char* const kSecret = "王五的邻居";

}  // namespace

TEST(TypedWords, NoneOfThemStandsInTheLogOrInAKeptAnswer) {
  World world = world_with_business();
  const std::string secret = kSecret;
  auto keyed = [n = 0]() mutable { return Fields{{"Idempotency-Key", "key-" + std::to_string(++n)}}; };
  const Reply taken =
      world.post("clerk@hall-a", "/orders", order_body(R"(,"district":"城东)" + secret + R"(")"), keyed());
  ASSERT_EQ(taken.status, 201) << taken.body;
  const std::string order = "/orders/" + taken.text("/id");
  EXPECT_EQ(world.post("clerk@hall-a", order + "/reveal", R"({"reason":"找)" + secret + R"("})").status, 200);
  EXPECT_EQ(world.post("clerk@hall-a", order + "/enter", R"({"reference":"单号)" + secret + R"("})", keyed()).status,
            200);
  const std::string second = "/orders/" + world.post("clerk@hall-a", "/orders", order_body()).text("/id");
  EXPECT_EQ(
      world.post("clerk@hall-a", second + "/reject", R"({"code":"customer","reason":")" + secret + R"("})", keyed())
          .status,
      200);
  EXPECT_EQ(world.post("clerk@hall-a", second + "/reject", R"({"code":")" + secret + R"(","reason":"x"})").code(),
            "body.malformed-name");
  EXPECT_EQ(world.post("clerk@hall-a", "/number-blocks", R"({"device":")" + secret + R"(","size":10})").code(),
            "body.malformed-name");
  const std::string incident =
      world.declare("hall-director@hall-a", "hall-a", "outage", "{}", R"(,"note":")" + secret + R"(")");
  EXPECT_EQ(world
                .post("hall-director@hall-a", "/incidents/" + incident + "/progress", R"({"text":")" + secret + R"("})",
                      keyed())
                .status,
            200);
  EXPECT_EQ(on_disk(world).find(secret), std::string::npos);

  // Who may read it reads it.
  const Reply one = world.get("clerk@hall-a", order);
  EXPECT_EQ(one.text("/district"), "城东" + secret);
  EXPECT_EQ(one.text("/reference"), "单号" + secret);
  EXPECT_EQ(one.text("/looks/0/purpose"), "找" + secret);
  EXPECT_NE(world.get("hall-director@hall-a", "/incidents/" + incident + "/timeline").body.find(secret),
            std::string::npos);
}

TEST(TypedWords, TheSameNumberTypedAgainChangesNothingAndAnotherIsRefused) {
  World world = world_with_business();
  const std::string order = "/orders/" + world.post("clerk@hall-a", "/orders", order_body()).text("/id");
  ASSERT_EQ(world.post("clerk@hall-a", order + "/enter", R"({"reference":"B-1"})").status, 200);
  const std::uint64_t before = world.view().last_gseq();
  EXPECT_EQ(world.post("clerk@hall-a", order + "/enter", R"({"reference":"B-1"})").text("/reference"), "B-1");
  EXPECT_EQ(world.view().last_gseq(), before);
  EXPECT_EQ(world.post("clerk@hall-a", order + "/enter", R"({"reference":"B-2"})").code(), "order.wrong-state");
}

// A pasted line keeps its words, and none of the signs that would turn them around on somebody else's screen.
TEST(TypedWords, WhatTurnsALineAroundIsNotKept) {
  World world = world_with_business();
  const std::string incident = world.declare("hall-director@hall-a", "hall-a", "outage");
  const std::string path = "/incidents/" + incident;
  ASSERT_EQ(world.post("hall-director@hall-a", path + "/progress", "{\"text\":\"已\u202e修复\u2066\u200b好\"}").status,
            200);
  ASSERT_EQ(world.post("hall-director@hall-a", path + "/progress", R"({"text":"又\u202e断\u2069了"})").status, 200);
  const std::string timeline = world.get("hall-director@hall-a", path + "/timeline").body;
  EXPECT_NE(timeline.find("已修复好"), std::string::npos);
  EXPECT_NE(timeline.find("又断了"), std::string::npos);
  for (const char* hidden : {"\u202e", "\u2066", "\u2069", "\u200b"}) {
    EXPECT_EQ(timeline.find(hidden), std::string::npos);
  }
  const Reply order = world.post("clerk@hall-a", "/orders", order_body(",\"district\":\"城\u202e东\""));
  EXPECT_EQ(order.text("/district"), "城东");
  // A plan is kept byte for byte, so there it is refused, with the line.
  const Reply plan = world.post("admin@centre", "/plans/check", "{\"yaml\":\"id: x\\ntitle: \u202ey\\n\"}");
  EXPECT_EQ(plan.code(), "body.control-character");
  EXPECT_NE(plan.body.find("2"), std::string::npos);
}

TEST(Erasure, OfAPersonOnlyOnceThePersonHasLeft) {
  World world;
  EXPECT_EQ(world.post("admin@centre", "/people/clerk@hall-b/erase").code(), "person.still-here");
  EXPECT_EQ(world.post("admin@centre", "/people/nobody@hall-b/erase").code(), "person.not-found");
  ASSERT_EQ(world.as("admin@centre", Method::kDelete, "/people/clerk@hall-b").status, 200);
  EXPECT_EQ(world.post("hall-director@hall-b", "/people/clerk@hall-b/erase").code(), "erase.not-allowed");
  const Reply erased = world.post("admin@centre", "/people/clerk@hall-b/erase");
  EXPECT_EQ(erased.status, 200) << erased.body;
  EXPECT_EQ(erased.text("/key"), "person:clerk@hall-b");
  EXPECT_TRUE(erased.at("/erased").as_bool());
  world.restart();
  EXPECT_TRUE(world.view().registry()->erased().contains("person:clerk@hall-b"));
}

TEST(Erasure, OfAnIncidentOnlyOnceItIsOverAndWithoutABackDoor) {
  World world;
  const std::string open = world.declare("clerk@hall-a", "hall-a", "outage");
  EXPECT_EQ(world.post("centre-head@centre", "/incidents/" + open + "/erase").code(), "incident.not-ended");
  EXPECT_EQ(world.post("hall-director@hall-a", "/incidents/" + open + "/erase").code(), "erase.not-allowed");
  const std::string silent = world.declare("clerk@hall-a", "hall-a", "robbery");
  EXPECT_EQ(world.post("admin@centre", "/incidents/" + silent + "/erase").code(), "incident.not-found");
  EXPECT_EQ(world.post("admin@centre", "/incidents/01933333-0000-7000-8000-000000000000/erase").code(),
            "incident.not-found");
  ASSERT_EQ(world.post("clerk@hall-a", "/incidents/" + open + "/retract", R"({"reason":"按错了"})").status, 200);
  const Reply erased = world.post("centre-head@centre", "/incidents/" + open + "/erase");
  EXPECT_EQ(erased.text("/key"), "incident:" + open) << erased.body;
}

TEST(LogHeads, AreForThoseWhoKeepThemElsewhere) {
  World world([](Options& options) {
    options.log_heads = []() -> Expected<std::string> {
      return std::string(R"({"manifest":{"format":1,"made":1,"node":"ab","units":[]},"signature":"cd"})");
    };
  });
  EXPECT_EQ(world.get("admin@centre", "/log/heads").text("/manifest/node"), "ab");
  EXPECT_EQ(world.get("centre-head@centre", "/log/heads").status, 200);
  EXPECT_EQ(world.get("clerk@hall-a", "/log/heads").code(), "log.not-allowed");
}

TEST(LogHeads, EveryReportNamesTheRecordThatItStandsOn) {
  World world;
  const std::string id = world.declare("hall-director@hall-a", "hall-a", "outage");
  const Reply report = world.get("hall-director@hall-a", "/incidents/" + id + "/report?kind=initial");
  const std::string head = report.text("/log_head");
  const StoredRecord last = world.disk().records.back();
  EXPECT_EQ(head, fmt::format("hall-a:{}:{}", last.seq, to_hex(last.hash).substr(0, 32)));
  const Reply page =
      world.get("hall-director@hall-a", "/incidents/" + id + "/report?kind=initial", {{"Accept", "text/html"}});
  EXPECT_NE(page.body.find(head), std::string::npos);
}

}  // namespace tingan::api
