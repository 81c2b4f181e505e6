// The sources as text, for tests that hold the house to its own rules.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tingan::structure {

struct SourceFile {
  std::string path;  // from the top of the sources: "src/base/time.h"
  std::string text;
};

// All files under these folders (or these files) with one of the endings, in order of path. The working directory is
// the top of the sources. Ends the test program when nothing is found: a rule over no files would always hold.
std::vector<SourceFile> read_sources(const std::vector<std::string>& folders, const std::vector<std::string>& endings);

std::vector<std::string> lines_of(std::string_view text);

// C++ without its comments and without what stands inside string and character literals (raw ones too): each such byte
// becomes a blank, line ends stay, so that places stay the same.
std::string code_only(std::string_view text);

bool is_test_file(std::string_view path);

}  // namespace tingan::structure
