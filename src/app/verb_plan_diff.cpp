// tingan plan diff: what changed between two versions of a plan.
#include <boost/json.hpp>
#include <iostream>

#include "app/plan_lookup.h"
#include "app/verbs.h"
#include "core/plancheck/plan_diff.h"

namespace tingan {
namespace {

const char* kind_name(PartChange::Kind kind) {
  return kind == PartChange::Kind::added ? "added" : kind == PartChange::Kind::removed ? "removed" : "changed";
}

void print_json(const std::vector<PartChange>& changes) {
  boost::json::array list;
  for (const PartChange& change : changes) {
    boost::json::array fields;
    for (const FieldChange& field : change.fields) {
      fields.push_back({{"field", field.field}, {"before", field.before}, {"after", field.after}});
    }
    list.push_back({{"part", change.part}, {"id", change.id}, {"change", kind_name(change.kind)}, {"fields", fields}});
  }
  fmt::print("{}\n", boost::json::serialize(list));
}

void print_text(const std::vector<PartChange>& changes) {
  if (changes.empty()) fmt::print("没有变化 / no change\n");
  for (const PartChange& change : changes) {
    const char* sign = change.kind == PartChange::Kind::added     ? "+"
                       : change.kind == PartChange::Kind::removed ? "-"
                                                                  : "~";
    fmt::print("{} {} {} ({})\n", sign, change.part, change.id, kind_name(change.kind));
    for (const FieldChange& field : change.fields) {
      if (change.kind == PartChange::Kind::changed) {
        fmt::print("    {}: {} -> {}\n", field.field, field.before.empty() ? "—" : field.before,
                   field.after.empty() ? "—" : field.after);
      } else {
        fmt::print("    {}: {}\n", field.field, field.before + field.after);
      }
    }
  }
}

int diff(const std::string& before_name, const std::string& after_name, bool json) {
  const auto before = find_plan(before_name, "");
  const auto after = find_plan(after_name, "");
  if (!before || !after) {
    const Error& error = before ? after.error() : before.error();
    std::cerr << to_string(error) << '\n';
    return error.code == "plan.broken" ? 1 : 2;
  }
  const auto changes = diff_plans(**before, **after);
  json ? print_json(changes) : print_text(changes);
  return 0;
}

}  // namespace

void add_plan_diff(CLI::App& plan, int& exit_code) {
  auto names = std::make_shared<std::pair<std::string, std::string>>();
  auto json = std::make_shared<bool>(false);
  CLI::App* verb = plan.add_subcommand("diff", "what changed between two versions of a plan, part by part");
  verb->add_option("BEFORE", names->first, "plan file, or the id of a shipped plan")->required();
  verb->add_option("AFTER", names->second, "plan file, or the id of a shipped plan")->required();
  verb->add_flag("--json", *json, "print a list of changes");
  verb->callback([names, json, &exit_code] { exit_code = diff(names->first, names->second, *json); });
}

}  // namespace tingan
