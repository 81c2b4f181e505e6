// Who left stays out, sessions end, the password is asked again, reading is not writing, and what is silent stays
// silent.
#include "api/password_rules.h"
#include "api/rights_table.h"
#include "api/security_testing.h"

namespace tingan::api {
namespace {

using namespace testing;

}  // namespace

TEST(WhoLeft, ComesBackNeitherByTheOldSessionNorByTheOldPassword) {
  World world([](Options& options) { options.demo = false; });
  world.set_password("admin@centre", "a quiet pond at noon", false);
  world.set_password("guide@hall-a", "seven green kettles", false);
  const Fields admin = bearer(world.sign_in("admin@centre", "a quiet pond at noon").text("/token"));
  const Fields old = bearer(world.sign_in("guide@hall-a", "seven green kettles").text("/token"));
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/me/steps", "", old).status, 200);
  ASSERT_EQ(world.send(Method::kDelete, "/api/v1/people/guide@hall-a", "", admin).status, 200);
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/me/steps", "", old).status, 401);
  EXPECT_EQ(world.sign_in("guide@hall-a", "seven green kettles").status, 401);
  // Somebody else gets the name.
  ASSERT_EQ(world.send(Method::kPut, "/api/v1/people/guide@hall-a", person_body(R"(["hall-director"])"), admin).status,
            200);
  world.wall_clock.set(world.wall_clock.now() + 1min);
  EXPECT_EQ(world.sign_in("guide@hall-a", "seven green kettles").status, 401);
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/me/steps", "", old).status, 401);
  world.restart();
  EXPECT_EQ(world.sign_in("guide@hall-a", "seven green kettles").status, 401) << "nor after a restart";
}

TEST(WhoLeft, AlsoThroughAPublishedTextAndInADemo) {
  World world;
  const auto source = [&] { return world.get("admin@centre", "/org/source").text("/yaml"); };
  const auto publish = [&](const std::string& yaml) {
    const Reply reply = world.post("admin@centre", "/org/publish", json::serialize(json::object{{"yaml", yaml}}));
    EXPECT_EQ(reply.status, 200) << reply.body;
  };
  const std::string with = source();
  ASSERT_EQ(world.as("admin@centre", Method::kDelete, "/people/guide@hall-b").status, 200);
  const std::string without = source();
  publish(with);
  const Fields old = bearer(world.sign_in("guide@hall-b").text("/token"));
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", old).status, 200);
  publish(without);
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", old).status, 401);
  publish(with);
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", old).status, 401) << "the name is back, not the person";
  EXPECT_EQ(world.sign_in("guide@hall-b").status, 200);
}

TEST(WhoLeft, APasswordThatIsResetEndsTheSessionsAlsoAcrossARestart) {
  const std::string file = ::testing::TempDir() + "/tingan-sessions-reset";
  std::filesystem::remove(file);
  World world([&](Options& options) { options.session_file = file; });
  const Fields old = bearer(world.sign_in("clerk@hall-a").text("/token"));
  const std::string saved = read_all(file);
  ASSERT_EQ(world.post("admin@centre", "/people/clerk@hall-a/password").status, 200);
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", old).status, 401);
  // The process died before it wrote that the session is over.
  std::ofstream(file) << saved;
  world.restart();
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", old).status, 401);
  std::filesystem::remove(file);
}

TEST(Confirm, ThePasswordIsAskedForAgainAfterFiveMinutes) {
  World world;
  const std::string body = R"({"name":{"zh":"乙厅","en":"Hall B"}})";
  const auto change = [&] { return world.as("admin@centre", Method::kPut, "/units/hall-b", body); };
  EXPECT_EQ(change().status, 200);
  world.wall_clock.set(world.wall_clock.now() + 5min + 1s);
  const Reply refused = change();
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.code(), "auth.confirm-needed");
  EXPECT_EQ(world.get("admin@centre", "/people").status, 200) << "reading does not ask";
  EXPECT_EQ(world.post("admin@centre", "/session/confirm", R"({"password":"wrong"})").status, 401);
  EXPECT_EQ(change().code(), "auth.confirm-needed");
  const Reply confirmed = world.post("admin@centre", "/session/confirm", R"({"password":"tingan-demo"})");
  ASSERT_EQ(confirmed.status, 200) << confirmed.body;
  EXPECT_EQ(confirmed.text("/confirmed_until"), world.get("admin@centre", "/session").text("/confirmed_until"));
  EXPECT_EQ(change().status, 200);
}

TEST(Confirm, EverythingThatChangesRightsAsks) {
  World world;
  for (const char* person : {"admin@centre", "centre-head@centre"}) world.token(person);
  world.wall_clock.set(world.wall_clock.now() + 6min);
  for (const RightsRow& row : rights_rows()) {
    const bool changes = row.rule == "administer" && row.method != Method::kGet && row.pattern != "/api/v1/org/check";
    const bool erases = row.rule.starts_with("erase");
    EXPECT_EQ(row.confirm, changes || erases || row.rule == "keep-plans") << row.pattern;
    if (!row.confirm) continue;
    std::string path(row.pattern);
    if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "hall-a");
    EXPECT_EQ(world.as("admin@centre", row.method, path, "{}").code(), "auth.confirm-needed") << row.pattern;
  }
  EXPECT_EQ(world.post("centre-head@centre", "/plans/publish", "{}").code(), "auth.confirm-needed");
}

TEST(SessionLimits, AdministratorsAreOutAfterHalfAnHourUnusedAndStaffAfterTwelve) {
  World world;
  world.token("admin@centre");
  world.token("guard@hall-a");
  const auto later = [&](Duration by) { world.wall_clock.set(world.wall_clock.now() + by); };
  later(29min);
  EXPECT_EQ(world.get("admin@centre", "/people").status, 200);
  later(31min);
  EXPECT_EQ(world.get("admin@centre", "/people").status, 401);
  EXPECT_EQ(world.get("guard@hall-a", "/me/steps").status, 200);
  for (int day = 0; day < 13; ++day) {
    later(11h);
    EXPECT_EQ(world.get("guard@hall-a", "/me/steps").status, 200) << day;
  }
  for (int i = 0; i < 4; ++i) {
    later(11h);
    world.get("guard@hall-a", "/me/steps");
  }
  EXPECT_EQ(world.get("guard@hall-a", "/me/steps").status, 401) << "a week is the most, however much it is used";
}

TEST(SessionList, ShowsTheOwnAndEndsThem) {
  World world;
  const std::string phone =
      world
          .sign_in("clerk@hall-a", "tingan-demo",
                   {{"User-Agent", "Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/126.0 Mobile Safari/537"}})
          .text("/token");
  const std::string other = world.sign_in("clerk@hall-a").text("/token");
  const Reply list = world.get("clerk@hall-a", "/sessions");
  ASSERT_EQ(list.status, 200) << list.body;
  ASSERT_EQ(list.at("/items").as_array().size(), 3U);
  EXPECT_EQ(list.body.find("192.0.2.7"), std::string::npos);
  EXPECT_NE(list.body.find("192.0.2.*"), std::string::npos);
  EXPECT_NE(list.body.find("Chrome, Android"), std::string::npos) << list.body;
  std::string id;
  for (const auto& item : json::array(list.at("/items").as_array())) {
    if (item.at("device") == "Chrome, Android") id = item.at("id").as_string();
  }
  EXPECT_EQ(world.as("guard@hall-a", Method::kDelete, "/sessions/" + id).code(), "session.not-found");
  EXPECT_EQ(world.as("clerk@hall-a", Method::kDelete, "/sessions/" + id).status, 204);
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", bearer(phone)).status, 401);
  EXPECT_EQ(world.as("clerk@hall-a", Method::kDelete, "/sessions").status, 204);
  EXPECT_EQ(world.send(Method::kGet, "/api/v1/units", "", bearer(other)).status, 401);
  EXPECT_EQ(world.get("clerk@hall-a", "/sessions").at("/items").as_array().size(), 1U);
}

TEST(Passwords, WhatEverybodyTriesFirstIsRefused) {
  World world;
  const auto set = [&](const std::string& password) {
    return world.post("clerk@hall-a", "/session/password",
                      json::serialize(json::object{{"old", "tingan-demo"}, {"new", password}}));
  };
  for (const char* weak :
       {"password123",    "Password2026!", "P@ssw0rd2026", "1234567890",    "qwertyuiop",   "aaaaaaaaaaaa",
        "abcdefghijkl",   "1qaz2wsx3edc",  "admin123456",  "woaini1314520", "iloveyou1234", "clerk@hall-a",
        "clerkhalla2026", "tingan-demo",   "tingan123456", "987654321098",  "abcabcabcabc", "qazwsxedcrfv",
        "a123456789",     "letmein2026",   "19900101199",  "short"}) {
    const Reply reply = set(weak);
    EXPECT_EQ(reply.status, 422) << weak;
    EXPECT_EQ(reply.code(), "auth.weak-password") << weak;
  }
  for (const char* good : {"seven green kettles", "kV7q-xT2m-9wLp", "三只绿茶壶在窗台", "hmfz bqrt wkln"}) {
    EXPECT_GE(guessing_length(good, {"clerk", "hall-a"}), kGuessingLengthMin) << good;
  }
  EXPECT_EQ(set("seven green kettles").status, 204);
}

TEST(ReadingIsNotWriting, AHallReadsItsCentresParentIncidentAndWritesNothingInIt) {
  World world;
  std::string parent;
  for (const char* hall : {"hall-a", "hall-b", "hall-c"}) {
    const std::string id = world.declare("hall-director@" + std::string(hall), hall, "outage", R"({"cause":"system"})");
    const Reply one = world.get("general-group@centre", "/incidents/" + id);
    if (one.at("/parent").is_string()) parent = one.text("/parent");
  }
  ASSERT_NE(parent, "");
  const std::string path = "/incidents/" + parent;
  EXPECT_EQ(world.get("clerk@hall-a", path).status, 200);
  const std::string count = R"({"customers":{"here":0,"missing":9}})";
  for (const char* person : {"clerk@hall-a", "hall-director@hall-b", "admin@centre", "auditor@centre"}) {
    EXPECT_EQ(world.post(person, path + "/headcount", count).status, 403) << person;
    EXPECT_EQ(world.post(person, path + "/progress", R"({"text":"x"})").status, 403) << person;
    EXPECT_EQ(world.post(person, path + "/evidence", "\xff\xd8\xff\xe0 jpeg", {{"Content-Type", "image/jpeg"}}).status,
              403)
        << person;
  }
  EXPECT_EQ(world.post("general-group@centre", path + "/headcount", count).status, 200);
  for (const char* part : {"", "/timeline", "/evidence", "/headcount", "/report?kind=initial"}) {
    EXPECT_EQ(world.get("admin@centre", path + part).status, 403) << part;
    EXPECT_EQ(world.get("auditor@centre", path + part).status, 403) << part;
  }
  EXPECT_TRUE(world.get("admin@centre", "/incidents").at("/items").as_array().empty());
}

TEST(Silence, NothingThatOthersOfTheHallCanAskMovesWhenARobberyBegins) {
  World world;
  const char* const kOthers[] = {"guard@hall-a", "guide@hall-a",        "clerk@hall-a",          "clerk-2@hall-a",
                                 "clerk@hall-b", "service-dept@centre", "support-centre@centre", "admin@centre"};
  world.declare("clerk@hall-a", "hall-a", "other");
  const auto all_they_see = [&] {
    std::vector<std::string> out;
    for (const char* person : kOthers) {
      for (const Route& route : routes()) {
        if (route.method != Method::kGet || route.pattern.find('{') != std::string_view::npos) continue;
        if (route.access != Access::signed_in || route.pattern.ends_with("/sessions")) continue;
        if (route.pattern.ends_with("/api/v1/session")) continue;
        const Reply reply = world.get(person, std::string(route.pattern));
        out.push_back(std::string(person) + " " + std::string(route.pattern) + " " + reply.body);
      }
    }
    return out;
  };
  const auto figures = [&] {
    const std::string text = world.send(Method::kGet, "/metrics", "", no_fields, "127.0.0.1").body;
    std::istringstream lines(text);
    std::string out;
    for (std::string line; std::getline(lines, line);) {
      const bool of_asking = line.find("http_requests") != std::string::npos ||
                             line.find("commands_total") != std::string::npos ||
                             line.find("logins") != std::string::npos || line.find("sessions") != std::string::npos ||
                             line.find("refusals") != std::string::npos;
      if (!of_asking) out += line + "\n";
    }
    return out;
  };
  all_they_see();  // signs them in
  const std::string before_figures = figures();
  const auto before = all_they_see();
  const std::string id = world.declare("hall-director@hall-a", "hall-a", "robbery");
  // Those whom the program tells are concerned; the rest of the hall is not.
  const Reply whole = world.get("general-group@centre", "/incidents/" + id);
  std::set<std::string> told;
  for (const auto& notice : json::array(whole.at("/notices").as_array())) {
    told.insert(std::string(notice.at("to").at("person").as_string()));
  }
  EXPECT_EQ(figures(), before_figures);
  EXPECT_FALSE(told.contains("service-dept@centre"));
  const auto after = all_they_see();
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::string person = before[i].substr(0, before[i].find(' '));
    if (!told.contains(person)) {
      EXPECT_EQ(before[i], after[i]);
    }
  }
  // It comes out: then it counts.
  EXPECT_EQ(
      world.post("hall-director@hall-a", "/incidents/" + id + "/facts", R"({"set":{"robbers_present":false}})").status,
      200);
  EXPECT_NE(figures(), before_figures);
}

TEST(Silence, NoOrderNamesItAndNoPaperPrintsIt) {
  World world([](Options& options) {
    BusinessType bill;
    bill.id = BusinessId("bill-payment");
    bill.title = {"缴费", "Bill payment"};
    options.business[bill.id] = std::make_shared<const BusinessType>(bill);
  });
  const std::string robbery = world.declare("hall-director@hall-a", "hall-a", "robbery");
  const std::string nothing = "0192f0c0-0000-7000-8000-000000000009";
  const auto order = [&](const std::string& incident) {
    return world.post(
        "clerk@hall-a", "/orders",
        R"({"business":"bill-payment","name":"张三丰","mobile":"13812345678","incident":")" + incident + "\"}");
  };
  EXPECT_EQ(order(robbery).body, order(nothing).body);
  EXPECT_EQ(order(robbery).status, 422);
  for (const char* format : {"", "&format=pdf"}) {
    const Reply real = world.get("clerk@hall-a", "/reconciliation?incident=" + robbery + format);
    const Reply none = world.get("clerk@hall-a", "/reconciliation?incident=" + nothing + format);
    EXPECT_EQ(real.status, 422);
    EXPECT_EQ(real.body, none.body);
  }
  // Nor does the administrator learn of it by trying to take the hall out.
  EXPECT_EQ(world.get("admin@centre", "/incidents/" + robbery).status, 404);
}

}  // namespace tingan::api
