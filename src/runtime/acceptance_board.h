// Orders and halls of emergency acceptance, twice, like the incidents' Board: as decided so far (the engine's thread
// only), and as durable (any reader).
#pragma once
#include <map>
#include <queue>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "core/acceptance/lookup.h"
#include "model/record.h"

namespace tingan {

// The durable side, for readers on any thread. Cheap: copies pointers under a short lock.
class AcceptanceView {
 public:
  virtual ~AcceptanceView() = default;
  virtual OrderPtr order(OrderId id) const = 0;
  // Never null.
  virtual HallPtr hall(UnitId unit) const = 0;
  // Everything of the hall, newest first.
  virtual std::vector<OrderPtr> of_unit(UnitId unit) const = 0;
  // Halls with a replay that runs or is paused, and with orders that were sent without an outcome.
  virtual std::vector<UnitId> halls() const = 0;
  virtual OrderId holder_of(UnitId unit, std::uint32_t number) const = 0;
  // Nothing taken during the incident waits, and no number of the hall is missing.
  virtual bool reconciled(UnitId unit, IncidentId incident) const = 0;
  virtual std::size_t count() const = 0;
};

// Numbers of a block below the highest used one that are neither an order nor void.
bool numbers_missing(const AcceptanceHall& hall, const std::unordered_map<std::uint32_t, OrderId>& holders);

class AcceptanceBoard : public AcceptanceLookup {
 public:
  OrderPtr order(OrderId id) const override;
  HallPtr hall(UnitId unit) const override;
  OrderId holder_of(UnitId unit, std::uint32_t number) const override;
  OrderId twin_of(UnitId unit, const std::string& fingerprint) const override;
  std::int64_t taken_fen(UnitId unit, IncidentId incident, BusinessId business) const override;
  std::size_t unsettled(IncidentId incident) const override;
  std::size_t sendable(UnitId unit) const override;
  // As AcceptanceView::reconciled, over the speculative state.
  bool reconciled(UnitId unit, IncidentId incident) const;

  struct Changes {
    std::vector<OrderPtr> orders;
    HallPtr hall;  // null: as before
  };
  // Folds one record's events in. Speculative until commit() or rollback().
  Changes apply(const Record& record, std::uint64_t gseq);
  void commit();
  void rollback();

  // While erasures are held, the time for keeping personal data ends for nobody: the clock is not believed yet.
  void hold_erasures(bool held);
  bool erasures_held() const { return erasures_held_; }

  Instant next_deadline();
  std::vector<std::pair<Instant, OrderId>> due(Instant now, std::size_t limit);

  // For snapshots: what no row holds in its present state, with the first record that it misses.
  struct Row {
    UnitId unit;    // of a hall's row
    OrderId order;  // of an order's
    friend auto operator<=>(const Row&, const Row&) = default;
  };
  const std::map<Row, std::uint64_t>& dirty() const { return dirty_; }
  std::uint64_t gseq_of(const Row& row) const;
  void mark_clean(const std::vector<Row>& rows);
  // At recovery, from a snapshot's row: before any apply().
  void restore(OrderState order, std::uint64_t gseq);
  void restore(AcceptanceHall hall, std::uint64_t gseq);
  // Everything, for the readers' first picture.
  std::vector<Changes> everything() const;

 private:
  struct Entry {
    OrderPtr order;
    std::uint64_t gseq = 0;
    Instant deadline = kNever;
  };
  struct Hall {
    HallPtr state;
    std::uint64_t gseq = 0;
    std::unordered_map<std::uint32_t, OrderId> holders;
    std::unordered_map<std::string, OrderId> twins;
    std::map<std::pair<IncidentId, BusinessId>, std::int64_t> money;
    std::size_t sendable = 0;
  };
  struct Clock {
    Instant at;
    OrderId id;
    friend bool operator>(const Clock& a, const Clock& b) { return std::tie(a.at, a.id) > std::tie(b.at, b.id); }
  };

  // Puts the order in place of the one before; null: it was never there.
  void put(OrderId id, OrderPtr after, std::uint64_t gseq);
  void index(const OrderState& order, bool there);
  void put(UnitId unit, HallPtr after, std::uint64_t gseq);

  std::unordered_map<OrderId, Entry> orders_;
  std::unordered_map<UnitId, Hall> halls_;
  std::unordered_map<IncidentId, std::size_t> unsettled_;
  std::priority_queue<Clock, std::vector<Clock>, std::greater<>> clocks_;
  bool erasures_held_ = false;
  std::map<Row, std::uint64_t> dirty_;
  std::vector<std::pair<OrderId, Entry>> undo_orders_;
  std::vector<std::tuple<UnitId, HallPtr, std::uint64_t>> undo_halls_;
};

class PublishedAcceptance : public AcceptanceView {
 public:
  OrderPtr order(OrderId id) const override;
  HallPtr hall(UnitId unit) const override;
  std::vector<OrderPtr> of_unit(UnitId unit) const override;
  std::vector<UnitId> halls() const override;
  OrderId holder_of(UnitId unit, std::uint32_t number) const override;
  bool reconciled(UnitId unit, IncidentId incident) const override;
  std::size_t count() const override;

  void publish(const AcceptanceBoard::Changes& changes);

 private:
  struct Hall {
    HallPtr state;
    std::vector<OrderId> orders;
    std::unordered_map<std::uint32_t, OrderId> holders;
  };
  mutable std::shared_mutex mutex_;
  std::unordered_map<OrderId, OrderPtr> orders_;
  std::unordered_map<UnitId, Hall> halls_;
  std::unordered_map<IncidentId, std::size_t> unsettled_;
};

}  // namespace tingan
