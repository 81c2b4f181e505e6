// How many connections each address holds. Any thread.
#pragma once
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace tingan::net::detail {

class AddressCounts {
 public:
  // The number with this one.
  std::size_t add(const std::string& address) {
    const std::lock_guard lock(mutex_);
    return ++counts_[address];
  }
  void remove(const std::string& address) {
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find(address);
    if (found != counts_.end() && --found->second == 0) counts_.erase(found);
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> counts_;
};

}  // namespace tingan::net::detail
