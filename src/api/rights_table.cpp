#include "api/rights_table.h"

#include <algorithm>

#include "model/vocabulary.h"

namespace tingan::api {
namespace {

bool leads_hall(RoleId role) {
  static const std::vector<RoleId> leads = {RoleId("shift-leader"), RoleId("duty-manager"), RoleId("hall-director")};
  return std::find(leads.begin(), leads.end(), role) != leads.end();
}

bool is_meant(std::string_view who, RoleId role) {
  if (who == "everybody") return true;
  if (who == "staff") return !is_technical_role(role);
  if (who == "hall") return is_hall_role(role);
  if (who == "lead") return leads_hall(role);
  if (who == "centre") return !is_technical_role(role) && !is_hall_role(role);
  return who == role.str();
}

Text role_title(RoleId role) {
  if (role == admin_role()) return {"管理员", "Administrator"};
  if (role == auditor_role()) return {"审计员", "Auditor"};
  return find_role(role)->name;
}

// "own, below (above)": what is certain, and in brackets what depends.
std::string places(const Cell& cell) {
  static constexpr std::array<std::pair<unsigned, const char*>, 4> kNames = {
      {{kOwn, "本 own"}, {kBelow, "下 below"}, {kAbove, "上 above"}, {kBeside, "旁 beside"}}};
  if (cell.all() == 0) return "–";
  std::vector<std::string> parts;
  for (const auto& [bit, name] : kNames) {
    if ((cell.sure & bit) != 0) {
      parts.emplace_back(name);
    } else if ((cell.maybe & bit) != 0) {
      parts.push_back(fmt::format("({})", name));
    }
  }
  if (cell.sure == kAnyUnit) return "全 all";
  if (cell.maybe == kAnyUnit && cell.sure == 0) return "(全 all)";
  return fmt::format("{}", fmt::join(parts, ", "));
}

void add_rule_table(std::string& out) {
  const std::vector<RoleId> columns = rights_roles();
  out += "| 岗位 role |";
  for (const RightsRule& rule : rights_rules()) out += fmt::format(" {} |", rule.name);
  out += "\n| --- |";
  for (std::size_t i = 0; i < rights_rules().size(); ++i) out += " --- |";
  out += "\n";
  for (const RoleId role : columns) {
    out += fmt::format("| {} `{}` |", role_title(role).zh, role.str());
    for (const RightsRule& rule : rights_rules()) out += fmt::format(" {} |", places(cell_of(rule, role)));
    out += "\n";
  }
}

}  // namespace

std::vector<RoleId> rights_roles() {
  std::vector<RoleId> out;
  for (const RoleInfo& role : roles()) out.push_back(role.id);
  out.push_back(admin_role());
  out.push_back(auditor_role());
  return out;
}

Cell cell_of(const RightsRule& rule, RoleId role) {
  Cell cell;
  for (const Grant& grant : rule.grants) {
    if (!is_meant(grant.who, role)) continue;
    cell.sure |= grant.sure;
    cell.maybe |= grant.maybe;
  }
  cell.maybe &= ~cell.sure;
  return cell;
}

Cell cell_of(const RightsRule& rule, const Who& who) {
  Cell all;
  for (const RoleId role : who.roles) {
    const Cell one = cell_of(rule, role);
    all.sure |= one.sure;
    all.maybe |= one.maybe;
  }
  return all;
}

Whose whose(const Directory& directory, UnitId mine, UnitId target) {
  if (mine == target) return kOwn;
  if (directory.is_within(target, mine)) return kBelow;
  if (directory.is_within(mine, target)) return kAbove;
  return kBeside;
}

Expected<void> may_reach(const Call& call, UnitId unit) {
  const RightsRule* rule = call.rights == nullptr || call.who.program ? nullptr : find_rule(call.rights->rule);
  if (rule == nullptr) return {};
  if ((cell_of(*rule, call.who).all() & whose(call.directory(), call.who.unit, unit)) != 0) return {};
  return fail(rule->code, rule->refusal, "/unit");
}

std::string rights_page() {
  std::string out =
      "# 谁能做什么 · Who may do what\n\n"
      "本页由程序里的权限表生成（`src/api/rights_rules.cpp`、`rights_rows.cpp`），测试逐格核对；请改表，不要改本页。\n"
      "权限来自人员的常设岗位，任何时间都一样；值班表只决定通知谁。\n\n"
      "This page is made from the table in the program and checked cell by cell by a test; change the table, not this "
      "page. Rights come from standing roles at any hour; the roster only decides who is told.\n\n"
      "- 本 own：本人单位的；下 below：下级单位的；上 above：上级单位的；旁 beside：其他单位的；全 "
      "all：都可以；–：不可以\n"
      "- 括号 (…)：还要满足规则里写的条件 · brackets: where the rule's condition holds, too\n\n"
      "## 规则 · Rules\n\n| 规则 rule | 做什么 what | 条件 condition | 拒绝代码 refusal |\n| --- | --- | --- | --- |\n";
  for (const RightsRule& rule : rights_rules()) {
    const std::string condition = rule.condition.zh.empty() ? "" : rule.condition.zh + " · " + rule.condition.en;
    out +=
        fmt::format("| `{}` | {} · {} | {} | `{}` |\n", rule.name, rule.title.zh, rule.title.en, condition, rule.code);
  }
  out += "\n## 岗位与规则 · Roles and rules\n\n";
  add_rule_table(out);
  out +=
      "\n## 路由 · Routes\n\n"
      "`open`：任何人；`machines`：持令牌的机器，或登录的人按 `declare`；`operators`：持令牌，或本机（见 "
      "docs/guide/running.md）。\n"
      "“再输密码”：5 分钟内输过密码才可以 · \"again\": the password must have been given within five minutes.\n\n"
      "| 路由 route | 规则 rule | 再输密码 again | 记入安全日志 noted as |\n| --- | --- | --- | --- |\n";
  for (const RightsRow& row : rights_rows()) {
    out += fmt::format("| `{} {}` | `{}` | {} | {} |\n", net::to_string(row.method), row.pattern, row.rule,
                       row.confirm ? "✓" : "", row.note);
  }
  return out;
}

}  // namespace tingan::api
