// The repository tests itself: what the house forbids is found, here and now, and each rule is seen to work.
#include <gtest/gtest.h>

#include <filesystem>

#include "structure/tidy_rules.h"

namespace tingan::structure {
namespace {

std::vector<SourceFile> all_sources() { return read_sources({"src", "tests", "bench"}, {".cpp", ".h"}); }

// src/app is where the terminal is; everything else of the product has to return what it has to say.
bool is_terminal(const SourceFile& file) { return file.path.starts_with("src/app/"); }

TEST(Tidy, NoForbiddenTokens) {
  for (const SourceFile& file : all_sources()) {
    if (file.path.starts_with("tests/structure/") || file.path == "tests/tidy_test.cpp") continue;  // names them all
    for (const Violation& violation : check_tokens(file, token_rules())) {
      if (is_terminal(file) && violation.what.starts_with("'std::c")) continue;
      ADD_FAILURE() << to_string(violation);
    }
  }
}

TEST(Tidy, FilesKeepTheirShape) {
  for (const SourceFile& file : all_sources()) {
    for (const Violation& violation : check_shape(file)) ADD_FAILURE() << to_string(violation);
  }
}

// A pardon for a file that is gone, or that no longer needs it, would hide the next one.
TEST(Tidy, EveryPardonIsNeeded) {
  for (TokenRule rule : token_rules()) {
    const std::vector<Pardon> pardons = std::move(rule.pardons);
    rule.pardons.clear();
    for (const Pardon& pardon : pardons) {
      ASSERT_TRUE(std::filesystem::exists(pardon.path)) << pardon.path;
      const SourceFile file = read_sources({pardon.path}, {}).front();
      EXPECT_FALSE(check_tokens(file, {rule}).empty()) << pardon.path << " needs no pardon for " << rule.token;
      EXPECT_FALSE(pardon.why.empty());
    }
  }
}

struct Planted {
  const char* line;
  int count;
};

TEST(Tidy, FindsWhatIsPlanted) {
  const Planted planted[] = {
      {"auto t = std::chrono::system_clock::now();", 1},
      {"const std::time_t t = std::time(nullptr);", 1},
      {"int r = rand();", 1},
      {"std::random_device seed;", 1},
      {"throw std::runtime_error(\"no\");", 1},
      {"assert(x);", 1},
      {"static_assert(sizeof(int) == 4);", 0},
      {"// TO"
       "DO: later",
       1},
      {"const char* path = \"/tmp/a-XX"
       "XXXX\";",
       0},
      {"std::printf(\"%d\", 1);", 1},
      {"std::snprintf(buffer, 3, \"x\");", 1},
      {"spdlog::info(\"printf( throw assert(\");", 0},
      {"// a comment may say throw, assert( and system_clock::now", 0},
      {"const char* text = R\"(throw now)\"; throw 1;", 1},
      {"std::this_thread::sleep_for(1s);", 1},
      {"void find(const std::string& incident_id);", 1},
      {"const int n = std::stoi(text);", 1},
      {"#include <boost/asio.hpp>", 1},
  };
  for (const Planted& plant : planted) {
    const SourceFile file{"src/core/planted.cpp", std::string(plant.line) + "\n"};
    EXPECT_EQ(check_tokens(file, token_rules()).size(), static_cast<std::size_t>(plant.count)) << plant.line;
  }
}

TEST(Tidy, FindsPlantedShapes) {
  const auto problems = [](std::string path, std::string text) {
    return check_shape({std::move(path), std::move(text)}).size();
  };
  EXPECT_EQ(problems("src/a.cpp", "int a;\n"), 0U);
  EXPECT_EQ(problems("src/a.cpp", "\tint a;\n"), 1U);
  EXPECT_EQ(problems("src/a.cpp", "int a; \n"), 1U);
  EXPECT_EQ(problems("src/a.cpp", "int a;"), 1U);
  EXPECT_EQ(problems("src/a.cpp", "int größe;\n"), 1U);
  EXPECT_EQ(problems("src/a.cpp", "const char* a = \"营业厅\";  // 营业厅\n"), 0U);
  std::string long_line(122, 'a');
  long_line.back() = '\n';
  EXPECT_EQ(problems("src/a.cpp", long_line), 1U);
  EXPECT_EQ(problems("src/a.cpp", std::string(401, '\n')), 1U);
  EXPECT_EQ(problems("src/a.h", "// What it is.\n#pragma once\n"), 0U);
  EXPECT_EQ(problems("src/a.h", "int a;\n"), 2U);
}

TEST(Tidy, KeepsPlacesWhenItBlanksLiterals) {
  const std::string text = "a(\"x//y\", 'b', 1'000); // c\nR\"z(\n\")z\" /* d\n */ e";
  const std::string code = code_only(text);
  ASSERT_EQ(code.size(), text.size());
  EXPECT_EQ(code, "a(\"    \", ' ', 1'000);     \n    \n         \n    e");
}

}  // namespace
}  // namespace tingan::structure
