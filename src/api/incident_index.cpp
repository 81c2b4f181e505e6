#include "api/incident_index.h"

#include <mutex>

#include "api/visibility.h"

namespace tingan::api {

void IncidentIndex::put(const IncidentState& incident) {
  const bool covered = !incident.cover.empty();
  const bool over_there = covered && incident.cover.front().ended_at != kNever;
  const Row row{incident.unit, incident.plan_id, incident.status, covered, over_there, is_uncounted(incident)};
  const auto before = all_.find(incident.id);
  uncounted_ += row.uncounted ? 1 : 0;
  if (before != all_.end() && before->second.uncounted) --uncounted_;
  all_[incident.id] = row;
  auto& like = open_like_[{row.unit, row.type}];
  if (row.status == IncidentStatus::open || row.status == IncidentStatus::contained) {
    open_[incident.id] = row;
    like.insert(incident.id);
  } else {
    open_.erase(incident.id);
    like.erase(incident.id);
  }
}

void IncidentIndex::fill(const View& view) {
  const RegistryPtr registry = view.registry();
  const std::unique_lock lock(mutex_);
  for (const Unit& unit : registry->directory().organisation().units) {
    for (const IncidentPtr& incident : view.of_unit(unit.id)) put(*incident);
  }
}

void IncidentIndex::apply(const Commit& commit) {
  const std::unique_lock lock(mutex_);
  for (const CommittedRecord& record : commit.records) {
    if (record.incident != nullptr) put(*record.incident);
  }
}

void IncidentIndex::walk(IncidentId before, bool open_only,
                         const std::function<bool(IncidentId, const Row&)>& take) const {
  const std::shared_lock lock(mutex_);
  const auto& rows = open_only ? open_ : all_;
  for (auto at = before.none() ? rows.begin() : rows.upper_bound(before); at != rows.end(); ++at) {
    if (!take(at->first, at->second)) return;
  }
}

std::vector<IncidentId> IncidentIndex::open_like(UnitId unit, PlanId type, std::size_t most) const {
  const std::shared_lock lock(mutex_);
  std::vector<IncidentId> out;
  const auto found = open_like_.find({unit, type});
  if (found == open_like_.end()) return out;
  for (const IncidentId id : found->second) {
    if (out.size() == most) break;
    out.push_back(id);
  }
  return out;
}

std::size_t IncidentIndex::open_count() const {
  const std::shared_lock lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      open_.begin(), open_.end(), [](const auto& one) { return !one.second.over_there && !one.second.uncounted; }));
}

std::size_t IncidentIndex::uncounted() const {
  const std::shared_lock lock(mutex_);
  return uncounted_;
}

std::vector<IncidentId> IncidentIndex::open() const {
  const std::shared_lock lock(mutex_);
  std::vector<IncidentId> out;
  out.reserve(open_.size());
  for (const auto& [id, row] : open_) out.push_back(id);
  return out;
}

std::vector<IncidentId> IncidentIndex::open_or_since(Instant since) const {
  const std::array<std::uint8_t, 10> lowest{};
  const IncidentId first = make_incident_id(to_millis(since), lowest);
  const std::shared_lock lock(mutex_);
  std::set<IncidentId, std::greater<>> found;
  for (const auto& [id, row] : open_) found.insert(id);
  for (auto at = all_.begin(); at != all_.end() && at->first >= first; ++at) found.insert(at->first);
  return {found.begin(), found.end()};
}

}  // namespace tingan::api
