// Photographed documents of orders over HTTP, and the checks that the phone makes by itself: both sides hold to the
// same vectors.
#include <fstream>
#include <sstream>

#include "api/testing.h"
#include "core/acceptance/field_check.h"

namespace tingan::api {
namespace {

using namespace testing;

const std::string kJpeg = "\xff\xd8\xff\xe0 an id card";
const Fields kAsJpeg = {{"Content-Type", "image/jpeg"}};
const std::string kId = "01920000-0000-7000-8000-000000000001";
const std::string kPath = "/orders/" + kId + "/photos";

World world_with_business() {
  return World([](Options& options) {
    BusinessType type;
    type.id = BusinessId("invoice");
    type.title = {"开票", "Invoice"};
    type.documents = {{.id = "id_card", .title = {"身份证", "the id card"}, .required = true}};
    options.business[type.id] = std::make_shared<const BusinessType>(type);
  });
}

std::string order_with(const std::string& photo) {
  return R"({"id":")" + kId +
         R"(","business":"invoice","name":"张三","mobile":"13812345678","documents":["id_card"],)" + R"("photos":[")" +
         photo + R"("]})";
}

json::value vectors() {
  std::ifstream file("tests/vectors/field-check.json");
  std::stringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

template <class Check>
void expect_each(const json::value& table, const Check& check) {
  ASSERT_FALSE(table.as_object().empty());
  for (const auto& [text, wanted] : table.as_object()) {
    EXPECT_EQ(check(std::string(text)), wanted.as_bool()) << text;
  }
}

FieldKind kind_of(std::string_view name) {
  if (name == "money") return FieldKind::money;
  if (name == "choice") return FieldKind::choice;
  if (name == "number") return FieldKind::number;
  return name == "signature" ? FieldKind::signature : FieldKind::text;
}

BusinessType type_of(const json::value& from) {
  BusinessType type;
  for (const json::value& each : from.at("fields").as_array()) {
    const json::object& one = each.as_object();
    BusinessField field{.id = std::string(one.at("id").as_string()),
                        .kind = kind_of(one.at("kind").as_string()),
                        .required = one.at("required").as_bool()};
    if (const auto* pattern = one.if_contains("pattern")) field.pattern = std::string(pattern->as_string());
    if (const auto* min = one.if_contains("min")) field.min = min->as_int64();
    if (const auto* max = one.if_contains("max")) field.max = max->as_int64();
    if (const auto* choices = one.if_contains("choices")) {
      for (const auto& choice : choices->as_array()) field.choices.push_back({std::string(choice.as_string()), {}});
    }
    type.fields.push_back(std::move(field));
  }
  for (const json::value& each : from.at("documents").as_array()) {
    type.documents.push_back({std::string(each.at("id").as_string()), {}, each.at("required").as_bool()});
  }
  return type;
}

Filled filled_of(const json::value& from) {
  Filled filled;
  filled.name = from.at("name").as_string();
  filled.mobile = from.at("mobile").as_string();
  filled.signature = from.at("signature").as_string();
  for (const auto& [id, value] : from.at("fields").as_object()) filled.fields[id] = value.as_string();
  for (const auto& id : from.at("documents").as_array()) filled.documents.emplace_back(id.as_string());
  return filled;
}

}  // namespace

TEST(OrderPhotos, AreSealedHandedOutToThoseWhoMayAndEveryLookIsRecorded) {
  World world = world_with_business();
  const Reply added = world.post("clerk@hall-a", kPath + "?unit=hall-a", kJpeg, kAsJpeg);
  ASSERT_EQ(added.status, 201) << added.body;
  const auto box = world.blobs().get(added.text("/photo"));
  ASSERT_TRUE(box && *box);
  EXPECT_EQ((*box)->find("id card"), std::string::npos);
  ASSERT_EQ(world.post("clerk@hall-a", "/orders", order_with(added.text("/photo"))).status, 201);
  const Reply shown = world.get("shift-leader@hall-a", kPath + "/1");
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body, kJpeg);
  EXPECT_NE(shown.header("Content-Disposition").find("hall-a-000001-1.jpg"), std::string::npos);
  const Reply order = world.get("clerk@hall-a", "/orders/" + kId);
  EXPECT_EQ(order.text("/looks/0/person"), "shift-leader@hall-a");
  EXPECT_EQ(order.text("/looks/0/purpose"), "photo 1");
  EXPECT_EQ(world.get("clerk@hall-b", kPath + "/1").status, 404);
  EXPECT_EQ(world.get("clerk@hall-a", kPath + "/2").code(), "order.no-photo");
}

TEST(OrderPhotos, OnlyPicturesAndOnlyFromWhoTakesOrders) {
  World world = world_with_business();
  EXPECT_EQ(world.post("clerk@hall-a", kPath, kJpeg, {{"Content-Type", "image/png"}}).code(),
            "evidence.not-what-it-says");
  EXPECT_EQ(world.post("clerk@hall-a", kPath, "{}").code(), "evidence.unsupported");
  EXPECT_EQ(world.post("guard@hall-a", kPath, kJpeg, kAsJpeg).status, 403);
  EXPECT_EQ(world.post("clerk@hall-b", kPath + "?unit=hall-a", kJpeg, kAsJpeg).status, 403);
  EXPECT_EQ(world.post("clerk@hall-a", "/orders/me/photos", kJpeg, kAsJpeg).code(), "order.malformed-id");
  EXPECT_EQ(world.blobs().count(), 0U);
}

// An order cannot be made to show what lies under another key.
TEST(OrderPhotos, APictureOfAnotherOrderDoesNotOpen) {
  World world = world_with_business();
  const std::string other = "/orders/01920000-0000-7000-8000-000000000002/photos";
  const Reply added = world.post("clerk@hall-a", other, kJpeg, kAsJpeg);
  for (const std::string& photo : {added.text("/photo"), std::string("../../node.key"), std::string(64, 'a')}) {
    const Reply refused = world.post("clerk@hall-a", "/orders", order_with(photo));
    EXPECT_EQ(refused.status, 422) << refused.body;
    EXPECT_EQ(refused.code(), "order.unknown-photo");
  }
  // Taken while the node was out of reach: it is not lost, and shows nothing of another's.
  std::string late = order_with(added.text("/photo"));
  late.insert(1, R"("handed_over":true,)");
  const Reply taken = world.post("clerk@hall-a", "/orders", late);
  ASSERT_EQ(taken.status, 201) << taken.body;
  EXPECT_EQ(taken.text("/state"), "set-aside");
  EXPECT_EQ(taken.text("/doubts/0"), "order.unknown-photo:photos");
  EXPECT_EQ(world.get("clerk@hall-a", kPath + "/1").code(), "order.no-photo");
}

TEST(OrderPhotos, APictureIsKeptWithoutThePlaceWhereItWasTaken) {
  using namespace std::string_literals;
  World world = world_with_business();
  const std::string scan = "\xff\xda\0\2coded\xff\xd9"s;
  const std::string jpeg =
      "\xff\xd8\xff\xe1\0\x12"
      "Exif\0\0GPS 30.27N"s +
      scan;
  const Reply added = world.post("clerk@hall-a", kPath, jpeg, kAsJpeg);
  ASSERT_EQ(added.status, 201) << added.body;
  ASSERT_EQ(world.post("clerk@hall-a", "/orders", order_with(added.text("/photo"))).status, 201);
  EXPECT_EQ(world.get("clerk@hall-a", kPath + "/1").body, "\xff\xd8"s + scan);
}

TEST(FieldVectors, TheProgramChecksAsThePhoneDoes) {
  const json::value all = vectors();
  const LocalTime today = local_time(*parse_rfc3339("2026-11-24T10:00:00+08:00"), Zone{480});
  expect_each(all.at("mobile"), [](const std::string& text) { return is_mobile(text); });
  expect_each(all.at("resident_id"), [&](const std::string& text) { return is_resident_id(text, today); });
  expect_each(all.at("passport"), [](const std::string& text) { return is_passport(text); });
  expect_each(all.at("date"), [](const std::string& text) { return is_date(text); });
  for (const auto& [text, wanted] : all.at("money").as_object()) {
    const auto expected = wanted.is_null() ? std::nullopt : std::optional(wanted.as_int64());
    EXPECT_EQ(parse_money(std::string(text)), expected) << text;
  }
  for (const auto& each : all.at("patterns").as_array()) {
    const std::string text(each.at(0).as_string());
    EXPECT_EQ(matches(text, std::string(each.at(1).as_string())), each.at(2).as_bool()) << text;
  }
}

TEST(FieldVectors, WholeFormsAreFoundWrongAlike) {
  const json::value all = vectors();
  for (const auto& each : all.at("types").as_array()) {
    const BusinessType type = type_of(each.at("type"));
    for (const auto& filled : each.at("filled").as_array()) {
      std::string found;
      for (const Error& error :
           check_filled(type, filled_of(filled), Zone{480}, *parse_rfc3339("2026-11-24T10:00:00+08:00"))) {
        found += error.code + ":" + error.where + " ";
      }
      std::string wanted;
      for (const auto& wrong : filled.at("wrong").as_array()) wanted += std::string(wrong.as_string()) + " ";
      EXPECT_EQ(found, wanted);
    }
  }
}

}  // namespace tingan::api
