// Forms: checked by their schema, and nobody sees another's robbery statement (S5R.9).
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

std::string statement(const std::string& writer, const std::string& account) {
  return json::serialize(json::object{{"content",
                                       {{"writer", writer},
                                        {"writer_kind", "clerk"},
                                        {"written_at", "2026-11-23T10:20:00+08:00"},
                                        {"where_i_was", "窗口"},
                                        {"account", account},
                                        {"robber_count", 2},
                                        {"not_compared", true},
                                        {"signature", writer}}}});
}

struct Robbery {
  World world;
  std::string id = world.declare("clerk@hall-a", "hall-a", "robbery");
  std::string path = "/incidents/" + id + "/forms/robbery-statement";

  Robbery() {
    EXPECT_EQ(world.post("hall-director@hall-a", "/incidents/" + id + "/facts", R"({"set":{"robbers_present":false}})")
                  .status,
              200);
  }
  std::size_t seen_by(const std::string& person) {
    const Reply reply = world.get(person, path);
    EXPECT_EQ(reply.status, 200) << person << reply.body;
    return reply.at("/items").as_array().size();
  }
};

TEST(Forms, NobodySeesAnothersRobberyStatement) {
  Robbery robbery;
  World& world = robbery.world;
  EXPECT_EQ(world.post("clerk@hall-a", robbery.path, statement("陈晓雯", "红色夹克")).status, 201);
  EXPECT_EQ(world.post("clerk-2@hall-a", robbery.path, statement("吴秀兰", "蓝色帽子")).status, 201);
  EXPECT_EQ(robbery.seen_by("clerk@hall-a"), 1U);
  EXPECT_EQ(world.get("clerk@hall-a", robbery.path).text("/items/0/content/account"), "红色夹克");
  EXPECT_EQ(world.get("clerk-2@hall-a", robbery.path).text("/items/0/content/account"), "蓝色帽子");
  EXPECT_EQ(robbery.seen_by("hall-director@hall-a"), 0U);
  EXPECT_EQ(robbery.seen_by("general-group@centre"), 0U);
  EXPECT_EQ(robbery.seen_by("security-dept@centre"), 2U) << "for the police file";
  for (const char* person : {"hall-director@hall-a", "clerk@hall-a", "general-group@centre"}) {
    for (const char* path : {"", "/timeline", "/report", "/timeline?format=csv"}) {
      EXPECT_EQ(world.get(person, "/incidents/" + robbery.id + path).body.find("蓝色帽子"), std::string::npos)
          << person << path;
    }
  }
  world.restart();
  world.forget_tokens();
  EXPECT_EQ(robbery.seen_by("clerk@hall-a"), 1U);
}

TEST(Forms, AreCheckedByTheirSchema) {
  Robbery robbery;
  World& world = robbery.world;
  const Reply lacks = world.post("clerk@hall-a", robbery.path, R"({"content":{"writer":"陈"}})");
  EXPECT_EQ(lacks.status, 422) << lacks.body;
  EXPECT_EQ(lacks.text("/where").substr(0, 8), "/content");
  const std::string many = [] {
    json::value body = json::parse(statement("陈", "x"));
    body.at("content").as_object()["robber_count"] = 1000;
    return json::serialize(body);
  }();
  EXPECT_EQ(world.post("clerk@hall-a", robbery.path, many).status, 422);
  const std::string extra = [] {
    json::value body = json::parse(statement("陈", "x"));
    body.at("content").as_object()["colour"] = "red";
    return json::serialize(body);
  }();
  EXPECT_EQ(world.post("clerk@hall-a", robbery.path, extra).status, 422);
  EXPECT_EQ(world.post("clerk@hall-a", "/incidents/" + robbery.id + "/forms/complaint", R"({"content":{}})").code(),
            "form.not-found");
  EXPECT_EQ(robbery.seen_by("security-dept@centre"), 0U);
}

TEST(Forms, AreListedWithTheirNames) {
  World world;
  const Reply list = world.get("clerk@hall-a", "/forms");
  ASSERT_EQ(list.status, 200);
  bool found = false;
  for (const auto& form : json::array(list.at("/items").as_array())) {
    if (form.at("id") != "robbery-statement") continue;
    found = true;
    EXPECT_EQ(form.at("title").at("zh").as_string(), "抢劫叙述登记表");
    EXPECT_EQ(form.at("private"), json::value(true));
  }
  EXPECT_TRUE(found);
  const Reply schema = world.get("clerk@hall-a", "/forms/robbery-statement");
  EXPECT_EQ(schema.type, "application/schema+json");
  EXPECT_EQ(schema.text("/type"), "object");
}

}  // namespace
}  // namespace tingan::api
