// The console as it was built: its places, its files, its packed twins, and nothing else.
#include "api/static_files.h"
#include "api/testing.h"

namespace tingan::api {
namespace {

using namespace testing;

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("tingan-web-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_ / "assets");
    write("index.html", "<!doctype html><title>console</title>");
    write("index.html.br", "packed page");
    write("index.html.gz", "zipped page");
    write("assets/app-DX81.js", "plain script");
    write("assets/app-DX81.js.gz", "zipped script");
    write("sw.js", "worker");
    write("manifest.webmanifest", "{}");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_.string(); }
  void write(const std::string& name, const std::string& text) { std::ofstream(path_ / name) << text; }

 private:
  std::filesystem::path path_;
};

struct Site {
  Folder folder;
  World world{[this](Options& options) { options.web_dir = folder.path(); }};
  Reply get(const std::string& path, const Fields& headers = {}) { return world.send(Method::kGet, path, "", headers); }
};

TEST(ConsoleFiles, EveryPlaceOfTheConsoleIsItsPage) {
  Site site;
  for (const char* path :
       {"/", "/field", "/hall", "/centre", "/incidents", "/incidents/01933333-0000-7000-8000-000000000000", "/plans",
        "/plans/fire", "/plans/fire/versions/2", "/rehearse", "/admin", "/admin/people", "/orders", "/queue", "/login",
        "/index.html"}) {
    const Reply reply = site.get(path);
    EXPECT_EQ(reply.status, 200) << path;
    EXPECT_EQ(reply.type, "text/html; charset=utf-8") << path;
    EXPECT_NE(reply.body.find("console"), std::string::npos) << path;
    EXPECT_EQ(reply.header("Cache-Control"), "no-cache") << path;
  }
  const std::string policy = site.get("/field").header("Content-Security-Policy");
  for (const char* part : {"script-src 'self';", "connect-src 'self'", "worker-src 'self'", "frame-ancestors 'none'"}) {
    EXPECT_NE(policy.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
}

// A phone that does not trust the node yet needs the plain page, which works without scripts.
TEST(ConsoleFiles, TheConsoleDoesNotStandInFrontOfTrust) {
  const Folder folder;
  World world([&folder](Options& options) {
    options.web_dir = folder.path();
    options.trust = {"der bytes", "AB:CD:EF", "Ting'an local authority 0a0b0c"};
  });
  EXPECT_NE(world.send(Method::kGet, "/trust").body.find("AB:CD:EF"), std::string::npos);
  EXPECT_EQ(world.send(Method::kGet, "/trust/ca.crt").body, "der bytes");
}

TEST(ConsoleFiles, WhatIsNotThereIsAProblem) {
  Site site;
  for (const char* path : {"/nothing", "/assets/none.js", "/field/none.js", "/plans/Fire.YAML", "/assets/", "/assets",
                           "/index.html.br", "/app.js", "/fields", "/api/v2"}) {
    const Reply reply = site.get(path);
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_EQ(reply.type, "application/problem+json") << path;
  }
  EXPECT_EQ(site.world.send(Method::kPost, "/field").status, 404);
}

TEST(ConsoleFiles, HashedAssetsStayForeverAndTheRestIsAskedAbout) {
  Site site;
  const Reply script = site.get("/assets/app-DX81.js");
  EXPECT_EQ(script.type, "text/javascript; charset=utf-8");
  EXPECT_EQ(script.header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(site.get("/sw.js").header("Cache-Control"), "no-cache");
  EXPECT_EQ(site.get("/manifest.webmanifest").type, "application/manifest+json");
  const std::string tag = site.get("/sw.js").header("ETag");
  const Reply unchanged = site.get("/sw.js", {{"If-None-Match", tag}});
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.body, "");
  EXPECT_EQ(site.get("/sw.js", {{"If-None-Match", "\"other\""}}).status, 200);
}

TEST(ConsoleFiles, APackedTwinGoesToWhoTakesIt) {
  Site site;
  const Reply packed = site.get("/field", {{"Accept-Encoding", "gzip, deflate, br"}});
  EXPECT_EQ(packed.body, "packed page");
  EXPECT_EQ(packed.header("Content-Encoding"), "br");
  EXPECT_EQ(packed.header("Vary"), "Accept-Encoding");
  const Reply zipped = site.get("/field", {{"Accept-Encoding", "gzip, br;q=0"}});
  EXPECT_EQ(zipped.body, "zipped page");
  EXPECT_EQ(zipped.header("Content-Encoding"), "gzip");
  EXPECT_NE(zipped.header("ETag"), packed.header("ETag"));
  const Reply plain = site.get("/field", {{"Accept-Encoding", "identity"}});
  EXPECT_EQ(plain.header("Content-Encoding"), "");
  EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
  EXPECT_EQ(site.get("/assets/app-DX81.js", {{"Accept-Encoding", "br, gzip"}}).body, "zipped script");
}

TEST(ConsoleFiles, WithoutAConsoleThereIsThePlainPage) {
  World world;
  EXPECT_EQ(world.send(Method::kGet, "/").status, 200);
  EXPECT_EQ(world.send(Method::kGet, "/app.js").status, 200);
  EXPECT_EQ(world.send(Method::kGet, "/incidents/01933333-0000-7000-8000-000000000000").status, 200);
  EXPECT_EQ(world.send(Method::kGet, "/field").status, 404);
}

}  // namespace
}  // namespace tingan::api
