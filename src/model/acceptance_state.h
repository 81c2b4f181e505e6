// Emergency acceptance as it stands: one OrderState an order or callback, one AcceptanceHall a hall. Folds of their
// events; plain data.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/acceptance_event.h"

namespace tingan {

// `waiting`, `sent`, `unknown`, `set_aside` and `by_hand` all count as waiting in the reconciliation.
enum class OrderStatus : std::uint8_t { waiting, sent, unknown, set_aside, by_hand, entered, rejected, handed_back };
BOOST_DESCRIBE_ENUM(OrderStatus, waiting, sent, unknown, set_aside, by_hand, entered, rejected, handed_back)

enum class PromiseStatus : std::uint8_t { open, kept, broken, released };
BOOST_DESCRIBE_ENUM(PromiseStatus, open, kept, broken, released)

struct OrderLook {
  Instant at{};
  PersonId person;
  Sealed purpose;
  friend bool operator==(const OrderLook&, const OrderLook&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderLook, (), (at, person, purpose))

// One line of the order's own history: what stands in the log, kept short.
struct OrderMoment {
  Instant at{};
  PersonId person;
  std::string what;  // the event's name
  friend bool operator==(const OrderMoment&, const OrderMoment&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderMoment, (), (at, person, what))

struct OrderState {
  OrderId id;
  UnitId unit;
  std::uint32_t number = 0;
  OrderKind kind = OrderKind::order;
  BusinessId business;
  IncidentId incident;
  bool drill = false;
  std::string device;
  std::uint32_t pack = 0;
  Instant taken_at{};
  Instant received_at{};
  Actor taken_by;
  std::int64_t amount_fen = 0;
  OrderStatus status = OrderStatus::waiting;
  std::string code;  // why it was set aside, left to a person or rejected
  Sealed reason;
  std::string reference;  // in the back office, as that gave it
  Sealed typed;           // the same, as a person typed it
  EnteredVia via = EnteredVia::connector;
  std::uint32_t attempts = 0;
  std::uint32_t replay = 0;
  Instant moved_at{};  // last change of the status
  PromiseKind promise = PromiseKind::done;
  PromiseStatus promise_status = PromiseStatus::open;
  Instant promise_made{};
  Instant promise_due = kNever;
  int promise_level = 0;  // of the warnings so far
  Sealed district;
  PersonId visitor;
  Instant visit_due = kNever;
  Instant visited_at = kNever;
  int calls = 0;
  Sealed personal;
  std::vector<std::string> photos;
  std::string fingerprint;
  OrderId twin;
  std::vector<std::string> doubts;
  std::string connector;
  int keep_days = 0;
  Instant erase_at = kNever;
  bool erased = false;
  std::vector<OrderLook> looks;
  std::vector<OrderMoment> history;
  friend bool operator==(const OrderState&, const OrderState&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderState, (),
                      (id, unit, number, kind, business, incident, drill, device, pack, taken_at, received_at, taken_by,
                       amount_fen, status, code, reason, reference, typed, via, attempts, replay, moved_at, promise,
                       promise_status, promise_made, promise_due, promise_level, district, visitor, visit_due,
                       visited_at, calls, personal, photos, fingerprint, twin, doubts, connector, keep_days, erase_at,
                       erased, looks, history))

using OrderPtr = std::shared_ptr<const OrderState>;

// Numbers that one device or one paper pack holds; no two blocks of a hall overlap.
struct NumberBlock {
  std::string device;      // empty for a pack
  std::uint32_t pack = 0;  // 0 for a device
  BusinessId business;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  Instant at{};
  friend bool operator==(const NumberBlock&, const NumberBlock&) = default;
};
BOOST_DESCRIBE_STRUCT(NumberBlock, (), (device, pack, business, first, last, at))

struct NumberSpan {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  friend bool operator==(const NumberSpan&, const NumberSpan&) = default;
};
BOOST_DESCRIBE_STRUCT(NumberSpan, (), (first, last))

enum class ReplayStatus : std::uint8_t { none, running, paused, finished };
BOOST_DESCRIBE_ENUM(ReplayStatus, none, running, paused, finished)

// The hall's newest replay. Earlier ones stand in the log.
struct ReplayState {
  std::uint32_t id = 0;
  ReplayStatus status = ReplayStatus::none;
  std::string why;  // paused
  std::uint32_t planned = 0;
  int rate_per_minute = 0;
  Instant started_at{};
  Instant finished_at = kNever;
  Actor by;
  std::uint32_t entered = 0;  // at the end
  std::uint32_t left = 0;
  friend bool operator==(const ReplayState&, const ReplayState&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplayState, (),
                      (id, status, why, planned, rate_per_minute, started_at, finished_at, by, entered, left))

struct AcceptanceHall {
  UnitId unit;
  std::uint32_t next_number = 1;
  std::uint32_t next_pack = 1;
  std::vector<NumberBlock> blocks;
  std::vector<NumberSpan> voided;
  ReplayState replay;
  friend bool operator==(const AcceptanceHall&, const AcceptanceHall&) = default;
};
BOOST_DESCRIBE_STRUCT(AcceptanceHall, (), (unit, next_number, next_pack, blocks, voided, replay))

using HallPtr = std::shared_ptr<const AcceptanceHall>;

inline bool is_settled(OrderStatus status) {
  return status == OrderStatus::entered || status == OrderStatus::rejected || status == OrderStatus::handed_back;
}

}  // namespace tingan
