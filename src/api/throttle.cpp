#include "api/throttle.h"

#include <algorithm>
#include <cmath>

namespace tingan::api {
namespace {

// Length first, so that no user name can be made to look like another's name and address.
std::string key_of(const std::string& user, const std::string& peer) {
  return std::to_string(user.size()) + ":" + user + peer;
}

}  // namespace

Duration LoginThrottle::wait(const std::string& user, const std::string& peer, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(key_of(user, peer));
  if (found == failures_.end() || found->second.until <= now) return Duration{0};
  return found->second.until - now;
}

void LoginThrottle::failed(const std::string& user, const std::string& peer, Instant now) {
  const std::lock_guard lock(mutex_);
  make_room(now);
  Failures& entry = failures_[key_of(user, peer)];
  if (now - entry.last > kForget) entry.count = 0;
  entry.last = now;
  ++entry.count;
  if (entry.count < kFree) return;
  const int doublings = std::min(entry.count - kFree, 10);
  entry.until = now + std::min(kMost, kFirst * (1 << doublings));
}

void LoginThrottle::succeeded(const std::string& user, const std::string& peer) {
  const std::lock_guard lock(mutex_);
  failures_.erase(key_of(user, peer));
}

void LoginThrottle::make_room(Instant now) {
  if (failures_.size() < kKeptMax) return;
  std::erase_if(failures_, [&](const auto& entry) { return now - entry.second.last > kForget; });
  // Somebody tries many names: who waits goes on waiting, the others start anew.
  if (failures_.size() >= kKeptMax) {
    std::erase_if(failures_, [&](const auto& entry) { return entry.second.until <= now; });
  }
  if (failures_.size() >= kKeptMax) failures_.clear();
}

Duration RateLimiter::take(const std::string& who, Instant now) {
  if (rate_ <= 0) return Duration{0};
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kKeptMax) {
    const Duration full{static_cast<std::int64_t>(burst_ / rate_ * 1000)};
    std::erase_if(buckets_, [&](const auto& entry) { return now - entry.second.at >= full; });
    if (buckets_.size() >= kKeptMax) buckets_.clear();
  }
  const auto [entry, fresh] = buckets_.try_emplace(who, Bucket{burst_, now});
  Bucket& bucket = entry->second;
  const double passed = static_cast<double>((now - bucket.at).count()) / 1000.0;
  bucket.tokens = std::min(burst_, bucket.tokens + std::max(0.0, passed) * rate_);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return Duration{0};
  }
  return Duration{static_cast<std::int64_t>(std::ceil((1 - bucket.tokens) / rate_ * 1000))};
}

}  // namespace tingan::api
