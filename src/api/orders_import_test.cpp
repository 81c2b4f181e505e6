// Orders from paper over HTTP, as CSV and XLSX, and lists of them out.
#include "api/testing.h"
#include "codec/csv_reader.h"
#include "codec/csv_writer.h"
#include "codec/xlsx_reader.h"
#include "codec/xlsx_writer.h"
#include "core/acceptance/paper_number.h"

namespace tingan::api {
namespace {

using namespace testing;

const char* const kClerk = "clerk@hall-a";
const char* const kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

World world_with_business() {
  return World([](Options& options) {
    BusinessType bill;
    bill.id = BusinessId("bill-payment");
    bill.title = {"缴费", "Bill payment"};
    bill.fields = {{.id = "amount", .title = {"金额", "the amount"}, .kind = FieldKind::money, .required = true},
                   {.id = "signature", .title = {"签名", "Signature"}, .kind = FieldKind::signature, .required = true}};
    bill.documents = {{"id_card", {"身份证正面", "Front of the id card"}, true}};
    bill.amount_field = "amount";
    bill.cap_item_fen = 100000;
    options.business[bill.id] = std::make_shared<const BusinessType>(bill);
    BusinessType transfer;
    transfer.id = BusinessId("transfer");
    transfer.title = {"过户", "Transfer"};
    transfer.pre_acceptable = false;
    transfer.fields = {{.id = "need", .title = {"需求", "Request"}, .required = true}};
    options.business[transfer.id] = std::make_shared<const BusinessType>(transfer);
  });
}

TextTable filled(const std::vector<std::vector<std::string>>& rows) {
  TextTable table{{{"form_number", "customer_name", "customer_mobile", "field.amount", "field.signature", "doc.id_card",
                    "taken_at"}}};
  table.rows.insert(table.rows.end(), rows.begin(), rows.end());
  return table;
}

Reply import_csv(World& world, const std::string& body, const std::string& more = "", const char* person = kClerk) {
  return world.post(person, "/orders/import?business=bill-payment" + more, body, {{"Content-Type", "text/csv"}});
}

const std::vector<std::string> kGood = {"1", "张三", "13812345678", "50", "是", "是", "2026-11-23 09:10"};

}  // namespace

TEST(OrdersImport, GoodRowsAreTakenBadOnesAreNamedAndTheSameFileMakesNothingTwice) {
  World world = world_with_business();
  ASSERT_EQ(world.post(kClerk, "/packs", R"({"business":"bill-payment","size":20})").status, 201);
  const std::string body =
      write_csv(filled({kGood,
                        {"000002-" + number_check("hall-a-000002"), "=SUM(A1)", "13912345678", "12.5", "√", "是", ""},
                        {"3", "王五", "1391234", "50", "是", "是", ""},
                        {"4", "赵六", "13712345678", "50", "否", "", ""},
                        {"99", "甲", "13712345678", "50", "是", "是", ""},
                        {"000005-00", "乙", "13712345678", "50", "是", "是", ""},
                        {"1", "丙", "13712345678", "50", "是", "是", ""},
                        {},
                        {"7", "丁", "13712345678", "2000", "是", "是", ""}}));
  const Reply first = import_csv(world, body);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.at("/rows"), json::value(8));
  EXPECT_EQ(first.at("/taken"), json::value(2)) << first.body;
  EXPECT_EQ(first.at("/set_aside"), json::value(1)) << "above the cap, but on paper already";
  EXPECT_EQ(first.at("/refused"), json::value(5));
  EXPECT_EQ(first.at("/items/2/row"), json::value(4));
  EXPECT_EQ(first.text("/items/2/problems/0/column"), "customer_mobile");
  EXPECT_EQ(first.text("/items/2/problems/0/code"), "field.mobile");
  EXPECT_EQ(first.text("/items/3/problems/0/column"), "field.signature");
  EXPECT_EQ(first.text("/items/3/problems/1/column"), "doc.id_card");
  EXPECT_EQ(first.text("/items/4/problems/0/code"), "number.not-granted");
  EXPECT_EQ(first.text("/items/5/problems/0/code"), "number.malformed");
  EXPECT_EQ(first.text("/items/6/problems/0/code"), "number.twice");
  EXPECT_EQ(first.at("/items/7/row"), json::value(10));

  const std::string id = first.text("/items/0/order");
  const Reply order = world.get(kClerk, "/orders/" + id);
  EXPECT_EQ(order.text("/number"), "hall-a-000001");
  EXPECT_EQ(order.at("/pack"), json::value(1));
  EXPECT_EQ(order.text("/taken"), "2026-11-23T09:10:00+08:00");
  EXPECT_EQ(order.text("/personal/mobile"), "138****5678");

  world.restart();
  world.forget_tokens();
  const int before = world.submitted;
  const Reply again = import_csv(world, body);
  EXPECT_EQ(again.at("/already"), json::value(3)) << again.body;
  EXPECT_EQ(again.at("/taken"), json::value(0));
  EXPECT_EQ(world.submitted, before);
  EXPECT_EQ(world.view().acceptance().count(), 3U);
}

TEST(OrdersImport, ARepairedFileTakesTheRestAndWrongRowsMayBeKeptForRepair) {
  World world = world_with_business();
  ASSERT_EQ(world.post(kClerk, "/packs", R"({"business":"bill-payment","size":20})").status, 201);
  std::vector<std::string> wrong = kGood;
  wrong[2] = "1381234";
  EXPECT_EQ(import_csv(world, write_csv(filled({wrong}))).at("/refused"), json::value(1));
  const Reply repaired =
      world.post(kClerk, "/orders/import", write_csv(filled({kGood})), {{"Content-Type", "text/csv"}});
  EXPECT_EQ(repaired.at("/taken"), json::value(1)) << "the pack tells the business: " << repaired.body;
  wrong[0] = "2";
  const Reply kept = import_csv(world, write_csv(filled({wrong})), "&keep_invalid=true");
  EXPECT_EQ(kept.at("/set_aside"), json::value(1)) << kept.body;
  EXPECT_EQ(kept.text("/items/0/problems/0/column"), "customer_mobile");
  EXPECT_EQ(world.get(kClerk, "/orders/" + kept.text("/items/0/order")).text("/state"), "set-aside");
}

TEST(OrdersImport, TheTemplateIsFilledInAndReadBackAsCsvAndXlsx) {
  World world = world_with_business();
  ASSERT_EQ(world.post(kClerk, "/packs", R"({"size":20})").status, 201);
  const Reply csv = world.get(kClerk, "/business-types/bill-payment/template?format=csv");
  ASSERT_EQ(csv.status, 200) << csv.body;
  TextTable table = *read_csv(csv.body);
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.rows[0][0], "单上号码 (form_number)");
  const Reply xlsx = world.get(kClerk, "/business-types/bill-payment/template?format=xlsx");
  ASSERT_EQ(xlsx.status, 200);
  EXPECT_EQ(read_xlsx(xlsx.body)->rows.front(), table.rows.front());
  table.rows.push_back(
      {"3", "张三", "13812345678", "50", "是", "是", "2026/11/23 9:10", "上门", "2026-11-23 18:00", "上城"});
  const std::string book = *write_xlsx({.title = "a", .table = table});
  const Reply taken = world.post(kClerk, "/orders/import?business=bill-payment", book, {{"Content-Type", kXlsx}});
  ASSERT_EQ(taken.status, 200) << taken.body;
  EXPECT_EQ(taken.at("/taken"), json::value(1)) << taken.body;
  const Reply order = world.get(kClerk, "/orders/" + taken.text("/items/0/order"));
  EXPECT_EQ(order.text("/promise/kind"), "home-visit");
  EXPECT_EQ(order.text("/promise/due"), "2026-11-23T18:00:00+08:00");
  EXPECT_EQ(world.get(kClerk, "/business-types/none/template").status, 404);
}

TEST(OrdersImport, WhatCannotBePreAcceptedBecomesACallback) {
  World world = world_with_business();
  ASSERT_EQ(world.post(kClerk, "/packs", R"({"size":5})").status, 201);
  const std::string body =
      write_csv({{{"form_number", "customer_name", "customer_mobile"}, {"1", "张三", "13812345678"}}});
  const Reply reply = world.post(kClerk, "/orders/import?business=transfer", body, {{"Content-Type", "text/csv"}});
  ASSERT_EQ(reply.at("/taken"), json::value(1)) << reply.body;
  EXPECT_EQ(world.get(kClerk, "/orders/" + reply.text("/items/0/order")).text("/kind"), "callback");
}

TEST(OrdersImport, WhatIsNoTableOfOursIsRefusedWhole) {
  World world = world_with_business();
  EXPECT_EQ(import_csv(world, "a,\"b").code(), "table.quote");
  EXPECT_EQ(import_csv(world, "a,b\n").code(), "table.unknown-column");
  EXPECT_EQ(world.post(kClerk, "/orders/import?business=bill-payment", "PKxx", {{"Content-Type", kXlsx}}).code(),
            "table.not-xlsx");
  EXPECT_EQ(world.post(kClerk, "/orders/import?business=bill-payment", "{}").status, 415);
  EXPECT_EQ(world.post(kClerk, "/orders/import", "a", {{"Content-Type", "text/csv"}}).code(), "business.unknown");
  EXPECT_EQ(import_csv(world, "a", "&unit=hall-a", "clerk@hall-b").status, 403);
  EXPECT_EQ(import_csv(world, "a", "&unit=hall-a", "general-group@centre").status, 403);
}

TEST(OrdersExport, ListsGoOutMaskedAndNoCellIsAFormula) {
  World world = world_with_business();
  ASSERT_EQ(world.post(kClerk, "/packs", R"({"size":5})").status, 201);
  std::vector<std::string> row = kGood;
  row[1] = "=cmd()";
  ASSERT_EQ(import_csv(world, write_csv(filled({row}))).at("/taken"), json::value(1));
  for (const char* path : {"/orders", "/work-list"}) {
    const Reply csv = world.get(kClerk, std::string(path) + "?format=csv");
    ASSERT_EQ(csv.status, 200) << csv.body;
    EXPECT_EQ(csv.body.find("13812345678"), std::string::npos);
    EXPECT_NE(csv.body.find(",'=*,138****5678"), std::string::npos) << csv.body;
    const Reply xlsx = world.get(kClerk, std::string(path) + "?format=xlsx&lang=en");
    ASSERT_EQ(xlsx.status, 200);
    const auto read = read_xlsx(xlsx.body);
    ASSERT_TRUE(read && read->rows.size() == 2U);
    EXPECT_EQ(read->rows[0][0], "Number");
    EXPECT_EQ(read->rows[1][0], "hall-a-000001");
  }
  EXPECT_EQ(world.get("clerk@hall-b", "/orders?format=csv&unit=hall-a").status, 403);
}

}  // namespace tingan::api
