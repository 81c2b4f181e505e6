// Who left stays out, streams end with their sessions, the password is asked again, what is silent stays silent, and
// what touches security is written down.
#include "api/password_rules.h"
#include "api/rights_table.h"
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

const Fields no_fields;

Fields bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }

std::string person_body(const std::string& roles, const std::string& unit = "hall-a") {
  return "{\"name\":\"新人\",\"unit\":\"" + unit + "\",\"roles\":" + roles + "}";
}

std::vector<json::object> events(World& world, const std::string& query = "") {
  const Reply reply = world.get("auditor@centre", "/security-events" + query);
  EXPECT_EQ(reply.status, 200) << reply.body;
  std::vector<json::object> out;
  for (const auto& item : json::array(reply.at("/items").as_array())) out.push_back(item.as_object());
  return out;
}

bool has_event(World& world, const std::string& kind, const std::string& person) {
  const auto all = events(world, "?kind=" + kind);
  return std::any_of(all.begin(), all.end(),
                     [&](const json::object& one) { return one.at("person") == json::value(person); });
}

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
    EXPECT_EQ(row.confirm, changes || row.rule == "keep-plans") << row.pattern;
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
  const std::string count = R"({"customers_here":0,"customers_missing":9})";
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

TEST(Figures, AreForATokenOrForTheOwnMachine) {
  World world([](Options& options) { options.metrics_tokens = {to_hex(sha256("let-me-count"))}; });
  const auto ask = [&](const std::string& peer, const Fields& headers) {
    return world.send(Method::kGet, "/metrics", "", headers, peer).status;
  };
  EXPECT_EQ(ask("192.0.2.7", {}), 401);
  EXPECT_EQ(ask("192.0.2.7", bearer("let-me-in")), 401);
  EXPECT_EQ(ask("192.0.2.7", bearer("let-me-count")), 200);
  EXPECT_EQ(ask("127.0.0.1", {}), 200);
  EXPECT_EQ(ask("::1", {}), 200);
  EXPECT_EQ(ask("192.0.2.7", bearer(world.token("admin@centre"))), 401);
}

TEST(Figures, BehindAProxyEverybodyIsAStranger) {
  World world([](Options& options) {
    options.metrics_tokens = {to_hex(sha256("let-me-count"))};
    options.behind_proxy = true;
  });
  const auto ask = [&](const Fields& headers) {
    return world.send(Method::kGet, "/metrics", "", headers, "127.0.0.1").status;
  };
  EXPECT_EQ(ask({}), 401);
  EXPECT_EQ(ask({{"X-Forwarded-For", "127.0.0.1"}}), 401);
  EXPECT_EQ(ask(bearer("let-me-count")), 200);
  // A demo's machine that raises alarms without a token is not everybody.
  const std::string alarm = R"({"source":"panel","labels":{}})";
  EXPECT_EQ(world.send(Method::kPost, "/api/v1/alarms", alarm, no_fields, "127.0.0.1").status, 401);
}

TEST(Figures, BehindAProxyThrottlesLookAtTheClientAndBelieveTheProxyAlone) {
  World world([](Options& options) { options.behind_proxy = true; });
  const std::string body = R"({"user":"clerk@hall-a","password":"wrong"})";
  const auto guess = [&](const std::string& forwarded) {
    return world.send(Method::kPost, "/api/v1/session", body, {{"X-Forwarded-For", forwarded}}, "127.0.0.1").status;
  };
  int status = 401;
  // What the client itself wrote changes; what the proxy saw does not.
  for (int i = 0; i < 12 && status == 401; ++i) status = guess("10.0.0." + std::to_string(i) + ", 198.51.100.7");
  EXPECT_EQ(status, 429);
  EXPECT_EQ(guess("203.0.113.9"), 401);
  const auto all = events(world, "?kind=sign-in-throttled");
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front().at("from"), "198.51.100.*");
}

TEST(SecurityEvents, AreReadByAuditorsAlone) {
  World world;
  for (const char* person : {"admin@centre", "centre-head@centre", "clerk@hall-a", "company-leader@centre"}) {
    EXPECT_EQ(world.get(person, "/security-events").status, 403) << person;
  }
  EXPECT_EQ(world.get("auditor@centre", "/security-events").status, 200);
  for (const char* path : {"/incidents", "/orders?unit=hall-a", "/people", "/org", "/plans", "/me/steps", "/stream"}) {
    EXPECT_EQ(world.get("auditor@centre", path).status, 403) << path;
  }
  EXPECT_EQ(world.post("auditor@centre", "/incidents", R"({"unit":"hall-a","type":"fire"})").status, 403);
  EXPECT_EQ(world.post("auditor@centre", "/log/verify").status, 503) << "may ask; this node cannot";
}

TEST(SecurityEvents, SayWhoDidWhatAndNothingPersonal) {
  World world;
  world.sign_in("clerk@hall-a", "wrong");
  world.sign_in("my secret typed into the wrong field", "wrong");
  world.get("clerk@hall-a", "/units");
  world.get("clerk@hall-a", "/people");
  world.as("admin@centre", Method::kPut, "/people/new@hall-a", person_body(R"(["guide"])"));
  world.post("admin@centre", "/people/clerk@hall-b/password");
  world.get("admin@centre", "/people");
  EXPECT_TRUE(has_event(world, "sign-in-failed", "clerk@hall-a"));
  EXPECT_TRUE(has_event(world, "sign-in", "clerk@hall-a"));
  EXPECT_TRUE(has_event(world, "refused", "clerk@hall-a"));
  EXPECT_TRUE(has_event(world, "person-changed", "admin@centre"));
  EXPECT_TRUE(has_event(world, "password-reset", "admin@centre"));
  EXPECT_TRUE(has_event(world, "look", "admin@centre"));
  const Reply all = world.get("auditor@centre", "/security-events?limit=500");
  for (const char* secret : {"my secret", "192.0.2.7", "新人", "陈晓雯", "138"}) {
    EXPECT_EQ(all.body.find(secret), std::string::npos) << secret;
  }
  for (const StoredRecord& record : world.disk().records) {
    EXPECT_EQ(record.bytes.find("my secret"), std::string::npos);
  }
}

TEST(SecurityEvents, AFloodIsCountedAndNotWrittenOut) {
  World world;
  for (int i = 0; i < 300; ++i) {
    world.send(Method::kPost, "/api/v1/session", R"({"user":"clerk@hall-a","password":"wrong"})", no_fields,
               "198.51." + std::to_string(i) + ".9");
  }
  const std::size_t before = world.disk().records.size();
  std::int64_t counted = 0;
  for (const char* kind : {"sign-in-failed", "sign-in-throttled"}) {
    const auto all = events(world, "?limit=500&kind=" + std::string(kind));
    EXPECT_LE(all.size(), 70U);
    for (const auto& one : all) counted += one.at("count").as_int64();
  }
  EXPECT_EQ(counted, 300);
  EXPECT_LE(world.disk().records.size(), before + 2);
}

TEST(SecurityEvents, PageByCursorAndOutliveARestart) {
  World world;
  for (int i = 0; i < 5; ++i) {
    world.sign_in("guard@hall-" + std::string(1, static_cast<char>('a' + i)));
    events(world, "?limit=1");
  }
  world.restart();
  world.forget_tokens();
  std::set<std::string> seen;
  std::string cursor;
  for (int page = 0; page < 50; ++page) {
    const Reply reply = world.get(
        "auditor@centre", "/security-events?kind=sign-in&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(reply.status, 200) << reply.body;
    for (const auto& item : json::array(reply.at("/items").as_array())) {
      EXPECT_TRUE(seen.insert(std::string(item.at("id").as_string())).second) << "twice";
    }
    if (!reply.at("/next").is_string()) break;
    cursor = reply.text("/next");
  }
  EXPECT_GE(seen.size(), 6U);
  for (const char* wrong :
       {"?kind=nothing", "?person=nobody-at-all", "?from=yesterday", "?cursor=x", "?limit=0", "?what=1"}) {
    EXPECT_EQ(world.get("auditor@centre", "/security-events" + std::string(wrong)).status, 400) << wrong;
  }
  const std::string now = net::percent_encode(world.get("auditor@centre", "/session").text("/expires"));
  EXPECT_TRUE(events(world, "?from=" + now).empty());
}

}  // namespace tingan::api
