#include "api/static_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace tingan::api {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("tingan-web-" + std::to_string(::getpid()));
    fs::create_directories(folder_ / "assets");
    write("index.html", "<html>page</html>");
    write("assets/app-1.js", "whole");
    write("assets/app-1.js.br", "brotli");
    write("assets/app-1.js.gz", "gzip");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  std::optional<net::Response> get(const std::string& path, std::string_view accepted = {}) {
    net::Request request;
    request.target_path = path;
    if (!accepted.empty()) request.headers.add("Accept-Encoding", std::string(accepted));
    return StaticFiles(folder_.string()).find(request);
  }

  fs::path folder_;
};

TEST_F(StaticFilesTest, ThePlacesOfTheConsoleAreThePageAndNothingElseIs) {
  for (const char* path : {"/", "/login", "/field", "/incidents", "/incidents/anything", "/plans/outage/versions/3"}) {
    const auto answer = get(path);
    ASSERT_TRUE(answer.has_value()) << path;
    EXPECT_EQ(*answer->shared_body, "<html>page</html>") << path;
  }
  for (const char* path :
       {"/fields", "/nothing", "/assets/missing.js", "/field/missing.js", "/admin.php", "/api/v1/x"}) {
    EXPECT_FALSE(get(path).has_value()) << path;
  }
}

TEST_F(StaticFilesTest, APlaceMayHaveAPageOfItsOwn) {
  write("field.html", "<html>phone</html>");
  for (const char* path : {"/field", "/field/anything"}) EXPECT_EQ(*get(path)->shared_body, "<html>phone</html>");
  for (const char* path : {"/", "/plans", "/incidents/field"}) EXPECT_EQ(*get(path)->shared_body, "<html>page</html>");
  EXPECT_FALSE(get("/fields").has_value());
}

TEST_F(StaticFilesTest, TheSmallerTwinGoesToWhoTakesIt) {
  EXPECT_EQ(*get("/assets/app-1.js")->shared_body, "whole");
  EXPECT_EQ(*get("/assets/app-1.js", "gzip, deflate, br")->shared_body, "brotli");
  EXPECT_EQ(*get("/assets/app-1.js", "gzip;q=1.0, br;q=0")->shared_body, "gzip");
  EXPECT_EQ(*get("/assets/app-1.js", "brx, identity")->shared_body, "whole");
  EXPECT_FALSE(get("/assets/app-1.js.br").has_value()) << "a twin has no path of its own";
}

TEST_F(StaticFilesTest, WithoutABuiltConsoleThePlainPageHasOnlyItsTwoPaths) {
  fs::remove(folder_ / "index.html");
  EXPECT_TRUE(get("/").has_value());
  EXPECT_TRUE(get("/incidents/0192f5a0-0000-7000-8000-000000000000").has_value());
  EXPECT_FALSE(get("/field").has_value());
}

}  // namespace
}  // namespace tingan::api
