#include "core/acceptance/order_table.h"

#include <gtest/gtest.h>

namespace tingan {
namespace {

const Instant kNow = *parse_rfc3339("2026-11-24T12:00:00+08:00");

BusinessType plan_change() {
  BusinessType type;
  type.id = BusinessId("plan-change");
  type.title = {"套餐变更", "Change of plan"};
  type.fields = {{.id = "number", .title = {"业务号码", "Service number"}, .kind = FieldKind::mobile, .required = true},
                 {.id = "starts",
                  .title = {"生效时间", "Takes effect"},
                  .kind = FieldKind::choice,
                  .choices = {{"at_once", {"马上", "At once"}}}},
                 {.id = "fee", .title = {"费用", "Fee"}, .kind = FieldKind::money},
                 {.id = "day", .title = {"日期", "Day"}, .kind = FieldKind::date},
                 {.id = "signature", .title = {"签名", "Signature"}, .kind = FieldKind::signature, .required = true}};
  type.documents = {{"id_card", {"身份证正面", "Front of the id card"}, true}};
  return type;
}

}  // namespace

TEST(OrderTable, TheTemplatesOwnHeadIsReadWhateverItsOrder) {
  const BusinessType type = plan_change();
  std::vector<std::string> head;
  for (const OrderColumn& column : order_columns(type)) head.push_back(column_head(column));
  std::reverse(head.begin(), head.end());
  EXPECT_TRUE(OrderTableReader::of_head(type, head));
  EXPECT_TRUE(OrderTableReader::of_head(type, {"form_number", "客户姓名", "Contact mobile", "", "业务号码"}));
}

TEST(OrderTable, AHeadThatIsNotOursIsNamed) {
  const BusinessType type = plan_change();
  const auto code = [&](const std::vector<std::string>& head) { return OrderTableReader::of_head(type, head).error(); };
  EXPECT_EQ(code({"form_number", "客户姓名", "联系手机", "颜色"}).code, "table.unknown-column");
  EXPECT_EQ(code({"form_number", "客户姓名", "联系手机", "颜色"}).where, "row 1, column 4");
  EXPECT_EQ(code({"form_number", "客户姓名", "customer_name"}).code, "table.twice");
  EXPECT_EQ(code({"客户姓名", "联系手机"}).code, "table.missing-column");
  EXPECT_EQ(code({}).code, "table.missing-column");
}

TEST(OrderTable, CellsAreReadAsPeopleWriteThem) {
  const BusinessType type = plan_change();
  const auto reader = OrderTableReader::of_head(
      type, {"form_number", "customer_name", "customer_mobile", "field.number", "field.starts", "field.fee",
             "field.day", "field.signature", "doc.id_card", "taken_at", "promise", "promise_due", "district"});
  ASSERT_TRUE(reader);
  const OrderRow row =
      reader->read({" 000123 ", "张三丰", "138-1234 5678", "１３８１２３４５６７８", "马上", "￥1,280.50元", "2026/1/4",
                    "是", "√", "2026/11/24 9:05", "上门", "2026-11-25 10:00", "上城"},
                   Zone{});
  EXPECT_TRUE(row.troubles.empty());
  EXPECT_EQ(row.number, "000123");
  EXPECT_EQ(row.filled.mobile, "13812345678");
  EXPECT_EQ(row.filled.fields.at("number"), "13812345678");
  EXPECT_EQ(row.filled.fields.at("starts"), "at_once");
  EXPECT_EQ(row.filled.fields.at("fee"), "1280.50");
  EXPECT_EQ(row.filled.fields.at("day"), "2026-01-04");
  EXPECT_EQ(row.filled.documents, (std::vector<std::string>{"id_card"}));
  EXPECT_EQ(row.taken_at, *parse_rfc3339("2026-11-24T09:05:00+08:00"));
  EXPECT_EQ(row.promise, PromiseKind::home_visit);
  EXPECT_TRUE(check_filled(type, row.filled, Zone{}, kNow).empty());
}

TEST(OrderTable, WhatCannotBeReadIsNamedByItsColumn) {
  const BusinessType type = plan_change();
  const auto reader = OrderTableReader::of_head(type, {"form_number", "customer_name", "customer_mobile",
                                                       "field.number", "field.signature", "taken_at", "promise"});
  ASSERT_TRUE(reader);
  const OrderRow row = reader->read({"1", "张三", "1.38123E+10", "1.38E+10", "也许", "昨天", "以后"}, Zone{});
  std::vector<std::string> columns;
  for (const CellTrouble& trouble : row.troubles) columns.push_back(trouble.column + " " + trouble.error.code);
  EXPECT_EQ(columns,
            (std::vector<std::string>{"customer_mobile field.shortened", "field.number field.shortened",
                                      "field.signature field.tick", "taken_at field.time", "promise promise.unknown"}));
  EXPECT_TRUE(OrderTableReader::is_blank({"", "  ", "\xe3\x80\x80"}));
  EXPECT_FALSE(OrderTableReader::is_blank({"", "0"}));
}

TEST(OrderTable, TroubleOfAFormIsFoundInItsColumn) {
  EXPECT_EQ(column_of({"field.missing", {}, "name"}), "customer_name");
  EXPECT_EQ(column_of({"field.mobile", {}, "number"}), "field.number");
  EXPECT_EQ(column_of({"field.document-missing", {}, "id_card"}), "doc.id_card");
}

}  // namespace tingan
