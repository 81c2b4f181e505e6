// What happened in a unit's own log, in a sentence: plans, people, rosters, suspicions.
#include "api/event_json.h"
#include "report/words.h"

namespace tingan::api {
namespace {

struct UnitTeller {
  static Text with(const char* zh, const char* en, const std::string& what) {
    return {fmt::format(fmt::runtime(zh), what), fmt::format(fmt::runtime(en), what)};
  }
  Text operator()(const PlanPublished& e) const {
    return {fmt::format("发布预案 {} 第 {} 版", e.plan.str(), e.version),
            fmt::format("Plan {} version {} published", e.plan.str(), e.version)};
  }
  Text operator()(const OrganisationPublished& e) const {
    return {fmt::format("组织机构第 {} 版", e.version), fmt::format("Organisation version {}", e.version)};
  }
  Text operator()(const SubstitutionSet& e) const {
    return {fmt::format("{} 替 {} 的班", e.stand_in.str(), e.person.str()),
            fmt::format("{} stands in for {}", e.stand_in.str(), e.person.str())};
  }
  Text operator()(const RoleHandedOver& e) const {
    const Text role = report::role_name(e.role);
    return {fmt::format("{}交接给 {}", role.zh, e.to.str()), fmt::format("{} handed over to {}", role.en, e.to.str())};
  }
  Text operator()(const PresenceStated& e) const {
    return e.present ? with("{} 在岗", "{} is here", e.person.str())
                     : with("{} 不在岗", "{} is not here", e.person.str());
  }
  Text operator()(const PasswordSet&) const { return {"设置密码", "Password set"}; }
  Text operator()(const HallWordsSet& e) const {
    return e.duress.empty() ? with("{} 取消解除暗语", "Words of {} taken away", e.unit.str())
                            : with("{} 设置解除暗语", "Words of {} set", e.unit.str());
  }
  Text operator()(const SecurityNoted&) const { return {"安全日志", "Security log"}; }
  Text operator()(const SuspicionRaised& e) const {
    return with("疑似警情待核实：{}", "To be confirmed: {}", e.source);
  }
  Text operator()(const SuspicionToldAgain&) const { return {"再次催办核实", "Asked again to confirm"}; }
  Text operator()(const SuspicionSettled& e) const {
    return e.confirmed ? Text{"核实为真", "Confirmed"} : Text{"核实为误报", "Dismissed"};
  }
};

}  // namespace

Text describe(const UnitEvent& event) { return std::visit(UnitTeller{}, event); }

}  // namespace tingan::api
