// For tests: what ADR 12 says about orders, numbers and replays, as plain data and in few words. Shares no code with
// the program.
#pragma once
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/acceptance_state.h"

namespace tingan::testing_acceptance {

// The whole range from the first run on: RapidCheck's own would begin with its low end.
template <class Integer>
Integer between(Integer least, Integer beyond) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<Integer>(least, beyond));
}
inline bool once_in(int n) { return between(0, n) == 0; }

struct ModelOrder {
  OrderStatus status = OrderStatus::waiting;
  bool callback = false;
  std::uint32_t number = 0;
  bool home = false;
  PromiseStatus promise = PromiseStatus::open;
  Instant made{};
  Instant due{};
  int warned = 0;
  std::optional<Instant> settled;
  bool erased = false;
  std::string reference;

  bool is_settled() const {
    return status == OrderStatus::entered || status == OrderStatus::rejected || status == OrderStatus::handed_back;
  }
  // It may be in the back office already.
  bool in_flight() const { return status == OrderStatus::sent || status == OrderStatus::unknown; }
  void settle(OrderStatus as, Instant now) {
    status = as;
    settled = now;
    const bool keeps_waiting =
        as == OrderStatus::entered && home;  // a visit keeps its own promise, and here nobody goes
    if (promise == PromiseStatus::open && !keeps_waiting) {
      promise = as == OrderStatus::entered ? PromiseStatus::kept : PromiseStatus::released;
    }
  }
};

struct ModelBlock {
  std::string device;
  std::uint32_t pack = 0;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

struct Model {
  std::map<std::uint8_t, ModelOrder> orders;
  std::vector<ModelBlock> blocks;
  std::set<std::uint32_t> voided;
  std::uint32_t next = 1;
  std::uint32_t packs = 0;
  std::uint32_t replay = 0;
  ReplayStatus replaying = ReplayStatus::none;

  bool used(std::uint32_t number) const {
    return voided.contains(number) ||
           std::any_of(orders.begin(), orders.end(), [&](const auto& one) { return one.second.number == number; });
  }
  bool holds(const std::string& device, std::uint32_t pack, std::uint32_t number) const {
    return std::any_of(blocks.begin(), blocks.end(), [&](const ModelBlock& block) {
      return block.device == device && block.pack == pack && block.first <= number && number <= block.last;
    });
  }
  bool are_in_one_block(std::uint32_t first, std::uint32_t last) const {
    return std::any_of(blocks.begin(), blocks.end(),
                       [&](const ModelBlock& block) { return block.first <= first && last <= block.last; });
  }
  bool has_order_in(std::uint32_t first, std::uint32_t last) const {
    return std::any_of(orders.begin(), orders.end(),
                       [&](const auto& one) { return first <= one.second.number && one.second.number <= last; });
  }
  std::uint32_t going() const {
    return static_cast<std::uint32_t>(std::count_if(orders.begin(), orders.end(), [](const auto& one) {
      return one.second.status == OrderStatus::waiting && !one.second.callback;
    }));
  }
};

}  // namespace tingan::testing_acceptance
