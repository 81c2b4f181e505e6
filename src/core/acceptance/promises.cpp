#include "core/acceptance/promises.h"

#include <algorithm>

#include "core/acceptance/clocks.h"

namespace tingan {
namespace {

std::vector<PersonId> people_for(UnitId unit, std::initializer_list<const char*> roles,
                                 const AcceptanceContext& context) {
  std::vector<PersonId> out;
  for (const char* role : roles) {
    for (const PersonId person : context.directory.who(unit, RoleId(role), context.now).people) {
      if (std::find(out.begin(), out.end(), person) == out.end()) out.push_back(person);
    }
  }
  return out;
}

}  // namespace

std::vector<AcceptanceEvent> promise_events(const OrderState& order, const AcceptanceContext& context) {
  std::vector<AcceptanceEvent> events;
  if (order.promise_status == PromiseStatus::open) {
    for (int level = order.promise_level + 1; level <= 2; ++level) {
      if (promise_clock(order, level) > context.now) break;
      const auto told = level == 1 ? people_for(order.unit, {"shift-leader"}, context)
                                   : people_for(order.unit, {"shift-leader", "duty-manager", "hall-director"}, context);
      events.emplace_back(PromiseAtRisk{order.id, level, promise_clock(order, level), told});
    }
    if (promise_clock(order, 3) <= context.now) {
      const auto told = people_for(order.unit, {"shift-leader", "duty-manager", "hall-director"}, context);
      events.emplace_back(PromiseBroken{order.id, order.promise_due, told});
    }
  }
  if (context.may_erase && !order.erased && order.erase_at <= context.now) events.emplace_back(OrderErased{order.id});
  return events;
}

}  // namespace tingan
