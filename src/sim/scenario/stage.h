// The incidents of a running scenario under their names.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "sim/scenario/timeline.h"
#include "sim/scenario/virtual_node.h"

namespace tingan::scenario {

struct Scene {
  IncidentPtr incident;  // nullptr: none of that name (its declare was refused)
  UnitId unit;           // of the incident that was named first: where hall roles are looked for
};

class Stage {
 public:
  explicit Stage(VirtualNode& node) : node_(node) {}

  VirtualNode& node() { return node_; }
  const VirtualNode& node() const { return node_; }
  void put(const std::string& name, IncidentId id) { ids_[name] = id; }
  void put(const std::string& name, OrderId id) { orders_[name] = id; }
  // None: no order of that name was taken.
  OrderId order(const std::string& name) const {
    const auto found = orders_.find(name);
    return found == orders_.end() ? OrderId{} : found->second;
  }
  // "i1"; its parent is "i1.parent", what it started "i1.<type>".
  Scene find(const std::string& name) const;
  // The incident and, where it is part of an event of several halls, that.
  std::vector<IncidentPtr> with_parent(const IncidentPtr& incident) const;

 private:
  VirtualNode& node_;
  std::map<std::string, IncidentId> ids_;
  std::map<std::string, OrderId> orders_;
};

// The part carries the clause; a clause that only the plan as a whole carries is carried by all its parts.
bool carries(const Plan& plan, const std::vector<ClauseId>& of_part, ClauseId clause);

}  // namespace tingan::scenario
