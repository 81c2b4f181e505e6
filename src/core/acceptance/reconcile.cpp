#include "core/acceptance/reconcile.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "core/acceptance/lookup.h"

namespace tingan {
namespace {

void count(Tally& tally, const OrderState& order) {
  ++tally.taken;
  switch (order.status) {
    case OrderStatus::entered:
      ++tally.entered;
      return;
    case OrderStatus::rejected:
      ++tally.rejected;
      return;
    case OrderStatus::handed_back:
      ++tally.handed_back;
      return;
    case OrderStatus::unknown:
      ++tally.unknown;
      break;
    case OrderStatus::set_aside:
      ++tally.set_aside;
      break;
    case OrderStatus::by_hand:
      ++tally.by_hand;
      break;
    case OrderStatus::waiting:
    case OrderStatus::sent:
      break;
  }
  ++tally.waiting;
}

bool is_void(const AcceptanceHall& hall, std::uint32_t number) {
  return std::any_of(hall.voided.begin(), hall.voided.end(),
                     [&](const NumberSpan& span) { return span.first <= number && number <= span.last; });
}

BlockTally tally_of(const AcceptanceHall& hall, const NumberBlock& block,
                    const std::unordered_map<std::uint32_t, OrderPtr>& holders) {
  BlockTally out;
  out.block = block;
  std::uint32_t highest = 0;
  for (std::uint32_t n = block.first; n <= block.last; ++n) {
    if (holders.contains(n)) highest = n;
  }
  for (std::uint32_t n = block.first; n <= block.last; ++n) {
    if (const auto holder = holders.find(n); holder != holders.end()) {
      count(out.tally, *holder->second);
    } else if (is_void(hall, n)) {
      ++out.voided;
    } else if (n > highest) {
      ++out.unused;
    } else if (!out.missing.empty() && out.missing.back().last + 1 == n) {
      out.missing.back().last = n;
    } else {
      out.missing.push_back({n, n});
    }
  }
  return out;
}

}  // namespace

bool Reconciliation::reconciled() const {
  return all.waiting == 0 &&
         std::all_of(blocks.begin(), blocks.end(), [](const BlockTally& block) { return block.missing.empty(); });
}

Reconciliation reconcile(const AcceptanceHall& hall, const std::vector<OrderPtr>& all, IncidentId only) {
  Reconciliation out;
  std::unordered_map<std::uint32_t, OrderPtr> holders;
  for (const OrderPtr& order : all) {
    holders.emplace(order->number, order);
    if (!only.none() && order->incident != only) continue;
    count(out.all, *order);
    if (order->kind == OrderKind::callback) count(out.callbacks, *order);
    if (order->status == OrderStatus::rejected) ++out.reasons[order->code];
    if (!is_settled(order->status)) out.waiting.push_back(order);
    // What a clerk typed may stand for several orders; the program's own answers may not.
    const bool told = order->via == EnteredVia::connector || order->via == EnteredVia::asked;
    if (order->status == OrderStatus::entered && told && !order->reference.empty()) {
      out.named_twice[{order->connector, order->reference}].push_back(order->number);
    }
    if (order->promise_status == PromiseStatus::open) ++out.promises_open;
    if (order->promise_status == PromiseStatus::kept) ++out.promises_kept;
    if (order->promise_status == PromiseStatus::broken) {
      ++out.promises_broken;
      out.broken.push_back(order);
    }
  }
  std::erase_if(out.named_twice, [](const auto& one) { return one.second.size() < 2; });
  for (const NumberBlock& block : hall.blocks) out.blocks.push_back(tally_of(hall, block, holders));
  return out;
}

bool goes_before(const OrderState& a, const OrderState& b) {
  return std::tie(a.promise_due, a.taken_at, a.number) < std::tie(b.promise_due, b.taken_at, b.number);
}

int usual_rate(const ReplayState& replay, std::uint32_t entered, Instant now) {
  constexpr std::uint32_t kEnoughToTell = 20;
  constexpr std::int64_t kRateMax = 60'000;
  if (replay.status == ReplayStatus::running && replay.rate_per_minute > 0) return replay.rate_per_minute;
  if (entered < kEnoughToTell) return 0;
  const Duration took = std::min(now, replay.finished_at) - replay.started_at;
  const std::int64_t rate = std::int64_t{entered} * 60'000 / std::max<std::int64_t>(took.count(), 1);
  return static_cast<int>(std::clamp<std::int64_t>(rate, 1, kRateMax));
}

Rehearsal rehearse_replay(const std::vector<OrderPtr>& all, int rate_per_minute, Instant now) {
  Rehearsal out;
  for (const OrderPtr& order : all) {
    if (order->kind == OrderKind::callback || order->drill) continue;
    if (order->status == OrderStatus::set_aside) ++out.invalid;
    if (order->status == OrderStatus::by_hand) ++out.by_hand;
    if (order->status == OrderStatus::unknown || order->status == OrderStatus::sent) ++out.unknown;
    if (!is_sendable(*order)) continue;
    if (!order->twin.none()) ++out.duplicates;
    out.order.push_back(order);
  }
  std::sort(out.order.begin(), out.order.end(), [](const auto& a, const auto& b) { return goes_before(*a, *b); });
  out.orders = static_cast<std::uint32_t>(out.order.size());
  const int rate = rate_per_minute > 0 ? rate_per_minute : 60;
  const auto after = [&](std::size_t orders) {
    return now + Duration{static_cast<std::int64_t>(orders) * 60000 / rate};
  };
  for (std::size_t i = 0; i < out.order.size(); ++i) {
    if (out.order[i]->promise_due < after(i + 1)) ++out.late;
  }
  out.finishing = after(out.order.size());
  return out;
}

}  // namespace tingan
