// What will happen when, on the machine's steady time. At the same moment: in the order in which it was put down.
#pragma once
#include <functional>
#include <map>
#include <optional>

#include "base/time.h"

namespace tingan::sim {

class Agenda {
 public:
  void put(Duration at, std::function<void()> what) {
    entries_.emplace(std::pair(std::max(at, now_), ++count_), std::move(what));
  }
  void after(Duration span, std::function<void()> what) { put(now_ + span, std::move(what)); }
  std::optional<Duration> next() const {
    if (entries_.empty()) return std::nullopt;
    return entries_.begin()->first.first;
  }
  Duration now() const { return now_; }
  // Moves on to `at` and does what stands there; what that puts down for the same moment, too.
  void advance(Duration at) {
    now_ = std::max(now_, at);
    while (!entries_.empty() && entries_.begin()->first.first <= now_) {
      auto entry = entries_.extract(entries_.begin());
      entry.mapped()();
    }
  }

 private:
  std::map<std::pair<Duration, std::uint64_t>, std::function<void()>> entries_;
  Duration now_{};
  std::uint64_t count_ = 0;
};

}  // namespace tingan::sim
