// For tests: the shipped plans and the demo organisation, prepared once a process.
#pragma once
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/check.h"
#include "sim/scenario/runner.h"
#include "sim/scenario/scenario_yaml.h"

namespace tingan::scenario::testing {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

inline std::vector<std::filesystem::path> yaml_files(const char* folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

inline Setting shipped_setting() {
  Setting setting{read_file("org/demo.yaml"), "org/demo.yaml", {}, {}};
  for (const auto& file : yaml_files("plans")) setting.plans.push_back({file.string(), read_file(file)});
  for (const auto& file : yaml_files("forms")) setting.business.push_back({file.string(), read_file(file)});
  return setting;
}

inline const Prepared& shipped() {
  static const auto prepared = Prepared::make(shipped_setting());
  CHECK(prepared.has_value());
  return **prepared;
}

inline Scenario must_parse(const std::string& yaml) {
  auto parsed = parse_scenario(yaml, "test.yaml");
  CHECK(parsed.has_value());
  return std::move(*parsed);
}

// Every unmet demand of a result, with its line.
inline std::string unmet(const Result& result) {
  std::string out;
  for (const LineResult& line : result.lines) {
    for (const Text& text : line.unmet) out += fmt::format("line {}: {}\n", line.line, text.en);
  }
  return out;
}

inline Result must_run(const Scenario& scenario) {
  auto result = run_scenario(shipped(), scenario);
  CHECK(result.has_value());
  return std::move(*result);
}

// The unmet demands of a scenario with this script; empty: it passed.
inline std::string rehearse(const std::string& script, const std::string& start = "2026-11-23T10:00:00+08:00") {
  return unmet(must_run(must_parse("start: " + start + "\nscript:\n" + script)));
}

}  // namespace tingan::scenario::testing
