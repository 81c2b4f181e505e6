// The six contents (X6): from the record, by hand, on paper; lateness is shown, not hidden (X5).
#include "api/accept.h"
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

constexpr const char* kDirector = "hall-director@hall-a";

std::string section(const Reply& report, std::string_view id) { return report.text("/content/" + std::string(id)); }

TEST(Reports, ArePrefilledFromTheRecord) {
  World world;
  const std::string id = world.declare(kDirector, "hall-a", "fire", R"({"size":"small","electrical":true})");
  world.post(kDirector, "/incidents/" + id + "/steps/take-command", R"({"state":"done"})");
  world.pass(5min);
  const Reply report = world.get(kDirector, "/incidents/" + id + "/report?kind=initial");
  ASSERT_EQ(report.status, 200) << report.body;
  EXPECT_EQ(report.text("/status"), "prefilled");
  EXPECT_EQ(report.at("/number"), json::value(1));
  EXPECT_EQ(report.text("/due"), "2026-11-23T10:30:00+08:00");
  EXPECT_EQ(report.at("/late"), json::value(false));
  EXPECT_NE(section(report, "place").find("湖滨路营业厅"), std::string::npos);
  EXPECT_NE(section(report, "place").find("湖滨路 118 号"), std::string::npos);
  EXPECT_NE(section(report, "time").find("2026年11月23日10时00分"), std::string::npos);
  EXPECT_NE(section(report, "type").find("电气起火：是"), std::string::npos) << section(report, "type");
  EXPECT_NE(section(report, "effect").find("还不清楚"), std::string::npos);
  EXPECT_NE(section(report, "measures").find("控制程度"), std::string::npos);
  EXPECT_NE(section(report, "outlook").find("结案尚差"), std::string::npos);
  const Reply english = world.get(kDirector, "/incidents/" + id + "/report", {{"Accept-Language", "en"}});
  EXPECT_EQ(english.text("/language"), "en");
  EXPECT_NE(section(english, "place").find("Hubin Road hall"), std::string::npos);
}

TEST(Reports, KeepWhatPeopleWroteAndFollowTheRecordWithTheRest) {
  World world;
  const std::string id = world.declare(kDirector, "hall-a", "outage", R"({"cause":"system"})");
  const std::string path = "/incidents/" + id + "/report?kind=initial";
  const Reply drafted = world.as(kDirector, Method::kPut, path, R"({"content":{"effect":"十余名客户等候"}})");
  ASSERT_EQ(drafted.status, 200) << drafted.body;
  EXPECT_EQ(world.post(kDirector, "/incidents/" + id + "/steps/start-acceptance", R"({"state":"done"})").status, 200);
  Reply report = world.get("general-group@centre", path);
  EXPECT_EQ(report.text("/status"), "drafted");
  EXPECT_EQ(report.text("/author"), "营业厅主任 王静");
  EXPECT_EQ(section(report, "effect"), "十余名客户等候");
  EXPECT_EQ(report.at("/sections/3/written"), json::value(true));
  EXPECT_EQ(report.at("/sections/4/written"), json::value(false));
  EXPECT_NE(section(report, "measures").find("启动应急受理"), std::string::npos) << section(report, "measures");

  const Reply filed = world.post(kDirector, path, R"({"content":{"outlook":"预计半小时恢复"}})");
  ASSERT_EQ(filed.status, 200) << filed.body;
  EXPECT_EQ(filed.text("/reports/0/filed"), "2026-11-23T10:00:00+08:00");
  const std::string measures = section(world.get(kDirector, path), "measures");
  world.post(kDirector, "/incidents/" + id + "/steps/tell-departments", R"({"state":"done"})");
  world.pass(20min);
  report = world.get(kDirector, path);
  EXPECT_EQ(report.text("/status"), "filed");
  EXPECT_EQ(section(report, "effect"), "十余名客户等候") << "the draft goes into the filing";
  EXPECT_EQ(section(report, "outlook"), "预计半小时恢复");
  EXPECT_EQ(section(report, "measures"), measures) << "what was filed stays as it was filed";
  const Reply next = world.get(kDirector, path + "&number=2");
  EXPECT_EQ(next.text("/status"), "prefilled");
  EXPECT_NE(section(next, "measures"), measures);
  world.restart();
  world.forget_tokens();
  EXPECT_EQ(section(world.get(kDirector, path), "outlook"), "预计半小时恢复");
}

TEST(Reports, ShowThatTheyAreLate) {
  World world;
  const std::string id = world.declare(kDirector, "hall-a", "fire");
  const std::string path = "/incidents/" + id + "/report?kind=initial";
  world.pass(31min);
  EXPECT_EQ(world.get(kDirector, path).at("/late"), json::value(true));
  world.pass(4min);
  const Reply filed = world.post(kDirector, path, "{}");
  ASSERT_EQ(filed.status, 200) << filed.body;
  EXPECT_EQ(filed.at("/reports/0/late"), json::value(true));
  const Reply report = world.get(kDirector, path);
  EXPECT_EQ(report.at("/late"), json::value(true));
  EXPECT_EQ(report.text("/filed"), "2026-11-23T10:35:00+08:00");
  const Reply page = world.get(kDirector, path, {{"Accept", "text/html"}});
  EXPECT_NE(page.body.find("逾期 5 分"), std::string::npos);
  EXPECT_EQ(world.post("clerk@hall-a", path, "{}").status, 403);
}

TEST(Reports, AreAPageAndAPaperInBothLanguages) {
  World world;
  const char* keep = std::getenv("TINGAN_KEEP_REPORTS");
  for (const auto& [type, facts] :
       std::map<std::string, std::string>{{"outage", R"({"cause":"system"})"}, {"fire", R"({"size":"large"})"}}) {
    const std::string id = world.declare(kDirector, "hall-a", type, facts, R"(,"note":"三号窗口先发现")");
    const std::string path = "/incidents/" + id;
    world.post("clerk@hall-a", path + "/facts",
               type == "fire" ? R"({"set":{"casualties":false}})" : R"({"set":{"scope":"single"}})");
    world.post(kDirector, path + (type == "fire" ? "/steps/take-command" : "/steps/start-acceptance"),
               R"({"state":"done","note":"已到位"})");
    world.pass(35min);
    const std::string report = path + "/report?kind=initial";
    for (const std::string lang : {"zh", "en"}) {
      const Reply page = world.get(kDirector, report + "&lang=" + lang, {{"Accept", "text/html,*/*;q=0.8"}});
      ASSERT_EQ(page.status, 200) << page.body;
      EXPECT_EQ(page.type, "text/html; charset=utf-8");
      EXPECT_NE(page.body.find(lang == "zh" ? "<html lang=\"zh-CN\">" : "<html lang=\"en\">"), std::string::npos);
      const std::string policy = page.header("Content-Security-Policy");
      EXPECT_NE(policy.find(report::report_style_source()), std::string::npos) << "or the page has no style";
      EXPECT_EQ(policy.find("script"), std::string::npos);
      EXPECT_EQ(page.body.find("<script"), std::string::npos);
      const Reply paper = world.get(kDirector, report + "&format=pdf&lang=" + lang);
      ASSERT_EQ(paper.status, 200) << paper.body;
      EXPECT_EQ(paper.type, "application/pdf");
      EXPECT_EQ(paper.body.substr(0, 5), "%PDF-");
      EXPECT_NE(paper.header("Content-Disposition").find("report-initial-1-" + id), std::string::npos);
      if (keep == nullptr) continue;
      std::ofstream(std::string(keep) + "/" + type + "-" + lang + ".html") << page.body;
      std::ofstream(std::string(keep) + "/" + type + "-" + lang + ".pdf", std::ios::binary) << paper.body;
    }
  }
}

TEST(Reports, SayThatTheyCannotBeAnythingElse) {
  World world;
  const std::string id = world.declare(kDirector, "hall-a", "other");
  const Reply image = world.get(kDirector, "/incidents/" + id + "/report", {{"Accept", "image/png, text/plain"}});
  EXPECT_EQ(image.status, 406);
  EXPECT_EQ(image.code(), "report.not-acceptable");
  EXPECT_EQ(world.get(kDirector, "/incidents/" + id + "/report", {{"Accept", "application/pdf;q=0"}}).status, 406);
}

TEST(Reports, DoNotTellWhatStandsInPrivateForms) {
  World world;
  const std::string id = world.declare("clerk@hall-a", "hall-a", "robbery");
  world.post(kDirector, "/incidents/" + id + "/facts", R"({"set":{"robbers_present":false}})");
  const Reply filed = world.post(
      "clerk@hall-a", "/incidents/" + id + "/forms/robbery-statement",
      R"({"content":{"writer":"陈晓雯","writer_kind":"clerk","written_at":"2026-11-23T10:20:00+08:00",)"
      R"("where_i_was":"三号窗口","account":"红色夹克","robber_count":2,"not_compared":true,"signature":"陈晓雯"}})");
  ASSERT_EQ(filed.status, 201) << filed.body;
  for (const char* format : {"json", "html"}) {
    const Reply report = world.get(kDirector, "/incidents/" + id + "/report?format=" + format);
    EXPECT_EQ(report.status, 200);
    EXPECT_EQ(report.body.find("红色夹克"), std::string::npos) << format;
  }
}

TEST(Accept, TheHeaviestThatWeHaveIsChosen) {
  static constexpr std::string_view kOffers[] = {"application/json", "text/html", "application/pdf"};
  const auto chosen = [](std::string_view accept) { return choose_type(accept, kOffers); };
  EXPECT_EQ(chosen(""), 0U);
  EXPECT_EQ(chosen("*/*"), 0U);
  EXPECT_EQ(chosen("text/*"), 1U);
  EXPECT_EQ(chosen("APPLICATION/PDF"), 2U);
  EXPECT_EQ(chosen("application/pdf;q=0.2, text/html ; q=0.9"), 1U);
  EXPECT_EQ(chosen("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), 1U);
  EXPECT_EQ(chosen("application/json;q=0, */*"), 1U);
  EXPECT_EQ(chosen("image/png"), std::nullopt);
  EXPECT_EQ(chosen("text/html;q=zero"), std::nullopt);
  EXPECT_EQ(chosen(";;,,;q="), 0U);
}

}  // namespace
}  // namespace tingan::api
