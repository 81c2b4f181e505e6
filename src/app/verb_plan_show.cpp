// tingan plan show: a plan, or one role's card, for reading.
#include <boost/json.hpp>
#include <iostream>

#include "app/plan_lookup.h"
#include "app/verbs.h"

namespace tingan {
namespace {

struct Request {
  std::string plan;
  std::string role;
  std::string folder;
  std::string language = "both";
  bool json = false;
};

boost::json::value to_json(const Text& text) { return {{"zh", text.zh}, {"en", text.en}}; }

boost::json::value to_json(const Plan& plan, const Card& card, const std::string& role) {
  boost::json::array sections;
  for (const CardSection& section : card.sections) {
    boost::json::array rows;
    for (const CardRow& row : section.rows) {
      boost::json::array details;
      for (const Text& detail : row.details) details.push_back(to_json(detail));
      rows.push_back({{"text", to_json(row.text)},
                      {"deadline", to_json(row.mark)},
                      {"details", details},
                      {"clauses", row.clauses},
                      {"forbidden", row.forbidden}});
    }
    sections.push_back({{"title", to_json(section.title)}, {"rows", rows}});
  }
  return {{"plan", plan.id.str()},
          {"version", plan.version},
          {"hash", plan.hash},
          {"title", to_json(card.title)},
          {"subtitle", to_json(card.subtitle)},
          {"role", role.empty() ? boost::json::value(nullptr) : boost::json::value(role)},
          {"sections", sections}};
}

int show(const Request& request) {
  const auto plan = find_plan(request.plan, request.folder);
  const auto role = find_card_role(request.role);
  if (!plan || !role) {
    std::cerr << to_string(plan ? role.error() : plan.error()) << '\n';
    return !plan && plan.error().code == "plan.broken" ? 1 : 2;
  }
  const Language language = request.language == "zh"   ? Language::zh
                            : request.language == "en" ? Language::en
                                                       : Language::both;
  const RoleCardOptions options{*role, language};
  if (request.json) {
    fmt::print("{}\n", boost::json::serialize(to_json(**plan, role_card(**plan, options), request.role)));
  } else {
    fmt::print("{}", role_card_text(**plan, options));
  }
  return 0;
}

}  // namespace

void add_plan_show(CLI::App& plan, int& exit_code) {
  auto request = std::make_shared<Request>();
  CLI::App* verb = plan.add_subcommand("show", "a plan, or one role's card, for reading");
  verb->add_option("ID", request->plan, "incident type, or a plan file")->required();
  verb->add_option("--role", request->role, "only what this role has to do");
  verb->add_option("--plans", request->folder, "folder of plans (default: the shipped plans)");
  verb->add_option("--lang", request->language, "zh, en or both")->check(CLI::IsMember({"zh", "en", "both"}));
  verb->add_flag("--json", request->json, "print JSON");
  verb->callback([request, &exit_code] { exit_code = show(*request); });
}

}  // namespace tingan
