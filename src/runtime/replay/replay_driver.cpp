#include "runtime/replay/replay_driver.h"

#include <algorithm>

#include "base/check.h"
#include "core/acceptance/reconcile.h"

namespace tingan {

ReplayDriver::ReplayDriver(const AcceptanceView& view, BackOffice& office, Doors doors, ReplayLimits limits)
    : view_(view), office_(office), doors_(std::move(doors)), limits_(limits) {}

Instant ReplayDriver::step(Instant now) {
  Instant next = step_flights(now);
  for (const UnitId unit : view_.halls()) next = std::min(next, step_hall(unit, now));
  return next;
}

// What rests and may go on.
Instant ReplayDriver::step_flights(Instant now) {
  Instant next = kNever;
  std::vector<OrderId> ready;
  for (const auto& [id, flight] : flights_) {
    if (flight.stage != Stage::resting) continue;
    if (flight.again_at <= now) {
      ready.push_back(id);
    } else {
      next = std::min(next, flight.again_at);
    }
  }
  for (const OrderId id : ready) {
    Flight& flight = flights_.at(id);
    if (flight.pending) {
      command(id, OrderCommand(*flight.pending));
    } else if (flight.then_ask) {
      ask(id, now);
    } else {
      send(id);
    }
  }
  return next;
}

std::size_t ReplayDriver::flying(UnitId unit, bool parked_too) const {
  return static_cast<std::size_t>(std::count_if(flights_.begin(), flights_.end(), [&](const auto& one) {
    return one.second.unit == unit && (parked_too || !one.second.parked);
  }));
}

bool ReplayDriver::is_full(UnitId unit, const Lane& lane) const {
  const OrderPtr next = view_.order(lane.queue.front());
  return next != nullptr && flying(unit, false) >= office_.at_once(next->connector);
}

Instant ReplayDriver::step_hall(UnitId unit, Instant now) {
  Lane& lane = lanes_[unit];
  const HallPtr hall = view_.hall(unit);
  const bool running = hall->replay.status == ReplayStatus::running;
  if (lane.look_at == Instant{} || (running && lane.queue.empty() && lane.look_at <= now)) look(unit, lane, now);
  if (!running) return kNever;
  if (lane.rate != hall->replay.rate_per_minute) {
    lane.rate = hall->replay.rate_per_minute;
    lane.pace = RateWindow(lane.rate, Duration{60000});
  }
  start_orders(*hall, lane, now);
  if (lane.queue.empty() && flying(unit) == 0) {
    look(unit, lane, now);
    if (lane.queue.empty() && flying(unit) == 0) finish(*hall, lane);
    start_orders(*hall, lane, now);
  }
  if (lane.queue.empty()) return lane.look_at;
  if (is_full(unit, lane)) return kNever;  // an answer comes first
  return std::max(lane.open_at, now + lane.pace.wait(now));
}

// The whole hall: what can go out, in order of promise; and what a crash left without an outcome.
void ReplayDriver::look(UnitId unit, Lane& lane, Instant now) {
  lane.look_at = now + limits_.look_again;
  const std::vector<OrderPtr> all = view_.of_unit(unit);
  for (const OrderPtr& order : all) {
    if (flights_.contains(order->id)) continue;
    if (order->status == OrderStatus::sent) {
      flights_[order->id] = {.unit = unit, .sent_at = order->moved_at};
      command(order->id, LoseOutcome{"restarted"});
    } else if (order->status == OrderStatus::unknown) {
      flights_[order->id] = {.unit = unit, .sent_at = order->moved_at};  // at the latest
      ask(order->id, now);
    }
  }
  lane.queue.clear();
  for (const OrderPtr& order : rehearse_replay(all, 0, now).order) {
    if (!flights_.contains(order->id)) lane.queue.push_back(order->id);
  }
}

void ReplayDriver::start_orders(const AcceptanceHall& hall, Lane& lane, Instant now) {
  while (!lane.queue.empty() && !is_full(hall.unit, lane) && lane.open_at <= now &&
         lane.pace.wait(now) == Duration::zero()) {
    const OrderId id = lane.queue.front();
    lane.queue.pop_front();
    const OrderPtr order = view_.order(id);
    if (order == nullptr || !is_sendable(*order) || flights_.contains(id)) continue;
    flights_[id] = {.unit = hall.unit};
    if (!office_.knows(order->connector)) {
      command(id, LeaveToPerson{"no-connector"});
      continue;
    }
    // It swallows this one and says each time that it was never there: no amount of trying helps.
    if (order->attempts >= limits_.sends_max) {
      command(id, LeaveToPerson{"never-arrives"});
      continue;
    }
    lane.pace.take(now);
    command(id, SendOrder{hall.replay.id});
  }
}

void ReplayDriver::finish(const AcceptanceHall& hall, Lane& lane) {
  if (lane.asked_hall) return;
  FinishReplay done;
  for (const OrderPtr& order : view_.of_unit(hall.unit)) {
    if (order->replay != hall.replay.id) continue;
    if (order->status == OrderStatus::entered) {
      ++done.entered;
    } else {
      ++done.left;
    }
  }
  hall_command(hall.unit, done);
}

void ReplayDriver::hall_command(UnitId unit, HallCommand command) {
  lanes_[unit].asked_hall = true;
  Submission submission{.unit = unit, .command = AcceptanceCommand(std::move(command))};
  submission.done = [this, unit](const Outcome&) {
    doors_.post([this, unit](Instant) { lanes_[unit].asked_hall = false; });
  };
  doors_.submit(std::move(submission));
}

void ReplayDriver::command(OrderId id, OrderCommand command) {
  Flight& flight = flights_.at(id);
  flight.stage = std::holds_alternative<SendOrder>(command) ? Stage::marking : Stage::recording;
  flight.pending = command;
  Submission submission{.unit = flight.unit, .order = id, .command = AcceptanceCommand(std::move(command))};
  submission.done = [this, id](const Outcome& outcome) {
    Settled how = Settled::accepted;
    if (outcome.refused) {
      const std::string& code = outcome.refused->code;
      const bool later = code.starts_with("store.") || code.starts_with("node.");
      how = later ? Settled::later : Settled::refused;
    }
    doors_.post([this, id, how](Instant now) { settled(id, how, now); });
  };
  doors_.submit(std::move(submission));
}

void ReplayDriver::settled(OrderId id, Settled how, Instant now) {
  Flight& flight = flights_.at(id);
  CHECK(flight.pending.has_value());
  if (how == Settled::later && flight.stage != Stage::marking) return rest(flight, false, now + limits_.retry_command);
  const OrderCommand command = *flight.pending;
  flight.pending.reset();
  // Refused: a person was quicker, or the replay was paused. What is not yet sent simply waits.
  if (how != Settled::accepted) {
    flights_.erase(id);
    return;
  }
  recorded(id, command, now);
}

void ReplayDriver::recorded(OrderId id, const OrderCommand& command, Instant now) {
  if (std::holds_alternative<SendOrder>(command)) {
    flights_.at(id).sent_at = now;
    return send(id);
  }
  if (std::holds_alternative<LoseOutcome>(command)) return ask(id, now);
  const UnitId unit = flights_.at(id).unit;
  flights_.erase(id);
  // First in the line again: its promise was the earliest when it went out.
  if (std::holds_alternative<FindAbsent>(command)) lanes_[unit].queue.push_front(id);
}

void ReplayDriver::send(OrderId id) { request(id, false); }

void ReplayDriver::ask(OrderId id, Instant now) {
  const OrderPtr order = view_.order(id);
  // A person has found out meanwhile.
  if (order != nullptr && order->status != OrderStatus::sent && order->status != OrderStatus::unknown) {
    flights_.erase(id);
    return;
  }
  const bool known = order != nullptr && office_.knows(order->connector);
  if (!known || !office_.can_ask(order->connector)) return command(id, LeaveToPerson{"cannot-ask"});
  Flight& flight = flights_.at(id);
  const Instant from = flight.sent_at + limits_.settle;
  const bool no_place = flight.parked && flying(flight.unit, false) >= office_.at_once(order->connector);
  flight.parked = now < from || no_place;  // others go out meanwhile
  if (flight.parked) return rest(flight, true, std::max(from, now + limits_.look_again));
  request(id, true);
}

void ReplayDriver::request(OrderId id, bool question) {
  const OrderPtr order = view_.order(id);
  CHECK(order != nullptr);
  auto opened = doors_.open(*order);
  if (!opened) return command(id, LeaveToPerson{opened.error().code});
  flights_.at(id).stage = question ? Stage::asking : Stage::sending;
  auto done = [this, id, question](EntryResult result) {
    doors_.post([this, id, question, result = std::move(result)](Instant now) { answered(id, question, result, now); });
  };
  if (question) {
    office_.ask(*opened, std::move(done));
  } else {
    office_.send(*opened, std::move(done));
  }
}

void ReplayDriver::answered(OrderId id, bool to_question, EntryResult result, Instant now) {
  Flight& flight = flights_.at(id);
  Lane& lane = lanes_[flight.unit];
  switch (result.outcome) {
    case EntryOutcome::entered:
    case EntryOutcome::duplicate:
      lane.trouble_in_a_row = 0;
      return command(id, EnterOrder{to_question ? EnteredVia::asked : EnteredVia::connector, result.reference});
    case EntryOutcome::rejected:
      lane.trouble_in_a_row = 0;
      return set_aside(id, result);
    case EntryOutcome::absent:
      if (!to_question) break;  // no answer to what was asked
      lane.trouble_in_a_row = 0;
      return command(id, FindAbsent{});
    case EntryOutcome::busy:
      // Once each time that it opens: those on their way together say one thing.
      if (now >= lane.open_at) trouble(flight.unit, "back-office-busy");
      lane.open_at = now + result.retry_after.value_or(limits_.busy_pause);
      return rest(flight, to_question, lane.open_at);
    case EntryOutcome::unknown:
      trouble(flight.unit, "back-office-silent");
      break;
    case EntryOutcome::pending:
      lane.trouble_in_a_row = 0;
      return park(id, to_question, result, now);
  }
  if (!to_question) return command(id, LoseOutcome{"no-answer"});
  if (++flight.asks >= limits_.asks_max) return command(id, LeaveToPerson{"no-answer"});
  rest(flight, true, now + limits_.ask_again);
}

// The log says that the outcome is not known, so that a person may settle it meanwhile; the place goes to another
// order.
void ReplayDriver::park(OrderId id, bool to_question, const EntryResult& result, Instant now) {
  Flight& flight = flights_.at(id);
  if (!to_question) return command(id, LoseOutcome{"pending"});
  flight.parked = true;
  rest(flight, true, now + result.retry_after.value_or(limits_.pending_pause));
}

void ReplayDriver::set_aside(OrderId id, const EntryResult& result) {
  auto sealed = doors_.seal(id, result.reason);
  command(id, SetOrderAside{result.code.empty() ? "rejected" : result.code, sealed ? *sealed : Sealed{}});
}

void ReplayDriver::rest(Flight& flight, bool then_ask, Instant until) {
  flight.stage = Stage::resting;
  flight.then_ask = then_ask;
  flight.again_at = until;
}

void ReplayDriver::trouble(UnitId unit, const char* why) {
  Lane& lane = lanes_[unit];
  // Questions go on while it is paused; what they meet then must not pause it again as soon as somebody resumes it.
  if (view_.hall(unit)->replay.status != ReplayStatus::running) return;
  if (++lane.trouble_in_a_row < limits_.trouble_in_a_row_max || lane.asked_hall) return;
  lane.trouble_in_a_row = 0;
  hall_command(unit, PauseReplay{why});
}

}  // namespace tingan
