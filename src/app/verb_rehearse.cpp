// tingan rehearse: runs a scenario on the virtual clock, prints what happened and whether it was as demanded.
#include <unistd.h>

#include <iostream>

#include "app/data_root.h"
#include "app/rehearsal_setting.h"
#include "app/verbs.h"
#include "sim/scenario/runner.h"
#include "sim/scenario/scenario_yaml.h"

namespace tingan {
namespace {

using scenario::Entry;
using scenario::LineResult;

struct Request {
  std::string scenario;
  RehearsalFiles files;
  std::string language = "zh";
  bool json = false;
};

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

// What cannot be run is not a scenario that failed: the exit code says so, and so does the last line.
int cannot_run(const Request& request, const std::vector<Error>& errors) {
  for (const Error& error : errors) std::cerr << to_string(error) << '\n';
  if (request.json) {
    JsonWriter out;
    out.raw(R"({"result":"fail","unmet":[],"errors":[)");
    for (const Error& error : errors) {
      out.open('{');
      out.key("where");
      out.string(error.where);
      out.comma();
      out.key("code");
      out.string(error.code);
      out.comma();
      out.key("text");
      scenario::write_text(out, error.message);
      out.comma();
      out.close('}');
      out.comma();
    }
    out.close(']');
    out.raw("}");
    fmt::print("{}\n", out.view());
  }
  return kWrongUse;
}

void print_json(const scenario::Result& result, const std::string& file) {
  JsonWriter out;
  for (const Entry& entry : result.entries) {
    out.clear();
    write_entry(out, entry, result.start);
    fmt::print("{}\n", out.view());
  }
  out.clear();
  out.raw(result.passed() ? R"({"result":"pass","unmet":[)" : R"({"result":"fail","unmet":[)");
  for (const LineResult& line : result.lines) {
    for (const Text& text : line.unmet) {
      out.open('{');
      out.key("where");
      out.string(fmt::format("{}:{}", file, line.line));
      out.comma();
      out.key("line");
      out.integer(line.line);
      out.comma();
      out.key("t");
      scenario::write_seconds(out, line.at - result.start);
      out.comma();
      out.key("text");
      scenario::write_text(out, text);
      out.comma();
      out.close('}');
      out.comma();
    }
  }
  out.close(']');
  out.raw("}");
  fmt::print("{}\n", out.view());
}

class Printer {
 public:
  Printer(const scenario::Result& result, const std::string& file, bool english)
      : result_(result), file_(file), english_(english), colours_(isatty(STDOUT_FILENO) == 1) {}

  void print(const std::string& title) {
    fmt::print("{}{}{}\n", bold(), title.empty() ? file_ : title, plain());
    std::size_t next = 0;
    for (const LineResult& line : result_.lines) {
      for (; next < line.after_entry; ++next) print_entry(result_.entries[next]);
      for (const Text& text : line.unmet) {
        fmt::print("{}  ✗ {}:{} {}{}\n", colour("\033[1;31m"), file_, line.line, in(text), plain());
      }
    }
    for (; next < result_.entries.size(); ++next) print_entry(result_.entries[next]);
    print_end();
  }

 private:
  const char* colour(const char* code) const { return colours_ ? code : ""; }
  const char* bold() const { return colour("\033[1m"); }
  const char* plain() const { return colour("\033[0m"); }
  const std::string& in(const Text& text) const { return english_ ? text.en : text.zh; }

  const char* colour_of(const Entry& entry) const {
    const std::string& event = entry.event;
    if (event == "escalation-fired" || event == "step-late" || event == "report-missed") return colour("\033[33m");
    if (event == "nobody-found" || event == "refused" || event.starts_with("node-")) return colour("\033[31m");
    if (event == "step-done" || event == "incident-closed" || event == "incident-contained") return colour("\033[32m");
    if (event == "incident-declared" || event == "chain-fired") return bold();
    const bool quiet = event == "told" || event == "told-again" || event == "notice-acknowledged" ||
                       event.starts_with("script-") || event.starts_with("prohibition-");
    return quiet ? colour("\033[2m") : "";
  }

  std::string clock(Duration length) const {
    const auto seconds = length.count() / 1000;
    return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  void print_entry(const Entry& entry) {
    std::string tail;
    for (const ClauseId clause : entry.clauses) tail += (tail.empty() ? "" : " ") + clause.str();
    if (!entry.people.empty() && (entry.fires || entry.event == "told-again")) {
      std::string people;
      for (const PersonId person : entry.people) people += (people.empty() ? "" : " ") + person.str();
      tail += (tail.empty() ? "→ " : " → ") + people;
    }
    const bool late_clock = entry.due && entry.fires && *entry.due < entry.at && entry.event == "escalation-fired";
    if (late_clock) {
      const std::string due = clock(*entry.due - result_.start);
      tail += english_ ? " (was due at " + due + ")" : "（原定 " + due + "）";
    }
    fmt::print("{}{:>8}  {:<14} {}{}{}{}\n", colour_of(entry), clock(entry.at - result_.start), entry.name,
               in(entry.text), plain(), tail.empty() ? "" : "  ",
               colours_ && !tail.empty() ? "\033[2m" + tail + "\033[0m" : tail);
  }

  void print_end() {
    std::size_t unmet = 0;
    for (const LineResult& line : result_.lines) unmet += line.unmet.size();
    const std::size_t lines = result_.lines.size();
    if (unmet == 0) {
      const Text text{fmt::format("通过：{} 行都如所要求", lines),
                      fmt::format("passed: all {} lines as demanded", lines)};
      fmt::print("{}✓ {}{}\n", colour("\033[1;32m"), in(text), plain());
    } else {
      const Text text{fmt::format("未通过：{} 处不如所要求", unmet), fmt::format("failed: {} demands not met", unmet)};
      fmt::print("{}✗ {}{}\n", colour("\033[1;31m"), in(text), plain());
    }
  }

  const scenario::Result& result_;
  const std::string& file_;
  bool english_;
  bool colours_;
};

int rehearse(const Request& request) {
  const auto text = read_text_file(request.scenario);
  if (!text) return cannot_run(request, {text.error()});
  const std::string file = shown_path(request.scenario);
  const auto parsed = scenario::parse_scenario(*text, file, known_clauses(request.files));
  if (!parsed) return cannot_run(request, parsed.error());
  const auto prepared = prepare_rehearsals(request.files);
  if (!prepared) return cannot_run(request, prepared.error());
  const auto result = scenario::run_scenario(**prepared, *parsed);
  if (!result) return cannot_run(request, {result.error()});
  if (request.json) {
    print_json(*result, file);
  } else {
    Printer(*result, file, request.language == "en").print(parsed->title);
  }
  return result->passed() ? 0 : kFailed;
}

}  // namespace

void add_rehearse(CLI::App& app, int& exit_code) {
  auto request = std::make_shared<Request>();
  CLI::App* verb = app.add_subcommand(
      "rehearse", "runs a scenario on the virtual clock; exit 1 if it is not as demanded, 2 if it cannot be run");
  verb->add_option("SCENARIO", request->scenario, "scenario file")->required();
  verb->add_option("--plans", request->files.plans, "folder of plans (default: the shipped ones)");
  verb->add_option("--org", request->files.organisation, "organisation file (default: the demo organisation)");
  verb->add_option("--forms", request->files.business, "folder of business types (default: the shipped ones)");
  verb->add_option("--lang", request->language, "zh or en")->check(CLI::IsMember({"zh", "en"}))->capture_default_str();
  verb->add_flag("--json", request->json, "print every event as a line of JSON, then the result");
  verb->callback([request, &exit_code] { exit_code = rehearse(*request); });
}

}  // namespace tingan
