// The life of an incident over HTTP, and its shape as it was promised to others.
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

constexpr const char* kDirector = "hall-director@hall-a";

const json::value* step_of(const json::value& incident, std::string_view id) {
  for (const auto& step : incident.at("steps").as_array()) {
    if (step.at("id").as_string() == id) return &step;
  }
  return nullptr;
}

std::set<std::string> gates_of_problem(const Reply& reply) {
  std::set<std::string> ids;
  for (const auto& gate : json::array(reply.at("/gates").as_array()))
    ids.insert(std::string(gate.at("id").as_string()));
  return ids;
}

// Which steps a refused closing names, and whether each is a must. Somebody can do every one of them.
std::map<std::string, bool> steps_of_problem(const Reply& reply) {
  std::map<std::string, bool> steps;
  for (const auto& step : json::array(reply.at("/steps").as_array())) {
    EXPECT_FALSE(step.at("people").as_array().empty()) << json::serialize(step);
    steps[std::string(step.at("id").as_string())] = step.at("must").as_bool();
  }
  return steps;
}

// S4.8; what comes before it in the plan is another matter.
json::value half_hour_of(const Reply& incident) {
  const json::value all = incident.at("/escalations");
  for (const json::value& escalation : all.as_array()) {
    if (escalation.at("id").as_string() == "half-hour") return escalation;
  }
  ADD_FAILURE() << "no half-hour among the escalations";
  return {};
}

TEST(Incidents, HaveThePromisedShapeFieldByField) {
  World world;
  const Reply reply = world.post(kDirector, "/incidents",
                                 R"({"unit":"hall-a","type":"outage","facts":{"cause":"system"},"note":"全厅断网"})");
  ASSERT_EQ(reply.status, 201) << reply.body;
  const json::value incident = reply.value();
  EXPECT_TRUE(parse_incident_id(reply.text("/id")));
  EXPECT_EQ(reply.text("/unit"), "hall-a");
  EXPECT_EQ(reply.text("/type"), "outage");
  EXPECT_EQ(reply.text("/state"), "open");
  EXPECT_EQ(reply.at("/drill"), json::value(false));
  EXPECT_EQ(reply.at("/silent"), json::value(false));
  EXPECT_TRUE(reply.at("/parent").is_null());
  EXPECT_EQ(reply.at("/similar"), json::array());
  EXPECT_EQ(reply.at("/plan"), (json::value{{"id", "outage"}, {"version", 1}}));
  EXPECT_EQ(reply.text("/declared/at"), "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(reply.text("/declared/by/person"), kDirector);
  EXPECT_EQ(reply.text("/declared/by/role"), "hall-director");
  EXPECT_EQ(reply.text("/facts/cause/value"), "system");
  EXPECT_EQ(reply.text("/facts/cause/at"), "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(reply.text("/facts/cause/by/role"), "hall-director");
  EXPECT_EQ(reply.text("/facts/scope/value"), "unknown");
  EXPECT_EQ(reply.at("/facts/restored/value"), json::value(false));
  const json::value* step = step_of(incident, "start-acceptance");
  ASSERT_NE(step, nullptr);
  EXPECT_EQ(step->at("role").as_string(), "hall-director");
  EXPECT_EQ(step->at("people").as_array().at(0).as_string(), kDirector);
  EXPECT_EQ(step->at("state").as_string(), "open");
  EXPECT_EQ(step->at("opened").as_string(), "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(step->at("due").as_string(), "2026-11-23T10:05:00+08:00");
  EXPECT_EQ(step->at("late"), json::value(false));
  EXPECT_FALSE(step->at("text").at("zh").as_string().empty());
  EXPECT_FALSE(step->at("text").at("en").as_string().empty());
  EXPECT_EQ(step->at("clauses").as_array().at(0).as_string(), "S4.1");
  EXPECT_TRUE(step->at("asks").is_null());
  EXPECT_TRUE(step->at("call").is_null());
  EXPECT_EQ(step->at("opens").as_string(), "acceptance");
  const json::value escalation = half_hour_of(reply);
  EXPECT_TRUE(escalation.at("fired").is_null());
  EXPECT_EQ(escalation.at("to"), json::array({"general-group"}));
  EXPECT_EQ(escalation.at("clauses"), json::array({"S4.8"}));
  EXPECT_FALSE(reply.at("/scripts").as_array().empty());
  EXPECT_TRUE(reply.at("/prohibitions").is_array());
  const json::value notice = reply.at("/notices/0");
  EXPECT_TRUE(parse_notice_id(notice.at("id").as_string()));
  EXPECT_TRUE(notice.at("to").as_object().contains("person"));
  for (const char* rung : {"queued", "sent", "delivered", "seen", "acknowledged"}) {
    EXPECT_TRUE(notice.at("ladder").as_object().contains(rung)) << rung;
  }
  EXPECT_EQ(reply.text("/gates/0/id"), "restored");
  EXPECT_EQ(reply.at("/gates/0/met"), json::value(false));
  EXPECT_EQ(reply.at("/gates/0/clauses"), json::array({"S4.1"}));
  EXPECT_EQ(reply.text("/reports/0/kind"), "initial");
  EXPECT_EQ(reply.text("/reports/0/due"), "2026-11-23T11:00:00+08:00");
  EXPECT_TRUE(reply.at("/reports/0/filed").is_null());
  EXPECT_EQ(world.get(kDirector, "/incidents/" + reply.text("/id")).body, reply.body);
}

TEST(Incidents, RunFromTheDeclareToTheCloseAndBack) {
  World world;
  const std::string id = world.declare(kDirector, "hall-a", "fire", R"({"size":"small"})");
  const std::string path = "/incidents/" + id;
  Reply reply = world.post(kDirector, path + "/steps/take-command", R"({"state":"started","note":"到现场"})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(step_of(reply.value(), "take-command")->at("state").as_string(), "started");
  reply = world.post(kDirector, path + "/steps/take-command", R"({"state":"done"})");
  EXPECT_EQ(step_of(reply.value(), "take-command")->at("state").as_string(), "done");
  EXPECT_EQ(step_of(reply.value(), "take-command")->at("by").at("person").as_string(), kDirector);
  EXPECT_EQ(world.post(kDirector, path + "/steps/scout", R"({"state":"skipped"})").code(), "incident.reason-needed");
  reply = world.post(kDirector, path + "/steps/scout", R"({"state":"skipped","reason":"烟太大"})");
  EXPECT_EQ(step_of(reply.value(), "scout")->at("state").as_string(), "skipped");
  reply = world.post(kDirector, path + "/close");
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(reply.code(), "incident.gates-unmet");
  EXPECT_EQ(gates_of_problem(reply),
            (std::set<std::string>{"out", "cause-found", "corrected", "responsibility-settled", "not-by-one-alone"}));
  EXPECT_FALSE(steps_of_problem(reply).empty());
  reply = world.post(kDirector, path + "/facts", R"({"set":{"out":true}})");
  EXPECT_EQ(reply.text("/state"), "contained");
  // It burns again: nobody types a reason. That it is out once more is explained.
  reply = world.post(kDirector, path + "/facts", R"({"set":{"out":false}})");
  EXPECT_EQ(reply.status, 200) << reply.body;
  reply = world.post(kDirector, path + "/facts", R"({"set":{"out":true}})");
  EXPECT_EQ(reply.status, 422) << "towards safety a known value is replaced with a reason only";
  EXPECT_EQ(reply.code(), "incident.reason-needed");
  reply = world.post(kDirector, path + "/facts", R"({"set":{"out":true},"reason":"灭了"})");
  EXPECT_EQ(reply.status, 200) << reply.body;
  reply = world.post(kDirector, path + "/facts", R"({"set":{"cause_found":true,"corrected":true}})");
  EXPECT_EQ(reply.status, 200) << reply.body;
  reply = world.post("security-dept@centre", path + "/facts", R"({"set":{"responsibility_settled":true}})");
  EXPECT_EQ(reply.status, 200) << reply.body;
  reply = world.post("clerk@hall-a", path + "/close");
  EXPECT_EQ(reply.status, 403);
  // What the source demands and nobody has done, with those who can do it; one reason settles all but the musts.
  reply = world.post(kDirector, path + "/close");
  EXPECT_EQ(reply.code(), "incident.gates-unmet");
  EXPECT_TRUE(gates_of_problem(reply).empty());
  const auto open = steps_of_problem(reply);
  EXPECT_TRUE(open.contains("written-report") && open.contains("teach-all")) << reply.body;
  EXPECT_TRUE(open.at("written-report"));
  EXPECT_FALSE(open.at("teach-all"));
  reply = world.post(kDirector, path + "/close", R"({"skip":"废纸篓起火，无损失"})");
  EXPECT_EQ(steps_of_problem(reply), (std::map<std::string, bool>{{"keep-scene", true}, {"written-report", true}}));
  // A must that is left out is still owed, and may be done later.
  EXPECT_EQ(world.post(kDirector, path + "/steps/keep-scene", R"({"state":"skipped","reason":"x"})").status, 200);
  reply = world.post(kDirector, path + "/close", R"({"skip":"废纸篓起火，无损失"})");
  EXPECT_TRUE(steps_of_problem(reply).contains("keep-scene")) << reply.body;
  for (const char* must : {"keep-scene", "written-report"}) {
    EXPECT_EQ(world.post(kDirector, path + "/steps/" + must, R"({"state":"done"})").status, 200) << must;
  }
  reply = world.post(kDirector, path + "/close", R"({"skip":"废纸篓起火，无损失"})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.text("/state"), "closed");
  EXPECT_EQ(step_of(reply.value(), "teach-all")->at("state").as_string(), "skipped");
  reply = world.post(kDirector, path + "/steps/teach-all", R"({"state":"done"})");
  EXPECT_EQ(reply.code(), "incident.ended");
  EXPECT_NE(reply.text("/message/zh").find("10:00"), std::string::npos) << reply.body;
  EXPECT_EQ(world.post(kDirector, path + "/facts", R"({"set":{"size":"large"},"reason":"x"})").status, 409);
  EXPECT_EQ(world.post(kDirector, path + "/reopen", "{}").code(), "incident.reason-needed");
  reply = world.post(kDirector, path + "/reopen", R"({"reason":"复燃"})");
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_NE(reply.text("/state"), "closed");
}

TEST(Incidents, ASlipIsRetractedWithinAMinuteByWhoDeclaredOrTheDirector) {
  World world;
  const std::string first = world.declare("clerk@hall-a", "hall-a", "illness");
  EXPECT_EQ(world.post("guide@hall-a", "/incidents/" + first + "/retract").status, 403);
  world.pass(59s);
  const Reply gone = world.post("clerk@hall-a", "/incidents/" + first + "/retract", R"({"reason":"按错了"})");
  ASSERT_EQ(gone.status, 200) << gone.body;
  EXPECT_EQ(gone.text("/state"), "retracted");
  bool told_again = false;
  for (const auto& item : json::array(world.get(kDirector, "/me/notices").at("/items").as_array())) {
    for (const auto& reason : item.at("notice").at("reasons").as_array()) {
      told_again = told_again || reason.at("kind").as_string() == "retracted";
    }
  }
  EXPECT_TRUE(told_again) << "who was told can read that it is nothing";
  const std::string second = world.declare("clerk@hall-a", "hall-a", "illness");
  EXPECT_EQ(world.post(kDirector, "/incidents/" + second + "/retract").status, 200);
  const std::string third = world.declare("clerk@hall-a", "hall-a", "illness");
  world.pass(61s);
  EXPECT_EQ(world.post("clerk@hall-a", "/incidents/" + third + "/retract").code(), "incident.retract-too-late");
}

TEST(Incidents, TheClockEscalatesAndTheListShowsWhatAWallNeeds) {
  World world;
  const std::string id = world.declare(kDirector, "hall-a", "outage", R"({"cause":"system"})");
  EXPECT_EQ(world.post(kDirector, "/incidents/" + id + "/facts", R"({"set":{"scope":"single"}})").status, 200);
  Reply list = world.get("general-group@centre", "/incidents?state=open");
  json::value row = list.at("/items/0");
  EXPECT_EQ(row.at("unit_name").at("zh").as_string(), "湖滨路营业厅");
  EXPECT_GT(row.at("open_steps").as_int64(), 5);
  EXPECT_EQ(row.at("late_steps").as_int64(), 0);
  EXPECT_GT(row.at("notices").at("total").as_int64(), 0);
  EXPECT_EQ(row.at("notices").at("unacknowledged"), row.at("notices").at("total"));
  EXPECT_EQ(row.at("next_escalation").at("kind").as_string(), "late");
  world.pass(29min);
  row = world.get("general-group@centre", "/incidents?state=active").at("/items/0");
  EXPECT_GT(row.at("late_steps").as_int64(), 0);
  world.pass(1min);
  const Reply one = world.get("general-group@centre", "/incidents/" + id);
  EXPECT_EQ(half_hour_of(one).at("fired").as_string(), "2026-11-23T10:30:00+08:00");
  EXPECT_EQ(half_hour_of(one).at("due").as_string(), "2026-11-23T10:30:00+08:00");
}

TEST(Incidents, TwoHallsBecomeOneEventThatTheirPeopleSee) {
  World world;
  const std::string a = world.declare(kDirector, "hall-a", "outage", R"({"cause":"system"})");
  const std::string b = world.declare("hall-director@hall-b", "hall-b", "outage", R"({"cause":"system"})");
  const std::string parent = world.get(kDirector, "/incidents/" + a).text("/parent");
  ASSERT_TRUE(parse_incident_id(parent));
  const Reply whole = world.get("general-group@centre", "/incidents/" + parent);
  EXPECT_EQ(whole.at("/children").as_array().size(), 2U);
  EXPECT_EQ(world.get("hall-director@hall-b", "/incidents/" + parent).status, 200);
  EXPECT_EQ(world.get("hall-director@hall-c", "/incidents/" + parent).status, 403);
  const Reply progress =
      world.post("support-centre@centre", "/incidents/" + parent + "/progress", R"({"text":"主机重启"})");
  EXPECT_EQ(progress.status, 200) << progress.body;
  EXPECT_NE(world.get(kDirector, "/incidents/" + a + "/timeline").body.find("progress-noted"), std::string::npos);
  EXPECT_EQ(world.get("general-group@centre", "/incidents?unit=centre").at("/items/0/children"), json::value(2));
}

TEST(Incidents, ListsPageByCursorWithoutALossOrADouble) {
  World world;
  std::vector<std::string> declared;
  for (int i = 0; i < 7; ++i) {
    declared.push_back(world.declare(kDirector, "hall-a", "other"));
    world.pass(1s);
  }
  std::vector<std::string> seen;
  std::string cursor;
  do {
    const Reply page = world.get(kDirector, "/incidents?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& item : json::array(page.at("/items").as_array())) seen.emplace_back(item.at("id").as_string());
    cursor = page.at("/next").is_null() ? "" : page.text("/next");
    EXPECT_LE(page.at("/items").as_array().size(), 3U);
  } while (!cursor.empty());
  std::reverse(declared.begin(), declared.end());
  EXPECT_EQ(seen, declared);
  EXPECT_EQ(world.get(kDirector, "/incidents?type=fire").at("/items").as_array().size(), 0U);
  EXPECT_EQ(world.get(kDirector, "/incidents?state=closed").at("/items").as_array().size(), 0U);
}

TEST(Incidents, ASecondDeclareNamesTheFirstAndADrillSaysSo) {
  World world;
  const std::string first = world.declare("clerk@hall-a", "hall-a", "other");
  const Reply second = world.post("guard@hall-a", "/incidents", R"({"unit":"hall-a","type":"other","drill":true})");
  EXPECT_EQ(second.at("/similar"), json::array({first}));
  EXPECT_EQ(second.at("/drill"), json::value(true));
  const Reply little =
      world.post("guard@hall-a", "/incidents", R"({"unit":"hall-a","type":"fire"})", {{"Prefer", "return=minimal"}});
  EXPECT_EQ(little.status, 201);
  EXPECT_EQ(little.value().as_object().size(), 4U);
}

TEST(Timeline, HoldsEveryEventInOrderWithWhatWasSaid) {
  World world;
  const std::string id = world.declare(kDirector, "hall-a", "outage", R"({"cause":"system"})", R"(,"note":"全厅断网")");
  world.post(kDirector, "/incidents/" + id + "/steps/start-acceptance", R"({"state":"done","note":"开了两个窗口"})");
  const Reply all = world.get(kDirector, "/incidents/" + id + "/timeline");
  ASSERT_EQ(all.status, 200) << all.body;
  EXPECT_EQ(all.text("/items/0/type"), "incident-declared");
  EXPECT_EQ(all.text("/items/0/note"), "全厅断网");
  EXPECT_NE(all.text("/items/0/text/zh").find("停电或系统故障"), std::string::npos);
  const json::array items = all.at("/items").as_array();
  std::string before;
  for (const auto& item : items) {
    EXPECT_LE(before, item.at("at").as_string());
    before = item.at("at").as_string();
    EXPECT_FALSE(item.at("text").at("zh").as_string().empty());
  }
  std::size_t walked = 0;
  std::string cursor;
  do {
    const Reply page =
        world.get(kDirector, "/incidents/" + id + "/timeline?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    walked += page.at("/items").as_array().size();
    cursor = page.at("/next").is_null() ? "" : page.text("/next");
  } while (!cursor.empty());
  EXPECT_EQ(walked, items.size());
}

TEST(Timeline, IsATableForASpreadsheetToo) {
  World world;
  const std::string id = world.declare(kDirector, "hall-a", "other", "{}", R"(,"note":"=cmd()，\"逗号\"")");
  const Reply csv = world.get(kDirector, "/incidents/" + id + "/timeline", {{"Accept", "text/csv"}});
  ASSERT_EQ(csv.status, 200) << csv.body;
  EXPECT_EQ(csv.body.substr(0, 3), "\xEF\xBB\xBF");
  EXPECT_NE(csv.body.find("时间,何人,经过\r\n"), std::string::npos);
  EXPECT_NE(csv.body.find("2026-11-23T10:00:00+08:00,营业厅主任 王静,"), std::string::npos);
  EXPECT_NE(csv.header("Content-Disposition").find("attachment"), std::string::npos);
  const Reply english = world.get(kDirector, "/incidents/" + id + "/timeline?format=csv&lang=en");
  EXPECT_NE(english.body.find("time,who,what\r\n"), std::string::npos);
  EXPECT_EQ(world.get(kDirector, "/incidents/" + id + "/timeline", {{"Accept", "image/png"}}).status, 406);
}

TEST(Timeline, TenPeopleToldAgainAreNotTenRows) {
  World world;
  const std::string id = world.declare(kDirector, "hall-a", "fire", R"({"size":"large"})");
  world.pass(5min);
  const Reply csv = world.get(kDirector, "/incidents/" + id + "/timeline?format=csv");
  std::istringstream lines(csv.body);
  std::set<std::string> seen;
  bool counted = false;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(seen.insert(line).second) << line;
    counted = counted || line.find("再次通知（第 2 次），共") != std::string::npos;
  }
  EXPECT_TRUE(counted) << csv.body;
}

}  // namespace
}  // namespace tingan::api
