// Emergency acceptance as a clerk, a phone and a director meet it over HTTP.
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

World world_with_business() {
  return World([](Options& options) {
    BusinessType bill;
    bill.id = BusinessId("bill-payment");
    bill.title = {"缴费", "Bill payment"};
    bill.fields = {{.id = "amount", .title = {"金额", "the amount"}, .kind = FieldKind::money, .required = true},
                   {.id = "identity", .title = {"身份证号", "the resident id"}, .kind = FieldKind::resident_id}};
    bill.amount_field = "amount";
    bill.cap_item_fen = 100000;
    bill.connector = "billing";
    options.business[bill.id] = std::make_shared<const BusinessType>(bill);
    BusinessType transfer;
    transfer.id = BusinessId("transfer");
    transfer.title = {"过户", "Transfer"};
    transfer.pre_acceptable = false;
    options.business[transfer.id] = std::make_shared<const BusinessType>(transfer);
  });
}

const char* const kOrder =
    R"({"business":"bill-payment","name":"张三丰","mobile":"13812345678","fields":{"amount":"50.00","identity":"11010519491231002X"})";
std::string order_body(const std::string& more = "") { return std::string(kOrder) + more + "}"; }

}  // namespace

TEST(Acceptance, TakenListedMaskedShownInFullAndTheLookIsRecorded) {
  World world = world_with_business();
  const Reply taken = world.post("clerk@hall-a", "/orders", order_body());
  ASSERT_EQ(taken.status, 201) << taken.body;
  EXPECT_EQ(taken.text("/number"), "hall-a-000001");
  EXPECT_EQ(taken.body.find("13812345678"), std::string::npos);
  const std::string id = taken.text("/id");
  const Reply list = world.get("clerk@hall-a", "/orders");
  EXPECT_EQ(list.text("/items/0/personal/name"), "张*");
  EXPECT_EQ(list.text("/items/0/personal/mobile"), "138****5678");
  EXPECT_EQ(list.body.find("13812345678"), std::string::npos);
  EXPECT_EQ(list.body.find("11010519491231002X"), std::string::npos);
  EXPECT_EQ(world.post("clerk@hall-a", "/orders/" + id + "/reveal", "{}").status, 422);
  const Reply shown = world.post("clerk@hall-a", "/orders/" + id + "/reveal", R"({"reason":"录入"})");
  ASSERT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(shown.text("/personal/mobile"), "13812345678");
  const Reply one = world.get("clerk@hall-a", "/orders/" + id);
  EXPECT_EQ(one.text("/looks/0/person"), "clerk@hall-a");
  EXPECT_EQ(one.text("/looks/0/purpose"), "录入");
}

TEST(Acceptance, FoundByItsNumberAndTheReasonIsSaidToWhoLooks) {
  World world = world_with_business();
  world.post("clerk@hall-a", "/orders", order_body());
  const std::string id = world.post("clerk@hall-a", "/orders", order_body()).text("/id");
  const Reply found = world.get("clerk@hall-a", "/orders?number=2");
  ASSERT_EQ(found.at("/items").as_array().size(), 1U);
  EXPECT_EQ(found.text("/items/0/id"), id);
  EXPECT_EQ(world.get("clerk@hall-a", "/orders?number=two").code(), "query.unknown-value");
  ASSERT_EQ(
      world.post("clerk@hall-a", "/orders/" + id + "/reject", R"({"code":"customer","reason":"张三丰不办了"})").status,
      200);
  EXPECT_EQ(world.get("clerk@hall-a", "/orders/" + id).body.find("不办了"), std::string::npos);
  const Reply shown = world.post("clerk@hall-a", "/orders/" + id + "/reveal", R"({"reason":"核对"})");
  EXPECT_EQ(shown.text("/reason"), "张三丰不办了");
}

TEST(Acceptance, AnotherHallSeesNothing) {
  World world = world_with_business();
  const std::string id = world.post("clerk@hall-a", "/orders", order_body()).text("/id");
  EXPECT_EQ(world.get("clerk@hall-b", "/orders/" + id).status, 404);
  EXPECT_EQ(world.post("clerk@hall-b", "/orders/" + id + "/reveal", R"({"reason":"x"})").status, 404);
  EXPECT_EQ(world.get("clerk@hall-b", "/orders?unit=hall-a").status, 403);
  EXPECT_EQ(world.get("guard@hall-a", "/orders").status, 403);
  EXPECT_EQ(world.post("general-group@centre", "/orders/" + id + "/reveal", R"({"reason":"x"})").status, 403);
}

TEST(Acceptance, ADeviceHandsOverOnceWhateverIsRepeated) {
  World world = world_with_business();
  const Reply block = world.post("clerk@hall-a", "/number-blocks", R"({"device":"phone-1","size":10})");
  ASSERT_EQ(block.status, 201) << block.body;
  const std::string offline = order_body(
      R"(,"id":"01920000-0000-7000-8000-000000000001","device":"phone-1","number":1,"handed_over":true,"taken_at":"2026-11-23T09:00:00+08:00")");
  ASSERT_EQ(world.post("clerk@hall-a", "/orders", offline).status, 201);
  world.restart();
  world.forget_tokens();
  ASSERT_EQ(world.post("clerk@hall-a", "/orders", offline).status, 201);
  EXPECT_EQ(world.view().acceptance().count(), 1U);
  const std::string stolen = order_body(R"(,"device":"phone-2","number":2,"handed_over":true)");
  EXPECT_EQ(world.post("clerk@hall-a", "/orders", stolen).code(), "number.not-granted");
}

TEST(Acceptance, WhatIsWrongIsNamedAtTheCounterAndSetAsideWhenHandedOver) {
  World world = world_with_business();
  const std::string bad =
      R"({"business":"bill-payment","name":"张三","mobile":"13812345678","fields":{"amount":"5","identity":"110105194912310021"})";
  const Reply refused = world.post("clerk@hall-a", "/orders", bad + "}");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.code(), "field.resident-id");
  EXPECT_EQ(world.view().acceptance().count(), 0U);
  const Reply kept = world.post("clerk@hall-a", "/orders", bad + R"(,"handed_over":true})");
  ASSERT_EQ(kept.status, 201) << kept.body;
  EXPECT_EQ(kept.text("/state"), "set-aside");
  const std::string id = kept.text("/id");
  const Reply repaired =
      world.post("clerk@hall-a", "/orders/" + id + "/repair",
                 R"({"name":"张三","mobile":"13812345678","fields":{"amount":"5"},"reason":"证件号抄错"})");
  ASSERT_EQ(repaired.status, 200) << repaired.body;
  EXPECT_EQ(repaired.text("/state"), "waiting");
  EXPECT_EQ(
      world.post("clerk@hall-a", "/orders", R"({"business":"transfer","name":"张三","mobile":"13812345678"})").code(),
      "order.not-pre-acceptable");
  const Reply callback =
      world.post("clerk@hall-a", "/callbacks", R"({"business":"transfer","name":"张三","mobile":"13812345678"})");
  ASSERT_EQ(callback.status, 201) << callback.body;
  EXPECT_EQ(callback.text("/kind"), "callback");
  EXPECT_EQ(world.post("clerk@hall-a", "/orders/" + callback.text("/id") + "/call", R"({"reached":true,"note":"已办"})")
                .text("/state"),
            "entered");
}

TEST(Acceptance, ReconcilesRehearsesAndIsStartedByWhoLeads) {
  World world = world_with_business();
  const std::string incident = world.declare("hall-director@hall-a", "hall-a", "outage", R"({"cause":"system"})");
  const Reply taken = world.post("clerk@hall-a", "/orders", order_body());
  EXPECT_EQ(taken.text("/incident"), incident);
  Reply found = world.get("hall-director@hall-a", "/reconciliation?incident=" + incident);
  EXPECT_EQ(found.text("/all/waiting"), "1");
  EXPECT_EQ(found.text("/all/balances"), "true");
  EXPECT_EQ(world.get("clerk@hall-a", "/replays").text("/rehearsal/orders"), "1");
  EXPECT_EQ(world.post("clerk@hall-a", "/replays", "{}").status, 403);
  EXPECT_EQ(world.post("hall-director@hall-a", "/replays", "{}").status, 201);
  EXPECT_EQ(world.post("hall-director@hall-a", "/replays", "{}").status, 409);
  EXPECT_EQ(world.post("hall-director@hall-a", "/replays/hall-a/pause").text("/state"), "paused");
  const std::string id = taken.text("/id");
  ASSERT_EQ(world.post("clerk@hall-a", "/orders/" + id + "/enter", R"({"reference":"B-1"})").status, 200);
  EXPECT_EQ(world.post("clerk@hall-a", "/orders/" + id + "/hand-back", "{}").code(), "order.wrong-state");
  found = world.get("hall-director@hall-a", "/reconciliation?incident=" + incident);
  EXPECT_EQ(found.text("/reconciled"), "true");
  for (const char* path : {"/work-list", "/promises", "/visits", "/notice-board", "/business-types"}) {
    EXPECT_EQ(world.get("clerk@hall-a", path).status, 200) << path;
  }
}

TEST(Acceptance, HomeVisitsAndPromises) {
  World world = world_with_business();
  const std::string id = world.post("clerk@hall-a", "/orders", order_body(R"(,"district":"城东")")).text("/id");
  const Reply visit = world.post("hall-director@hall-a", "/orders/" + id + "/visit",
                                 R"({"person":"clerk@hall-a","due":"2026-11-24T10:00:00+08:00"})");
  ASSERT_EQ(visit.status, 200) << visit.body;
  EXPECT_EQ(visit.text("/promise/kind"), "home-visit");
  EXPECT_EQ(world.get("clerk@hall-a", "/visits?district=%E5%9F%8E%E4%B8%9C").text("/count"), "1");
  EXPECT_EQ(world.post("clerk@hall-a", "/orders/" + id + "/visited", "{}").text("/promise/state"), "kept");
  const std::string late = world.post("clerk@hall-a", "/orders", order_body()).text("/id");
  world.pass(25h);
  world.forget_tokens();
  EXPECT_EQ(world.get("clerk@hall-a", "/orders/" + late).text("/promise/state"), "broken");
  const std::string more = world.post("clerk@hall-a", "/packs", R"({"size":20})").text("/pack");
  EXPECT_EQ(more, "1");
  EXPECT_EQ(world.post("hall-director@hall-a", "/numbers/void", R"({"first":3,"last":22,"reason":"没有用到"})").status,
            200);
}

}  // namespace tingan::api
