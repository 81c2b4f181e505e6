#include "sim/orders/shop_floor.h"

#include <algorithm>
#include <cstdio>

#include "base/check.h"
#include "runtime/replay/replay_worker.h"

namespace tingan::sim {
namespace {

constexpr Duration kMinute = std::chrono::minutes{1};

BusinessTypePtr business(const char* id, const char* connector, bool pre_acceptable, Duration within) {
  BusinessType type;
  type.id = BusinessId(id);
  type.title = {id, id};
  type.connector = connector;
  type.pre_acceptable = pre_acceptable;
  type.promise_within = within;
  return std::make_shared<const BusinessType>(std::move(type));
}

}  // namespace

ShopFloor::ShopFloor(Course& course, OfficeLine& line, OrdersChecker& checker, SeededRandom random)
    : course_(course), line_(line), checker_(checker), random_(random) {
  for (const Unit& unit : course.image().directory->organisation().units) {
    if (unit.kind == UnitKind::hall && halls_.size() < 2) halls_.push_back(unit.id);
  }
  if (random_.chance(500)) halls_.resize(1);
  types_ = {business("bill-payment", "billing", true, 40 * kMinute),
            business("plan-change", "billing", true, std::chrono::hours{4}),
            business("complaint", "", true, std::chrono::hours{2}),
            business("sim-replacement", "billing", false, std::chrono::hours{1})};
  for (const UnitId hall : halls_) {
    const auto phones = 1 + random_.below(3);
    for (std::uint64_t i = 0; i < phones; ++i) {
      holders_.push_back({.device = fmt::format("phone-{}", i + 1), .hall = hall, .reachable = random_.chance(700)});
    }
    if (random_.chance(500)) holders_.push_back({.hall = hall});
  }
  for (Holder& holder : holders_) holder.kept.reserve(64);
}

PersonId ShopFloor::person(UnitId hall, const char* role) const {
  const auto holds = course_.image().directory->standing(hall, RoleId(role));
  return holds.empty() ? PersonId() : holds.front();
}

Sealed ShopFloor::seal(const Intake& intake, OrderId id, bool good) const {
  const std::string json = fmt::format(R"({{"name":"{}","mobile":"{}"}})", kPrivateMark, good ? "13900001234" : "139");
  auto sealed = intake.sealer.seal(order_key(id), json);
  CHECK(sealed.has_value());
  return *sealed;
}

TakeOrder ShopFloor::taking(Instant now) {
  TakeOrder command{.business = random_.pick(types_)};
  if (!command.business->pre_acceptable || random_.chance(100)) command.kind = OrderKind::callback;
  command.amount_fen = static_cast<std::int64_t>(random_.below(20000));
  command.taken_at = now;
  if (random_.chance(200)) command.promise_due = now + random_.between(kMinute, std::chrono::hours{3});
  if (random_.chance(200)) command.fingerprint = fmt::format("twin-{}", random_.below(5));
  return command;
}

Request ShopFloor::taking_request(const char* what, UnitId hall, OrderId id, TakeOrder command, bool good) {
  Request request;
  request.token = fmt::format("q{}", ++count_);
  request.what = fmt::format("{} {}", what, command.business->id.str());
  request.person = person(hall, "clerk");
  request.unit = hall;
  request.order = id;
  request.command = [this, id, good, command = std::move(command)](const Intake& intake) {
    TakeOrder taken = command;
    taken.personal = seal(intake, id, good);
    return AcceptanceCommand(OrderCommand(std::move(taken)));
  };
  return request;
}

Request ShopFloor::order_request(const char* what, const OrderState& order,
                                 std::function<OrderCommand(const Intake&)> command) {
  Request request;
  request.token = fmt::format("q{}", ++count_);
  request.what = fmt::format("{} {}/{}", what, order.unit.str(), order.number);
  request.person = person(order.unit, "clerk");
  request.unit = order.unit;
  request.order = order.id;
  request.command = [command = std::move(command)](const Intake& intake) { return AcceptanceCommand(command(intake)); };
  return request;
}

Request ShopFloor::hall_request(const char* what, UnitId hall, HallCommand command) {
  Request request;
  request.token = fmt::format("q{}", ++count_);
  request.what = fmt::format("{} in {}", what, hall.str());
  request.person = person(hall, "hall-director");
  request.unit = hall;
  request.command = [command = std::move(command)](const Intake&) { return AcceptanceCommand(command); };
  return request;
}

void ShopFloor::send(Request request, Heard heard) {
  if (heard) heard_[request.token] = std::move(heard);
  course_.courier().send(std::move(request));
}

void ShopFloor::send_order(const char* what, const OrderState& order, OrderCommand command, Heard heard) {
  send(order_request(what, order, [command = std::move(command)](const Intake&) { return command; }), std::move(heard));
}

void ShopFloor::heard(const Request& request, const Outcome& outcome) {
  const auto found = heard_.find(request.token);
  if (found == heard_.end()) return;
  const Heard heard = std::move(found->second);
  heard_.erase(found);
  heard(outcome);
}

// A block for a phone, or a new pack of forms: what the answer says, and no other numbers.
void ShopFloor::ask_for_numbers(Holder& holder) {
  if (holder.asking || !holder.reachable) return;
  holder.asking = true;
  const auto size = static_cast<std::uint32_t>(2 + random_.below(8));
  const bool paper = holder.device.empty();
  Request request =
      hall_request(paper ? "print a pack" : "ask for a block", holder.hall,
                   paper ? HallCommand(PrintPack{{}, size}) : HallCommand(GrantBlock{holder.device, size}));
  request.render = [](const Outcome& outcome) {
    const NumberBlock& block = outcome.hall->blocks.back();
    return fmt::format("{} {} {}", block.pack, block.first, block.last);
  };
  send(std::move(request), [this, &holder](const Outcome& outcome) {
    holder.asking = false;
    std::uint32_t pack = 0;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    if (std::sscanf(outcome.answer.body.c_str(), "%u %u %u", &pack, &first, &last) != 3) return;
    // Forms of the pack before that nobody has used stay blank.
    if (holder.device.empty()) holder.numbers.clear();
    holder.pack = pack;
    for (std::uint32_t n = first; n <= last; ++n) holder.numbers.push_back(n);
    if (holder.device.empty() && random_.chance(500)) std::reverse(holder.numbers.begin(), holder.numbers.end());
  });
}

// The customer goes with a slip in his hand, whatever becomes of the node and the network.
void ShopFloor::take(Holder& holder) {
  if (holder.numbers.empty()) return ask_for_numbers(holder);
  if (random_.chance(60)) holder.numbers.pop_front();  // spoiled
  if (holder.numbers.empty()) return;
  const Instant now = course_.image().made + course_.agenda().now();
  TakeOrder command = taking(now);
  command.number = holder.numbers.front();
  holder.numbers.pop_front();
  command.device = holder.device;
  command.pack = holder.pack;
  command.handed_over = true;
  const bool good = !random_.chance(150);
  if (!good && random_.chance(500)) command.doubts = {"field.mobile:mobile"};
  OrderId id;
  random_.fill(id.bytes);
  checker_.promised(id, holder.hall, command.number);
  holder.kept.push_back(taking_request("hand over", holder.hall, id, std::move(command), good));
  hand_over(holder);
}

// Until the node has said that it has it; now and then once more, as after a page that was loaded again.
void ShopFloor::hand_over(Holder& holder) {
  if (!holder.reachable) return;
  for (Request& kept : std::exchange(holder.kept, {})) {
    const bool again = random_.chance(100);
    Request copy = kept;
    send(std::move(kept), [this, what = copy.what](const Outcome& outcome) {
      if (outcome.answer.status == 409) {
        course_.verdict().fail(
            fmt::format("'{}': what a customer has a slip for was refused: {}", what, outcome.answer.body));
      }
    });
    if (!again) continue;
    copy.token += "-again";
    course_.courier().send(std::move(copy));
  }
}

void ShopFloor::take_at_desk(UnitId hall) {
  const Instant now = course_.image().made + course_.agenda().now();
  OrderId id;
  random_.fill(id.bytes);
  Request request = taking_request("take", hall, id, taking(now), true);
  request.render = [](const Outcome& outcome) { return fmt::format("{}", outcome.order->number); };
  send(std::move(request), [this, id, hall](const Outcome& outcome) {
    std::uint32_t number = 0;
    if (std::sscanf(outcome.answer.body.c_str(), "%u", &number) == 1) checker_.promised(id, hall, number);
  });
}

// A number that is another's, or was used before: refused, and nothing happens.
void ShopFloor::misuse(Holder& holder) {
  TakeOrder command = taking(course_.image().made + course_.agenda().now());
  command.device = "phone-9";
  command.number = static_cast<std::uint32_t>(1 + random_.below(40));
  command.handed_over = true;
  OrderId id;
  random_.fill(id.bytes);
  send(taking_request("misuse a number", holder.hall, id, std::move(command), true), [this](const Outcome& outcome) {
    if (outcome.answer.status != 409) course_.verdict().fail("a device used a number that is not its own");
  });
}

// One at a time: whoever works on an order holds it until he has heard.
void ShopFloor::work_by_hand(const OrderState& order) {
  in_hand_.insert(order.id);
  const Heard done = [this, id = order.id](const Outcome&) { in_hand_.erase(id); };
  if (order.kind == OrderKind::callback) {
    return send_order("call", order, NoteCall{random_.chance(600), {}}, done);
  }
  if (settled_outside(order) && random_.chance(200)) return send_order("hand back", order, HandOrderBack{}, done);
  send_order("enter", order, EnterOrder{EnteredVia::hand, line_.type_in(order)}, done);
}

void ShopFloor::work_on(UnitId hall) {
  if (!course_.node().up()) return;
  const auto all = course_.node().core().view().acceptance().of_unit(hall);
  if (all.empty()) return;
  const OrderState& order = *all[random_.below(all.size())];
  if (in_hand_.contains(order.id)) return;
  const Heard done = [this, id = order.id](const Outcome&) { in_hand_.erase(id); };
  switch (order.status) {
    case OrderStatus::by_hand:
      return work_by_hand(order);
    case OrderStatus::unknown:
      // A clerk looks into the back office before the program has asked.
      if (const OfficeEntry* entry = line_.find(to_string(order.id)); entry != nullptr && random_.chance(200)) {
        send_order("enter", order, EnterOrder{EnteredVia::hand, entry->reference});
      }
      return;
    case OrderStatus::set_aside: {
      if (random_.chance(200)) return send_order("reject", order, RejectOrder{"withdrawn", {}});
      Request repair = order_request("repair", order, [this, id = order.id](const Intake& intake) -> OrderCommand {
        return RepairOrder{.amount_fen = 100, .personal = seal(intake, id, true)};
      });
      in_hand_.insert(order.id);
      return send(std::move(repair), done);
    }
    case OrderStatus::waiting:
      if (settled_outside(order) && random_.chance(50)) return send_order("hand back", order, HandOrderBack{});
      break;
    default:
      break;
  }
  const Instant due = course_.now() + random_.between(kMinute, std::chrono::hours{2});
  if (random_.chance(100)) return send_order("look", order, ShowPerson{"repair"});
  if (random_.chance(100)) return send_order("promise", order, MakePromise{PromiseKind::come_again, due});
  if (random_.chance(50)) {
    const AssignVisit visit{person(hall, "clerk"), due};
    return send_order("visit", order, visit);
  }
  if (random_.chance(50)) return send_order("visited", order, NoteVisit{});
  // What a person may not do.
  if (random_.chance(50)) send_order("claim", order, EnterOrder{EnteredVia::connector, "made-up"});
}

void ShopFloor::lead(UnitId hall) {
  if (!course_.node().up()) return;
  const ReplayState replay = course_.node().core().view().acceptance().hall(hall)->replay;
  static const std::vector<int> rates = {0, 0, 4, 30};
  if (replay.status == ReplayStatus::paused) return send(hall_request("resume", hall, ResumeReplay{}), {});
  if (replay.status == ReplayStatus::running) {
    if (course_.healed()) {
      if (replay.rate_per_minute != 0) send(hall_request("pace", hall, PaceReplay{0}), {});
      return;
    }
    if (random_.chance(500)) return send(hall_request("pace", hall, PaceReplay{random_.pick(rates)}), {});
    return send(hall_request("pause", hall, PauseReplay{"a wish"}), {});
  }
  send(hall_request("start", hall, StartReplay{course_.healed() ? 0 : random_.pick(rates)}), {});
}

void ShopFloor::void_missing(UnitId hall) {
  if (!course_.node().up()) return;
  const AcceptanceView& view = course_.node().core().view().acceptance();
  for (const NumberBlock& block : view.hall(hall)->blocks) {
    for (std::uint32_t n = block.first; n <= block.last; ++n) {
      if (!view.holder_of(hall, n).none()) continue;
      // A phone that holds the number may still hand one over with it: void is only what no phone holds any more.
      const bool held = std::any_of(holders_.begin(), holders_.end(), [&](const Holder& holder) {
        return holder.hall == hall &&
               (std::find(holder.numbers.begin(), holder.numbers.end(), n) != holder.numbers.end() ||
                !holder.kept.empty());
      });
      if (!held && course_.healed() && course_.courier().waiting() == 0) {
        return send(hall_request("void", hall, VoidNumbers{n, n, {}}), {});
      }
    }
  }
}

void ShopFloor::act() {
  const auto busy = 1 + random_.below(4);
  for (std::uint64_t i = 0; i < busy; ++i) {
    Holder& holder = holders_[random_.below(holders_.size())];
    const auto dice = random_.below(100);
    if (dice < 40) {
      take(holder);
    } else if (dice < 50) {
      take_at_desk(holder.hall);
    } else if (dice < 56) {
      holder.reachable = !holder.reachable;
      hand_over(holder);
    } else if (dice < 58) {
      misuse(holder);
    } else if (dice < 88) {
      work_on(holder.hall);
    } else {
      lead(holder.hall);
    }
  }
}

void ShopFloor::heal() {
  for (Holder& holder : holders_) {
    holder.reachable = true;
    hand_over(holder);
  }
  keep_working(0);
}

// First everything, then only what makes the entering go on: so that the course comes to rest.
void ShopFloor::keep_working(int minute) {
  constexpr int kWorkFor = 70;
  constexpr int kLeadFor = 100;
  if (minute >= kLeadFor) return;
  for (const UnitId hall : halls_) {
    for (int i = 0; i < 8 && minute < kWorkFor; ++i) work_on(hall);
    lead(hall);
    if (minute < kWorkFor) void_missing(hall);
  }
  course_.agenda().after(kMinute, [this, minute] { keep_working(minute + 1); });
}

}  // namespace tingan::sim
