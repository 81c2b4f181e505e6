#include "api/throttle.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "net/address.h"

namespace tingan::api {
namespace {

// Length first, so that no user name can be made to look like another's name and address.
std::string key_of(const std::string& user, const std::string& peer) {
  return std::to_string(user.size()) + ":" + user + net::address_group(peer);
}
// No address looks like it.
std::string net_key_of(const std::string& user, const std::string& peer) {
  return std::to_string(user.size()) + ":" + user + "/" + net::address_net(peer);
}
std::string address_key(const std::string& peer) { return "@" + net::address_group(peer); }

}  // namespace

Duration LoginThrottle::wait(const std::string& user, const std::string& peer, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(key_of(user, peer));
  if (found == failures_.end() || found->second.until <= now) return Duration{0};
  return found->second.until - now;
}

Duration LoginThrottle::take(const std::string& user, const std::string& peer, Instant now) {
  const std::lock_guard lock(mutex_);
  make_room(now);
  const std::string key = key_of(user, peer);
  const Failures before = failures_[key];
  if (before.until > now) return before.until - now;
  if (!known_.contains(key) && accounts_.take(user, now).count() > 0) {
    Failures& whole = failures_[net_key_of(user, peer)];
    if (whole.until > now) return whole.until - now;
    whole.last = now;
    whole.until = now + kMost;
  }
  for (const std::string& one : {address_key(peer), key}) {
    Failures& entry = failures_[one];
    if (now - entry.last > kForget) entry.count = 0;
    entry.last = now;
    ++entry.count;
  }
  Failures& entry = failures_[key];
  if (entry.count >= kFree) {
    const int doublings = std::min(entry.count - kFree, 10);
    entry.until = now + std::min(kMost, kFirst * (1 << doublings));
  }
  return Duration{0};
}

void LoginThrottle::succeeded(const std::string& user, const std::string& peer, Instant now) {
  const std::lock_guard lock(mutex_);
  const std::string key = key_of(user, peer);
  failures_.erase(key);
  failures_.erase(address_key(peer));
  if (known_.size() >= kKeptMax) {
    // Half of them go, the longest unseen first.
    std::vector<Instant> times;
    for (const auto& [pair, seen] : known_) times.push_back(seen);
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    std::erase_if(known_, [limit = *middle](const auto& entry) { return entry.second <= limit; });
  }
  known_[key] = now;
}

bool LoginThrottle::fails(const std::string& peer, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(address_key(peer));
  return found != failures_.end() && found->second.count >= kFree && now - found->second.last <= kForget;
}

bool LoginThrottle::was_in(const std::string& user, const std::string& peer) {
  const std::lock_guard lock(mutex_);
  return known_.contains(key_of(user, peer));
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
