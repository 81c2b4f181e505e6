// The proof that nothing is lost: taken = entered + rejected + handed back + waiting, at any time, and every number
// that was given out is an order, void, still unused, or missing by name (S4.1).
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/acceptance_state.h"

namespace tingan {

struct Tally {
  std::uint32_t taken = 0;
  std::uint32_t entered = 0;
  std::uint32_t rejected = 0;
  std::uint32_t handed_back = 0;
  std::uint32_t waiting = 0;  // with those sent, unknown, set aside or by hand
  std::uint32_t unknown = 0;  // of the waiting ones
  std::uint32_t set_aside = 0;
  std::uint32_t by_hand = 0;

  bool balances() const { return taken == entered + rejected + handed_back + waiting; }
  friend bool operator==(const Tally&, const Tally&) = default;
};

struct BlockTally {
  NumberBlock block;
  Tally tally;
  std::uint32_t voided = 0;
  std::uint32_t unused = 0;         // above the highest used one: still to come
  std::vector<NumberSpan> missing;  // below it, and neither an order nor void
};

struct Reconciliation {
  Tally all;
  Tally callbacks;                               // of `all`
  std::map<std::string, std::uint32_t> reasons;  // of the rejected, by code
  std::vector<BlockTally> blocks;
  std::uint32_t promises_open = 0;
  std::uint32_t promises_kept = 0;
  std::uint32_t promises_broken = 0;
  std::vector<OrderPtr> broken;  // whose promise is broken
  std::vector<OrderPtr> waiting;
  // Connector and reference that were named for more than one order, with their numbers: at most one of them is true.
  std::map<std::pair<std::string, std::string>, std::vector<std::uint32_t>> named_twice;

  // Nothing waits, and no number is missing.
  bool reconciled() const;
};

// Over the orders of one hall (all of them, or those of one incident; numbers are judged over all).
Reconciliation reconcile(const AcceptanceHall& hall, const std::vector<OrderPtr>& all, IncidentId only = {});

struct Rehearsal {
  std::uint32_t orders = 0;      // that would go out
  std::uint32_t duplicates = 0;  // suspected: another order of the same customer and business
  std::uint32_t invalid = 0;     // set aside already: they wait for repair
  std::uint32_t by_hand = 0;
  std::uint32_t unknown = 0;  // asked about first
  std::uint32_t late = 0;     // promised for before they would be entered
  Instant finishing{};
  std::vector<OrderPtr> order;  // in which they would go
};

// Orders a minute that can be expected: the pace that was set, or what this replay (or the last one) has shown with
// the `entered` orders so far; 0: it has shown nothing yet.
int usual_rate(const ReplayState& replay, std::uint32_t entered, Instant now);
// `rate_per_minute` 0: nothing is known, one a second is assumed.
Rehearsal rehearse_replay(const std::vector<OrderPtr>& all, int rate_per_minute, Instant now);
// Earlier promise first; then earlier taken; then by number.
bool goes_before(const OrderState& a, const OrderState& b);

}  // namespace tingan
