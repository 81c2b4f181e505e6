#include "app/rehearsal_setting.h"

#include <set>

#include "app/data_root.h"
#include "codec/plan_yaml.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

Error no_data_root() {
  return {"file.missing",
          {"找不到随附的预案，请用 --plans 和 --org 指明，或设置 TINGAN_SHARE",
           "Expected to find the shipped plans: name them with --plans and --org, or set TINGAN_SHARE"},
          {}};
}

Expected<fs::path> place(const std::string& named, const char* shipped) {
  if (!named.empty()) return fs::path(named);
  const auto root = find_data_root();
  if (!root) return tl::unexpected(no_data_root());
  return *root / shipped;
}

Expected<std::vector<PlanText>> read_texts(const std::string& named, const char* shipped) {
  const auto where = place(named, shipped);
  if (!where) return tl::unexpected(where.error());
  const auto files = plan_files(*where);
  if (!files) return tl::unexpected(files.error());
  std::vector<PlanText> plans;
  for (const fs::path& file : *files) {
    auto text = read_text_file(file);
    if (!text) return tl::unexpected(text.error());
    plans.push_back({shown_path(file), std::move(*text)});
  }
  return plans;
}

Expected<std::vector<PlanText>> read_plans(const std::string& named) { return read_texts(named, "plans"); }

// Publishing stops at the first mistake; people want all of them.
std::vector<Error> all_mistakes(const std::vector<PlanText>& plans, Error first) {
  std::vector<Error> out;
  for (const PlanText& plan : plans) {
    const auto parsed = parse_plan(plan.yaml, plan.file);
    if (!parsed) out.insert(out.end(), parsed.error().begin(), parsed.error().end());
  }
  if (out.empty()) out.push_back(std::move(first));
  return out;
}

}  // namespace

tl::expected<std::shared_ptr<const scenario::Prepared>, std::vector<Error>> prepare_rehearsals(
    const RehearsalFiles& files) {
  const auto fail_with = [](Error error) { return tl::unexpected(std::vector<Error>{std::move(error)}); };
  auto plans = read_plans(files.plans);
  if (!plans) return fail_with(plans.error());
  const auto organisation = place(files.organisation, "org/demo.yaml");
  if (!organisation) return fail_with(organisation.error());
  auto text = read_text_file(*organisation);
  if (!text) return fail_with(text.error());
  // Plans and organisation of one's own need nothing that ships; without business types no order can be taken.
  const bool none_shipped = files.business.empty() && !find_data_root();
  auto business = none_shipped ? std::vector<PlanText>{} : read_texts(files.business, "forms");
  if (!business) return fail_with(business.error());
  scenario::Setting setting{std::move(*text), shown_path(*organisation), std::move(*plans), std::move(*business)};
  auto prepared = scenario::Prepared::make(setting);
  if (!prepared) return tl::unexpected(all_mistakes(setting.plans, prepared.error()));
  return std::move(*prepared);
}

std::vector<std::string> known_clauses(const RehearsalFiles& files) {
  const auto root = find_data_root();
  if (!root) return {};
  const auto listed = load_clauses(*root);
  if (!listed) return {};
  std::set<std::string> known;
  for (const ClauseEntry& entry : *listed) known.insert(entry.id.str());
  // Plans of the house's own may carry clauses of their own.
  if (!files.plans.empty()) {
    for (const PlanText& text : read_plans(files.plans).value_or(std::vector<PlanText>{})) {
      const auto plan = parse_plan(text.yaml, text.file);
      if (!plan) continue;
      const auto add = [&](const auto& part) {
        for (const ClauseId clause : part.clauses) known.insert(clause.str());
      };
      add(**plan);
      for (const Step& part : (*plan)->steps) add(part);
      for (const Escalation& part : (*plan)->escalations) add(part);
      for (const Prohibition& part : (*plan)->prohibitions) add(part);
      for (const Script& part : (*plan)->scripts) add(part);
      for (const Gate& part : (*plan)->gates) add(part);
    }
  }
  return {known.begin(), known.end()};
}

}  // namespace tingan
