// Everything that can happen to emergency acceptance in a hall: its orders and callbacks, the numbers that its devices
// and paper packs hold, and the entering afterwards (docs/adr/0012-acceptance.md). A third family beside incident and
// unit events, in the hall's own log. Past tense; applied by core/acceptance/evolve.cpp.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/actor.h"
#include "model/business_type.h"
#include "model/ids.h"
#include "model/sealed.h"

namespace tingan {

enum class OrderKind : std::uint8_t { order, callback };
BOOST_DESCRIBE_ENUM(OrderKind, order, callback)

// How we know that it is in the back office.
enum class EnteredVia : std::uint8_t { connector, asked, hand, call };
BOOST_DESCRIBE_ENUM(EnteredVia, connector, asked, hand, call)

struct OrderTaken {
  static constexpr const char* kName = "order-taken";
  static constexpr int kVersion = 1;
  OrderId order;
  std::uint32_t number = 0;  // of the hall; from a block, or the next free one
  OrderKind kind = OrderKind::order;
  BusinessId business;
  IncidentId incident;  // during which it was taken, or none
  bool drill = false;
  std::string device;      // that held the number; empty: the node itself
  std::uint32_t pack = 0;  // of printed forms, or 0
  Instant taken_at{};      // by the device's clock
  std::int64_t amount_fen = 0;
  PromiseKind promise = PromiseKind::done;
  Instant promise_due{};
  Sealed district;                  // coarse: which clerk goes there; typed, so under the order's key like `personal`
  Sealed personal;                  // customer, fields, signature as JSON, under the key order:<id>
  std::vector<std::string> photos;  // hashes of stored pictures
  std::string fingerprint;          // keyed hash of who and what; finds twins, tells nothing
  OrderId twin;                     // suspected duplicate of this one, or none
  std::vector<std::string> doubts;  // codes of what was wrong with it when it came in
  int keep_days = 0;
  std::string connector;
  friend bool operator==(const OrderTaken&, const OrderTaken&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderTaken, (),
                      (order, number, kind, business, incident, drill, device, pack, taken_at, amount_fen, promise,
                       promise_due, district, personal, photos, fingerprint, twin, doubts, keep_days, connector))

struct OrderRepaired {
  static constexpr const char* kName = "order-repaired";
  static constexpr int kVersion = 1;
  OrderId order;
  std::int64_t amount_fen = 0;
  Sealed personal;
  std::string fingerprint;
  Sealed reason;
  friend bool operator==(const OrderRepaired&, const OrderRepaired&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderRepaired, (), (order, amount_fen, personal, fingerprint, reason))

// Durable before the request goes out: after a crash the outcome is unknown, never "not sent".
struct OrderSent {
  static constexpr const char* kName = "order-sent";
  static constexpr int kVersion = 1;
  OrderId order;
  std::uint32_t replay = 0;
  std::uint32_t attempt = 0;
  friend bool operator==(const OrderSent&, const OrderSent&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderSent, (), (order, replay, attempt))

struct OutcomeUnknown {
  static constexpr const char* kName = "outcome-unknown";
  static constexpr int kVersion = 1;
  OrderId order;
  std::string why;  // timeout, lost, restarted
  friend bool operator==(const OutcomeUnknown&, const OutcomeUnknown&) = default;
};
BOOST_DESCRIBE_STRUCT(OutcomeUnknown, (), (order, why))

// Asked, and the back office does not have it: it may go out again, under the same key.
struct OutcomeAbsent {
  static constexpr const char* kName = "outcome-absent";
  static constexpr int kVersion = 1;
  OrderId order;
  friend bool operator==(const OutcomeAbsent&, const OutcomeAbsent&) = default;
};
BOOST_DESCRIBE_STRUCT(OutcomeAbsent, (), (order))

struct OrderEntered {
  static constexpr const char* kName = "order-entered";
  static constexpr int kVersion = 1;
  OrderId order;
  EnteredVia via = EnteredVia::connector;
  std::string reference;  // number in the back office, as that gave it; only where no person typed it
  Sealed typed{};         // the number as a person typed it
  friend bool operator==(const OrderEntered&, const OrderEntered&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderEntered, (), (order, via, reference, typed))

// For good, with a reason that the customer is told.
struct OrderRejected {
  static constexpr const char* kName = "order-rejected";
  static constexpr int kVersion = 1;
  OrderId order;
  std::string code;
  Sealed reason;
  friend bool operator==(const OrderRejected&, const OrderRejected&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderRejected, (), (order, code, reason))

// One bad order never blocks the rest: it waits for repair.
struct OrderSetAside {
  static constexpr const char* kName = "order-set-aside";
  static constexpr int kVersion = 1;
  OrderId order;
  std::string code;
  Sealed reason;
  friend bool operator==(const OrderSetAside&, const OrderSetAside&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderSetAside, (), (order, code, reason))

// Nobody can be asked, or nothing can be sent: a clerk enters it or finds out.
struct OrderLeftToPerson {
  static constexpr const char* kName = "order-left-to-person";
  static constexpr int kVersion = 1;
  OrderId order;
  std::string code;
  friend bool operator==(const OrderLeftToPerson&, const OrderLeftToPerson&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderLeftToPerson, (), (order, code))

struct OrderHandedBack {
  static constexpr const char* kName = "order-handed-back";
  static constexpr int kVersion = 1;
  OrderId order;
  Sealed reason;
  friend bool operator==(const OrderHandedBack&, const OrderHandedBack&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderHandedBack, (), (order, reason))

// A new promise in place of the old one.
struct PromiseMade {
  static constexpr const char* kName = "promise-made";
  static constexpr int kVersion = 1;
  OrderId order;
  PromiseKind promise = PromiseKind::done;
  Instant due{};
  friend bool operator==(const PromiseMade&, const PromiseMade&) = default;
};
BOOST_DESCRIBE_STRUCT(PromiseMade, (), (order, promise, due))

// Level 1: the shift leader is told; level 2: duty manager and hall director.
struct PromiseAtRisk {
  static constexpr const char* kName = "promise-at-risk";
  static constexpr int kVersion = 1;
  OrderId order;
  int level = 1;
  Instant due{};
  std::vector<PersonId> told;
  friend bool operator==(const PromiseAtRisk&, const PromiseAtRisk&) = default;
};
BOOST_DESCRIBE_STRUCT(PromiseAtRisk, (), (order, level, due, told))

struct PromiseBroken {
  static constexpr const char* kName = "promise-broken";
  static constexpr int kVersion = 1;
  OrderId order;
  Instant due{};
  std::vector<PersonId> told;
  friend bool operator==(const PromiseBroken&, const PromiseBroken&) = default;
};
BOOST_DESCRIBE_STRUCT(PromiseBroken, (), (order, due, told))

// Kept, or no longer due because the order was rejected or handed back.
struct PromiseSettled {
  static constexpr const char* kName = "promise-settled";
  static constexpr int kVersion = 1;
  OrderId order;
  bool kept = false;
  friend bool operator==(const PromiseSettled&, const PromiseSettled&) = default;
};
BOOST_DESCRIBE_STRUCT(PromiseSettled, (), (order, kept))

// S4.4: a clerk goes to the customer.
struct VisitAssigned {
  static constexpr const char* kName = "visit-assigned";
  static constexpr int kVersion = 1;
  OrderId order;
  PersonId person;
  Instant due{};
  friend bool operator==(const VisitAssigned&, const VisitAssigned&) = default;
};
BOOST_DESCRIBE_STRUCT(VisitAssigned, (), (order, person, due))

struct VisitMade {
  static constexpr const char* kName = "visit-made";
  static constexpr int kVersion = 1;
  OrderId order;
  Sealed note;
  friend bool operator==(const VisitMade&, const VisitMade&) = default;
};
BOOST_DESCRIBE_STRUCT(VisitMade, (), (order, note))

struct CallTried {
  static constexpr const char* kName = "call-tried";
  static constexpr int kVersion = 1;
  OrderId order;
  bool reached = false;
  Sealed note;
  friend bool operator==(const CallTried&, const CallTried&) = default;
};
BOOST_DESCRIBE_STRUCT(CallTried, (), (order, reached, note))

// Who saw the personal data in full, and what for.
struct PersonShown {
  static constexpr const char* kName = "person-shown";
  static constexpr int kVersion = 1;
  OrderId order;
  Sealed purpose;
  friend bool operator==(const PersonShown&, const PersonShown&) = default;
};
BOOST_DESCRIBE_STRUCT(PersonShown, (), (order, purpose))

// The key is destroyed after this is durable: the proof stays, the person is gone.
struct OrderErased {
  static constexpr const char* kName = "order-erased";
  static constexpr int kVersion = 1;
  OrderId order;
  friend bool operator==(const OrderErased&, const OrderErased&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderErased, (), (order))

struct BlockGranted {
  static constexpr const char* kName = "block-granted";
  static constexpr int kVersion = 1;
  std::string device;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  friend bool operator==(const BlockGranted&, const BlockGranted&) = default;
};
BOOST_DESCRIBE_STRUCT(BlockGranted, (), (device, first, last))

struct PackPrinted {
  static constexpr const char* kName = "pack-printed";
  static constexpr int kVersion = 1;
  std::uint32_t pack = 0;
  BusinessId business;  // or none: a form for any
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  friend bool operator==(const PackPrinted&, const PackPrinted&) = default;
};
BOOST_DESCRIBE_STRUCT(PackPrinted, (), (pack, business, first, last))

// Spoiled or returned empty: accounted for without an order.
struct NumbersVoided {
  static constexpr const char* kName = "numbers-voided";
  static constexpr int kVersion = 1;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  Sealed reason;
  friend bool operator==(const NumbersVoided&, const NumbersVoided&) = default;
};
BOOST_DESCRIBE_STRUCT(NumbersVoided, (), (first, last, reason))

struct ReplayStarted {
  static constexpr const char* kName = "replay-started";
  static constexpr int kVersion = 1;
  std::uint32_t replay = 0;
  std::uint32_t planned = 0;
  int rate_per_minute = 0;  // 0: as fast as the other side allows
  friend bool operator==(const ReplayStarted&, const ReplayStarted&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplayStarted, (), (replay, planned, rate_per_minute))

struct ReplayPaced {
  static constexpr const char* kName = "replay-paced";
  static constexpr int kVersion = 1;
  std::uint32_t replay = 0;
  int rate_per_minute = 0;
  friend bool operator==(const ReplayPaced&, const ReplayPaced&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplayPaced, (), (replay, rate_per_minute))

struct ReplayPaused {
  static constexpr const char* kName = "replay-paused";
  static constexpr int kVersion = 1;
  std::uint32_t replay = 0;
  std::string why;  // a person's wish, or the back office is down
  friend bool operator==(const ReplayPaused&, const ReplayPaused&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplayPaused, (), (replay, why))

struct ReplayResumed {
  static constexpr const char* kName = "replay-resumed";
  static constexpr int kVersion = 1;
  std::uint32_t replay = 0;
  friend bool operator==(const ReplayResumed&, const ReplayResumed&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplayResumed, (), (replay))

struct ReplayFinished {
  static constexpr const char* kName = "replay-finished";
  static constexpr int kVersion = 1;
  std::uint32_t replay = 0;
  std::uint32_t entered = 0;
  std::uint32_t left = 0;  // set aside or with a person
  friend bool operator==(const ReplayFinished&, const ReplayFinished&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplayFinished, (), (replay, entered, left))

using AcceptanceEvent =
    std::variant<OrderTaken, OrderRepaired, OrderSent, OutcomeUnknown, OutcomeAbsent, OrderEntered, OrderRejected,
                 OrderSetAside, OrderLeftToPerson, OrderHandedBack, PromiseMade, PromiseAtRisk, PromiseBroken,
                 PromiseSettled, VisitAssigned, VisitMade, CallTried, PersonShown, OrderErased, BlockGranted,
                 PackPrinted, NumbersVoided, ReplayStarted, ReplayPaced, ReplayPaused, ReplayResumed, ReplayFinished>;

}  // namespace tingan
