// The commands of the documents are run as they stand, with the real program: each page's blocks marked `sh test` form
// one script, run in an empty folder.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "structure/source_tree.h"

namespace tingan::structure {
namespace {

namespace fs = std::filesystem;

std::string commands_of(const std::string& page) {
  std::string commands;
  bool inside = false;
  for (const std::string& line : lines_of(page)) {
    if (line.starts_with("```")) {
      inside = line == "```sh test";
    } else if (inside) {
      commands += line + "\n";
    }
  }
  return commands;
}

class Guide : public ::testing::TestWithParam<std::string> {};

TEST_P(Guide, CommandsDoWhatThePageSays) {
  const std::string page = read_sources({GetParam()}, {}).front().text;
  const std::string top = fs::current_path().string();
  std::string pattern = (fs::temp_directory_path() / "tingan-guide-XXXXXX").string();
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  const fs::path folder = pattern;
  fs::create_directory(folder / "work");
  // Whatever was left running ends with the script, in its time or when it has taken too long.
  std::ofstream(folder / "script") << "set -euo pipefail\n"
                                   << "trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n"
                                   << "export TINGAN_SHARE='" << top << "' PATH='"
                                   << fs::path(TINGAN_BINARY).parent_path().string() << "':\"$PATH\"\n"
                                   << "cd '" << (folder / "work").string() << "'\n"
                                   << commands_of(page);
  const std::string run = fmt::format("timeout 180 bash '{0}/script' >'{0}/output' 2>&1 </dev/null", folder.string());
  const int status = std::system(run.c_str());
  EXPECT_EQ(status, 0) << read_sources({(folder / "output").string()}, {}).front().text;
  fs::remove_all(folder);
}

std::vector<std::string> pages_with_commands() {
  std::vector<std::string> paths;
  for (const SourceFile& page : read_sources({"README.md", "docs"}, {".md"})) {
    if (!commands_of(page.text).empty()) paths.push_back(page.path);
  }
  return paths;
}

INSTANTIATE_TEST_SUITE_P(Docs, Guide, ::testing::ValuesIn(pages_with_commands()), [](const auto& test) {
  std::string name = test.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace tingan::structure
