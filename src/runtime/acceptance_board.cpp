#include "runtime/acceptance_board.h"

#include <algorithm>
#include <mutex>

#include "core/acceptance/clocks.h"
#include "core/acceptance/evolve.h"

namespace tingan {
namespace {

HallPtr blank_hall(UnitId unit) {
  auto hall = std::make_shared<AcceptanceHall>();
  hall->unit = unit;
  return hall;
}

// Money of these was given back or never kept.
bool given_up(const OrderState& order) {
  return order.status == OrderStatus::rejected || order.status == OrderStatus::handed_back;
}

void add_unsettled(std::unordered_map<IncidentId, std::size_t>& all, const OrderState& order, bool there) {
  if (order.incident.none() || is_settled(order.status)) return;
  if (there) {
    ++all[order.incident];
  } else if (--all[order.incident] == 0) {
    all.erase(order.incident);
  }
}

bool is_newer(const OrderState& a, const OrderState& b) {
  return std::tie(a.received_at, a.number) > std::tie(b.received_at, b.number);
}

// The newest with a fingerprint is the one that is asked about; an older one that changes stays the older one.
template <class Twins, class Orders>
void note_twin(Twins& twins, const Orders& orders, const OrderState& order) {
  if (order.fingerprint.empty()) return;
  const auto [newest, first] = twins.try_emplace(order.fingerprint, order.id);
  if (!first && is_newer(order, *orders.at(newest->second).order)) newest->second = order.id;
}

// `never_was`: taken back with its batch, so that the one before it is the newest again. Else it was repaired and is
// another one now, which is rare enough to look through all.
template <class Twins, class Orders>
void forget_twin(Twins& twins, const Orders& orders, const OrderState& order, bool never_was) {
  const auto newest = twins.find(order.fingerprint);
  if (newest == twins.end() || newest->second != order.id) return;
  OrderId next = never_was ? order.twin : OrderId{};
  for (auto other = orders.begin(); other != orders.end() && !never_was; ++other) {
    const OrderPtr& one = other->second.order;
    if (one == nullptr || one->id == order.id || one->unit != order.unit || one->fingerprint != order.fingerprint)
      continue;
    if (next.none() || is_newer(*one, *orders.at(next).order)) next = one->id;
  }
  if (next.none()) {
    twins.erase(newest);
  } else {
    newest->second = next;
  }
}

}  // namespace

bool numbers_missing(const AcceptanceHall& hall, const std::unordered_map<std::uint32_t, OrderId>& holders) {
  const auto is_void = [&](std::uint32_t n) {
    return std::any_of(hall.voided.begin(), hall.voided.end(),
                       [&](const NumberSpan& span) { return span.first <= n && n <= span.last; });
  };
  for (const NumberBlock& block : hall.blocks) {
    std::uint32_t highest = block.first;
    for (std::uint32_t n = block.last; n > block.first; --n) {
      if (!holders.contains(n)) continue;
      highest = n;
      break;
    }
    for (std::uint32_t n = block.first; n < highest; ++n) {
      if (!holders.contains(n) && !is_void(n)) return true;
    }
  }
  return false;
}

OrderPtr AcceptanceBoard::order(OrderId id) const {
  const auto found = orders_.find(id);
  return found == orders_.end() ? nullptr : found->second.order;
}

HallPtr AcceptanceBoard::hall(UnitId unit) const {
  const auto found = halls_.find(unit);
  return found == halls_.end() || found->second.state == nullptr ? blank_hall(unit) : found->second.state;
}

OrderId AcceptanceBoard::holder_of(UnitId unit, std::uint32_t number) const {
  const auto hall = halls_.find(unit);
  if (hall == halls_.end()) return {};
  const auto found = hall->second.holders.find(number);
  return found == hall->second.holders.end() ? OrderId{} : found->second;
}

OrderId AcceptanceBoard::twin_of(UnitId unit, const std::string& fingerprint) const {
  const auto hall = halls_.find(unit);
  if (hall == halls_.end()) return {};
  const auto found = hall->second.twins.find(fingerprint);
  return found == hall->second.twins.end() ? OrderId{} : found->second;
}

std::int64_t AcceptanceBoard::taken_fen(UnitId unit, IncidentId incident, BusinessId business) const {
  const auto hall = halls_.find(unit);
  if (hall == halls_.end()) return 0;
  const auto found = hall->second.money.find({incident, business});
  return found == hall->second.money.end() ? 0 : found->second;
}

std::size_t AcceptanceBoard::unsettled(IncidentId incident) const {
  const auto found = unsettled_.find(incident);
  return found == unsettled_.end() ? 0 : found->second;
}

std::size_t AcceptanceBoard::sendable(UnitId unit) const {
  const auto hall = halls_.find(unit);
  return hall == halls_.end() ? 0 : hall->second.sendable;
}

bool AcceptanceBoard::reconciled(UnitId unit, IncidentId incident) const {
  if (unsettled(incident) > 0) return false;
  const auto hall = halls_.find(unit);
  return hall == halls_.end() || hall->second.state == nullptr ||
         !numbers_missing(*hall->second.state, hall->second.holders);
}

void AcceptanceBoard::index(const OrderState& order, bool there) {
  Hall& hall = halls_[order.unit];
  if (there) {
    hall.holders[order.number] = order.id;
  } else {
    hall.holders.erase(order.number);
  }
  if (!given_up(order)) {
    std::int64_t& money = hall.money[{order.incident, order.business}];
    money += there ? order.amount_fen : -order.amount_fen;
  }
  if (is_sendable(order)) hall.sendable += there ? std::size_t{1} : static_cast<std::size_t>(-1);
  add_unsettled(unsettled_, order, there);
}

void AcceptanceBoard::put(OrderId id, OrderPtr after, std::uint64_t gseq) {
  Entry& entry = orders_[id];
  if (entry.order != nullptr) index(*entry.order, false);
  const OrderPtr before = entry.order;
  const bool alike = before != nullptr && after != nullptr && before->fingerprint == after->fingerprint;
  if (before != nullptr && !alike) forget_twin(halls_[before->unit].twins, orders_, *before, after == nullptr);
  if (after != nullptr && !alike) note_twin(halls_[after->unit].twins, orders_, *after);
  if (after == nullptr) {
    orders_.erase(id);
    return;
  }
  index(*after, true);
  const Instant next = tingan::next_deadline(*after, !erasures_held_);
  if (next != kNever && next != entry.deadline) clocks_.push({next, id});
  entry = {std::move(after), gseq, next};
}

void AcceptanceBoard::put(UnitId unit, HallPtr after, std::uint64_t gseq) {
  Hall& hall = halls_[unit];
  hall.state = std::move(after);
  hall.gseq = gseq;
}

AcceptanceBoard::Changes AcceptanceBoard::apply(const Record& record, std::uint64_t gseq) {
  std::vector<std::pair<OrderId, std::shared_ptr<OrderState>>> changed;
  const HallPtr hall_before = hall(record.unit);
  auto hall_after = std::make_shared<AcceptanceHall>(*hall_before);
  for (const AnyEvent& any : record.events) {
    const auto& event = std::get<AcceptanceEvent>(any);
    // At recovery a snapshot's row may be ahead of the record.
    if (halls_[record.unit].gseq < gseq) evolve(*hall_after, event, record.time.at, record.by);
    const OrderId id = order_of(event);
    if (id.none()) continue;
    if (const auto known = orders_.find(id); known != orders_.end() && known->second.gseq >= gseq) continue;
    auto at = std::find_if(changed.begin(), changed.end(), [&](const auto& one) { return one.first == id; });
    if (at == changed.end()) {
      const OrderPtr before = order(id);
      auto copy = before == nullptr ? std::make_shared<OrderState>() : std::make_shared<OrderState>(*before);
      copy->id = id;
      copy->unit = record.unit;
      at = changed.insert(changed.end(), {id, std::move(copy)});
    }
    evolve(*at->second, event, record.time.at, record.by);
  }
  Changes out;
  for (auto& [id, state] : changed) {
    const auto known = orders_.find(id);
    undo_orders_.emplace_back(id, known == orders_.end() ? Entry{} : known->second);
    put(id, state, gseq);
    dirty_.try_emplace(Row{{}, id}, gseq);
    out.orders.push_back(state);
  }
  if (*hall_after != *hall_before) {
    undo_halls_.emplace_back(record.unit, halls_[record.unit].state, halls_[record.unit].gseq);
    put(record.unit, hall_after, gseq);
    dirty_.try_emplace(Row{record.unit, {}}, gseq);
    out.hall = hall_after;
  }
  return out;
}

void AcceptanceBoard::commit() {
  undo_orders_.clear();
  undo_halls_.clear();
}

// Backwards: an order that changed twice in one batch goes back to its first state. Rows marked dirty stay so, which
// costs one write too many and nothing else; a row of an order that never was is dropped.
void AcceptanceBoard::rollback() {
  for (auto at = undo_orders_.rbegin(); at != undo_orders_.rend(); ++at) {
    const Entry& before = at->second;
    if (before.order == nullptr) dirty_.erase(Row{{}, at->first});
    put(at->first, before.order, before.gseq);
    if (before.order != nullptr && before.deadline != kNever) clocks_.push({before.deadline, at->first});
  }
  for (auto at = undo_halls_.rbegin(); at != undo_halls_.rend(); ++at) {
    const auto& [unit, state, gseq] = *at;
    if (state == nullptr) dirty_.erase(Row{unit, {}});
    put(unit, state, gseq);
  }
  commit();
}

void AcceptanceBoard::hold_erasures(bool held) {
  if (held == erasures_held_) return;
  erasures_held_ = held;
  for (auto& [id, entry] : orders_) {
    const Instant next = entry.order == nullptr ? kNever : tingan::next_deadline(*entry.order, !held);
    if (next != kNever && next != entry.deadline) clocks_.push({next, id});
    entry.deadline = next;
  }
}

Instant AcceptanceBoard::next_deadline() {
  while (!clocks_.empty()) {
    const Clock& top = clocks_.top();
    const auto known = orders_.find(top.id);
    if (known != orders_.end() && known->second.deadline == top.at) return top.at;
    clocks_.pop();
  }
  return kNever;
}

std::vector<std::pair<Instant, OrderId>> AcceptanceBoard::due(Instant now, std::size_t limit) {
  std::vector<std::pair<Instant, OrderId>> out;
  while (out.size() < limit && next_deadline() <= now) {
    out.emplace_back(clocks_.top().at, clocks_.top().id);
    clocks_.pop();
  }
  for (const auto& [at, id] : out) clocks_.push({at, id});  // should the commit fail they must still be there
  return out;
}

std::uint64_t AcceptanceBoard::gseq_of(const Row& row) const {
  return row.order.none() ? halls_.at(row.unit).gseq : orders_.at(row.order).gseq;
}

void AcceptanceBoard::mark_clean(const std::vector<Row>& rows) {
  for (const Row& row : rows) dirty_.erase(row);
}

void AcceptanceBoard::restore(OrderState order, std::uint64_t gseq) {
  const OrderId id = order.id;
  put(id, std::make_shared<const OrderState>(std::move(order)), gseq);
}

void AcceptanceBoard::restore(AcceptanceHall hall, std::uint64_t gseq) {
  const UnitId unit = hall.unit;
  put(unit, std::make_shared<const AcceptanceHall>(std::move(hall)), gseq);
}

std::vector<AcceptanceBoard::Changes> AcceptanceBoard::everything() const {
  std::vector<OrderPtr> all;
  all.reserve(orders_.size());
  for (const auto& [id, entry] : orders_) all.push_back(entry.order);
  std::sort(all.begin(), all.end(), [](const OrderPtr& a, const OrderPtr& b) {
    return std::pair(a->received_at, a->number) < std::pair(b->received_at, b->number);
  });
  std::vector<Changes> out;
  out.push_back({std::move(all), nullptr});
  for (const auto& [unit, hall] : halls_) {
    if (hall.state != nullptr) out.push_back({{}, hall.state});
  }
  return out;
}

OrderPtr PublishedAcceptance::order(OrderId id) const {
  const std::shared_lock lock(mutex_);
  const auto found = orders_.find(id);
  return found == orders_.end() ? nullptr : found->second;
}

HallPtr PublishedAcceptance::hall(UnitId unit) const {
  const std::shared_lock lock(mutex_);
  const auto found = halls_.find(unit);
  return found == halls_.end() || found->second.state == nullptr ? blank_hall(unit) : found->second.state;
}

std::vector<OrderPtr> PublishedAcceptance::of_unit(UnitId unit) const {
  const std::shared_lock lock(mutex_);
  std::vector<OrderPtr> out;
  const auto found = halls_.find(unit);
  if (found == halls_.end()) return out;
  out.reserve(found->second.orders.size());
  for (auto id = found->second.orders.rbegin(); id != found->second.orders.rend(); ++id) {
    out.push_back(orders_.at(*id));
  }
  return out;
}

std::vector<UnitId> PublishedAcceptance::halls() const {
  const std::shared_lock lock(mutex_);
  std::vector<UnitId> out;
  for (const auto& [unit, hall] : halls_) out.push_back(unit);
  std::sort(out.begin(), out.end());
  return out;
}

OrderId PublishedAcceptance::holder_of(UnitId unit, std::uint32_t number) const {
  const std::shared_lock lock(mutex_);
  const auto hall = halls_.find(unit);
  if (hall == halls_.end()) return {};
  const auto found = hall->second.holders.find(number);
  return found == hall->second.holders.end() ? OrderId{} : found->second;
}

bool PublishedAcceptance::reconciled(UnitId unit, IncidentId incident) const {
  const std::shared_lock lock(mutex_);
  if (unsettled_.contains(incident)) return false;
  const auto hall = halls_.find(unit);
  return hall == halls_.end() || hall->second.state == nullptr ||
         !numbers_missing(*hall->second.state, hall->second.holders);
}

std::size_t PublishedAcceptance::count() const {
  const std::shared_lock lock(mutex_);
  return orders_.size();
}

void PublishedAcceptance::publish(const AcceptanceBoard::Changes& changes) {
  const std::unique_lock lock(mutex_);
  for (const OrderPtr& order : changes.orders) {
    OrderPtr& shown = orders_[order->id];
    Hall& hall = halls_[order->unit];
    if (shown == nullptr) {
      hall.orders.push_back(order->id);
      hall.holders[order->number] = order->id;
    } else {
      add_unsettled(unsettled_, *shown, false);
    }
    add_unsettled(unsettled_, *order, true);
    shown = order;
  }
  if (changes.hall != nullptr) halls_[changes.hall->unit].state = changes.hall;
}

}  // namespace tingan
