#include "structure/source_tree.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace tingan::structure {
namespace {

namespace fs = std::filesystem;

bool has_ending(const std::string& path, const std::vector<std::string>& endings) {
  return std::any_of(endings.begin(), endings.end(), [&](const std::string& ending) { return path.ends_with(ending); });
}

bool is_foreign(const fs::path& path) {
  const std::string name = path.filename().string();
  return name == "node_modules" || name == "dist" || name == "build" || name == ".git";
}

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

// Walks over one C++ text and keeps what is code.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), out_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (starts("//")) {
        blank_until(text_.find('\n', at_));
      } else if (starts("/*")) {
        const std::size_t end = text_.find("*/", at_ + 2);
        blank_until(end == std::string_view::npos ? end : end + 2);
      } else if (starts("R\"") && !follows_a_word()) {
        raw_string();
      } else if (text_[at_] == '"' || (text_[at_] == '\'' && !follows_a_word())) {
        quoted(text_[at_]);
      } else {
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  bool starts(std::string_view with) const { return text_.substr(at_).starts_with(with); }

  // In 1'000 and u8R the quote or the R belongs to the word before it.
  bool follows_a_word() const {
    if (at_ == 0) return false;
    const char before = text_[at_ - 1];
    return std::isalnum(static_cast<unsigned char>(before)) != 0 || before == '_';
  }

  void blank_until(std::size_t end) {
    end = std::min(end, text_.size());
    for (; at_ < end; ++at_) {
      if (text_[at_] != '\n') out_[at_] = ' ';
    }
  }

  void quoted(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    ++at_;  // the quotes themselves stay, so that an include keeps its shape
    blank_until(end);
    ++at_;
  }

  void raw_string() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) return blank_until(text_.size());
    const std::string closing = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    const std::size_t end = text_.find(closing, open);
    blank_until(end == std::string_view::npos ? end : end + closing.size());
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<SourceFile> read_sources(const std::vector<std::string>& folders, const std::vector<std::string>& endings) {
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    if (fs::is_regular_file(folder)) files.push_back({folder, content(folder)});
    if (!fs::is_directory(folder)) continue;
    for (fs::recursive_directory_iterator entry(folder), end; entry != end; ++entry) {
      if (entry->is_directory() && is_foreign(entry->path())) entry.disable_recursion_pending();
      const std::string path = entry->path().generic_string();
      if (entry->is_regular_file() && has_ending(path, endings)) files.push_back({path, content(entry->path())});
    }
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  if (files.empty()) {
    std::fputs("Expected to run in the top folder of the sources, but found none of the files to check\n", stderr);
    std::abort();
  }
  return files;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string code_only(std::string_view text) { return Blanker(text).run(); }

bool is_test_file(std::string_view path) {
  return path.ends_with("_test.cpp") || path.starts_with("tests/") || path.starts_with("bench/") ||
         path.find("/testing") != std::string_view::npos || path.ends_with("_testing.h");
}

}  // namespace tingan::structure
