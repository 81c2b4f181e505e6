#include "sim/scenario/virtual_office.h"

namespace tingan::scenario {
namespace {

constexpr Duration kPatience = std::chrono::seconds{10};

}  // namespace

void VirtualOffice::become(sim::OfficeTemper temper, bool can_ask) {
  model_.become(temper);
  can_ask_ = can_ask;
}

void VirtualOffice::advance(Instant now) {
  while (next() <= now) {
    auto first = on_its_way_.extract(on_its_way_.begin());
    now_ = std::max(now_, first.key());
    first.mapped()();
  }
  now_ = std::max(now_, now);
}

void VirtualOffice::send(const OrderToEnter& order, Done done) {
  request([this, order](Instant at) { return model_.send(order, at, dice_); }, std::move(done));
}

void VirtualOffice::ask(const OrderToEnter& order, Done done) {
  request([this, key = order.key](Instant) { return model_.ask(key, dice_); }, std::move(done));
}

// Whatever comes first is the answer: the back office's, or that there was none.
void VirtualOffice::request(Answers answers, Done done) {
  auto waiting = std::make_shared<Done>(std::move(done));
  const auto answer = [this, waiting, call = call_](const EntryResult& result) {
    if (call != call_ || *waiting == nullptr) return;
    const Done heard = std::exchange(*waiting, nullptr);
    heard(result);
  };
  const sim::OfficeTravel travel = model_.travel(dice_);
  put(now_ + travel.there, [this, answers = std::move(answers), answer, back = travel.back] {
    const sim::OfficeAnswer given = answers(now_);
    if (given.result) put(now_ + back, [answer, result = *given.result] { answer(result); });
  });
  put(now_ + kPatience, [answer] { answer({.outcome = EntryOutcome::unknown}); });
}

}  // namespace tingan::scenario
