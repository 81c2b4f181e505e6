#include "core/plancheck/roster_index.h"

#include <algorithm>
#include <set>

namespace tingan {
namespace {

constexpr int kDay = 24 * 60;
constexpr int kWeek = 7 * kDay;

Text say_day(int minute) {
  constexpr const char* kZh[] = {"周一", "周二", "周三", "周四", "周五", "周六", "周日"};
  constexpr const char* kEn[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const int day = minute / kDay % 7;
  return {kZh[day], kEn[day]};
}

std::string say_hour(int minute) { return fmt::format("{:02}:{:02}", minute % kDay / 60, minute % 60); }

Text say_span(UnitId unit, int from, int to) {
  if (from == 0 && to == kWeek) {
    return {fmt::format("{} 任何时间", unit.str()), fmt::format("{} at all hours", unit.str())};
  }
  const Text first = say_day(from);
  const bool same_day = from / kDay == (to - 1) / kDay;
  if (same_day) {
    const std::string end = to % kDay == 0 ? "24:00" : say_hour(to);
    return {fmt::format("{} {} {}-{}", unit.str(), first.zh, say_hour(from), end),
            fmt::format("{} {} {}-{}", unit.str(), first.en, say_hour(from), end)};
  }
  const Text last = say_day(to);
  return {fmt::format("{} {} {}-{} {}", unit.str(), first.zh, say_hour(from), last.zh, say_hour(to)),
          fmt::format("{} {} {}-{} {}", unit.str(), first.en, say_hour(from), last.en, say_hour(to))};
}

}  // namespace

RosterIndex::RosterIndex(OrganisationPtr organisation)
    : organisation_(std::move(organisation)), directory_(organisation_, RosterChanges{}) {}

const RosterIndex::Gap& RosterIndex::gap(RoleId role, bool of_parent) {
  const auto key = std::pair{role, of_parent};
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  return known_.emplace(key, look(role, of_parent)).first->second;
}

RosterIndex::Gap RosterIndex::look(RoleId role, bool of_parent) const {
  Gap gap;
  std::set<UnitId> units;
  for (const Unit& unit : organisation_->units) {
    if (unit.kind != UnitKind::hall) continue;
    if (!of_parent) units.insert(unit.id);
    if (of_parent && !unit.parent.empty()) units.insert(unit.parent);
  }
  for (const UnitId unit : units) look_at_unit(unit, role, gap);
  return gap;
}

// Every minute of the week at which a shift of the unit, or of one above, begins or ends.
std::vector<int> RosterIndex::cuts(UnitId unit) const {
  std::set<int> out{0};
  for (const Shift& shift : organisation_->roster) {
    if (!directory_.is_within(unit, shift.unit)) continue;
    for (int day = 0; day < 7; ++day) {
      out.insert(day * kDay + shift.span.from);
      out.insert((day * kDay + shift.span.to) % kWeek);
      if (shift.span.to <= shift.span.from) out.insert(day * kDay);
    }
  }
  return {out.begin(), out.end()};
}

void RosterIndex::look_at_unit(UnitId unit, RoleId role, Gap& gap) const {
  // An ordinary week: Monday 2001-01-01, in the organisation's zone.
  const Instant monday = from_millis(978307200000) - std::chrono::minutes{directory_.zone().minutes};
  std::vector<Span> spans;
  const std::vector<int> starts = cuts(unit);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const int to = i + 1 < starts.size() ? starts[i + 1] : kWeek;
    const Found found = directory_.who(unit, role, monday + std::chrono::minutes{starts[i]});
    Cover cover = Cover::held;
    // Above the hall is where a role of the centre lives: that is no stand-in.
    const bool held = found.via == FoundBy::roster || found.via == FoundBy::on_call ||
                      (found.via == FoundBy::unit_above && found.acting == role);
    if (found.via == FoundBy::nobody) cover = Cover::nobody;
    if (found.via != FoundBy::nobody && !held) {
      cover = Cover::stand_in;
      gap.stand_in = found.acting;
    }
    gap.ever_held = gap.ever_held || held;
    if (!spans.empty() && spans.back().cover == cover) {
      spans.back().to = to;
    } else {
      spans.push_back({starts[i], to, cover});
    }
  }
  for (const Span& span : spans) {
    if (span.cover == Cover::nobody) gap.nobody.push_back(say_span(unit, span.from, span.to));
    if (span.cover == Cover::stand_in) gap.stand_ins.push_back(say_span(unit, span.from, span.to));
  }
}

}  // namespace tingan
