#include "model/vocabulary.h"

#include <vector>

namespace tingan {

std::span<const RoleInfo> roles() {
  static const std::vector<RoleInfo> all = {
      {RoleId("clerk"), Level::hall, {"营业员", "Clerk"}},
      {RoleId("guide"), Level::hall, {"引导员", "Guide"}},
      {RoleId("guard"), Level::hall, {"保安员", "Guard"}},
      {RoleId("shift-leader"), Level::hall, {"营业班长", "Shift leader"}},
      {RoleId("duty-manager"), Level::hall, {"值班经理", "Duty manager"}},
      {RoleId("hall-director"), Level::hall, {"营业厅主任", "Hall director"}},
      {RoleId("back-office"), Level::centre, {"后台值守", "Back office"}},
      {RoleId("general-group"), Level::centre, {"中心综合组", "General group"}},
      {RoleId("support-centre"), Level::centre, {"信息系统部支撑中心", "Support centre"}},
      {RoleId("safety-officer"), Level::centre, {"安全主管", "Safety officer"}},
      {RoleId("security-dept"), Level::centre, {"安全保卫部", "Security department"}},
      {RoleId("service-dept"), Level::centre, {"客户服务部", "Customer service department"}},
      {RoleId("centre-head"), Level::centre, {"中心负责人", "Centre head"}},
      {RoleId("company-leader"), Level::company, {"公司分管领导", "Company leader in charge"}},
  };
  return all;
}

const RoleInfo* find_role(RoleId id) {
  for (const RoleInfo& role : roles()) {
    if (role.id == id) return &role;
  }
  return nullptr;
}

RoleId staff_role() {
  static const RoleId staff("staff");
  return staff;
}

RoleId admin_role() {
  static const RoleId admin("admin");
  return admin;
}

RoleId auditor_role() {
  static const RoleId auditor("auditor");
  return auditor;
}

bool is_technical_role(RoleId id) { return id == admin_role() || id == auditor_role(); }

bool is_hall_role(RoleId id) {
  const RoleInfo* role = find_role(id);
  return role != nullptr && role->level == Level::hall;
}

std::span<const OutsideParty> outside_parties() {
  static const std::vector<OutsideParty> all = {
      {PartId("fire-119"), {"火警 119", "Fire brigade 119"}, "119"},
      {PartId("police-110"), {"报警 110", "Police 110"}, "110"},
      {PartId("ambulance-120"), {"急救 120", "Ambulance 120"}, "120"},
      {PartId("police-station"), {"派出所", "Police station"}, nullptr},
      {PartId("insurer"), {"保险公司", "Insurer"}, nullptr},
      {PartId("hospital"), {"医院", "Hospital"}, nullptr},
      {PartId("press"), {"媒体", "Press"}, nullptr},
  };
  return all;
}

const OutsideParty* find_outside_party(PartId id) {
  for (const OutsideParty& party : outside_parties()) {
    if (party.id == id) return &party;
  }
  return nullptr;
}

}  // namespace tingan
