// Words over HTTP: nothing in what the hall gets tells a forced stand-down from one that is meant.
#include "api/testing.h"
#include "api/throttle.h"

namespace tingan::api {
namespace {

using namespace testing;

constexpr const char* kDirector = "hall-director@hall-a";
constexpr const char* kMeant = "24681012";
constexpr const char* kForced = "13579111";

std::string words_body(const std::string& stand_down = kMeant, const std::string& duress = kForced,
                       const std::string& password = "tingan-demo") {
  return json::serialize(json::object{{"password", password}, {"stand_down", stand_down}, {"duress", duress}});
}

// A world with a robbery that runs; the hall has words. Ids and times are the same in each.
struct Robbery {
  World world;
  std::string id;

  Robbery() {
    EXPECT_EQ(world.as(kDirector, Method::kPut, "/units/hall-a/words", words_body()).status, 204);
    id = world.declare(kDirector, "hall-a", "robbery");
    world.pass(20s);
  }
  Reply retract(const std::string& code) {
    return world.post(kDirector, "/incidents/" + id + "/retract",
                      json::serialize(json::object{{"reason", "按错了"}, {"code", code}}));
  }
  Reply state(const char* fact, const json::value& value, const std::string& code) {
    return world.post(kDirector, "/incidents/" + id + "/facts",
                      json::serialize(json::object{{"set", {{fact, value}}}, {"code", code}}));
  }
  // Everything that a person of the hall can ask about it, and the figures that everybody may read.
  std::vector<std::string> all_that_the_hall_sees() {
    std::vector<std::string> out;
    const std::string one = "/incidents/" + id;
    for (const char* person : {kDirector, "clerk@hall-a", "guard@hall-a"}) {
      for (const std::string& path :
           {one, one + "/timeline", one + "/timeline?format=csv", one + "/report?kind=final",
            one + "/report?kind=initial", one + "/evidence", one + "/headcount", one + "/forms/robbery-statement",
            std::string("/incidents?state=open"), std::string("/incidents?state=active"),
            std::string("/incidents?state=contained"), std::string("/incidents?state=retracted"),
            std::string("/incidents"), std::string("/me/steps"), std::string("/me/notices"), std::string("/notices"),
            std::string("/suspicions"), std::string("/units/hall-a/words")}) {
        const Reply reply = world.get(person, path);
        out.push_back(std::string(person) + " " + path + " " + std::to_string(reply.status) + " " +
                      without_places(reply));
      }
    }
    out.push_back(world.send(Method::kGet, "/metrics", "", {}, "127.0.0.1").body);
    return out;
  }
  // Positions in the log have gaps for all that nobody is shown; they tell nothing of what happened.
  static std::string without_places(const Reply& reply) {
    if (reply.type.find("json") == std::string::npos) return reply.body;
    json::value all = reply.value();
    auto* items = all.as_object().if_contains("items");
    if (items != nullptr && items->is_array()) {
      for (json::value& item : items->as_array()) {
        if (item.as_object().contains("text") && item.as_object().contains("type")) item.as_object().erase("id");
      }
    }
    return json::serialize(all);
  }
};

void expect_alike(Robbery& meant, Robbery& forced, const std::string& when) {
  const auto real = meant.all_that_the_hall_sees();
  const auto shown = forced.all_that_the_hall_sees();
  ASSERT_EQ(real.size(), shown.size());
  for (std::size_t i = 0; i < real.size(); ++i) EXPECT_EQ(real[i], shown[i]) << when;
}

TEST(Words, AForcedRetractLooksLikeARealOneToTheHall) {
  Robbery meant;
  Robbery forced;
  const Reply real = meant.retract(kMeant);
  const Reply cover = forced.retract(kForced);
  EXPECT_EQ(real.status, 200) << real.body;
  EXPECT_EQ(real.body, cover.body);
  for (const int minutes : {0, 5, 120}) {
    meant.world.pass(std::chrono::minutes{minutes});
    forced.world.pass(std::chrono::minutes{minutes});
    expect_alike(meant, forced, std::to_string(minutes));
  }
  const Reply above = forced.world.get("general-group@centre", "/incidents/" + forced.id);
  EXPECT_EQ(above.text("/state"), "open");
  EXPECT_EQ(above.text("/duress/by/person"), kDirector);
  EXPECT_TRUE(above.at("/duress/covered").as_bool());
  bool told = false;
  const json::value notices = forced.world.get("general-group@centre", "/me/notices").at("/items");
  for (const auto& item : notices.as_array()) {
    for (const auto& reason : item.at("notice").at("reasons").as_array()) told |= reason.at("kind") == "duress";
  }
  EXPECT_TRUE(told);
  EXPECT_EQ(meant.world.get("general-group@centre", "/incidents/" + meant.id).at("/duress"), json::value());
}

TEST(Words, AForcedFalseAlarmLooksLikeARealOneToTheHallWhateverItDoesNext) {
  Robbery meant;
  Robbery forced;
  const Reply real = meant.state("alarm_real", "false", kMeant);
  const Reply cover = forced.state("alarm_real", "false", kForced);
  EXPECT_EQ(real.status, 200) << real.body;
  EXPECT_EQ(real.body, cover.body);
  for (Robbery* one : {&meant, &forced}) {
    one->world.pass(1min);
    one->world.post(kDirector, "/incidents/" + one->id + "/progress", R"({"text":"没有事"})");
    EXPECT_EQ(one->state("robbers_present", false, "99999").code(), "words.wrong");
    EXPECT_EQ(one->state("robbers_present", false, kForced).status, 200);
    one->world.pass(30min);
  }
  expect_alike(meant, forced, "half an hour later");
  const Reply above = forced.world.get("general-group@centre", "/incidents/" + forced.id);
  EXPECT_EQ(above.text("/facts/alarm_real/value"), "unknown");
}

TEST(Words, ThoseAboveLiftTheCoverWithoutAWordAndTheHallSeesWhatIsSo) {
  Robbery robbery;
  EXPECT_EQ(robbery.retract(kForced).status, 200);
  const std::string facts = "/incidents/" + robbery.id + "/facts";
  EXPECT_EQ(robbery.world.post("general-group@centre", facts, R"({"set":{"robbers_present":false}})").status, 200);
  const Reply hall = robbery.world.get(kDirector, "/incidents/" + robbery.id);
  EXPECT_EQ(hall.text("/state"), "contained");
  EXPECT_FALSE(hall.at("/duress/covered").as_bool());
  EXPECT_GT(robbery.world.get(kDirector, "/me/steps").at("/total").to_number<int>(), 0);
}

TEST(Words, WithoutWordsNoneIsAskedAndANumberTypedForNothingStandsNothingDown) {
  World world;
  const std::string id = world.declare(kDirector, "hall-a", "robbery");
  EXPECT_EQ(world.post(kDirector, "/incidents/" + id + "/retract", R"({"code":"12345"})").code(), "words.wrong");
  EXPECT_EQ(world.get(kDirector, "/incidents/" + id).text("/state"), "open");
  EXPECT_EQ(world.post(kDirector, "/incidents/" + id + "/retract", "{}").text("/state"), "retracted");
}

TEST(Words, WhereThereAreWordsOneMustBeGivenAndAWrongOneIsRefused) {
  Robbery robbery;
  const std::string one = "/incidents/" + robbery.id;
  EXPECT_EQ(robbery.world.post(kDirector, one + "/retract", "{}").code(), "words.needed");
  EXPECT_EQ(robbery.retract("77777").code(), "words.wrong");
  EXPECT_EQ(robbery.world.get(kDirector, one).text("/state"), "open");
  // What is no stand-down needs none.
  EXPECT_EQ(robbery.world.post(kDirector, one + "/facts", R"({"set":{"injured":true}})").status, 200);
  EXPECT_EQ(robbery.retract(kMeant).text("/state"), "retracted");
}

TEST(Words, WhoKeepsGuessingHasToWaitAndIsNeverLockedOut) {
  Robbery robbery;
  for (int i = 0; i < LoginThrottle::kFree; ++i) EXPECT_EQ(robbery.retract("77777").code(), "words.wrong");
  EXPECT_EQ(robbery.retract(kForced).code(), "auth.throttled");
  robbery.world.wall_clock.set(robbery.world.wall_clock.now() + LoginThrottle::kMost);
  EXPECT_EQ(robbery.retract(kForced).status, 200);
  EXPECT_EQ(robbery.world.get("general-group@centre", "/incidents/" + robbery.id).text("/state"), "open");
}

// Found by attack: 144 of 144 guesses at the same time were compared.
TEST(Words, GuessesAtTheSameTimeAreNoBetterThanInARow) {
  Robbery robbery;
  (void)robbery.world.token(kDirector);
  std::vector<std::future<std::string>> waiting;
  for (int i = 0; i < 40; ++i) {
    waiting.push_back(
        std::async(std::launch::async, [&robbery, i] { return robbery.retract(std::to_string(30000 + i)).code(); }));
  }
  std::map<std::string, int> codes;
  for (auto& one : waiting) ++codes[one.get()];
  EXPECT_EQ(codes["words.wrong"], LoginThrottle::kFree);
  EXPECT_EQ(codes["auth.throttled"], 40 - LoginThrottle::kFree);
}

TEST(Words, RightsAndTheTimeAreJudgedBeforeAWordIs) {
  Robbery robbery;
  const std::string retract = "/incidents/" + robbery.id + "/retract";
  for (int i = 0; i < 2 * LoginThrottle::kFree; ++i) {
    EXPECT_EQ(robbery.world.post("clerk@hall-a", retract, R"({"code":"99999"})").code(), "incident.not-allowed");
  }
  robbery.world.pass(2min);
  for (int i = 0; i < 2 * LoginThrottle::kFree; ++i) {
    EXPECT_EQ(robbery.retract("99999").code(), "incident.retract-too-late");
    EXPECT_EQ(robbery.retract(kMeant).code(), "incident.retract-too-late");
  }
  // Nothing of that was a guess.
  EXPECT_EQ(robbery.state("alarm_real", "false", kMeant).status, 200);
}

TEST(Words, ARepetitionUnderTheSameKeyGetsTheAnswerOfThen) {
  Robbery robbery;
  const auto retract = [&](const char* code) {
    return robbery.world.post(kDirector, "/incidents/" + robbery.id + "/retract",
                              json::serialize(json::object{{"reason", "按错了"}, {"code", code}}),
                              {{"Idempotency-Key", "once"}});
  };
  const Reply first = retract(kMeant);
  EXPECT_EQ(first.status, 200) << first.body;
  const Reply again = retract(kMeant);
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
  const Reply other = robbery.world.post(kDirector, "/incidents/" + robbery.id + "/retract",
                                         json::serialize(json::object{{"code", kMeant}}), {{"Idempotency-Key", "new"}});
  EXPECT_EQ(other.code(), "incident.ended");
}

TEST(Words, OnlyThoseWhoLeadSetThemAndTheyAreChecked) {
  World world;
  const auto set = [&](const char* person, const std::string& body) {
    return world.as(person, Method::kPut, "/units/hall-a/words", body);
  };
  EXPECT_EQ(set("clerk@hall-a", words_body()).code(), "words.not-allowed");
  EXPECT_EQ(set("hall-director@hall-b", words_body()).code(), "words.not-allowed");
  EXPECT_EQ(set(kDirector, words_body(kMeant, kForced, "wrong")).status, 401);
  EXPECT_EQ(set(kDirector, words_body("1234", "1234")).code(), "words.same");
  EXPECT_EQ(set(kDirector, words_body("123", "4567")).code(), "words.malformed");
  EXPECT_EQ(set(kDirector, words_body("0123", "4567")).code(), "words.malformed");
  EXPECT_EQ(set(kDirector, R"({"password":"tingan-demo","duress":"4567"})").code(), "body.missing-field");
  EXPECT_FALSE(world.get("clerk@hall-a", "/units/hall-a/words").at("/set").as_bool());
  for (const char* person : {kDirector, "safety-officer@centre", "admin@centre"}) {
    EXPECT_EQ(set(person, words_body()).status, 204) << person;
  }
  EXPECT_TRUE(world.get("clerk@hall-a", "/units/hall-a/words").at("/set").as_bool());
  EXPECT_FALSE(world.get("clerk@hall-a", "/units/hall-a/words").at("/may_set").as_bool());
  EXPECT_TRUE(world.get(kDirector, "/units/hall-a/words").at("/may_set").as_bool());
  EXPECT_EQ(world.get("clerk@hall-b", "/units/hall-a/words").status, 403);
  EXPECT_EQ(set(kDirector, R"({"password":"tingan-demo"})").status, 204);
  EXPECT_FALSE(world.get(kDirector, "/units/hall-a/words").at("/set").as_bool());
}

TEST(Words, NothingOfThemIsKeptInTheClearAndTheyOutliveARestart) {
  World world;
  EXPECT_EQ(world.as(kDirector, Method::kPut, "/units/hall-a/words", words_body()).status, 204);
  const std::string id = world.declare(kDirector, "hall-a", "robbery");
  world.restart();
  world.forget_tokens();
  EXPECT_EQ(world
                .post(kDirector, "/incidents/" + id + "/retract", json::serialize(json::object{{"code", kForced}}),
                      {{"Idempotency-Key", "k"}})
                .status,
            200);
  for (const StoredRecord& record : world.disk().records) {
    for (const char* secret : {kMeant, kForced, "argon2"}) {
      EXPECT_EQ(record.bytes.find(secret), std::string::npos) << record.bytes;
    }
  }
  world.restart();
  world.forget_tokens();
  EXPECT_EQ(world.get(kDirector, "/incidents/" + id).text("/state"), "retracted");
  EXPECT_EQ(world.get("general-group@centre", "/incidents/" + id).text("/state"), "open");
}

}  // namespace
}  // namespace tingan::api
