// Enters a hall's waiting orders into the back office, each exactly once. Deterministic: it is fed with time, the durable
// state, and answers; it asks for commands and requests through the two functions that it is given. One thread at a time.
//
// The rule that everything here serves: an order is durably `sent` before its request goes out, and from then on it goes
// out again only after the back office has said that it does not have it.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <set>

#include "base/rate_window.h"
#include "ports/back_office.h"
#include "runtime/engine.h"

namespace tingan {

struct ReplayLimits {
  std::size_t at_once = 16;      // requests under way in one hall
  Duration ask_again{5000};      // while the back office does not answer a question
  int asks_max = 12;             // then a person finds out
  Duration busy_pause{2000};     // without a word of its own about how long
  int busy_in_a_row_max = 60;    // then the replay pauses by itself
};

class ReplayDriver {
 public:
  // A command as the program; the answer comes back through `settled`.
  using Submit = std::function<void(Submission)>;
  // What of the order the connector needs: opens the envelope. Error: erased, or the key cannot be read.
  using Open = std::function<Expected<OrderToEnter>(const OrderState&)>;
  // Seals a reason under the order's key.
  using Seal = std::function<Expected<Sealed>(OrderId, const std::string&)>;

  ReplayDriver(const AcceptanceView& view, BackOffice& office, Submit submit, Open open, Seal seal,
               ReplayLimits limits = {});

  // Looks at the durable state and starts what can be started. Returns when to be called again at the latest; also call
  // it after each commit and each answer.
  Instant step(Instant now);
  // Answers of the engine and of the back office, handed in on the driver's thread.
  void durable(OrderId id, bool accepted, Instant now);
  void answered(OrderId id, bool to_question, EntryResult result, Instant now);
  // Called from any thread with what must come back through the two above.
  std::function<void(std::function<void(Instant)>)> post;

  std::size_t under_way() const { return orders_.size(); }

 private:
  enum class Stage { marking, sending, asking, resting, recording };
  struct Flight {
    UnitId unit;
    Stage stage = Stage::marking;
    Instant again_at{};
    int asks = 0;
    bool ask_next = false;  // resting: for a question, not for a request
  };
  struct Lane {
    RateWindow pace{0, Duration{60000}};
    int rate = 0;
    Instant open_at{};
    int busy_in_a_row = 0;
    std::uint32_t replay = 0;
    std::uint32_t entered = 0;
  };

  Instant step_hall(UnitId unit, Instant now);
  void recover_lost(UnitId unit, const std::vector<OrderPtr>& all, Instant now);
  std::size_t flying(UnitId unit) const;
  void mark_sent(const OrderPtr& order, std::uint32_t replay);
  void send(const OrderPtr& order);
  void ask(const OrderPtr& order);
  void record(OrderId id, OrderCommand command);
  void command(OrderId id, OrderCommand command);
  void hall_command(UnitId unit, HallCommand command);
  void take_sent_answer(const OrderState& order, Flight& flight, EntryResult& result, Instant now);
  void take_asked_answer(const OrderState& order, Flight& flight, EntryResult& result, Instant now);
  void set_aside(OrderId id, const EntryResult& result);
  bool rest_because_busy(UnitId unit, const EntryResult& result, Instant now);

  const AcceptanceView& view_;
  BackOffice& office_;
  Submit submit_;
  Open open_;
  Seal seal_;
  ReplayLimits limits_;
  std::map<OrderId, Flight> orders_;
  std::map<UnitId, Lane> lanes_;
  std::set<UnitId> finishing_;
};

}  // namespace tingan
