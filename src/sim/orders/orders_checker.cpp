#include "sim/orders/orders_checker.h"

#include <algorithm>

#include "core/acceptance/evolve.h"
#include "core/acceptance/reconcile.h"

namespace tingan::sim {
namespace {

constexpr Duration kMinute = std::chrono::minutes{1};

// In the words of ADR 12, worked out here once more: half an hour and ten minutes before, or half and a quarter of a
// short one; then it is broken.
Instant moment(Instant made, Instant due, int level) {
  const Duration span = std::max(Duration::zero(), due - made);  // one that came in too late has none left
  if (level == 1) return due - std::min(30 * kMinute, span / 2);
  if (level == 2) return due - std::min(10 * kMinute, span / 4);
  return due;
}

std::string name(const OrderState& order) { return fmt::format("order {}/{}", order.unit.str(), order.number); }

}  // namespace

struct OrdersChecker::Follower {
  OrdersChecker& self;
  UnitId unit;
  Instant at;
  std::uint64_t gseq;
  Order* order;

  void fail(const std::string& what) const {
    self.verdict_.fail(
        fmt::format("record {}: {} {}", gseq, order == nullptr ? unit.str() : name(order->shadow), what));
  }

  void operator()(const OrderTaken& e) const { self.taken(*order, e, unit, at); }
  void operator()(const OrderSent&) const {
    if (order->maybe_there) fail("was sent again, and nobody has said that it is not there");
    order->maybe_there = true;
    order->may_leave = true;
  }
  void operator()(const OutcomeAbsent&) const {
    if (!order->maybe_there) fail("is absent, but was never sent");
    order->maybe_there = false;
  }
  // Refused by the other side: it does not have it.
  void operator()(const OrderSetAside&) const { order->maybe_there = false; }
  void operator()(const PromiseMade& e) const {
    order->promise_open = true;
    order->promise_made = at;
    order->promise_due = e.due;
    order->warned = 0;
  }
  void operator()(const PromiseAtRisk& e) const {
    if (e.level != order->warned + 1) fail(fmt::format("warned at level {} after {}", e.level, order->warned));
    self.check_clock(*order, e.level, e.due, at);
    order->warned = e.level;
  }
  void operator()(const PromiseBroken& e) const {
    if (order->warned != 2) fail("broke its promise without two warnings");
    self.check_clock(*order, 3, e.due, at);
    order->promise_open = false;
  }
  void operator()(const PromiseSettled& e) const {
    if (!order->promise_open) fail("settled a promise that was not open");
    if (e.kept && at >= order->promise_due) fail("kept a promise after its time");
    order->promise_open = false;
  }
  void operator()(const OrderErased&) const {
    if (order->erased) fail("was erased twice");
    order->erased = true;
  }
  void operator()(const BlockGranted& e) const { granted(e.first, e.last); }
  void operator()(const PackPrinted& e) const { granted(e.first, e.last); }
  void granted(std::uint32_t first, std::uint32_t last) const {
    for (const NumberBlock& block : self.halls_[unit].blocks) {
      if (first <= block.last && block.first <= last) fail(fmt::format("got {}-{}, which another holds", first, last));
    }
  }
  void operator()(const NumbersVoided& e) const {
    for (std::uint32_t n = e.first; n <= e.last; ++n) {
      if (self.numbers_.contains({unit, n})) fail(fmt::format("{} was made void, but an order has it", n));
    }
  }
  template <class Other>
  void operator()(const Other&) const {}
};

void OrdersChecker::taken(Order& order, const OrderTaken& event, UnitId unit, Instant at) {
  if (order.shadow.number != 0) return verdict_.fail(name(order.shadow) + " was taken twice");
  const auto [holder, fresh] = numbers_.try_emplace({unit, event.number}, event.order);
  if (!fresh) verdict_.fail(fmt::format("number {} of {} was given out twice", event.number, unit.str()));
  const auto& blocks = halls_[unit].blocks;
  const auto held_by = std::find_if(blocks.begin(), blocks.end(), [&](const NumberBlock& block) {
    return block.first <= event.number && event.number <= block.last;
  });
  const bool of_device = !event.device.empty() || event.pack != 0;
  const bool own = held_by != blocks.end() && held_by->device == event.device && held_by->pack == event.pack;
  if (of_device ? !own : held_by != blocks.end()) {
    verdict_.fail(fmt::format("number {} of {} is not of who used it", event.number, unit.str()));
  }
  order.promise_due = event.promise_due;
  order.promise_made = at;
  keys_[to_string(event.order)] = event.order;
}

void OrdersChecker::check_clock(const Order& order, int level, Instant due, Instant at) {
  const Instant planned = moment(order.promise_made, order.promise_due, level);
  if (!order.promise_open) verdict_.fail(name(order.shadow) + ": a clock of a settled promise fired");
  if (due != planned) verdict_.fail(fmt::format("{}: clock {} says another time", name(order.shadow), level));
  if (at < planned) verdict_.fail(fmt::format("{}: clock {} fired early", name(order.shadow), level));
}

void OrdersChecker::on_record(const StoredRecord& stored, const Record& record) {
  const auto shown = [&](const std::string& secret) {
    if (stored.bytes.find(secret) != std::string::npos) {
      verdict_.fail(fmt::format("record {} shows '{}'", stored.gseq, secret));
    }
  };
  shown(kPrivateMark);
  for (const std::string& secret : secrets_) shown(secret);
  for (const AnyEvent& any : record.events) {
    const auto* event = std::get_if<AcceptanceEvent>(&any);
    if (event == nullptr) continue;
    AcceptanceHall& hall = halls_[record.unit];
    hall.unit = record.unit;
    const OrderId id = order_of(*event);
    Order* order = nullptr;
    if (!id.none()) {
      order = &orders_[id];
      order->shadow.id = id;
      order->shadow.unit = record.unit;
    }
    std::visit(Follower{*this, record.unit, record.time.at, stored.gseq, order}, *event);
    if (verdict_.failed()) return;
    if (order != nullptr) evolve(order->shadow, *event, record.time.at, record.by);
    evolve(hall, *event, record.time.at, record.by);
  }
}

// Sent is durable before the request goes out, and each request goes out once. "Busy" says that it did nothing.
void OrdersChecker::leaves(const std::string& key, bool question) {
  question ? ++asked_ : ++sent_;
  if (question) return;
  const auto id = keys_.find(key);
  if (id == keys_.end()) return verdict_.fail("a request went out for an order that nobody took");
  Order& order = orders_.at(id->second);
  if (!order.may_leave) verdict_.fail(name(order.shadow) + " went out twice, or before that was durable");
  order.may_leave = false;
}

void OrdersChecker::heard(const std::string& key, bool question, const EntryResult& result) {
  if (!question && result.outcome == EntryOutcome::busy) orders_.at(keys_.at(key)).may_leave = true;
}

void OrdersChecker::on_reply(const Request& request, const Outcome& outcome, std::uint64_t durable) {
  if (outcome.refused && outcome.refused->code.starts_with("store.")) return;
  if (!outcome.refused && outcome.gseq > durable) {
    verdict_.fail(fmt::format("request {} was answered before it was durable", request.token));
  }
  const auto [known, first] = answers_.try_emplace(request.token, outcome.answer);
  if (!first && (known->second.status != outcome.answer.status || known->second.body != outcome.answer.body)) {
    verdict_.fail(fmt::format("request {} ({}) was answered '{}' and later '{}'", request.token, request.what,
                              known->second.body, outcome.answer.body));
  }
}

std::set<std::uint32_t> OrdersChecker::missing_of(UnitId unit) const {
  std::set<std::uint32_t> out;
  const AcceptanceHall& hall = halls_.at(unit);
  for (const NumberBlock& block : hall.blocks) {
    bool later_used = false;
    for (std::uint32_t n = block.last; n >= block.first; --n) {
      const bool used = numbers_.contains({unit, n});
      const bool is_void = std::any_of(hall.voided.begin(), hall.voided.end(),
                                       [&](const NumberSpan& span) { return span.first <= n && n <= span.last; });
      if (later_used && !used && !is_void) out.insert(n);
      later_used = later_used || used;
    }
  }
  return out;
}

void OrdersChecker::check_hall(UnitId unit, EngineCore& core, const char* when) {
  Counts counts;
  std::uint32_t waiting = 0;
  for (const auto& [id, order] : orders_) {
    if (order.shadow.unit != unit) continue;
    ++counts.taken;
    const OrderStatus status = order.shadow.status;
    counts.entered += status == OrderStatus::entered ? 1 : 0;
    counts.rejected += status == OrderStatus::rejected ? 1 : 0;
    counts.handed_back += status == OrderStatus::handed_back ? 1 : 0;
    waiting += is_settled(status) ? 0 : 1;
  }
  const AcceptanceView& view = core.view().acceptance();
  const Reconciliation found = reconcile(*view.hall(unit), view.of_unit(unit));
  const bool same = found.all.taken == counts.taken && found.all.entered == counts.entered &&
                    found.all.rejected == counts.rejected && found.all.handed_back == counts.handed_back &&
                    found.all.waiting == waiting;
  if (!same || !found.all.balances()) {
    verdict_.fail(
        fmt::format("{}: the reconciliation of {} says {} = {} + {} + {} + {}, the record {} = {} + {} + {} + {}", when,
                    unit.str(), found.all.taken, found.all.entered, found.all.rejected, found.all.handed_back,
                    found.all.waiting, counts.taken, counts.entered, counts.rejected, counts.handed_back, waiting));
  }
  std::set<std::uint32_t> named;
  for (const BlockTally& block : found.blocks) {
    for (const NumberSpan& span : block.missing) {
      for (std::uint32_t n = span.first; n <= span.last; ++n) named.insert(n);
    }
  }
  if (named != missing_of(unit)) verdict_.fail(fmt::format("{}: other numbers of {} are missing", when, unit.str()));
  // All orders of a course are of no incident, so that the closing gate asks about the numbers alone.
  if (view.reconciled(unit, IncidentId{}) != named.empty()) {
    verdict_.fail(fmt::format("{}: the closing gate of {} sees other missing numbers", when, unit.str()));
  }
  if (!(*view.hall(unit) == halls_.at(unit))) verdict_.fail(fmt::format("{}: {} is not the fold", when, unit.str()));
}

void OrdersChecker::check_orders(EngineCore& core, const char* when) {
  const AcceptanceView& view = core.view().acceptance();
  if (view.count() != orders_.size()) verdict_.fail(fmt::format("{}: another number of orders is shown", when));
  for (const auto& [id, order] : orders_) {
    const OrderPtr seen = view.order(id);
    if (seen == nullptr) return verdict_.fail(fmt::format("{}: {} is gone", when, name(order.shadow)));
    if (!(*seen == order.shadow)) return verdict_.fail(fmt::format("{}: {} is not the fold", when, name(order.shadow)));
  }
  for (const auto& [unit, hall] : halls_) check_hall(unit, core, when);
}

void OrdersChecker::on_quiet(Instant now, EngineCore& core) {
  constexpr std::size_t kNowAndThen = 16;
  if (++quiet_ % kNowAndThen != 0) return;
  for (const auto& [id, order] : orders_) {
    if (order.promise_open && moment(order.promise_made, order.promise_due, order.warned + 1) <= now) {
      verdict_.fail(name(order.shadow) + ": a clock of its promise was due and has not fired");
    }
  }
  for (const auto& [unit, hall] : halls_) check_hall(unit, core, "live");
}

void OrdersChecker::on_boot(EngineCore& core) { check_orders(core, "after a start"); }

void OrdersChecker::on_end(Instant, EngineCore& core) {
  check_orders(core, "at the end");
  for (const auto& [id, slip] : slips_) {
    const auto found = orders_.find(id);
    if (found == orders_.end()) {
      verdict_.fail(
          fmt::format("a customer holds number {} of {}, and there is no such order", slip.number, slip.unit.str()));
    } else if (found->second.shadow.number != slip.number || found->second.shadow.unit != slip.unit) {
      verdict_.fail(
          fmt::format("a customer holds number {} of {}, but the order has another", slip.number, slip.unit.str()));
    }
  }
}

std::size_t OrdersChecker::entered() const {
  return static_cast<std::size_t>(std::count_if(orders_.begin(), orders_.end(), [](const auto& one) {
    return one.second.shadow.status == OrderStatus::entered;
  }));
}

void OrdersChecker::compare(const OfficeLine& line) {
  for (const auto& [key, entry] : line.office().entries()) {
    if (!keys_.contains(key)) verdict_.fail("the back office has an order that nobody took");
    if (entry.times > 1)
      verdict_.fail(fmt::format("{} was entered {} times", name(orders_.at(keys_.at(key)).shadow), entry.times));
  }
  for (const auto& [id, order] : orders_) {
    const OrderState& state = order.shadow;
    const int times = line.office().times(to_string(id));
    const bool done = state.status == OrderStatus::entered && state.via != EnteredVia::call;
    if (done && times != 1) verdict_.fail(name(state) + " is said to be entered, and is not");
    const bool given_up = state.status == OrderStatus::rejected || state.status == OrderStatus::handed_back ||
                          state.status == OrderStatus::set_aside;
    if (given_up && times != 0) verdict_.fail(name(state) + " was given up, and is entered");
    const bool under_way = state.status == OrderStatus::waiting || state.status == OrderStatus::sent ||
                           state.status == OrderStatus::unknown;
    if (under_way) verdict_.fail(name(state) + " never came to an end, though nothing fails any more");
  }
}

}  // namespace tingan::sim
