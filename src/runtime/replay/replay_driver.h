// Enters a hall's waiting orders into the back office, each exactly once. Deterministic: it is fed with time, the
// durable state, and answers; it asks for commands and requests through the functions that it is given. One thread at a
// time.
//
// The rule that everything here serves: an order is durably `sent` before its request goes out, and from then on it
// goes out again only after the back office has said that it does not have it.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <optional>

#include "base/rate_window.h"
#include "ports/back_office.h"
#include "runtime/engine.h"

namespace tingan {

struct ReplayLimits {
  // A request may take effect so long after it went out, also when the connection is gone: a question that overtakes it
  // is answered "absent", and the order would go out twice.
  Duration settle{30000};
  Duration ask_again{5000};       // while a question is not answered
  int asks_max = 720;             // then a person finds out
  Duration pending_pause{30000};  // between questions about what the other side has and has not decided
  std::uint32_t sends_max = 20;   // of one order that always turns out to be absent: then to a person
  Duration busy_pause{2000};      // where the other side does not say how long
  int trouble_in_a_row_max = 8;   // busy or no answer: the replay pauses by itself
  Duration look_again{1000};      // for orders that are new or were repaired
  Duration retry_command{1000};   // while the disk is full
};

class ReplayDriver {
 public:
  using Submit = std::function<void(Submission)>;
  // What of the order the connector needs: opens the envelope. Error: erased, or the key cannot be read.
  using Open = std::function<Expected<OrderToEnter>(const OrderState&)>;
  // Seals a reason under the order's key.
  using Seal = std::function<Expected<Sealed>(OrderId, const std::string&)>;
  // Runs the task on the driver's thread, later, with the time then. Called from any thread.
  using Post = std::function<void(std::function<void(Instant)>)>;
  struct Doors {
    Submit submit;
    Open open;
    Seal seal;
    Post post;
  };

  // All outlive the driver, and no task runs after it has gone.
  ReplayDriver(const AcceptanceView& view, BackOffice& office, Doors doors, ReplayLimits limits = {});

  // Looks at the durable state and starts what can be started. Returns when it wants to be called again at the latest;
  // also call it after each task and each commit.
  Instant step(Instant now);
  // With those that rest until they may be asked about.
  std::size_t under_way() const { return flights_.size(); }
  // Requests and questions that the other side has at this moment.
  std::size_t at_once(UnitId unit) const { return flying(unit, false); }

 private:
  enum class Stage { marking, sending, asking, resting, recording };
  enum class Settled { accepted, refused, later };
  struct Flight {
    UnitId unit;
    Stage stage = Stage::marking;
    Instant sent_at{};  // the request went out then, or before
    Instant again_at{};
    int asks = 0;
    bool then_ask = false;                // after the rest: a question, not a request
    bool parked = false;                  // rests long: its place is another's
    std::optional<OrderCommand> pending;  // what is being recorded
  };
  struct Lane {
    RateWindow pace{0, Duration{60000}};
    int rate = 0;
    Instant open_at{};  // the back office is busy until then
    int trouble_in_a_row = 0;
    Instant look_at{};
    bool asked_hall = false;  // a command to the hall is on its way
    std::deque<OrderId> queue;
  };

  Instant step_hall(UnitId unit, Instant now);
  Instant step_flights(Instant now);
  void look(UnitId unit, Lane& lane, Instant now);
  void start_orders(const AcceptanceHall& hall, Lane& lane, Instant now);
  void finish(const AcceptanceHall& hall, Lane& lane);
  std::size_t flying(UnitId unit, bool parked_too = true) const;
  // No more may be under way before the next of the line goes out; the line is not empty.
  bool is_full(UnitId unit, const Lane& lane) const;
  void send(OrderId id);
  // Not before the request has settled.
  void ask(OrderId id, Instant now);
  void request(OrderId id, bool question);
  void command(OrderId id, OrderCommand command);
  void hall_command(UnitId unit, HallCommand command);
  void settled(OrderId id, Settled how, Instant now);
  void recorded(OrderId id, const OrderCommand& command, Instant now);
  void answered(OrderId id, bool to_question, EntryResult result, Instant now);
  void set_aside(OrderId id, const EntryResult& result);
  void park(OrderId id, bool to_question, const EntryResult& result, Instant now);
  void rest(Flight& flight, bool then_ask, Instant until);
  void trouble(UnitId unit, const char* why);

  const AcceptanceView& view_;
  BackOffice& office_;
  Doors doors_;
  ReplayLimits limits_;
  std::map<OrderId, Flight> flights_;
  std::map<UnitId, Lane> lanes_;
};

}  // namespace tingan
