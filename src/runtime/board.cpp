#include "runtime/board.h"

#include "core/incident/clocks.h"

namespace tingan {
namespace {

bool is_open(const IncidentState& state) {
  return state.status == IncidentStatus::open || state.status == IncidentStatus::contained;
}

}  // namespace

IncidentPtr Board::find(IncidentId id) const {
  const Entry* known = entry(id);
  return known == nullptr ? nullptr : known->held.load();
}

const Board::Entry* Board::entry(IncidentId id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second;
}

IncidentPtr Board::open_parent(PlanId type, UnitId above, bool drill) const {
  const auto found = parents_.find({type, above, drill});
  if (found == parents_.end()) return nullptr;
  // The index may be ahead of a rolled-back batch or behind a closing: the state decides.
  IncidentPtr parent = find(found->second);
  return parent != nullptr && is_open(*parent) ? parent : nullptr;
}

std::vector<IncidentPtr> Board::recent(PlanId type, UnitId above, bool drill, Instant since) const {
  std::vector<IncidentPtr> out;
  const auto found = recent_.find({type, above, drill});
  if (found == recent_.end()) return out;
  for (auto id = found->second.rbegin(); id != found->second.rend(); ++id) {
    IncidentPtr state = find(*id);
    if (state == nullptr) continue;
    if (state->declared_at < since) break;
    if (is_open(*state)) out.push_back(std::move(state));
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::vector<IncidentPtr> Board::open_in(UnitId unit) const {
  std::vector<IncidentPtr> out;
  const auto found = open_by_unit_.find(unit);
  if (found == open_by_unit_.end()) return out;
  for (const IncidentId id : found->second) {
    IncidentPtr state = find(id);
    if (state != nullptr && is_open(*state)) out.push_back(std::move(state));
  }
  return out;
}

void Board::index(const IncidentState& state, UnitId above) {
  auto& here = open_by_unit_[state.unit];
  std::erase_if(here, [&](IncidentId id) {
    const Entry* known = entry(id);
    return known == nullptr || !known->open;
  });
  here.push_back(state.id);
  if (!state.plan->correlate) return;
  if (state.parent_role) {
    parents_[{state.plan_id, state.unit, state.drill}] = state.id;
  } else {
    auto& list = recent_[{state.plan_id, above, state.drill}];
    constexpr std::size_t kMost = 4096;  // far beyond any window; keeps the index bounded
    if (list.size() >= kMost) list.pop_front();
    list.push_back(state.id);
  }
}

void Board::schedule(IncidentId id, const IncidentState& state, Entry& entry) {
  const Instant next = tingan::next_deadline(state);
  if (next != kNever && next != entry.deadline) clocks_.push({next, id});
  entry.deadline = next;
}

void Board::put(IncidentPtr state, std::uint64_t gseq, UnitId above) {
  const IncidentId id = state->id;
  const auto found = entries_.find(id);
  const bool fresh = found == entries_.end();
  if (touched_.insert(id).second) {
    undo_.push_back({id, fresh ? std::nullopt : std::optional<Entry>(found->second), dirty_.contains(id)});
  }
  const bool reopened = !fresh && !found->second.open && is_open(*state);
  Entry& entry = entries_[id];
  entry.last_gseq = gseq;
  entry.touched = ++touches_;
  entry.open = is_open(*state);
  dirty_.try_emplace(id, gseq);
  hot_.emplace_back(id, entry.touched);
  schedule(id, *state, entry);
  entry.held = Held(state);
  if (fresh || reopened) index(*state, above);
}

void Board::put_recovered(const IncidentState& state, Held held, std::uint64_t gseq, UnitId above,
                          std::uint64_t dirty_since) {
  Entry& entry = entries_[state.id];
  entry.held = std::move(held);
  entry.last_gseq = gseq;
  entry.open = is_open(state);
  schedule(state.id, state, entry);
  if (dirty_since != 0) dirty_.try_emplace(state.id, dirty_since);
  index(state, above);
}

std::vector<std::pair<IncidentId, Held>> Board::cool(std::size_t keep) {
  std::vector<std::pair<IncidentId, Held>> out;
  while (hot_.size() > keep) {
    const auto [id, touch] = hot_.front();
    hot_.pop_front();
    const auto found = entries_.find(id);
    if (found == entries_.end() || found->second.touched != touch) continue;  // touched again since, or rolled back
    found->second.held = found->second.held.packed();
    out.emplace_back(id, found->second.held);
  }
  return out;
}

void Board::commit() {
  undo_.clear();
  touched_.clear();
}

void Board::rollback() {
  for (auto& [id, before, was_dirty] : undo_) {
    // Else it would count as dirty since a record that never came to be, and hide that it is dirty since an earlier
    // one.
    if (!was_dirty) dirty_.erase(id);
    if (!before) {
      entries_.erase(id);
    } else {
      Entry& entry = entries_[id];
      entry = std::move(*before);
      if (entry.deadline != kNever) clocks_.push({entry.deadline, id});
    }
  }
  undo_.clear();
  touched_.clear();
}

Instant Board::next_deadline() {
  while (!clocks_.empty()) {
    const Clock& top = clocks_.top();
    const Entry* known = entry(top.id);
    if (known != nullptr && known->deadline == top.at) return top.at;
    clocks_.pop();  // a tombstone: the incident has moved on
  }
  return kNever;
}

std::vector<std::pair<Instant, IncidentId>> Board::due(Instant now, std::size_t limit) {
  std::vector<std::pair<Instant, IncidentId>> out;
  while (out.size() < limit && next_deadline() <= now) {
    out.emplace_back(clocks_.top().at, clocks_.top().id);
    clocks_.pop();
  }
  // They are asked for now; should the commit fail they must still be there.
  for (const auto& [at, id] : out) clocks_.push({at, id});
  return out;
}

void Board::mark_clean(const std::vector<IncidentId>& ids) {
  for (const IncidentId id : ids) dirty_.erase(id);
}

IncidentPtr PublishedView::find(IncidentId id) const {
  const std::shared_lock lock(mutex_);
  const auto found = incidents_.find(id);
  return found == incidents_.end() ? nullptr : found->second.held.load();
}

std::vector<IncidentPtr> PublishedView::of_unit(UnitId unit) const {
  const std::shared_lock lock(mutex_);
  std::vector<IncidentPtr> out;
  const auto found = by_unit_.find(unit);
  if (found == by_unit_.end()) return out;
  for (auto id = found->second.rbegin(); id != found->second.rend(); ++id) {
    out.push_back(incidents_.at(*id).held.load());
  }
  return out;
}

std::vector<IncidentPtr> PublishedView::open() const {
  const std::shared_lock lock(mutex_);
  std::vector<IncidentPtr> out;
  out.reserve(open_.size());
  for (const IncidentId id : open_) out.push_back(incidents_.at(id).held.load());
  return out;
}

std::size_t PublishedView::count() const {
  const std::shared_lock lock(mutex_);
  return incidents_.size();
}

RegistryPtr PublishedView::registry() const {
  const std::shared_lock lock(mutex_);
  return registry_;
}

std::uint64_t PublishedView::last_gseq() const {
  const std::shared_lock lock(mutex_);
  return last_gseq_;
}

std::uint64_t PublishedView::last_gseq_of(IncidentId id) const {
  const std::shared_lock lock(mutex_);
  const auto found = incidents_.find(id);
  return found == incidents_.end() ? 0 : found->second.gseq;
}

void PublishedView::publish(const std::vector<Change>& changes, RegistryPtr registry, std::uint64_t last_gseq) {
  const std::unique_lock lock(mutex_);
  for (const Change& change : changes) {
    auto [at, fresh] = incidents_.try_emplace(change.id);
    if (fresh) by_unit_[change.unit].push_back(change.id);
    at->second = {change.held, change.gseq};
    if (change.open) {
      open_.insert(change.id);
    } else {
      open_.erase(change.id);
    }
  }
  registry_ = std::move(registry);
  last_gseq_ = last_gseq;
}

void PublishedView::replace(const std::vector<std::pair<IncidentId, Held>>& packed) {
  const std::unique_lock lock(mutex_);
  for (const auto& [id, held] : packed) incidents_.at(id).held = held;
}

}  // namespace tingan
