// What a decision about one order may ask about the others of its hall.
#pragma once
#include <optional>
#include <vector>

#include "model/acceptance_state.h"

namespace tingan {

class AcceptanceLookup {
 public:
  virtual ~AcceptanceLookup() = default;
  // nullptr: unknown.
  virtual OrderPtr order(OrderId id) const = 0;
  // Never null: a hall that has taken nothing yet is a blank one.
  virtual HallPtr hall(UnitId unit) const = 0;
  // Who has this number of the hall; none: nobody.
  virtual OrderId holder_of(UnitId unit, std::uint32_t number) const = 0;
  // The newest order of the hall with this fingerprint; none: it is the first.
  virtual OrderId twin_of(UnitId unit, const std::string& fingerprint) const = 0;
  // Money of one business type taken in the hall during the incident, of orders that were not given up.
  virtual std::int64_t taken_fen(UnitId unit, IncidentId incident, BusinessId business) const = 0;
  // Orders and callbacks taken during the incident that are not settled.
  virtual std::size_t unsettled(IncidentId incident) const = 0;
  // How many orders of the hall could go out now.
  virtual std::size_t sendable(UnitId unit) const = 0;
};

// Goes out by itself during a replay: waiting, with a connector, no drill, no callback.
inline bool is_sendable(const OrderState& order) {
  return order.status == OrderStatus::waiting && order.kind == OrderKind::order && !order.drill &&
         !order.connector.empty();
}

}  // namespace tingan
