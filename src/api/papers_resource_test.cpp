// Papers of emergency acceptance over HTTP.
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

World world_with_business() {
  return World([](Options& options) {
    BusinessType broadband;
    broadband.id = BusinessId("broadband-order");
    broadband.title = {"宽带新装", "Broadband order"};
    broadband.fields = {
        {.id = "address", .title = {"装机地址", "the address"}, .kind = FieldKind::address, .required = true}};
    broadband.promise = PromiseKind::home_visit;
    options.business[broadband.id] = std::make_shared<const BusinessType>(broadband);
    BusinessType transfer;
    transfer.id = BusinessId("transfer");
    transfer.title = {"过户", "Transfer"};
    transfer.pre_acceptable = false;
    options.business[transfer.id] = std::make_shared<const BusinessType>(transfer);
  });
}

const char* const kOrder = R"({"business":"broadband-order","name":"张三丰","mobile":"13812345678","district":"上城",)"
                           R"("fields":{"address":"湖滨路 118 号 502 室"}})";

bool is_pdf(const Reply& reply) {
  return reply.status == 200 && reply.type == "application/pdf" && reply.body.starts_with("%PDF-");
}

}  // namespace

TEST(Papers, ASlipIsPrintedForWhoeverSeesTheOrder) {
  World world = world_with_business();
  const std::string id = world.post("clerk@hall-a", "/orders", kOrder).text("/id");
  EXPECT_TRUE(is_pdf(world.get("clerk@hall-a", "/orders/" + id + "/slip")));
  EXPECT_TRUE(is_pdf(world.get("clerk@hall-a", "/orders/" + id + "/slip?paper=receipt")));
  EXPECT_EQ(world.get("clerk@hall-a", "/orders/" + id + "/slip?paper=a7").status, 400);
  EXPECT_EQ(world.get("clerk@hall-a", "/orders/" + id + "/slip", {{"Accept", "text/csv"}}).status, 406);
  EXPECT_EQ(world.get("clerk@hall-b", "/orders/" + id + "/slip").status, 404);
  EXPECT_EQ(world.get("clerk@hall-a", "/orders/" + id).at("/looks").as_array().size(), 0U);  // masked: no look
}

TEST(Papers, APackIsPrintedByItsNumberInItsHall) {
  World world = world_with_business();
  const Reply granted = world.post("clerk@hall-a", "/packs", R"({"business":"broadband-order","size":5})");
  ASSERT_EQ(granted.status, 201) << granted.body;
  EXPECT_TRUE(is_pdf(world.get("clerk@hall-a", "/packs/1")));
  ASSERT_EQ(world.post("clerk@hall-a", "/packs", R"({"size":2})").status, 201);
  EXPECT_TRUE(is_pdf(world.get("clerk@hall-a", "/packs/2?unit=hall-a&format=pdf")));
  for (const char* pack : {"3", "0", "1x", "-1", "01"}) {
    EXPECT_EQ(world.get("clerk@hall-a", std::string("/packs/") + pack).code(), "number.unknown-pack") << pack;
  }
  EXPECT_EQ(world.get("clerk@hall-b", "/packs/1").status, 404);
  EXPECT_EQ(world.get("clerk@hall-b", "/packs/1?unit=hall-a").status, 403);
}

TEST(Papers, TheBoardSaysWhatCanBeTakenAndWhereElseToGo) {
  World world = world_with_business();
  world.declare("hall-director@hall-a", "hall-a", "outage", R"({"cause":"system"})");
  world.declare("hall-director@hall-b", "hall-b", "outage", R"({"cause":"power"})");
  const Reply board = world.get("clerk@hall-a", "/notice-board");
  ASSERT_EQ(board.status, 200) << board.body;
  EXPECT_NE(board.body.find("停电或系统故障"), std::string::npos) << board.body;
  EXPECT_NE(board.body.find("宽带新装"), std::string::npos);
  EXPECT_EQ(board.body.find("过户"), std::string::npos);            // only as a callback
  EXPECT_NE(board.body.find("滨江大道营业厅"), std::string::npos);  // is open
  EXPECT_EQ(board.body.find("文晖路营业厅"), std::string::npos);    // has its own outage
  EXPECT_TRUE(is_pdf(world.get("clerk@hall-a", "/notice-board", {{"Accept", "application/pdf"}})));
}

TEST(Papers, TheVisitListIsMaskedUntilWhoGoesPrintsItAndTheLookStands) {
  World world = world_with_business();
  const std::string id = world.post("clerk@hall-a", "/orders", kOrder).text("/id");
  EXPECT_EQ(world.get("clerk@hall-a", "/visits").text("/items/0/id"), id);
  EXPECT_TRUE(is_pdf(world.get("clerk@hall-a", "/visits?format=pdf")));
  EXPECT_EQ(world.get("clerk@hall-a", "/orders/" + id).at("/looks").as_array().size(), 0U);
  EXPECT_TRUE(is_pdf(world.post("clerk@hall-a", "/visits/sheet", R"({"district":"滨江"})")));  // nobody there
  EXPECT_EQ(world.get("clerk@hall-a", "/orders/" + id).at("/looks").as_array().size(), 0U);
  EXPECT_TRUE(is_pdf(world.post("clerk@hall-a", "/visits/sheet", R"({"district":"上城"})")));
  const Reply seen = world.get("clerk@hall-a", "/orders/" + id);
  ASSERT_EQ(seen.at("/looks").as_array().size(), 1U);
  EXPECT_EQ(seen.text("/looks/0/purpose"), "上门清单");
  EXPECT_EQ(world.post("general-group@centre", "/visits/sheet", R"({"unit":"hall-a"})").status, 403);
  EXPECT_EQ(world.post("clerk@hall-b", "/visits/sheet", R"({"unit":"hall-a"})").status, 403);
}

TEST(Papers, TheReconciliationIsPrintedOfAHallAndOfAnIncident) {
  World world = world_with_business();
  const std::string incident = world.declare("hall-director@hall-a", "hall-a", "outage", R"({"cause":"system"})");
  ASSERT_EQ(world.post("clerk@hall-a", "/orders", kOrder).status, 201);
  EXPECT_TRUE(is_pdf(world.get("clerk@hall-a", "/reconciliation?format=pdf")));
  EXPECT_TRUE(is_pdf(world.get("clerk@hall-a", "/reconciliation?format=pdf&incident=" + incident)));
  EXPECT_EQ(world.get("clerk@hall-a", "/reconciliation?incident=" + incident).at("/all/taken"), json::value(1));
  EXPECT_EQ(world.get("clerk@hall-a", "/reconciliation?format=csv").status, 400);
}

}  // namespace tingan::api
