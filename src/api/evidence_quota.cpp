#include "api/evidence_quota.h"

namespace tingan::api {
namespace {

constexpr std::uint64_t kMiB = 1U << 20U;

tl::unexpected<Error> too_much(const char* zh, const char* en, std::uint64_t most) {
  return fail("evidence.quota",
              {fmt::format("{} 24 小时内最多上传 {} MiB 照片和录音，请稍后再传", zh, most / kMiB),
               fmt::format("Expected at most {} MiB of photos and voice notes in 24 hours from {}: try again later",
                           most / kMiB, en)});
}

}  // namespace

std::uint64_t EvidenceQuota::used(const std::string& who, Instant now) {
  const auto found = hours_.find(who);
  if (found == hours_.end()) return 0;
  Hours& hours = found->second;
  while (!hours.empty() && hours.front().begins + kSpan <= now) hours.pop_front();
  std::uint64_t sum = 0;
  for (const Hour& hour : hours) sum += hour.bytes;
  if (hours.empty()) hours_.erase(found);
  return sum;
}

Expected<void> EvidenceQuota::take(PersonId person, UnitId unit, std::uint64_t bytes, Instant now) {
  const std::string one = "person:" + person.str();
  const std::string hall = "unit:" + unit.str();
  const std::lock_guard lock(mutex_);
  if (person_max_ > 0 && used(one, now) + bytes > person_max_) return too_much("每人", "one person", person_max_);
  if (unit_max_ > 0 && used(hall, now) + bytes > unit_max_) return too_much("每个营业厅", "one hall", unit_max_);
  const Instant begins = std::chrono::floor<std::chrono::hours>(now);
  for (const std::string& who : {one, hall}) {
    Hours& hours = hours_[who];
    if (hours.empty() || hours.back().begins != begins) hours.push_back({begins, 0});
    hours.back().bytes += bytes;
  }
  return {};
}

void EvidenceQuota::give_back(PersonId person, UnitId unit, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  for (const std::string& who : {"person:" + person.str(), "unit:" + unit.str()}) {
    const auto found = hours_.find(who);
    if (found == hours_.end() || found->second.empty()) continue;
    std::uint64_t& newest = found->second.back().bytes;
    newest -= std::min(newest, bytes);
  }
}

}  // namespace tingan::api
