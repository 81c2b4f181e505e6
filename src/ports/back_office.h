// The business system into which orders are entered afterwards (S4.1). Implementations in channels/: HTTP, batch files;
// a reference back office for tests and demos. An order that has no connector is entered by hand and never comes here.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "model/ids.h"

namespace tingan {

struct OrderToEnter {
  OrderId id;
  std::string key;     // the order's own idempotency key: the same whatever request carries it
  std::string number;  // "hall-a-000123"
  UnitId unit;
  BusinessId business;
  std::string connector;
  Instant taken_at{};
  std::int64_t amount_fen = 0;
  std::string personal;  // JSON: name, mobile, fields, signature
};

enum class EntryOutcome {
  entered,
  duplicate,  // it has this key already, and `reference` is that one's: the same as entered
  rejected,   // for good; `reason` says why
  absent,     // only as an answer to ask(): it does not have this key
  unknown,    // no answer, or none that can be understood
  pending,    // it has the order and decides later: asked about from time to time, not sent again
  busy        // certainly not entered; try again later
};

struct EntryResult {
  EntryOutcome outcome = EntryOutcome::unknown;
  std::string reference;
  std::string code;    // stable, of the other side: "invalid-mobile"
  std::string reason;  // in its words
  std::optional<Duration> retry_after;
};

class BackOffice {
 public:
  using Done = std::function<void(EntryResult)>;
  virtual ~BackOffice() = default;
  // There is a connector of this name here.
  virtual bool knows(const std::string& connector) const = 0;
  // It can be asked whether it has a key. Where not, an unknown outcome goes to a person.
  virtual bool can_ask(const std::string& connector) const = 0;
  // How many orders of one hall may be under way to it at the same time.
  virtual std::size_t at_once(const std::string& /*connector*/) const { return 16; }
  // Asynchronous; `done` is called exactly once, from any thread, also when this is being destroyed.
  virtual void send(const OrderToEnter& order, Done done) = 0;
  virtual void ask(const OrderToEnter& order, Done done) = 0;
  // The customer's data was erased: what lies in files of ours on the way to the other side goes, too. False: not now
  // (a full disk); it is asked again. May wait for the disk.
  virtual bool forget(const std::string& /*key*/, const std::string& /*number*/) { return true; }
};

}  // namespace tingan
