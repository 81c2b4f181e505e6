// The life of orders under random commands, beside a model that was written from the words of ADR 12 and shares no code
// with the program: what the model refuses is refused and changes nothing, what it allows leads where it says.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/acceptance/clocks.h"
#include "core/acceptance/order_model_testing.h"
#include "core/acceptance/reconcile.h"
#include "core/acceptance/testing.h"

namespace tingan {
namespace {

using testing_acceptance::between;
using testing_acceptance::Desk;
using testing_acceptance::Model;
using testing_acceptance::ModelBlock;
using testing_acceptance::ModelOrder;
using testing_acceptance::once_in;
using enum OrderStatus;

const Instant kNow = from_millis(1795226400000);
constexpr Duration kMinute{60000};
constexpr std::uint8_t kOrders = 4;

OrderId order_id(std::uint8_t n) {
  OrderId id;
  id.bytes.fill(n);
  return id;
}

// One step of a course: what is asked of the program, and what the model says: nullopt is a refusal.
struct Step {
  std::string name;
  std::uint8_t order = 0;  // 0: of the hall
  std::optional<OrderCommand> command;
  std::optional<HallCommand> hall;
  std::optional<Model> after;
};

struct Course {
  Desk desk{kNow};
  Model model;
  std::vector<std::tuple<OrderId, AcceptanceEvent, Instant, Actor>> events;
};

template <class Allow, class Change>
Step move(const Course& run, std::uint8_t n, const char* name, OrderCommand command, Allow allow, Change change) {
  Step step{name, n, std::move(command), {}, {}};
  const auto found = run.model.orders.find(n);
  if (found == run.model.orders.end() || !allow(found->second)) return step;
  step.after = run.model;
  change(step.after->orders.at(n));
  return step;
}

Step take(const Course& run, std::uint8_t n) {
  const bool callback = once_in(5);
  TakeOrder command = run.desk.taking();
  command.kind = callback ? OrderKind::callback : OrderKind::order;
  command.device = *rc::gen::elementOf(std::vector<std::string>{"", "phone-1", "phone-2"});
  command.pack = command.device.empty() ? between<std::uint32_t>(0, 3) : 0;
  // Mostly one that it holds.
  if (!command.device.empty() || command.pack > 0) command.number = between<std::uint32_t>(0, 30);
  for (const ModelBlock& block : run.model.blocks) {
    const bool own = block.device == command.device && block.pack == command.pack && command.number != 0;
    if (own && !once_in(4)) command.number = between(block.first, block.last + 1);
  }
  command.promise_due = run.desk.now + kMinute * between(0, 200);
  if (once_in(4)) command.promise = PromiseKind::home_visit;
  Step step{callback ? "callback" : "take", n, command, {}, {}};
  if (const auto known = run.model.orders.find(n); known != run.model.orders.end()) {
    // Handed over once more; under another number it is another order.
    if (command.number == 0 || command.number == known->second.number) step.after = run.model;
    return step;
  }
  const bool held = run.model.holds(command.device, command.pack, command.number);
  if (command.number != 0 && (!held || run.model.used(command.number))) return step;
  if (*command.promise_due <= run.desk.now) return step;
  step.after = run.model;
  ModelOrder& order = step.after->orders[n];
  order.number = command.number == 0 ? run.model.next : command.number;
  step.after->next = std::max(run.model.next, order.number + 1);
  order.callback = callback;
  order.status = callback ? by_hand : waiting;
  order.home = command.promise.has_value();
  order.made = run.desk.now;
  order.due = *command.promise_due;
  return step;
}

bool rests(const ModelOrder& order) { return !order.is_settled() && !order.in_flight(); }
bool may_be_left(const ModelOrder& order) { return order.status == waiting || order.in_flight(); }

// Saying the same once more changes nothing.
Step enter(const Course& run, std::uint8_t n, EnteredVia via) {
  const std::string reference = *rc::gen::elementOf(std::vector<std::string>{"r1", "r2"});
  return move(
      run, n, via == EnteredVia::hand ? "enter-by-hand" : "enter", EnterOrder{via, reference},
      [&](const auto& o) {
        if (o.status == entered) return o.reference == reference;
        return via == EnteredVia::hand ? !o.is_settled() && o.status != sent : o.in_flight();
      },
      [&](auto& o) {
        if (o.status == entered) return;
        o.settle(entered, run.desk.now);
        o.reference = reference;
      });
}

// What the replay does, or finds out.
Step by_program(const Course& run, std::uint8_t n) {
  switch (between(0, 11)) {
    case 0:
    case 1:
    case 2: {
      const std::uint32_t of = run.model.replay + (once_in(8) ? 1 : 0);
      return move(
          run, n, "send", SendOrder{of},
          [&](const auto& o) {
            return o.status == waiting && !o.callback && run.model.replaying == ReplayStatus::running &&
                   of == run.model.replay;
          },
          [](auto& o) { o.status = sent; });
    }
    case 3:
    case 4:
    case 5:
      return move(
          run, n, "lose", LoseOutcome{"no-answer"}, [](const auto& o) { return o.status == sent; },
          [](auto& o) { o.status = OrderStatus::unknown; });
    case 6:
      return move(
          run, n, "absent", FindAbsent{}, [](const auto& o) { return o.status == OrderStatus::unknown; },
          [](auto& o) { o.status = waiting; });
    case 7:
      return move(run, n, "set-aside", SetOrderAside{"bad", {}}, may_be_left, [](auto& o) { o.status = set_aside; });
    case 8:
      return move(run, n, "leave", LeaveToPerson{"cannot-ask"}, may_be_left, [](auto& o) { o.status = by_hand; });
    default:
      return enter(run, n, EnteredVia::connector);
  }
}

Step new_promise(const Course& run, std::uint8_t n) {
  const Instant due = run.desk.now + kMinute * between(-5, 120);
  return move(
      run, n, "promise", MakePromise{PromiseKind::come_again, due},
      [&](const auto& o) {
        return due > run.desk.now && (o.promise == PromiseStatus::open || o.promise == PromiseStatus::broken);
      },
      [&](auto& o) {
        o.promise = PromiseStatus::open;
        o.home = false;
        o.made = run.desk.now;
        o.due = due;
        o.warned = 0;
      });
}

Step by_person(const Course& run, std::uint8_t n) {
  const Instant now = run.desk.now;
  switch (between(0, 7)) {
    case 0:
      // Without a connector there is nobody to send it to: a callback goes back to its person.
      return move(run, n, "repair", RepairOrder{}, rests, [](auto& o) { o.status = o.callback ? by_hand : waiting; });
    case 1:
      return enter(run, n, EnteredVia::hand);
    case 2:
      return move(run, n, "reject", RejectOrder{"no", {}}, rests, [&](auto& o) { o.settle(rejected, now); });
    case 3:
      return move(run, n, "hand-back", HandOrderBack{}, rests, [&](auto& o) { o.settle(handed_back, now); });
    case 4:
      return new_promise(run, n);
    case 5: {
      const bool reached = *rc::gen::arbitrary<bool>();
      return move(
          run, n, "call", NoteCall{reached, {}}, [](const auto& o) { return o.callback && o.status == by_hand; },
          [&](auto& o) {
            if (reached) o.settle(entered, now);
          });
    }
    default:
      return move(
          run, n, "look", ShowPerson{"repair"}, [](const auto& o) { return !o.erased; }, [](auto&) {});
  }
}

Step start(const Course& run) {
  Step step{"start", 0, {}, StartReplay{}, {}};
  if (run.model.replaying == ReplayStatus::running || run.model.replaying == ReplayStatus::paused) return step;
  if (run.model.going() == 0) return step;
  step.after = run.model;
  step.after->replaying = ReplayStatus::running;
  ++step.after->replay;
  return step;
}

Step void_numbers(const Course& run) {
  const std::uint32_t first = between<std::uint32_t>(1, 30);
  const std::uint32_t last = first + between<std::uint32_t>(0, 2);
  Step step{"void", 0, {}, VoidNumbers{first, last, {}}, {}};
  if (!run.model.are_in_one_block(first, last) || run.model.has_order_in(first, last)) return step;
  step.after = run.model;
  for (std::uint32_t n = first; n <= last; ++n) step.after->voided.insert(n);
  return step;
}

Step of_the_hall(const Course& run) {
  const std::uint32_t size = between<std::uint32_t>(0, 9);
  Step step;
  const auto going = [&](HallCommand command, const char* name, ReplayStatus from, ReplayStatus to) {
    step = {name, 0, {}, std::move(command), {}};
    if (run.model.replaying != from) return;
    step.after = run.model;
    step.after->replaying = to;
  };
  const auto grant = [&](HallCommand command, const char* name, const std::string& device, std::uint32_t pack) {
    step = {name, 0, {}, std::move(command), {}};
    if (size == 0) return;
    step.after = run.model;
    step.after->blocks.push_back({device, pack, run.model.next, run.model.next + size - 1});
    step.after->next += size;
    step.after->packs = std::max(step.after->packs, pack);
  };
  switch (between(0, 7)) {
    case 0: {
      const std::string device = *rc::gen::elementOf(std::vector<std::string>{"phone-1", "phone-2"});
      grant(GrantBlock{device, size}, "block", device, 0);
      return step;
    }
    case 1:
      grant(PrintPack{BusinessId(), size}, "pack", "", run.model.packs + 1);
      return step;
    case 2:
      return void_numbers(run);
    case 3:
      return start(run);
    case 4:
      going(PauseReplay{"wish"}, "pause", ReplayStatus::running, ReplayStatus::paused);
      return step;
    case 5:
      going(ResumeReplay{}, "resume", ReplayStatus::paused, ReplayStatus::running);
      return step;
    default:
      going(FinishReplay{}, "finish", ReplayStatus::running, ReplayStatus::finished);
      if (run.model.replaying == ReplayStatus::finished) step.after = run.model;
      return step;
  }
}

void remember(Course& run, const AcceptanceDecision& decision) {
  for (const AcceptanceEvent& event : decision.events) {
    run.events.emplace_back(order_of(event), event, run.desk.now, decision.by);
  }
}

void perform(Course& run, const Step& step) {
  const std::vector<OrderPtr> before = run.desk.all();
  const HallPtr hall_before = run.desk.hall(Desk::kHall());
  const auto decision = step.hall ? run.desk.run_hall(*step.hall) : run.desk.run(order_id(step.order), *step.command);
  RC_LOG(fmt::format("{} {}: {}", step.name, step.order, decision ? "" : to_string(decision.error())));
  RC_ASSERT(decision.has_value() == step.after.has_value());
  if (!decision) {
    RC_ASSERT(*run.desk.hall(Desk::kHall()) == *hall_before);
    const std::vector<OrderPtr> now = run.desk.all();
    RC_ASSERT(now.size() == before.size());
    for (std::size_t i = 0; i < now.size(); ++i) RC_ASSERT(now[i] == before[i]);
    return;
  }
  run.model = *step.after;
  remember(run, *decision);
}

// Each clock once, when its time has come and not before.
void pass(Course& run, Duration length) {
  run.desk.now += length;
  const Instant now = run.desk.now;
  for (auto& [n, order] : run.model.orders) {
    int warnings = 0;
    int broken = 0;
    int erased = 0;
    const auto decision = run.desk.run(order_id(n), TickOrder{});
    RC_ASSERT(decision.has_value());
    for (const AcceptanceEvent& event : decision->events) {
      warnings += std::holds_alternative<PromiseAtRisk>(event) ? 1 : 0;
      broken += std::holds_alternative<PromiseBroken>(event) ? 1 : 0;
      erased += std::holds_alternative<OrderErased>(event) ? 1 : 0;
    }
    int due_warnings = order.warned;
    const Duration span = order.due - order.made;
    if (order.promise == PromiseStatus::open) {
      if (now >= order.due - std::min(30 * kMinute, span / 2)) due_warnings = std::max(due_warnings, 1);
      if (now >= order.due - std::min(10 * kMinute, span / 4)) due_warnings = 2;
    }
    RC_ASSERT(warnings == due_warnings - order.warned);
    order.warned = due_warnings;
    RC_ASSERT((broken == 1) == (order.promise == PromiseStatus::open && now >= order.due));
    if (broken == 1) order.promise = PromiseStatus::broken;
    const bool time_is_over = order.settled && !order.erased && now >= *order.settled + std::chrono::days(90);
    RC_ASSERT((erased == 1) == time_is_over);
    order.erased = order.erased || erased == 1;
    remember(run, *decision);
  }
}

void check(const Course& run) {
  const std::vector<OrderPtr> all = run.desk.all();
  RC_ASSERT(all.size() == run.model.orders.size());
  std::map<OrderStatus, std::uint32_t> counts;
  std::set<std::uint32_t> numbers;
  for (const auto& [n, order] : run.model.orders) {
    const OrderPtr found = run.desk.order(order_id(n));
    RC_ASSERT(found != nullptr);
    RC_ASSERT(found->status == order.status);
    RC_ASSERT(found->promise_status == order.promise);
    RC_ASSERT(found->promise_level == order.warned);
    RC_ASSERT(found->number == order.number);
    RC_ASSERT(found->erased == order.erased);
    RC_ASSERT(numbers.insert(order.number).second);
    ++counts[order.status];
  }
  const Reconciliation found = reconcile(*run.desk.hall(Desk::kHall()), all);
  RC_ASSERT(found.all.balances());
  RC_ASSERT(found.all.taken == all.size());
  RC_ASSERT(found.all.entered == counts[entered]);
  RC_ASSERT(found.all.rejected == counts[rejected]);
  RC_ASSERT(found.all.handed_back == counts[handed_back]);
  RC_ASSERT(found.all.waiting == all.size() - counts[entered] - counts[rejected] - counts[handed_back]);
  // Every number of every block is an order, void, missing or unused, and no two blocks share one.
  std::set<std::uint32_t> given;
  RC_ASSERT(found.blocks.size() == run.model.blocks.size());
  for (std::size_t i = 0; i < found.blocks.size(); ++i) {
    std::set<std::uint32_t> missing;
    for (const NumberSpan& span : found.blocks[i].missing) {
      for (std::uint32_t n = span.first; n <= span.last; ++n) missing.insert(n);
    }
    bool later_used = false;
    for (std::uint32_t n = run.model.blocks[i].last; n >= run.model.blocks[i].first; --n) {
      RC_ASSERT(given.insert(n).second);
      RC_ASSERT(missing.contains(n) == (later_used && !run.model.used(n)));
      later_used = later_used || numbers.contains(n);
    }
  }
}

// The state is the fold of the events, whoever folds them.
void check_fold(const Course& run) {
  std::map<OrderId, OrderState> orders;
  AcceptanceHall hall{.unit = Desk::kHall()};
  for (const auto& [id, event, at, by] : run.events) {
    evolve(hall, event, at, by);
    if (id.none()) continue;
    OrderState& state = orders.try_emplace(id, OrderState{.id = id, .unit = Desk::kHall()}).first->second;
    evolve(state, event, at, by);
  }
  RC_ASSERT(hall == *run.desk.hall(Desk::kHall()));
  RC_ASSERT(orders.size() == run.desk.all().size());
  for (const auto& [id, state] : orders) RC_ASSERT(state == *run.desk.order(id));
}

TEST(OrderLife, IsAsTheModelSaysWhateverAnybodyDoes) {
  EXPECT_TRUE(rc::check([] {
    Course run;
    const int length = between(1, 200);
    // Most courses begin in the middle of things.
    if (!once_in(4)) {
      for (std::uint8_t n = 1; n <= kOrders; ++n) perform(run, take(run, n));
      if (run.model.going() > 0) perform(run, start(run));
    }
    for (int i = 0; i < length; ++i) {
      const auto n = static_cast<std::uint8_t>(between(1, kOrders + 1));
      switch (between(0, 12)) {
        case 0:
          // Minutes as a rule, now and then until the personal data's time is over.
          pass(run, once_in(12) ? Duration(std::chrono::days(91)) : kMinute * between(1, 40));
          break;
        case 1:
          perform(run, of_the_hall(run));
          break;
        case 2:
          perform(run, take(run, n));
          break;
        case 3:
        case 4:
        case 5:
        case 6:
          perform(run, by_person(run, n));
          break;
        default:
          perform(run, by_program(run, n));
      }
      check(run);
    }
    check_fold(run);
  }));
}

}  // namespace
}  // namespace tingan
