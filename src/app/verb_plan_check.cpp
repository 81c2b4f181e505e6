// tingan plan check: loads and proves plans.
#include <unistd.h>

#include <boost/json.hpp>
#include <iostream>

#include "app/data_root.h"
#include "app/verbs.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

struct Request {
  std::vector<std::string> paths;
  std::string organisation;
  bool json = false;
};

struct Gathered {
  std::vector<fs::path> files;    // whose findings are asked for
  std::vector<fs::path> context;  // looked at, so that chains find what they start
};

// Single files are checked among their neighbours and the shipped plans; a folder stands for itself.
Expected<Gathered> gather(const Request& request, const std::optional<fs::path>& root) {
  Gathered out;
  std::vector<fs::path> folders;
  if (request.paths.empty()) {
    if (!root) {
      return fail("file.missing", {"找不到预案目录，请写明路径或设置 TINGAN_SHARE",
                                   "Expected a folder with plans, but found none: name one or set TINGAN_SHARE"});
    }
    folders.push_back(*root / "plans");
  }
  for (const std::string& path : request.paths) folders.emplace_back(path);
  for (const fs::path& path : folders) {
    const auto files = plan_files(path);
    if (!files) return tl::unexpected(files.error());
    out.files.insert(out.files.end(), files->begin(), files->end());
    std::error_code error;
    if (!fs::is_regular_file(path, error)) continue;
    const auto beside = plan_files(fs::absolute(path, error).parent_path());
    if (beside) out.context.insert(out.context.end(), beside->begin(), beside->end());
  }
  const bool single_files = !out.context.empty();
  if (root && single_files) {
    const auto shipped = plan_files(*root / "plans");
    if (shipped) out.context.insert(out.context.end(), shipped->begin(), shipped->end());
  }
  return out;
}

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return fs::equivalent(a, b, error);
}

std::vector<PlanPtr> load_all(const Gathered& gathered, std::vector<Finding>& findings) {
  std::vector<PlanPtr> plans;
  for (const fs::path& file : gathered.files) {
    if (PlanPtr plan = load_plan(file, findings)) plans.push_back(std::move(plan));
  }
  for (const fs::path& file : gathered.context) {
    const bool asked = std::any_of(gathered.files.begin(), gathered.files.end(),
                                   [&](const fs::path& one) { return same_file(one, file); });
    if (asked) continue;
    std::vector<Finding> ignored;
    const PlanPtr plan = load_plan(file, ignored);
    const bool taken = plan == nullptr ||
                       std::any_of(plans.begin(), plans.end(), [&](const PlanPtr& one) { return one->id == plan->id; });
    if (!taken) plans.push_back(plan);
  }
  return plans;
}

const char* level_name(Finding::Level level) {
  return level == Finding::Level::error ? "error" : level == Finding::Level::warning ? "warning" : "note";
}

boost::json::value to_json(const Finding& finding) {
  boost::json::array clauses;
  for (const ClauseId clause : finding.clauses) clauses.emplace_back(clause.str());
  boost::json::array witness;
  for (const std::string& one : finding.witness) witness.emplace_back(one);
  return {{"level", level_name(finding.level)},
          {"code", finding.code},
          {"file", finding.file},
          {"line", finding.line},
          {"plan", finding.plan.str()},
          {"clauses", clauses},
          {"message", {{"zh", finding.message.zh}, {"en", finding.message.en}}},
          {"witness", witness}};
}

void print(const Finding& finding, bool colours) {
  const char* colour = !colours ? "" : finding.level == Finding::Level::error ? "\033[1;31m" : "\033[1;33m";
  const char* bold = colours ? "\033[1m" : "";
  const char* plain = colours ? "\033[0m" : "";
  std::string tail;
  for (const ClauseId clause : finding.clauses) tail += " " + clause.str();
  for (const std::string& one : finding.witness) tail += " · " + one;
  fmt::print("{}{}:{}:{} {}{}:{} {}\n    {} [{}]{}\n", bold, finding.file, finding.line, plain, colour,
             level_name(finding.level), plain, finding.message.zh, finding.message.en, finding.code, tail);
}

void print_all(const std::vector<Finding>& findings, std::size_t plans, bool json) {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  for (const Finding& finding : findings) {
    errors += finding.level == Finding::Level::error ? 1 : 0;
    warnings += finding.level == Finding::Level::warning ? 1 : 0;
  }
  if (json) {
    boost::json::array list;
    for (const Finding& finding : findings) list.push_back(to_json(finding));
    fmt::print("{}\n", boost::json::serialize(list));
    return;
  }
  const bool colours = isatty(STDOUT_FILENO) == 1;
  for (const Finding& finding : findings) print(finding, colours);
  fmt::print("检查了 {} 个预案：{} 个错误，{} 个警告 / {} plans checked: {} errors, {} warnings\n", plans, errors,
             warnings, plans, errors, warnings);
}

int check(const Request& request) {
  const auto root = find_data_root();
  const auto gathered = gather(request, root);
  if (!gathered) {
    std::cerr << to_string(gathered.error()) << '\n';
    return 2;
  }
  std::vector<Finding> findings;
  CheckInput input;
  input.plans = load_all(*gathered, findings);
  std::error_code error;
  fs::path organisation = request.organisation;
  if (organisation.empty() && root && fs::exists(*root / "org" / "demo.yaml", error))
    organisation = *root / "org" / "demo.yaml";
  if (!request.organisation.empty() && !fs::exists(organisation, error)) {
    std::cerr << "tingan: no such file: " << request.organisation << '\n';
    return 2;
  }
  if (!organisation.empty()) input.organisation = load_organisation(organisation, findings);
  if (root) {
    const auto clauses = load_clauses(*root);
    for (const ClauseEntry& entry : clauses.value_or(std::vector<ClauseEntry>{})) input.known_clauses.insert(entry.id);
    for (const auto& [form, carried] : load_forms(*root)) input.known_forms.insert(form);
  }
  for (Finding& finding : check_plans(input)) {
    const bool asked = std::any_of(gathered->files.begin(), gathered->files.end(),
                                   [&](const fs::path& file) { return shown_path(file) == finding.file; });
    if (asked) findings.push_back(std::move(finding));
  }
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.file, a.line) < std::tie(b.file, b.line);
  });
  print_all(findings, gathered->files.size(), request.json);
  const bool failed = std::any_of(findings.begin(), findings.end(),
                                  [](const Finding& one) { return one.level == Finding::Level::error; });
  return failed ? 1 : 0;
}

}  // namespace

void add_plan_check(CLI::App& plan, int& exit_code) {
  auto request = std::make_shared<Request>();
  CLI::App* verb = plan.add_subcommand(
      "check", "load and prove plans: every finding with file, line and clause; exit 1 if any error");
  verb->add_option("PATH", request->paths, "plan files or folders (default: the shipped plans)");
  verb->add_option("--org", request->organisation, "organisation file (default: the demo organisation)");
  verb->add_flag("--json", request->json, "print a list of findings");
  verb->callback([request, &exit_code] { exit_code = check(*request); });
}

}  // namespace tingan
