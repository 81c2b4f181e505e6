#include "structure/tidy_rules.h"

#include <regex.h>

#include "base/check.h"

namespace tingan::structure {
namespace {

constexpr std::size_t kLineSignsMax = 120;
constexpr std::size_t kFileLinesMax = 400;

// UTF-8: every byte that does not continue a sign begins one.
std::size_t signs(std::string_view line) {
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_ascii(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// A POSIX extended pattern with GNU's \\b and \\w: over all sources a hundred times as fast as std::regex.
class Pattern {
 public:
  explicit Pattern(const std::string& text) { CHECK(::regcomp(&compiled_, text.c_str(), REG_EXTENDED) == 0); }
  ~Pattern() { ::regfree(&compiled_); }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  std::string find_in(const std::string& line) const {
    regmatch_t match{};
    if (::regexec(&compiled_, line.c_str(), 1, &match, 0) != 0) return "";
    return line.substr(static_cast<std::size_t>(match.rm_so), static_cast<std::size_t>(match.rm_eo - match.rm_so));
  }

 private:
  regex_t compiled_;
};

bool is_blank(std::string_view line) { return line.find_first_not_of(' ') == std::string_view::npos; }

// A raw literal, such as a style sheet or a body of a test, has its own width: it cannot be wrapped.
bool is_literal(std::string_view raw, std::string_view code) {
  if (raw.find("R\"") != std::string_view::npos) return true;
  return is_blank(code) && !raw.substr(std::min(raw.size(), raw.find_first_not_of(' '))).starts_with("//");
}

bool is_pardoned(const TokenRule& rule, const std::string& path) {
  return std::any_of(rule.pardons.begin(), rule.pardons.end(), [&](const Pardon& p) { return p.path == path; });
}

}  // namespace

std::string to_string(const Violation& violation) {
  return violation.path + ":" + std::to_string(violation.line) + ": " + violation.what;
}

const std::vector<TokenRule>& token_rules() {
  // The marks are written in two parts, so that this table does not find itself.
  static const std::vector<TokenRule> rules = {
      {.token = R"((system|steady|high_resolution)_clock::now)",
       .instead = "time is an argument, or comes from ports/clock.h",
       .pardons = {{"src/runtime/node_clock.cpp", "is the node's clock"},
                   {"src/runtime/engine.cpp", "the pause after a full disk is the machine's time and never scaled"}}},
      {.token = R"(\b(gettimeofday|clock_gettime|localtime(_r)?|gmtime(_r)?|mktime|strftime)\b|\bstd::time\()",
       .instead = "base/time.h with a zone that is an argument (docs/adr/0002-fixed-zone.md)",
       .pardons = {{"src/runtime/node_clock.cpp", "the machine's clock that goes on while it sleeps"}}},
      {.token = R"(\b(std::)?s?rand\(|\brandom_device\b|\bmt19937)",
       .instead = "ports/random.h: what is random must be repeatable from a seed"},
      {.token = R"(\bthrow\b)",
       .instead = "return fail(...) of base/error.h: what can go wrong in operation is a value",
       .pardons = {{"src/codec/yaml_tree.cpp", "leaves yaml-cpp's event handler; caught in the same file"}}},
      {.token = R"(\bassert\()", .instead = "CHECK of base/check.h, which stays on in a release", .in_tests = true},
      {.token = "\\b(TO"
                "DO|FIX"
                "ME|HA"
                "CK|X"
                "XX)\\b",
       .instead = "an issue, or do it now",
       .in_comments = true,
       .in_tests = true},
      {.token = R"(\b(std::)?v?[fs]?n?printf\()",
       .instead = "fmt::format, or spdlog for the log",
       .pardons = {{"src/base/check.cpp", "says its last word while memory may be broken"}}},
      {.token = R"(\bstd::c(out|err)\b)",
       .instead = "the command line alone talks to the terminal (src/app); elsewhere return it, or spdlog",
       .pardons = {}},
      {.token = R"(\bstd::regex\b)", .instead = "a hand-written reader: std::regex overflows the stack on long input"},
      {.token = R"(\bstd::sto(i|l|ll|ul|ull|f|d)\()", .instead = "std::from_chars, which does not throw"},
      {.token = R"(\bsleep_(for|until)\b|\bu?sleep\(|\bnanosleep\()",
       .instead = "wait for the thing itself: a condition variable, a timer"},
      {.token = R"(\busing namespace std;)", .instead = "names with std::", .in_tests = true},
      {.token = R"(std::string(_view)?\s*(const)?\s*&?\s+\w*(incident|unit|role|plan|person|step)_id\b)",
       .instead = "the strong id of model/ids.h",
       .in_tests = true},
      {.token = R"(\bnlohmann|\brapidjson|\bsimdjson)",
       .instead = "Boost.JSON: one JSON library throughout",
       .in_tests = true},
      {.token = R"(<boost/beast/[a-z_]+\.hpp>|<boost/asio\.hpp>|<boost/asio/awaitable\.hpp>)",
       .instead =
           "the single header that is needed: these cost seconds in every file (docs/adr/0006-http-state-machine.md)",
       .in_tests = true},
  };
  return rules;
}

std::vector<Violation> check_tokens(const SourceFile& file, const std::vector<TokenRule>& rules) {
  std::vector<Violation> found;
  const std::vector<std::string> raw = lines_of(file.text);
  const std::vector<std::string> code = lines_of(code_only(file.text));
  for (const TokenRule& rule : rules) {
    if (is_pardoned(rule, file.path) || (is_test_file(file.path) && !rule.in_tests)) continue;
    const Pattern token(rule.token);
    const std::vector<std::string>& lines = rule.in_comments ? raw : code;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string match = token.find_in(lines[i]);
      if (match.empty()) continue;
      found.push_back({file.path, static_cast<int>(i) + 1, fmt::format("'{}': use {}", match, rule.instead)});
    }
  }
  return found;
}

std::vector<Violation> check_shape(const SourceFile& file) {
  std::vector<Violation> found;
  const std::vector<std::string> raw = lines_of(file.text);
  const std::vector<std::string> code = lines_of(code_only(file.text));
  const auto add = [&](std::size_t index, std::string what) {
    found.push_back({file.path, static_cast<int>(index) + 1, std::move(what)});
  };
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i].find('\t') != std::string::npos) add(i, "a tab: use blanks");
    if (!raw[i].empty() && (raw[i].back() == ' ' || raw[i].back() == '\r')) add(i, "a blank at the line's end");
    if (signs(raw[i]) > kLineSignsMax && !is_literal(raw[i], code[i]))
      add(i, "a line over 120 signs: run scripts/lint --fix");
    if (!is_ascii(code[i])) add(i, "a name that is not ASCII: foreign signs belong into literals");
  }
  if (raw.size() > kFileLinesMax) add(raw.size() - 1, "over 400 lines: one file, one concept");
  if (!file.text.ends_with('\n')) add(raw.empty() ? 0 : raw.size() - 1, "no end of line at the end");
  if (!file.path.ends_with(".h")) return found;
  if (file.text.find("#pragma once\n") == std::string::npos) add(0, "a header without #pragma once");
  if (!file.text.starts_with("//")) add(0, "a header that does not begin by saying what it is for");
  return found;
}

}  // namespace tingan::structure
