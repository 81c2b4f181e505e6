#include "core/acceptance/order_life.h"

#include <fmt/format.h>

#include "base/check.h"

namespace tingan {
namespace {

using enum OrderStatus;

constexpr unsigned bits(std::initializer_list<OrderStatus> all) {
  unsigned out = 0;
  for (const OrderStatus status : all) out |= 1U << static_cast<unsigned>(status);
  return out;
}

// A `sent` or `unknown` order is never handed back or repaired: it may be in the back office already.
constexpr OrderTransition kLife[] = {
    {OrderMove::repair, "repair", bits({waiting, set_aside, by_hand}), waiting},
    {OrderMove::send, "send", bits({waiting}), sent},
    {OrderMove::lose, "lose", bits({sent}), unknown},
    {OrderMove::absent, "absent", bits({unknown}), waiting},
    {OrderMove::enter, "enter", bits({sent, unknown}), entered},
    {OrderMove::enter_by_hand, "enter-by-hand", bits({waiting, unknown, set_aside, by_hand}), entered},
    {OrderMove::reject, "reject", bits({waiting, set_aside, by_hand}), rejected},
    {OrderMove::set_aside, "set-aside", bits({waiting, sent, unknown}), set_aside},
    {OrderMove::leave_to_person, "leave-to-person", bits({waiting, sent, unknown}), by_hand},
    {OrderMove::hand_back, "hand-back", bits({waiting, set_aside, by_hand}), handed_back},
};

}  // namespace

std::span<const OrderTransition> order_life() { return kLife; }

const OrderTransition& transition(OrderMove move) {
  const auto index = static_cast<std::size_t>(move);
  CHECK(index < std::size(kLife) && kLife[index].move == move);
  return kLife[index];
}

bool may_move(OrderStatus from, OrderMove move) {
  return (transition(move).from & (1U << static_cast<unsigned>(from))) != 0;
}

const char* name_of(OrderStatus status) {
  static constexpr const char* kNames[] = {"waiting", "sent",    "unknown",  "set-aside",
                                           "by-hand", "entered", "rejected", "handed-back"};
  return kNames[static_cast<std::size_t>(status)];
}

Text say(OrderStatus status) {
  static const Text kTexts[] = {{"待补录", "waiting to be entered"},
                                {"已发出，等结果", "sent, waiting for the outcome"},
                                {"结果不明", "outcome unknown"},
                                {"已搁置，待修正", "set aside for repair"},
                                {"待人工录入", "to be entered by hand"},
                                {"已录入", "entered"},
                                {"已拒绝", "rejected"},
                                {"已退还客户", "handed back"}};
  return kTexts[static_cast<std::size_t>(status)];
}

Error wrong_state(OrderStatus from, OrderMove move) {
  std::string wanted_zh;
  std::string wanted_en;
  for (unsigned i = 0; i <= static_cast<unsigned>(handed_back); ++i) {
    if ((transition(move).from & (1U << i)) == 0) continue;
    const Text name = say(static_cast<OrderStatus>(i));
    wanted_zh += (wanted_zh.empty() ? "" : "、") + name.zh;
    wanted_en += (wanted_en.empty() ? "" : " / ") + name.en;
  }
  return {"order.wrong-state",
          {fmt::format("这张单现在是“{}”，此操作只适用于：{}", say(from).zh, wanted_zh),
           fmt::format("Expected an order that is {}, but it is {}", wanted_en, say(from).en)},
          "state"};
}

std::string life_diagram() {
  std::string out = "stateDiagram-v2\n  [*] --> waiting\n";
  for (const OrderTransition& one : kLife) {
    for (unsigned i = 0; i <= static_cast<unsigned>(handed_back); ++i) {
      if ((one.from & (1U << i)) == 0) continue;
      out += fmt::format("  {} --> {}: {}\n", name_of(static_cast<OrderStatus>(i)), name_of(one.to), one.name);
    }
  }
  return out;
}

}  // namespace tingan
