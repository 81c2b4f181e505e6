// The life of an order as one table: which move is possible from where, and where it leads. Decisions, the fold, the
// picture in docs/formats/acceptance.md and the negative tests all come from it.
#pragma once
#include <initializer_list>
#include <span>
#include <string>

#include "model/acceptance_state.h"

namespace tingan {

enum class OrderMove : std::uint8_t {
  repair,
  send,
  lose,    // the outcome: no answer, or a crash between
  absent,  // asked: the back office does not have it
  enter,
  enter_by_hand,
  reject,
  set_aside,
  leave_to_person,
  hand_back
};

struct OrderTransition {
  OrderMove move;
  const char* name;
  unsigned from;  // bit i: OrderStatus i
  OrderStatus to;
};

std::span<const OrderTransition> order_life();
const OrderTransition& transition(OrderMove move);
bool may_move(OrderStatus from, OrderMove move);
const char* name_of(OrderStatus status);
Text say(OrderStatus status);
// `order.wrong-state`: what was wanted, and where the order stands.
Error wrong_state(OrderStatus from, OrderMove move);
// The table as a Mermaid state diagram.
std::string life_diagram();

}  // namespace tingan
