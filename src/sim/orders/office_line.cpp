#include "sim/orders/office_line.h"

namespace tingan::sim {
namespace {

constexpr Duration kPatience = std::chrono::seconds{30};  // of the node, for one answer
constexpr Duration kWayMost = std::chrono::seconds{12};   // there and back within the patience, unless it is late

OfficeTemper temper_of(const OfficeWays& ways) {
  OfficeTemper temper;
  temper.lose_request = ways.lose_request;
  temper.lose_answer = ways.lose_answer;
  temper.busy = ways.busy;
  temper.refuse = ways.refuse;
  temper.per_second = ways.per_second;
  temper.slow_least = Duration{10};
  temper.slow_most = ways.slow_most;
  temper.heeds_keys = ways.heeds_keys;
  return temper;
}

}  // namespace

OfficeWays OfficeWays::draw(SeededRandom& random) {
  const auto rate = [&random](int most) {
    return random.chance(500) ? static_cast<int>(1 + random.below(static_cast<std::uint64_t>(most))) : 0;
  };
  OfficeWays ways;
  ways.can_ask = random.chance(800);
  ways.heeds_keys = random.chance(500);
  ways.lose_request = rate(200);
  ways.lose_answer = rate(300);
  ways.busy = rate(150);
  ways.pending = rate(300);
  ways.refuse = rate(100);
  ways.per_second = random.chance(300) ? 1 : 0;
  ways.crash = rate(60);
  ways.slow_most = Duration{20 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(kWayMost.count())))};
  if (!ways.heeds_keys) return ways;
  ways.double_request = rate(200);
  ways.late = rate(100);
  return ways;
}

OfficeLine::OfficeLine(Agenda& agenda, SeededRandom random, OfficeWays ways, Watcher& watcher)
    : agenda_(agenda), random_(random), ways_(ways), watcher_(watcher), model_(temper_of(ways)) {}

void OfficeLine::heal() {
  ways_.lose_request = ways_.lose_answer = ways_.busy = ways_.pending = ways_.crash = ways_.double_request =
      ways_.late = 0;
  ways_.per_second = 0;
  down_until_ = {};
  model_.become(temper_of(ways_));
}

void OfficeLine::send(const OrderToEnter& order, Done done) {
  request(
      order.key, false, [this, order](Instant at) { return model_.send(order, at, random_); }, std::move(done));
}

void OfficeLine::ask(const OrderToEnter& order, Done done) {
  request(
      order.key, true, [this, key = order.key](Instant) { return model_.ask(key, random_); }, std::move(done));
}

void OfficeLine::request(const std::string& key, bool question, Work work, Done done) {
  watcher_.leaves(key, question);
  auto waiting = std::make_shared<Done>(std::move(done));
  const Done answer = [this, key, question, waiting, call = call_](EntryResult result) {
    if (call != call_ || *waiting == nullptr) return;
    const Done hears = std::exchange(*waiting, nullptr);
    watcher_.heard(key, question, result);
    hears(std::move(result));
  };
  const int copies = random_.chance(ways_.double_request) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    Duration there = model_.travel(random_).there;
    if (random_.chance(ways_.late)) there += random_.between(kPatience, std::chrono::minutes{5});
    agenda_.after(there, [this, work, answer] { arrive(work, answer); });
  }
  agenda_.after(kPatience, [answer] { answer({.outcome = EntryOutcome::unknown}); });
}

// It may go down before it has done anything, or when all is written and nobody has heard of it.
void OfficeLine::arrive(const Work& work, const Done& answer) {
  if (agenda_.now() < down_until_) return;
  const bool crashes = random_.chance(ways_.crash);
  if (crashes) down_until_ = agenda_.now() + random_.between(std::chrono::seconds{5}, std::chrono::minutes{20});
  if (crashes && random_.chance(500)) return;
  OfficeAnswer given = work(now());
  if (crashes || !given.result) return;
  if (given.result->outcome == EntryOutcome::entered && random_.chance(ways_.pending)) {
    given.result = EntryResult{.outcome = EntryOutcome::pending};
  }
  agenda_.after(model_.travel(random_).back, [answer, result = *given.result] { answer(result); });
}

const OfficeEntry* OfficeLine::find(const std::string& key) const {
  const auto found = model_.entries().find(key);
  return found == model_.entries().end() ? nullptr : &found->second;
}

std::string OfficeLine::type_in(const OrderState& order) {
  const std::string key = to_string(order.id);
  if (const OfficeEntry* known = find(key)) return known->reference;
  OfficeEntry entry{.key = key, .business = order.business.str(), .reference = "typed-" + key};
  entry.amount_fen = order.amount_fen;
  entry.at = now();
  model_.restore(entry);
  return entry.reference;
}

}  // namespace tingan::sim
