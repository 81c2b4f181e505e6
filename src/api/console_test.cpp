// What the console needs beside the incident's own course: passing on, evidence, the headcount, administration,
// rehearsals, trust. Every answer is held against openapi.json by the World.
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

const std::string kJpeg = "\xff\xd8\xff\xe0 a photo";
const Fields kAsJpeg = {{"Content-Type", "image/jpeg"}};

std::string step_of(const Reply& incident, const std::string& id, const char* member) {
  const json::value steps = incident.at("/steps");
  for (const auto& step : steps.as_array()) {
    if (step.at("id").as_string() == std::string_view(id)) return json::serialize(step.at(member));
  }
  return "";
}

TEST(ConsoleApi, IcannotPassesTheStepOnAndStandsInTheTimeline) {
  World world;
  const std::string id = world.declare("hall-director@hall-a", "hall-a", "fire");
  const std::string path = "/incidents/" + id + "/steps/cordon";
  EXPECT_EQ(world.post("guard@hall-a", path, R"({"state":"declined"})").code(), "incident.reason-needed");
  EXPECT_EQ(world.post("clerk@hall-a", path, R"({"state":"declined","reason":"x"})").code(), "incident.not-allowed");
  const Reply passed = world.post("guard@hall-a", path, R"({"state":"declined","reason":"脚受伤了"})");
  ASSERT_EQ(passed.status, 200) << passed.body;
  EXPECT_EQ(step_of(passed, "cordon", "state"), "\"open\"");
  EXPECT_EQ(step_of(passed, "cordon", "people"), "[\"shift-leader@hall-a\"]");
  EXPECT_NE(step_of(passed, "cordon", "declined").find("guard@hall-a"), std::string::npos);
  const Reply timeline = world.get("hall-director@hall-a", "/incidents/" + id + "/timeline");
  EXPECT_NE(timeline.body.find("step-declined"), std::string::npos);
  EXPECT_NE(timeline.body.find("脚受伤了"), std::string::npos);
  for (const auto& task : json::array(world.get("guard@hall-a", "/me/steps").at("/items").as_array())) {
    EXPECT_NE(task.at("step").at("id").as_string(), "cordon");
  }
}

TEST(ConsoleApi, EvidenceIsSealedListedHandedOutAndEachFirstLookRecorded) {
  World world;
  const std::string id = world.declare("hall-director@hall-a", "hall-a", "fire");
  const std::string path = "/incidents/" + id + "/evidence";
  const Reply added = world.post("clerk@hall-a", path + "?caption=%E7%83%9F", kJpeg, kAsJpeg);
  ASSERT_EQ(added.status, 201) << added.body;
  EXPECT_EQ(added.text("/caption"), "烟");
  EXPECT_EQ(added.text("/sha256"), to_hex(sha256(kJpeg)));
  ASSERT_EQ(world.blobs().count(), 1U);
  const auto box = world.blobs().get(added.text("/blob"));
  EXPECT_EQ((*box)->find("photo"), std::string::npos);
  EXPECT_EQ(to_hex(sha256(**box)), added.text("/blob"));

  const Reply bytes = world.get("general-group@centre", path + "/1");
  EXPECT_EQ(bytes.status, 200);
  EXPECT_EQ(bytes.body, kJpeg);
  EXPECT_EQ(bytes.header("X-Content-Type-Options"), "nosniff");
  EXPECT_NE(bytes.header("Content-Disposition").find("evidence-1.jpg"), std::string::npos);
  EXPECT_EQ(world.get("clerk@hall-b", path + "/1").status, 403);
  EXPECT_EQ(world.get("general-group@centre", path + "/2").code(), "evidence.unknown");
  EXPECT_EQ(json::serialize(world.get("hall-director@hall-a", path).at("/items/0/seen_by")),
            "[\"general-group@centre\"]");
}

TEST(ConsoleApi, EvidenceMustBeWhatItSays) {
  World world;
  const std::string path = "/incidents/" + world.declare("hall-director@hall-a", "hall-a", "fire") + "/evidence";
  EXPECT_EQ(world.post("clerk@hall-a", path, kJpeg, {{"Content-Type", "image/png"}}).code(),
            "evidence.not-what-it-says");
  EXPECT_EQ(world.post("clerk@hall-a", path, kJpeg, {{"Content-Type", "text/html"}}).code(), "evidence.unsupported");
  EXPECT_EQ(world.post("clerk@hall-a", path, "{}").code(), "evidence.unsupported");
  EXPECT_EQ(world.blobs().count(), 0U);
}

TEST(ConsoleApi, TheSameKeyKeepsOnePieceAndOneFile) {
  World world;
  const std::string path = "/incidents/" + world.declare("hall-director@hall-a", "hall-a", "fire") + "/evidence";
  Fields once = kAsJpeg;
  once.emplace_back("Idempotency-Key", "photo-1");
  const Reply first = world.post("clerk@hall-a", path, kJpeg, once);
  const Reply again = world.post("clerk@hall-a", path, kJpeg, once);
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(world.get("clerk@hall-a", path).at("/items").as_array().size(), 1U);
}

// S5R.9: nobody of the hall sees what another took.
TEST(ConsoleApi, WitnessesOfARobberySeeTheirOwnAlone) {
  World world;
  const std::string path = "/incidents/" + world.declare("hall-director@hall-a", "hall-a", "robbery") + "/evidence";
  ASSERT_EQ(world.post("clerk@hall-a", path, kJpeg, kAsJpeg).status, 201);
  EXPECT_EQ(world.get("clerk@hall-a", path + "/1").status, 200);
  EXPECT_EQ(world.get("clerk-2@hall-a", path + "/1").code(), "evidence.not-allowed");
  EXPECT_EQ(world.get("hall-director@hall-a", path + "/1").code(), "evidence.not-allowed");
  EXPECT_EQ(world.get("hall-director@hall-a", path).at("/items").as_array().size(), 0U);
  EXPECT_EQ(world.get("security-dept@centre", path + "/1").status, 200);
}

TEST(ConsoleApi, TheHeadcountStartsFromTheRosterAndSaysWhoIsMissing) {
  World world;
  const std::string id = world.declare("hall-director@hall-a", "hall-a", "fire");
  const std::string path = "/incidents/" + id + "/headcount";
  EXPECT_EQ(world.get("hall-director@hall-a", path).at("/staff").as_array().size(), 7U);
  EXPECT_TRUE(world.get("hall-director@hall-a", "/incidents/" + id).at("/headcount").is_null());
  const Reply counted = world.post(
      "shift-leader@hall-a", path,
      R"({"staff":[{"person":"guard@hall-a","state":"missing"}],"customers":{"here":12,"missing":1,"note":"红衣"}})");
  ASSERT_EQ(counted.status, 200) << counted.body;
  EXPECT_EQ(json::serialize(counted.at("/headcount/missing")), "[\"guard@hall-a\"]");
  EXPECT_EQ(counted.at("/headcount/not_counted").as_array().size(), 6U);
  EXPECT_EQ(world.get("hall-director@hall-a", path).text("/note"), "红衣");
  for (const char* wrong : {"{}", R"({"staff":[{"person":"nobody","state":"here"}]})",
                            R"({"staff":[{"person":"guard@hall-a","state":"gone"}]})", R"({"customers":{"here":-1}})",
                            R"({"customers":{"here":"12"}})"}) {
    const Reply refused = world.post("shift-leader@hall-a", path, wrong);
    EXPECT_TRUE(refused.status == 400 || refused.status == 422) << wrong << refused.body;
  }
}

TEST(ConsoleApi, OnlyAdministratorsAdminister) {
  World world;
  for (const char* path : {"/org/source", "/people", "/channels"}) {
    EXPECT_EQ(world.get("centre-head@centre", path).code(), "org.not-allowed") << path;
    EXPECT_EQ(world.get("admin@centre", path).status, 200) << path;
  }
  EXPECT_EQ(world.post("hall-director@hall-a", "/log/verify").code(), "org.not-allowed");
  EXPECT_EQ(world.post("centre-head@centre", "/people/guard@hall-a/password").code(), "org.not-allowed");
}

TEST(ConsoleApi, TheOrganisationIsReadCheckedAndPublishedAsText) {
  World world;
  const Reply source = world.get("admin@centre", "/org/source");
  const std::string yaml = source.text("/yaml");
  EXPECT_NE(yaml.find("王静"), std::string::npos);
  const auto body = [](const std::string& text, std::int64_t base) {
    return json::serialize(json::object{{"yaml", text}, {"base", base}});
  };
  const std::int64_t version = source.at("/version").as_int64();
  std::string renamed = yaml;
  renamed.replace(renamed.find("王静"), std::string("王静").size(), "王安");
  EXPECT_TRUE(world.post("admin@centre", "/org/check", body(renamed, 0)).at("/ok").as_bool());
  EXPECT_EQ(world.post("admin@centre", "/org/publish", body(renamed, version + 5)).code(), "org.changed");
  ASSERT_EQ(world.post("admin@centre", "/org/publish", body(renamed, version)).at("/version").as_int64(), version + 1);
  EXPECT_EQ(world.get("hall-director@hall-a", "/session").text("/name"), "王安");
  EXPECT_EQ(world.post("admin@centre", "/org/publish", body("units: [", 0)).status, 422);
}

TEST(ConsoleApi, NobodyLocksEverybodyOutAndABusyUnitStays) {
  World world;
  world.declare("hall-director@hall-a", "hall-a", "fire");
  EXPECT_EQ(world.as("admin@centre", Method::kDelete, "/people/admin@centre").code(), "org.no-admin");
  EXPECT_EQ(world.as("admin@centre", Method::kDelete, "/people/guard@hall-a").status, 200);
  EXPECT_EQ(world.sign_in("guard@hall-a").status, 401);
}

TEST(ConsoleApi, AUnitsGridIsReplacedAndGapsAreNamed) {
  World world;
  const Reply before = world.get("admin@centre", "/roster/shifts?unit=hall-b");
  ASSERT_GT(before.at("/shifts").as_array().size(), 1U);
  const Reply put = world.as("admin@centre", Method::kPut, "/roster/shifts",
                             R"({"unit":"hall-b","shifts":[{"days":["mon","tue"],"from":"08:30","to":"18:30",)"
                             R"("people":{"guard":["guard@hall-b"]}}]})");
  ASSERT_EQ(put.status, 200) << put.body;
  EXPECT_GT(put.at("/findings").as_array().size(), 0U);
  EXPECT_EQ(world.get("hall-director@hall-b", "/roster/shifts").at("/shifts").as_array().size(), 1U);
  EXPECT_EQ(world.get("hall-director@hall-a", "/roster/shifts?unit=hall-b").code(), "unit.not-allowed");
  EXPECT_EQ(world
                .as("admin@centre", Method::kPut, "/roster/shifts",
                    R"({"unit":"hall-b","shifts":[{"days":["mon"],"from":"8:30","to":"18:30","people":{}}]})")
                .code(),
            "body.malformed-time");
}

TEST(ConsoleApi, AUnitSaysWhereItIsAndOnlyAdministratorsChangeIt) {
  World world;
  const char* body =
      R"({"name":{"zh":"文晖路旗舰厅","en":"Wenhui flagship"},"address":{"zh":"文晖路 1 号","en":"1 Wenhui"},)"
      R"("phone":"0571-1","numbers":{"hospital":"0571-2"},)"
      R"("hours":[{"days":["mon","tue","sat"],"from":"10:00","to":"20:00"}]})";
  EXPECT_EQ(world.as("hall-director@hall-b", Method::kPut, "/units/hall-b", body).code(), "org.not-allowed");
  const Reply put = world.as("admin@centre", Method::kPut, "/units/hall-b", body);
  ASSERT_EQ(put.status, 200) << put.body;
  const Reply unit = world.get("clerk@hall-b", "/units/hall-b");
  EXPECT_EQ(unit.at("/name/zh").as_string(), "文晖路旗舰厅");
  EXPECT_TRUE(unit.at("/landmarks").is_null());
  EXPECT_EQ(unit.at("/parent").as_string(), "centre");
  EXPECT_EQ(unit.at("/hours").as_array().size(), 2U);  // mon-tue and sat
  EXPECT_EQ(world.as("admin@centre", Method::kPut, "/units/hall-x", body).code(), "unit.not-found");
  EXPECT_EQ(world.as("admin@centre", Method::kPut, "/units/hall-b", R"({"name":{"zh":"只有中文"}})").status, 400);
  EXPECT_EQ(
      world
          .as("admin@centre", Method::kPut, "/units/hall-b", R"({"name":{"zh":"文","en":"W"},"numbers":{"pizza":"1"}})")
          .code(),
      "unit.unknown-party");
  EXPECT_EQ(world.as("admin@centre", Method::kPut, "/units/hall-b", R"({"name":{"zh":"文","en":"W"},"base":1})").code(),
            "org.changed");
  EXPECT_EQ(world.get("admin@centre", "/org").at("/holidays").as_array().size(), 4U);
}

TEST(ConsoleApi, PeopleAreAddedMaskedAndGetAPasswordForTheFirstSignIn) {
  World world([](Options& options) { options.demo = false; });
  world.set_password("admin@centre", "a good password", false);
  const std::string token = world.sign_in("admin@centre", "a good password").text("/token");
  const Fields admin = {{"Authorization", "Bearer " + token}};
  ASSERT_EQ(world
                .send(Method::kPut, "/api/v1/people/clerk-9@hall-a",
                      R"({"name":"新人","unit":"hall-a","roles":["clerk"],"phone":"139-1234-5678"})", admin)
                .status,
            200);
  const Reply people = world.send(Method::kGet, "/api/v1/people?unit=hall-a", "", admin);
  EXPECT_NE(people.body.find("新人"), std::string::npos);
  EXPECT_EQ(people.body.find("1234"), std::string::npos);
  const Reply reset = world.send(Method::kPost, "/api/v1/people/clerk-9@hall-a/password", "", admin);
  ASSERT_EQ(reset.status, 200) << reset.body;
  const Reply in = world.sign_in("clerk-9@hall-a", reset.text("/password"));
  EXPECT_EQ(in.status, 200);
  EXPECT_TRUE(in.at("/must_change").as_bool());
}

TEST(ConsoleApi, AChannelsTestAnswersWhatTheOtherSideSaid) {
  std::string asked;
  World world([&asked](Options& options) {
    options.test_channel = [&asked](const ChannelConfig& channel, const Person& person,
                                    const std::function<void(SendResult)>& done) {
      asked = channel.id.str() + " " + person.id.str();
      SendResult result;
      result.error = {"channel.refused", {"拒绝", "refused"}, {}};
      done(result);
    };
  });
  const Reply channels = world.get("admin@centre", "/channels");
  EXPECT_EQ(world.post("admin@centre", "/channels/nothing/test").code(), "channel.not-found");
  if (channels.at("/items").as_array().empty()) GTEST_SKIP() << "the demo has no channels";
  const std::string id = channels.text("/items/0/id");
  const Reply tested = world.post("admin@centre", "/channels/" + id + "/test");
  EXPECT_EQ(tested.text("/error/code"), "channel.refused");
  EXPECT_EQ(asked, id + " admin@centre");
}

TEST(ConsoleApi, TheLogIsProvenOnDemand) {
  World world([](Options& options) {
    options.verify_log = []() -> Expected<VerifyReport> {
      VerifyReport report;
      report.records = 7;
      report.bad = BadRecord{Fault::blob_changed, {"改动", "changed"}, UnitId("hall-a"), 3, 5, 0};
      return report;
    };
  });
  const Reply proof = world.post("admin@centre", "/log/verify");
  EXPECT_FALSE(proof.at("/sound").as_bool());
  EXPECT_EQ(proof.text("/bad/fault"), "blob-changed");
}

TEST(ConsoleApi, TheWallSeesWhatNobodyHasTakenAndNothingThatIsSilentForIt) {
  World world;
  const std::string id = world.declare("hall-director@hall-a", "hall-a", "outage");
  const Reply open = world.get("general-group@centre", "/notices?state=unacknowledged");
  ASSERT_GT(open.at("/items").as_array().size(), 0U);
  EXPECT_EQ(open.text("/items/0/incident"), id);
  world.post("hall-director@hall-a", "/notices/" + open.text("/items/0/notice/id") + "/ack");
  EXPECT_EQ(world.get("clerk@hall-b", "/notices").at("/items").as_array().size(), 0U);
  EXPECT_EQ(world.get("general-group@centre", "/notices?state=all").code(), "query.unknown-value");
}

TEST(ConsoleApi, TrustIsShownToAnybodyWhereTheNodeHasAnAuthority) {
  World without;
  EXPECT_EQ(without.send(Method::kGet, "/trust").code(), "trust.none");
  World world([](Options& options) {
    options.trust = {"der bytes", std::string(95, 'A'), "Ting'an local authority 0a0b0c"};
  });
  const Reply page = world.send(Method::kGet, "/trust");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find(std::string(95, 'A')), std::string::npos);
  EXPECT_EQ(page.body.find("{title}"), std::string::npos);
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
  EXPECT_EQ(world.send(Method::kGet, "/trust/ca.crt").body, "der bytes");
  EXPECT_NE(world.send(Method::kGet, "/trust/ca.mobileconfig").body.find("com.apple.security.root"), std::string::npos);
}

TEST(ConsoleApi, ARehearsalIsAskedWithTheTextsInForce) {
  std::optional<Rehearsal> asked;
  World world([&asked](Options& options) {
    options.rehearse = [&asked](const Rehearsal& wanted) -> Expected<std::string> {
      asked = wanted;
      return std::string(R"("events":[],"calls":[],"nobody":[])");
    };
  });
  const Reply reply = world.post("hall-director@hall-a", "/rehearsals",
                                 R"({"plan":"outage","unit":"hall-a","start":"2026-11-23T10:00:00+08:00",)"
                                 R"("facts":{"cause":"power"},"minutes":60,"absent":["guard@hall-a"]})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->plans.size(), 20U);
  EXPECT_EQ(asked->length, std::chrono::minutes{60});
  EXPECT_EQ(asked->absent, std::vector<PersonId>{PersonId("guard@hall-a")});
  EXPECT_EQ(world
                .post("hall-director@hall-a", "/rehearsals",
                      R"({"plan":"outage","unit":"hall-b","start":"2026-11-23T10:00:00+08:00"})")
                .code(),
            "unit.not-allowed");
}

}  // namespace
}  // namespace tingan::api
