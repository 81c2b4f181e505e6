#include "app/plan_lookup.h"

#include <iostream>

#include "app/data_root.h"
#include "base/suggest.h"
#include "model/vocabulary.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

Text with_guess(Text message, const std::string& written, const std::vector<std::string>& known) {
  const std::string near = closest_word(written, known);
  if (near.empty()) return message;
  return {message.zh + fmt::format("；是不是“{}”？", near), message.en + fmt::format("; did you mean '{}'?", near)};
}

}  // namespace

Expected<PlanPtr> find_plan(const std::string& named, const std::string& folder) {
  std::error_code error;
  fs::path file = named;
  if (!fs::is_regular_file(file, error)) {
    const auto root = find_data_root();
    const auto files = plan_files(!folder.empty() ? fs::path(folder) : root ? *root / "plans" : fs::path("plans"));
    if (!files) return tl::unexpected(files.error());
    std::vector<std::string> names;
    for (const fs::path& one : *files) names.push_back(one.stem().string());
    const auto found = std::find(names.begin(), names.end(), named);
    if (found == names.end()) {
      return fail(
          "plan.unknown-plan",
          with_guess({fmt::format("没有“{}”这个预案", named), fmt::format("unknown plan '{}'", named)}, named, names));
    }
    file = (*files)[static_cast<std::size_t>(found - names.begin())];
  }
  std::vector<Finding> findings;
  if (PlanPtr plan = load_plan(file, findings)) return plan;
  for (const Finding& finding : findings) {
    std::cerr << fmt::format("{}:{}: {} / {} [{}]\n", finding.file, finding.line, finding.message.zh,
                             finding.message.en, finding.code);
  }
  return fail("plan.broken", {"预案文件有错", "Expected a plan that can be read, but it has mistakes"},
              shown_path(file));
}

Expected<std::optional<RoleId>> find_card_role(const std::string& named) {
  if (named.empty()) return std::optional<RoleId>{};
  std::vector<std::string> names{staff_role().str()};
  for (const RoleInfo& role : roles()) names.push_back(role.id.str());
  if (std::find(names.begin(), names.end(), named) != names.end()) return std::optional<RoleId>(RoleId(named));
  return fail(
      "plan.unknown-role",
      with_guess({fmt::format("没有“{}”这个角色", named), fmt::format("unknown role '{}'", named)}, named, names));
}

}  // namespace tingan
