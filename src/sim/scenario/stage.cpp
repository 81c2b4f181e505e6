#include "sim/scenario/stage.h"

#include <algorithm>

namespace tingan::scenario {
namespace {

bool contains(const std::vector<ClauseId>& clauses, ClauseId clause) {
  return std::find(clauses.begin(), clauses.end(), clause) != clauses.end();
}

bool some_part_carries(const Plan& plan, ClauseId clause) {
  const auto carried = [&](const auto& part) { return contains(part.clauses, clause); };
  for (const auto* need : {&plan.initial, &plan.follow_up, &plan.final}) {
    if (*need && contains((*need)->clauses, clause)) return true;
  }
  return std::any_of(plan.steps.begin(), plan.steps.end(), carried) ||
         std::any_of(plan.escalations.begin(), plan.escalations.end(), carried) ||
         std::any_of(plan.scripts.begin(), plan.scripts.end(), carried);
}

}  // namespace

bool carries(const Plan& plan, const std::vector<ClauseId>& of_part, ClauseId clause) {
  return contains(of_part, clause) || (contains(plan.clauses, clause) && !some_part_carries(plan, clause));
}

Scene Stage::find(const std::string& name) const {
  const auto known = ids_.find(name);
  if (known != ids_.end()) {
    const IncidentPtr incident = node_.find(known->second);
    return {incident, incident == nullptr ? UnitId() : incident->unit};
  }
  const auto dot = name.rfind('.');
  if (dot == std::string::npos) return {};
  const Scene base = find(name.substr(0, dot));
  if (base.incident == nullptr) return {};
  const std::string relation = name.substr(dot + 1);
  if (relation == "parent") {
    const IncidentId parent = base.incident->parent;
    return {parent.none() ? nullptr : node_.find(parent), base.unit};
  }
  for (const ChainLink& link : base.incident->chains) {
    const IncidentPtr started = node_.find(link.started);
    if (started != nullptr && started->plan_id.str() == relation) return {started, base.unit};
  }
  return {};
}

std::vector<IncidentPtr> Stage::with_parent(const IncidentPtr& incident) const {
  std::vector<IncidentPtr> out{incident};
  if (incident->parent.none()) return out;
  if (IncidentPtr parent = node_.find(incident->parent)) out.push_back(std::move(parent));
  return out;
}

}  // namespace tingan::scenario
