#include "sim/checkers/bonds.h"

namespace tingan::sim {

UnitId BondChecker::above(UnitId unit) const {
  const Unit* known = directory_->unit(unit);
  return known == nullptr ? UnitId() : known->parent;
}

void BondChecker::tied(IncidentId a, IncidentId b, const char* how) {
  const auto one = courses_.find(a);
  const auto other = courses_.find(b);
  if (one == courses_.end() || other == courses_.end()) return;
  if (one->second.drill != other->second.drill) {
    verdict_.fail(fmt::format("a drill and a real incident are tied ({}): {} and {}", how, to_string(a), to_string(b)));
  }
}

// Two halls within the window, by the words of the plan language: the second one joins.
void BondChecker::declared(IncidentId id, const IncidentDeclared& event, Instant at) {
  Course& course = courses_[id];
  course = {event.unit, find_plan_(event.plan, event.plan_version), event.drill, event.parent_role, true, at, {}};
  if (!event.caused_by.none()) tied(id, event.caused_by, "chain");
  if (course.plan == nullptr || !course.plan->correlate) return;
  const Duration window = directory_->organisation().correlation_window.value_or(course.plan->correlate->within);
  for (const auto& [other_id, other] : courses_) {
    if (other_id == id || !other.open || other.plan == nullptr || other.plan->id != event.plan) continue;
    if (other.drill != event.drill) continue;
    if (event.parent_role) {
      if (other.parent_role && other.unit == event.unit) {
        verdict_.fail(fmt::format("{} was opened as a parent while {} was open", to_string(id), to_string(other_id)));
      }
      continue;
    }
    const bool neighbours = above(other.unit) == above(event.unit) && other.unit != event.unit;
    const bool parent_is_open = !other.parent.none() && courses_[other.parent].open;
    const bool counts = other.parent.none() || parent_is_open;
    if (!other.parent_role && neighbours && counts && at - other.declared <= window) wanted_.push_back(id);
  }
}

void BondChecker::on_record(const StoredRecord&, const Record& record) {
  if (record.incident.none()) return;
  for (const AnyEvent& any : record.events) {
    const auto* event = std::get_if<IncidentEvent>(&any);
    if (event == nullptr) continue;
    if (const auto* e = std::get_if<IncidentDeclared>(event)) declared(record.incident, *e, record.time.at);
    if (const auto* e = std::get_if<ParentJoined>(event)) {
      courses_[record.incident].parent = e->parent;
      tied(record.incident, e->parent, "parent");
    }
    if (const auto* e = std::get_if<ChildJoined>(event)) tied(record.incident, e->child, "child");
    if (const auto* e = std::get_if<ChainFired>(event)) chained_.emplace_back(record.incident, e->started);
    if (std::holds_alternative<IncidentClosed>(*event) || std::holds_alternative<IncidentRetracted>(*event)) {
      courses_[record.incident].open = false;
    }
    if (std::holds_alternative<IncidentReopened>(*event)) courses_[record.incident].open = true;
  }
}

void BondChecker::on_quiet(Instant, EngineCore&) {
  for (const IncidentId id : wanted_) {
    const Course& course = courses_[id];
    if (course.open && course.parent.none()) {
      verdict_.fail(fmt::format("{} of {} was declared beside another hall's, but it joined nothing", to_string(id),
                                course.unit.str()));
    }
  }
  wanted_.clear();
  for (const auto& [cause, started] : chained_) {
    if (!courses_.contains(started)) {
      verdict_.fail(fmt::format("{} started {} by a chain, but it is not there", to_string(cause), to_string(started)));
    }
  }
  chained_.clear();
}

}  // namespace tingan::sim
