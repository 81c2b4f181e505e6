// The rules of the table: who, and whose.
#include "api/rights_table.h"

namespace tingan::api {
namespace {

constexpr unsigned kLine = kOwn | kBelow;
constexpr unsigned kWholeLine = kOwn | kBelow | kAbove;

const Text kNotYours{"您的岗位不能这样做", "Expected a role that may do this, but yours may not"};
const Text kAdminsOnly{"只有管理员可以这样做", "Expected an administrator"};
const Text kOtherUnit{"这是别的单位的事", "Expected your unit or one below it, but it is another"};

std::vector<RightsRule> incident_rules() {
  return {
      {"declare",
       {"启动预案、报警", "Declare"},
       {{"hall", kOwn}, {"centre", kLine}},
       {},
       "incident.not-allowed",
       kOtherUnit},
      {"lists",
       {"看清单和自己的待办", "Lists, and what one has to do"},
       {{"staff", kLine}, {"admin", kLine}},
       {"只列出本人看得到的；管理员看不到任何事件", "Only what the person may see; an administrator sees no incident"},
       "unit.not-allowed",
       kOtherUnit},
      {"read-incident",
       {"看事件", "Read an incident"},
       {{"hall", kOwn, kAbove}, {"centre", kLine, kAbove}},
       {"上级单位的事件：本单位在其中时；静默事件：与本人有关时",
        "An incident of a unit above: where the own unit is part of it; a silent one: whom it concerns"},
       "incident.not-allowed",
       kOtherUnit},
      {"add-to-incident",
       {"写进展、清点人数、加证据、填表", "Add notes, a headcount, evidence, forms"},
       {{"hall", kOwn}, {"centre", kLine}},
       {"静默事件：与本人有关时", "A silent incident: whom it concerns"},
       "incident.not-allowed",
       {"您不能在这个事件里写", "Expected an incident of your unit or of one below it, but it is another's"}},
      {"state-facts",
       {"填报事实", "State facts"},
       {{"hall", kOwn}, {"general-group", kLine}, {"centre", 0, kLine}},
       {"预案为这个事实规定的岗位", "Roles that the plan names for the fact"},
       "incident.not-allowed",
       kOtherUnit},
      {"do-steps",
       {"办步骤", "Do steps"},
       {{"lead", kOwn}, {"hall", 0, kOwn}, {"centre", 0, kLine}},
       {"步骤所属的岗位、被点名的人，和带班的人", "The step's role, who was told by name, and those who lead"},
       "incident.not-allowed",
       kOtherUnit},
      {"close-incident",
       {"结案、重开", "Close and reopen"},
       {{"hall-director", kOwn},
        {"duty-manager", kOwn},
        {"general-group", kLine},
        {"centre-head", kLine},
        {"company-leader", kLine}},
       {},
       "incident.not-allowed",
       {"结案、重开由营业厅主任、值班经理、综合组或中心负责人办理",
        "Expected the hall director, duty manager, general group or centre head, but you are none of these"}},
      {"retract",
       {"撤销", "Retract"},
       {{"hall-director", kOwn}, {"hall", 0, kOwn}, {"centre", 0, kLine}},
       {"发起人", "Who declared it"},
       "incident.not-allowed",
       kOtherUnit},
      {"report",
       {"写报告", "Write reports"},
       {{"lead", kOwn}, {"general-group", kLine}, {"centre-head", kLine}, {"company-leader", kLine}},
       {},
       "incident.not-allowed",
       {"报告由营业厅主任、值班经理、班长或综合组填报",
        "Expected the hall director, duty manager, shift leader or general group, but you are none of these"}},
      {"own-notice",
       {"确认自己的通知", "Acknowledge one's own notices"},
       {{"staff", 0, kAnyUnit}},
       {"被通知的人", "Who was told"},
       "notice.unknown",
       {"没有这条通知", "Expected a known notice, but there is none of this id"}},
      {"suspicion",
       {"核实疑似警情", "Confirm what a machine reported"},
       {{"hall", 0, kOwn}, {"centre", 0, kLine}},
       {"被要求核实的岗位，和综合组", "The roles that were asked, and the general group"},
       "suspicion.unknown",
       {"没有这条待核实警情", "Expected a known suspicion, but there is none of this id"}},
  };
}

std::vector<RightsRule> unit_rules() {
  return {
      {"self",
       {"自己的登录和密码", "One's own sign-in and password"},
       {{"everybody", kAnyUnit}},
       {},
       "auth.not-allowed",
       kNotYours},
      {"texts",
       {"看预案、表单、单位、业务种类，预演", "Read plans, forms, units and business types; rehearse"},
       {{"staff", kAnyUnit}, {"admin", kAnyUnit}},
       {"姓名电话只沿本单位上下", "Names and numbers along the own line only"},
       "auth.not-allowed",
       kNotYours},
      {"keep-plans",
       {"发布预案", "Publish plans"},
       {{"admin", kAnyUnit}, {"centre-head", kAnyUnit}},
       {},
       "plan.not-allowed",
       {"只有管理员或中心负责人可以发布预案", "Expected an administrator or the centre head"}},
      {"administer",
       {"管理人员、单位、排班、通道", "Keep people, units, shifts and channels"},
       {{"admin", kAnyUnit}},
       {},
       "org.not-allowed",
       kAdminsOnly},
      {"prove",
       {"校验日志", "Prove the log"},
       {{"admin", kAnyUnit}, {"auditor", kAnyUnit}},
       {},
       "org.not-allowed",
       {"只有管理员和审计员可以这样做", "Expected an administrator or an auditor"}},
      {"anchor",
       {"取日志锚点", "Take an anchor of the log"},
       {{"admin", kAnyUnit}, {"auditor", kAnyUnit}, {"centre-head", kAnyUnit}},
       {},
       "log.not-allowed",
       {"只有审计员、管理员和中心负责人可以取日志锚点", "Expected an auditor, an administrator or the centre head"}},
      {"erase-person",
       {"删除已离开的人的资料", "Erase the data of who has left"},
       {{"admin", kAnyUnit}, {"centre-head", kAnyUnit}},
       {},
       "erase.not-allowed",
       {"只有管理员或中心负责人可以删除资料", "Expected an administrator or the centre head"}},
      {"erase",
       {"删除已结束事件里的资料", "Erase what was written in an incident that has ended"},
       {{"admin", 0, kAnyUnit}, {"centre-head", 0, kAnyUnit}},
       {"静默事件：与本人有关时", "A silent incident: whom it concerns"},
       "erase.not-allowed",
       {"只有管理员或中心负责人可以删除资料", "Expected an administrator or the centre head"}},
      {"audit",
       {"看安全日志", "Read the log of security"},
       {{"auditor", kAnyUnit}},
       {},
       "auth.not-allowed",
       {"只有审计员可以看安全日志", "Expected an auditor"}},
      {"see-words",
       {"看有没有暗语", "See whether a hall has words"},
       {{"staff", kLine}, {"admin", kAnyUnit}},
       {},
       "unit.not-allowed",
       kOtherUnit},
      {"set-words",
       {"设暗语", "Set a hall's words"},
       {{"hall-director", kOwn}, {"safety-officer", kLine}, {"admin", kAnyUnit}},
       {},
       "words.not-allowed",
       {"暗语由厅主任、安全员或管理员设置", "Expected the hall's director, the safety officer or an administrator"}},
      {"see-roster",
       {"看值班表", "Read the roster"},
       {{"staff", kWholeLine}, {"admin", kWholeLine}},
       {},
       "unit.not-allowed",
       {"您不能看这个单位的值班表", "Expected your unit, one below it or one above it"}},
      {"see-shifts",
       {"看排班", "Read the weekly shifts"},
       {{"staff", kLine}, {"admin", kAnyUnit}},
       {},
       "unit.not-allowed",
       {"您不能看这个单位的排班", "Expected your unit or one below it"}},
      {"change-roster",
       {"交接、替班、报在岗", "Hand over, stand in, say who is here"},
       {{"staff", 0, kAnyUnit}, {"admin", 0, kAnyUnit}},
       {"本人的，或由带班的人办理", "One's own, or by those who lead the unit"},
       "roster.not-allowed",
       kNotYours},
  };
}

std::vector<RightsRule> order_rules() {
  const Text orders{"只能查看本厅的预受理单", "Expected your own hall, but it is another"};
  const Text clerks{"只有本厅营业员和负责人可以办理预受理单", "Expected a clerk of the hall or someone who leads it"};
  return {
      {"see-orders",
       {"看预受理单（打码）", "Read orders, masked"},
       {{"clerk", kOwn}, {"guide", kOwn}, {"lead", kOwn}, {"general-group", kLine}, {"centre-head", kLine}},
       {},
       "acceptance.not-allowed",
       orders},
      {"take-orders",
       {"办预受理单、看客户资料", "Take and work on orders; see the customer's data"},
       {{"clerk", kOwn}, {"guide", kOwn}, {"lead", kOwn}},
       {},
       "acceptance.not-allowed",
       clerks},
      {"lead-replay",
       {"补录、作废号码", "Replay; void numbers"},
       {{"lead", kOwn}},
       {},
       "acceptance.not-allowed",
       {"由营业班长、值班经理或营业厅主任办理", "Expected the shift leader, the duty manager or the hall director"}},
  };
}

}  // namespace

std::span<const RightsRule> rights_rules() {
  static const std::vector<RightsRule> all = [] {
    std::vector<RightsRule> out = incident_rules();
    for (RightsRule& rule : unit_rules()) out.push_back(std::move(rule));
    for (RightsRule& rule : order_rules()) out.push_back(std::move(rule));
    return out;
  }();
  return all;
}

const RightsRule* find_rule(std::string_view name) {
  for (const RightsRule& rule : rights_rules()) {
    if (rule.name == name) return &rule;
  }
  return nullptr;
}

}  // namespace tingan::api
