// What operators and machines ask: health, readiness, metrics; and what every answer carries.
#include <regex>

#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

TEST(System, HealthAndReadiness) {
  World world;
  EXPECT_EQ(world.send(Method::kGet, "/healthz").text("/status"), "ok");
  const Reply ready = world.send(Method::kGet, "/readyz");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(ready.at("/writes"), json::value(true));
  world.api().set_ready(false);
  EXPECT_EQ(world.send(Method::kGet, "/readyz").status, 503);
  EXPECT_EQ(world.send(Method::kGet, "/healthz").status, 200);
}

TEST(System, MetricsAreInPrometheusTextFormat) {
  World world([](Options& options) {
    options.more_metrics = [] { return std::string("# TYPE tingan_more gauge\ntingan_more 1\n"); };
  });
  world.declare("clerk@hall-a", "hall-a", "other");
  world.sign_in("clerk@hall-a", "wrong");
  const Reply reply = world.send(Method::kGet, "/metrics", "", {}, "127.0.0.1");
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(reply.type.substr(0, 25), "text/plain; version=0.0.4");
  const std::regex comment(R"(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+)");
  const std::regex sample(R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="[^"\\\n]*")re"
                          R"re((,[a-zA-Z_][a-zA-Z0-9_]*="[^"\\\n]*")*\})? -?[0-9.e+-]+)re");
  std::set<std::string> typed;
  std::istringstream lines(reply.body);
  EXPECT_EQ(reply.body.back(), '\n');
  for (std::string line; std::getline(lines, line);) {
    std::smatch parts;
    if (line.starts_with("#")) {
      EXPECT_TRUE(std::regex_match(line, comment)) << line;
      if (line.starts_with("# TYPE ")) {
        const std::string name = line.substr(7, line.find(' ', 7) - 7);
        EXPECT_TRUE(typed.insert(name).second) << name << " is typed twice";
      }
    } else {
      ASSERT_TRUE(std::regex_match(line, parts, sample)) << line;
      EXPECT_TRUE(typed.contains(parts[1])) << line;
    }
  }
  EXPECT_NE(reply.body.find("tingan_more 1\n"), std::string::npos);
  EXPECT_NE(reply.body.find("tingan_incidents_open 1\n"), std::string::npos) << reply.body;
  EXPECT_EQ(reply.body.find("clerk"), std::string::npos) << "no names in metrics";
}

TEST(System, EveryAnswerForbidsWhatABrowserCouldDoWithIt) {
  World world;
  for (const std::string path : {"/healthz", "/api/v1/incidents", "/api/openapi.json", "/", "/nothing"}) {
    const Reply reply = world.send(Method::kGet, path);
    EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(reply.header("Referrer-Policy"), "no-referrer") << path;
    const std::string policy = reply.header("Content-Security-Policy");
    EXPECT_NE(policy.find("default-src 'none'"), std::string::npos) << path;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << path;
    EXPECT_NE(reply.header("Cache-Control"), "") << path;
  }
}

TEST(System, AHeadFindsWhatAGetFindsAndAStreamNeedsAConnection) {
  World world;
  EXPECT_EQ(world.as("clerk@hall-a", Method::kHead, "/units").status, 200);
  EXPECT_EQ(world.get("clerk@hall-a", "/stream").status, 406);
}

}  // namespace
}  // namespace tingan::api
