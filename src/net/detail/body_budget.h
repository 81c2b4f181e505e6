// How much memory the bodies of requests may take, all connections together. The first few kilobytes of each body are
// free (a declare is no larger), so that no flood of large ones keeps a small one out; what lies above is drawn from
// one of three purses that cannot empty each other.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <memory>

#include "net/server.h"

namespace tingan::net::detail {

class BodyBudget {
 public:
  explicit BodyBudget(const BodyBytes& most) : most_{most.stranger, most.known, most.large} {}

  bool take(BodyPurse purse, std::size_t bytes) {
    std::atomic<std::size_t>& used = used_[static_cast<std::size_t>(purse)];
    if (used.fetch_add(bytes) + bytes <= most_[static_cast<std::size_t>(purse)]) return true;
    used.fetch_sub(bytes);
    return false;
  }
  void give_back(BodyPurse purse, std::size_t bytes) { used_[static_cast<std::size_t>(purse)].fetch_sub(bytes); }

 private:
  const std::array<std::size_t, 3> most_;
  std::array<std::atomic<std::size_t>, 3> used_{};
};

// What one body has drawn; goes back when the request is gone, wherever that was handed to.
class BodyLease {
 public:
  static constexpr std::size_t kFree = 4 * 1024;

  BodyLease(std::shared_ptr<BodyBudget> budget, BodyPurse purse) : budget_(std::move(budget)), purse_(purse) {}
  ~BodyLease() { budget_->give_back(purse_, drawn_); }
  BodyLease(const BodyLease&) = delete;
  BodyLease& operator=(const BodyLease&) = delete;

  // The body now takes `bytes` of memory. False: the purse is empty.
  bool grow_to(std::size_t bytes) {
    if (bytes <= kFree + drawn_) return true;
    const std::size_t more = bytes - kFree - drawn_;
    if (!budget_->take(purse_, more)) return false;
    drawn_ += more;
    return true;
  }

 private:
  const std::shared_ptr<BodyBudget> budget_;
  const BodyPurse purse_;
  std::size_t drawn_ = 0;
};

}  // namespace tingan::net::detail
