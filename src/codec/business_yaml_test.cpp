#include "codec/business_yaml.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace tingan {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

constexpr const char* kGood = R"(business: bill-payment
title: {zh: 缴费, en: Bill payment}
connector: business-system
fields:
  - {id: account, kind: text, required: true, pattern: "9+", title: {zh: 号码, en: Account}}
  - {id: amount, kind: money, required: true, min: 1, max: 500, title: {zh: 金额, en: Amount}}
documents:
  - {id: id_card, required: true, title: {zh: 身份证, en: Id card}}
caps: {field: amount, item_yuan: 500, total_yuan: 9000}
promise: {kind: come-again, within: 2d}
handling: 3m
keep_days: 30
steps:
  - {zh: 收款, en: Take the money}
)";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// "business.unknown-field@9"
std::vector<std::string> mistakes(const std::string& yaml) {
  std::vector<std::string> out;
  const auto type = parse_business_type(yaml, "f.yaml");
  if (type) return out;
  for (const Error& error : type.error()) {
    EXPECT_FALSE(error.message.zh.empty());
    EXPECT_TRUE(error.where.starts_with("f.yaml:")) << error.where;
    out.push_back(error.code + "@" + error.where.substr(7));
  }
  return out;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST(BusinessYaml, SaysWhatIsAskedCheckedAndPromised) {
  const auto type = parse_business_type(kGood, "f.yaml");
  ASSERT_TRUE(type) << to_string(type.error().front());
  EXPECT_EQ((*type)->id, BusinessId("bill-payment"));
  EXPECT_TRUE((*type)->pre_acceptable);
  EXPECT_EQ((*type)->connector, "business-system");
  ASSERT_EQ((*type)->fields.size(), 2U);
  EXPECT_EQ((*type)->fields[1].kind, FieldKind::money);
  EXPECT_EQ((*type)->fields[1].min, 100);  // fen
  EXPECT_EQ((*type)->fields[1].max, 50000);
  EXPECT_EQ((*type)->amount_field, "amount");
  EXPECT_EQ((*type)->cap_item_fen, 50000);
  EXPECT_EQ((*type)->cap_total_fen, 900000);
  EXPECT_EQ((*type)->promise, PromiseKind::come_again);
  EXPECT_EQ((*type)->promise_within, Duration{2 * 24 * 3600000});
  EXPECT_EQ((*type)->handling, Duration{180000});
  EXPECT_EQ((*type)->keep_days, 30);
}

TEST(BusinessYaml, EveryMistakeIsNamedWithItsLine) {
  EXPECT_EQ(mistakes(kGood), Codes{});
  EXPECT_EQ(mistakes(with(kGood, "kind: money", "kind: mony")),
            (Codes{"business.unknown-word@6", "business.unknown-field@9"}));
  EXPECT_EQ(mistakes(with(kGood, "id: amount", "id: mobile")),
            (Codes{"business.duplicate-id@6", "business.unknown-field@9"}));
  EXPECT_EQ(mistakes(with(kGood, "id: id_card", "id: account")), Codes{"business.duplicate-id@8"});
  EXPECT_EQ(mistakes(with(kGood, "min: 1, max: 500", "min: 9, max: 5")), Codes{"business.empty-range@6"});
  EXPECT_EQ(mistakes(with(kGood, "kind: text", "kind: choice")), Codes{"business.choices@5"});
  EXPECT_EQ(mistakes(with(kGood, "come-again", "soon")), Codes{"business.unknown-word@10"});
  EXPECT_EQ(mistakes(with(kGood, "within: 2d", "within: 0m")), Codes{"business.malformed-duration@10"});
  EXPECT_EQ(mistakes(with(kGood, "keep_days: 30", "keep_days: 0")).size(), 1U);
  EXPECT_EQ(mistakes(with(kGood, "keep_days: 30\n", "")).size(), 1U);
  EXPECT_EQ(mistakes(with(kGood, "steps:\n  - {zh: 收款, en: Take the money}\n", "steps: []\n")),
            Codes{"business.missing-steps@13"});
  EXPECT_EQ(mistakes(with(kGood, "en: Bill payment", "en: ''")), Codes{"business.missing-translation@2"});
  EXPECT_EQ(mistakes(with(kGood, "handling", "handlng")).size(), 2U);
  EXPECT_EQ(mistakes("[1, 2]").size(), 1U);
}

TEST(BusinessYaml, TheTwelveOfATelecomHallShip) {
  std::vector<std::string> ids;
  std::size_t callbacks_only = 0;
  for (const auto& entry : fs::directory_iterator("forms")) {
    if (entry.path().extension() != ".yaml") continue;
    const auto type = parse_business_type(read(entry.path()), entry.path().string());
    ASSERT_TRUE(type) << to_string(type.error().front());
    EXPECT_EQ((*type)->id.str(), entry.path().stem().string());
    ids.push_back((*type)->id.str());
    callbacks_only += (*type)->pre_acceptable ? 0 : 1;
    EXPECT_GE((*type)->steps.size(), 3U) << ids.back();     // N4
    EXPECT_GT((*type)->handling.count(), 0) << ids.back();  // N2
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(
      ids, (std::vector<std::string>{"bill-payment", "broadband-order", "complaint", "equipment-return", "fault-report",
                                     "invoice", "new-number", "number-cancellation", "plan-change",
                                     "real-name-registration", "sim-replacement", "transfer-of-ownership"}));
  EXPECT_EQ(callbacks_only, 3U);  // S4.3
}

TEST(BusinessSchema, SaysTheSameToOtherPrograms) {
  const auto type = parse_business_type(kGood, "f.yaml");
  ASSERT_TRUE(type);
  const auto schema = boost::json::parse(business_schema(**type));
  const auto at = [&](const char* pointer) { return boost::json::serialize(schema.at_pointer(pointer)); };
  EXPECT_EQ(at("/x-title/zh"), "\"缴费\"");
  EXPECT_EQ(at("/properties/business/const"), "\"bill-payment\"");
  EXPECT_EQ(at("/properties/fields/required"), R"(["account","amount"])");
  EXPECT_EQ(at("/properties/fields/properties/account/pattern"), "\"^[0-9]+$\"");
  EXPECT_EQ(at("/properties/fields/properties/amount/x-max"), "50000");
  EXPECT_EQ(at("/properties/documents/items/oneOf/0/const"), "\"id_card\"");
  EXPECT_EQ(at("/required"), R"(["business","name","mobile"])");
}

}  // namespace tingan
