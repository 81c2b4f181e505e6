#include "core/policies/policies.h"

#include <set>

namespace tingan {
namespace {

bool is_open(const IncidentState& state) {
  return state.status == IncidentStatus::open || state.status == IncidentStatus::contained;
}

// The parent's id is derived from the child that made it necessary.
IncidentId parent_id(const IncidentState& child) {
  IncidentId id = child.id;
  for (std::size_t i = 9; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<std::uint8_t>(id.bytes[i] ^ 0xa5);
  return id;
}

// Correlation and what a parent hands down, for one incident's plan.
struct Correlator {
  const IncidentState& state;
  const Plan& plan;
  const IncidentLookup& lookup;
  const Directory& directory;
  std::vector<FollowUp>& out;

  Duration window() const { return directory.organisation().correlation_window.value_or(plan.correlate->within); }

  UnitId above() const {
    const Unit* unit = directory.unit(state.unit);
    return unit == nullptr ? UnitId() : unit->parent;
  }

  void join(const IncidentState& child, IncidentId parent, const IncidentState* parent_state) {
    out.push_back({parent, AddChild{child.id, child.unit}});
    out.push_back({child.id, JoinParent{parent}});
    StateFacts found{.set = {plan.correlate->sets}, .reason = {}, .found = true};
    if (parent_state != nullptr) add_handed_down(*parent_state, found.set);
    out.push_back({child.id, std::move(found)});
  }

  void add_handed_down(const IncidentState& parent, std::vector<FactSetting>& set) const {
    for (const Fact& fact : plan.facts) {
      if (fact.found_by != Fact::Finder::parent) continue;
      const int index = find_fact(*parent.plan, fact.of);
      if (index >= 0 && parent.facts[static_cast<std::size_t>(index)].known) {
        set.push_back({fact.id, parent.facts[static_cast<std::size_t>(index)].value});
      }
    }
  }

  void open_parent(const std::vector<IncidentPtr>& children) {
    const IncidentId id = parent_id(state);
    Declare declare{.id = id, .unit = above(), .type = plan.id, .facts = {plan.correlate->sets}, .drill = state.drill};
    declare.parent_role = true;
    out.push_back({id, std::move(declare)});
    for (const IncidentPtr& child : children) join(*child, id, nullptr);
  }

  // `by_hand`: a person of the hall says that it is more than one.
  void correlate(bool by_hand) {
    const UnitId up = above();
    if (up.empty() || !state.parent.none() || !is_open(state)) return;
    if (const IncidentPtr parent = lookup.open_parent(plan.id, up, state.drill)) {
      join(state, parent->id, parent.get());
      return;
    }
    std::vector<IncidentPtr> recent = lookup.recent(plan.id, up, state.drill, state.declared_at - window());
    std::erase_if(recent, [&](const IncidentPtr& other) { return !other->parent.none() && other->id != state.id; });
    std::set<UnitId> units{state.unit};
    for (const IncidentPtr& other : recent) units.insert(other->unit);
    const bool enough = units.size() >= static_cast<std::size_t>(plan.correlate->at_least);
    if (enough) {
      open_parent(recent);
    } else if (by_hand) {
      open_parent({std::make_shared<const IncidentState>(state)});
    }
  }

  void hand_down(const FactsStated& event) {
    for (const ChildLink& link : state.children) {
      const IncidentPtr child = lookup.find(link.child);
      if (child == nullptr || !is_open(*child)) continue;
      StateFacts found{.set = {}, .reason = {}, .found = true};
      for (const Fact& fact : child->plan->facts) {
        if (fact.found_by != Fact::Finder::parent) continue;
        for (const FactSetting& setting : event.set) {
          if (setting.fact == fact.of) found.set.push_back({fact.id, setting.value});
        }
      }
      if (!found.set.empty()) out.push_back({child->id, std::move(found)});
    }
  }
};

void tell_children(const IncidentState& parent, const ProgressNoted& event, const IncidentLookup& lookup,
                   std::vector<FollowUp>& out) {
  for (const ChildLink& link : parent.children) {
    const IncidentPtr child = lookup.find(link.child);
    if (child != nullptr && is_open(*child)) out.push_back({child->id, NoteProgress{event.text, true}});
  }
}

// A parent all of whose halls took it back was no event.
void retract_empty_parent(const IncidentState& child, const IncidentLookup& lookup, std::vector<FollowUp>& out) {
  const IncidentPtr parent = child.parent.none() ? nullptr : lookup.find(child.parent);
  if (parent == nullptr || !is_open(*parent)) return;
  const bool all = std::all_of(parent->children.begin(), parent->children.end(), [&](const ChildLink& link) {
    const IncidentPtr other = lookup.find(link.child);
    return link.child == child.id || (other != nullptr && other->status == IncidentStatus::retracted);
  });
  if (all) out.push_back({parent->id, RetractIncident{}});
}

void start_chain(const IncidentState& state, const ChainFired& event, std::vector<FollowUp>& out) {
  const int index = find_chain(*state.plan, event.chain);
  if (index < 0) return;
  const Chain& chain = state.plan->chains[static_cast<std::size_t>(index)];
  Declare declare{
      .id = event.started, .unit = state.unit, .type = chain.start, .facts = chain.facts, .drill = state.drill};
  declare.silent = chain.silent;
  declare.caused_by = state.id;
  out.push_back({event.started, std::move(declare)});
}

bool sets_scope(const Plan& plan, const std::vector<FactSetting>& set) {
  return std::find(set.begin(), set.end(), plan.correlate->sets) != set.end();
}

}  // namespace

std::vector<FollowUp> follow_ups(const IncidentState& state, const std::vector<IncidentEvent>& events,
                                 const IncidentLookup& lookup, const Directory& directory) {
  std::vector<FollowUp> out;
  Correlator correlator{state, *state.plan, lookup, directory, out};
  const bool correlates = state.plan->correlate.has_value() && !state.parent_role;
  for (const IncidentEvent& event : events) {
    if (const auto* declared = std::get_if<IncidentDeclared>(&event); declared != nullptr && correlates) {
      correlator.correlate(sets_scope(*state.plan, declared->facts));
    } else if (const auto* stated = std::get_if<FactsStated>(&event)) {
      if (correlates && sets_scope(*state.plan, stated->set)) correlator.correlate(true);
      if (state.parent_role) correlator.hand_down(*stated);
    } else if (const auto* progress = std::get_if<ProgressNoted>(&event); progress != nullptr && state.parent_role) {
      tell_children(state, *progress, lookup, out);
    } else if (const auto* chain = std::get_if<ChainFired>(&event)) {
      start_chain(state, *chain, out);
    } else if (std::holds_alternative<IncidentRetracted>(event)) {
      retract_empty_parent(state, lookup, out);
    }
  }
  return out;
}

}  // namespace tingan
