// For tests only: the texts of the shipped plans, and how one is changed at one place.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace tingan::plancheck_testing {

inline std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline const std::map<std::string, std::string>& shipped() {
  static const std::map<std::string, std::string> texts = [] {
    std::map<std::string, std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator("plans")) {
      if (entry.path().extension() == ".yaml") out[entry.path().stem().string()] = read(entry.path());
    }
    return out;
  }();
  return texts;
}

inline int line_at(const std::string& text, std::size_t position) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

// Replaces the first `from` that stands after `after`; gives the line on which the change begins.
struct Edit {
  const char* after;
  const char* from;
  const char* to;
};
inline int apply(std::string& text, const Edit& edit) {
  const auto start = text.find(edit.after);
  EXPECT_NE(start, std::string::npos) << edit.after;
  const auto place = text.find(edit.from, start);
  EXPECT_NE(place, std::string::npos) << edit.after << " ... " << edit.from;
  if (start == std::string::npos || place == std::string::npos) return 0;
  const int line = line_at(text, place);
  text.replace(place, std::string_view(edit.from).size(), edit.to);
  return line;
}

}  // namespace tingan::plancheck_testing
