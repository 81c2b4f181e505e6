// Who is there for a role at each hour of the week, in each hall. Asked once for all plans.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/roster/directory.h"

namespace tingan {

class RosterIndex {
 public:
  explicit RosterIndex(OrganisationPtr organisation);

  struct Gap {
    std::vector<Text> nobody;     // "hall-b Sat 03:00-05:00": nobody at all is found
    std::vector<Text> stand_ins;  // nobody holds the role, somebody stands in
    bool ever_held = false;       // somebody holds it at some hour, in some hall
    RoleId stand_in;              // one that stands in
  };
  // For incidents of the halls, or (`of_parent`) of the units above them.
  const Gap& gap(RoleId role, bool of_parent);

 private:
  enum class Cover { held, stand_in, nobody };
  struct Span {
    int from = 0;  // minutes of the week
    int to = 0;
    Cover cover = Cover::held;
  };
  Gap look(RoleId role, bool of_parent) const;
  void look_at_unit(UnitId unit, RoleId role, Gap& gap) const;
  std::vector<int> cuts(UnitId unit) const;

  OrganisationPtr organisation_;
  Directory directory_;
  std::map<std::pair<RoleId, bool>, Gap> known_;
};

}  // namespace tingan
