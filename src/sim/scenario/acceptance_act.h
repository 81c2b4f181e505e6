// What a line asks of emergency acceptance, and what it demands of it (S4.1-S4.4, S5C.2).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/acceptance/field_check.h"
#include "model/acceptance_state.h"

namespace tingan::scenario {

// Everything that a line may say; which of it counts depends on the kind.
struct AcceptanceAct {
  enum class Kind {
    order,
    callback,
    block,
    pack,
    void_numbers,
    replay,
    pause,
    resume,
    pace,
    enter,
    reject,
    repair,
    hand_back,
    promise,
    visit,
    visited,
    call,
    back_office
  };

  Kind kind = Kind::order;
  std::string order;         // its name in this file; of those that take one the name that it gets
  UnitId unit;               // those that take, and those of the hall
  BusinessId business;       // order, callback, pack
  std::string incident;      // order, callback: during which; empty: none
  std::string device;        // order, block
  std::uint32_t number = 0;  // order, callback: 0 is the hall's next
  std::uint32_t pack = 0;
  std::uint32_t size = 50;        // block, pack
  std::uint32_t first = 0;        // void
  std::uint32_t last = 0;         // void
  int rate_per_minute = 0;        // replay, pace
  std::optional<Duration> taken;  // order, callback: taken at this time from the start, out of the node's reach
  Filled filled;                  // order, callback, repair
  std::string district;
  std::optional<PromiseKind> promise;
  std::optional<Duration> due;  // of a promise or a visit, from the start
  std::string code;             // reject
  std::string words;            // reason, note
  std::string reference;        // enter
  bool reached = false;         // call
  RoleId visitor;               // visit: a role of the hall
  // back_office: how it behaves from now on; what is left out stays as it was.
  std::optional<bool> down;
  std::optional<bool> busy;
  std::optional<bool> refuses;
  std::optional<bool> heeds_keys;
  std::optional<bool> refuses_twins;
  std::optional<bool> can_ask;
  std::string loses;  // requests, answers, nothing
  std::optional<Duration> slow;
};

struct OrderDemand {
  std::string order;
  std::optional<OrderStatus> state;
  std::optional<PromiseStatus> promise;
  std::optional<PromiseKind> promised;
  std::optional<Duration> due;  // of the promise, from the start
  std::optional<std::string> code;
  std::optional<int> warned;
  std::vector<RoleId> told;  // by its promise's clocks: at least these
  std::optional<std::uint32_t> number;
  std::optional<std::string> twin;
  std::optional<int> in_office;  // how often the back office has it
  std::optional<bool> erased;
};

struct HallDemand {
  UnitId unit;
  std::string incident;  // only what was taken during it; empty: all
  std::optional<std::uint32_t> taken;
  std::optional<std::uint32_t> entered;
  std::optional<std::uint32_t> rejected;
  std::optional<std::uint32_t> handed_back;
  std::optional<std::uint32_t> waiting;
  std::optional<std::uint32_t> set_aside;
  std::optional<std::uint32_t> by_hand;
  std::optional<std::uint32_t> callbacks;
  std::optional<std::uint32_t> kept;
  std::optional<std::uint32_t> broken;
  std::optional<std::vector<std::uint32_t>> missing;
  std::optional<bool> balances;
  std::optional<bool> reconciled;
  std::optional<ReplayStatus> replay;
  std::optional<std::uint32_t> would_go;    // were a replay started now
  std::optional<std::uint32_t> duplicates;  // of these, suspected
};

const char* word_of(AcceptanceAct::Kind kind);
const char* word_of(PromiseStatus status);
const char* word_of(ReplayStatus status);

}  // namespace tingan::scenario
