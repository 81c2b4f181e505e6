// Plans over HTTP: read, checked with findings, published as a new version, compared; running incidents stay pinned.
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

std::string plan_body(std::string yaml) { return json::serialize(json::object{{"yaml", std::move(yaml)}}); }

std::string changed(const std::string& from, const std::string& to) {
  std::string yaml = read_all("plans/other.yaml");
  const auto at = yaml.find(from);
  CHECK(at != std::string::npos);
  return yaml.replace(at, from.size(), to);
}

TEST(Plans, AreListedAndReadWithTheirText) {
  World world;
  const Reply list = world.get("clerk@hall-a", "/plans");
  EXPECT_EQ(list.at("/items").as_array().size(), 20U);
  const Reply fire = world.get("clerk@hall-a", "/plans/fire");
  EXPECT_EQ(fire.text("/id"), "fire");
  EXPECT_EQ(fire.at("/version"), json::value(1));
  EXPECT_EQ(world.get("clerk@hall-a", "/plans/fire/versions/1").body, fire.body);
}

TEST(Plans, TheCheckNamesWhatIsWrongAndWhere) {
  World world;
  const Reply good = world.post("clerk@hall-a", "/plans/check", plan_body(read_all("plans/other.yaml")));
  EXPECT_EQ(good.body.find("plan.file-name"), std::string::npos) << "a text has no file that could be misnamed";
  ASSERT_EQ(good.status, 200) << good.body;
  EXPECT_EQ(good.at("/ok"), json::value(true));
  const Reply bad =
      world.post("clerk@hall-a", "/plans/check", plan_body(changed("role: hall-director", "role: hall-directer")));
  EXPECT_EQ(bad.at("/ok"), json::value(false));
  EXPECT_GT(bad.at("/findings/0/line").as_int64(), 0);
  EXPECT_NE(bad.text("/findings/0/message/en").find("hall-directer"), std::string::npos) << bad.body;
  for (const std::string& yaml : {std::string("{"), std::string("a: b"), std::string("- 1"), std::string("plan: [")}) {
    const Reply reply = world.post("clerk@hall-a", "/plans/check", plan_body(yaml));
    EXPECT_EQ(reply.status, 200) << yaml;
    EXPECT_EQ(reply.at("/ok"), json::value(false)) << yaml;
  }
}

TEST(Plans, APublishedVersionIsNewAndRunningIncidentsStayPinned) {
  World world;
  const std::string running = world.declare("clerk@hall-a", "hall-a", "other");
  const std::string yaml = changed("title: {zh: 其他事件", "title: {zh: 其他突发事件");
  const std::uint64_t before = world.view().last_gseq();
  EXPECT_EQ(world.post("hall-director@hall-a", "/plans/publish", plan_body(yaml)).code(), "plan.not-allowed");
  const Reply broken = world.post("admin@centre", "/plans/publish", plan_body(changed("role:", "roll:")));
  EXPECT_EQ(broken.status, 422);
  EXPECT_EQ(broken.code(), "plan.check-failed");
  EXPECT_FALSE(broken.at("/findings").as_array().empty());
  EXPECT_EQ(world.view().last_gseq(), before);
  const Reply published = world.post("admin@centre", "/plans/publish", plan_body(yaml), {{"Idempotency-Key", "p"}});
  ASSERT_EQ(published.status, 200) << published.body;
  EXPECT_EQ(published.at("/version"), json::value(2));
  EXPECT_EQ(world.post("admin@centre", "/plans/publish", plan_body(yaml), {{"Idempotency-Key", "p"}}).body,
            published.body);
  EXPECT_EQ(world.get("clerk@hall-a", "/incidents/" + running).at("/plan/version"), json::value(1));
  const std::string fresh = world.declare("clerk@hall-a", "hall-a", "other");
  EXPECT_EQ(world.get("clerk@hall-a", "/incidents/" + fresh).at("/plan/version"), json::value(2));
  const Reply diff = world.get("clerk@hall-a", "/plans/other/diff?from=1&to=2");
  ASSERT_EQ(diff.status, 200) << diff.body;
  EXPECT_NE(diff.body.find("其他突发事件"), std::string::npos);
}

}  // namespace
}  // namespace tingan::api
