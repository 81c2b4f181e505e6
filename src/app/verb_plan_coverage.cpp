// tingan plan coverage: what carries each clause of the source.
#include <boost/json.hpp>
#include <iostream>

#include "app/data_root.h"
#include "app/verbs.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

struct Carrier {
  std::string kind;   // plan, step, escalation, prohibition, script, chain, gate, report, form, program
  std::string where;  // "plans/outage.yaml:41 start-acceptance"
};

using Carriers = std::map<ClauseId, std::vector<Carrier>>;

void add(Carriers& out, const std::vector<ClauseId>& clauses, const Plan& plan, const char* kind, int line,
         const std::string& id) {
  for (const ClauseId clause : clauses) out[clause].push_back({kind, fmt::format("{}:{} {}", plan.file, line, id)});
}

void add_plan(Carriers& out, const Plan& plan) {
  add(out, plan.clauses, plan, "plan", line_of(plan, 0, "clauses"), plan.id.str());
  const auto parts = [&](const char* kind, const auto& list) {
    for (const auto& part : list) add(out, part.clauses, plan, kind, part.line, part.id.str());
  };
  parts("step", plan.steps);
  parts("escalation", plan.escalations);
  parts("prohibition", plan.prohibitions);
  parts("script", plan.scripts);
  parts("chain", plan.chains);
  parts("gate", plan.gates);
  const auto report = [&](const std::optional<ReportNeed>& need, const char* name) {
    if (need) add(out, need->clauses, plan, "report", need->line, name);
  };
  report(plan.initial, "initial");
  report(plan.follow_up, "follow-up");
  report(plan.final, "final");
}

Carriers carriers_of(const fs::path& root, const std::vector<PlanPtr>& plans, const std::vector<ClauseEntry>& clauses) {
  Carriers out;
  for (const PlanPtr& plan : plans) add_plan(out, *plan);
  for (const auto& [form, carried] : load_forms(root)) {
    for (const ClauseId clause : carried)
      out[clause].push_back({"form", fmt::format("forms/{}.schema.json", form.str())});
  }
  for (const ClauseEntry& entry : clauses) {
    for (const std::string& part : entry.program) {
      std::error_code error;
      // What is not built yet carries nothing.
      if (fs::exists(root / part, error)) out[entry.id].push_back({"program", part});
    }
  }
  return out;
}

void print_json(const std::vector<ClauseEntry>& clauses, Carriers& carriers) {
  boost::json::array list;
  for (const ClauseEntry& entry : clauses) {
    boost::json::array carried;
    for (const Carrier& one : carriers[entry.id]) carried.push_back({{"kind", one.kind}, {"where", one.where}});
    list.push_back({{"clause", entry.id.str()}, {"carried", carried}});
  }
  fmt::print("{}\n", boost::json::serialize(list));
}

void print_text(const std::vector<ClauseEntry>& clauses, Carriers& carriers) {
  std::size_t bare = 0;
  for (const ClauseEntry& entry : clauses) {
    const auto& carried = carriers[entry.id];
    if (carried.empty()) ++bare;
    fmt::print("{}  {} / {}\n", entry.id.str(), entry.text.zh, entry.text.en);
    if (carried.empty()) fmt::print("    （没有任何内容承载 / nothing carries it）\n");
    for (const Carrier& one : carried) fmt::print("    {} {}\n", one.kind, one.where);
  }
  fmt::print("共 {} 条，{} 条没有承载 / {} clauses, {} bare\n", clauses.size(), bare, clauses.size(), bare);
}

int coverage(const std::string& folder, bool json) {
  const auto root = find_data_root();
  const auto clauses =
      root ? load_clauses(*root)
           : fail("file.missing", {"找不到 docs/clauses.yaml", "Expected docs/clauses.yaml, but found none"});
  const auto files =
      root ? plan_files(folder.empty() ? *root / "plans" : fs::path(folder)) : Expected<std::vector<fs::path>>{};
  if (!clauses || !files) {
    std::cerr << to_string(clauses ? files.error() : clauses.error()) << '\n';
    return 2;
  }
  std::vector<Finding> findings;
  std::vector<PlanPtr> plans;
  for (const fs::path& file : *files) {
    if (PlanPtr plan = load_plan(file, findings)) plans.push_back(std::move(plan));
  }
  for (const Finding& finding : findings) {
    std::cerr << fmt::format("{}:{}: {} / {} [{}]\n", finding.file, finding.line, finding.message.zh,
                             finding.message.en, finding.code);
  }
  Carriers carriers = carriers_of(*root, plans, *clauses);
  json ? print_json(*clauses, carriers) : print_text(*clauses, carriers);
  const bool bare = std::any_of(clauses->begin(), clauses->end(),
                                [&](const ClauseEntry& entry) { return carriers[entry.id].empty(); });
  return bare || !findings.empty() ? 1 : 0;
}

}  // namespace

void add_plan_coverage(CLI::App& plan, int& exit_code) {
  auto folder = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  CLI::App* verb =
      plan.add_subcommand("coverage", "each clause of the source and what carries it; exit 1 if one is bare");
  verb->add_option("--plans", *folder, "folder of plans (default: the shipped plans)");
  verb->add_flag("--json", *json, "print a list of {clause, carried: [{kind, where}]}");
  verb->callback([folder, json, &exit_code] { exit_code = coverage(*folder, *json); });
}

}  // namespace tingan
