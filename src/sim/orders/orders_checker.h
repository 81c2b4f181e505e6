// What must hold of orders, whatever happens: worked out from the durable record, from what devices and clerks were
// told, and from what went over the line to the back office.
#pragma once
#include <map>
#include <set>

#include "sim/checkers/checker.h"
#include "sim/orders/office_line.h"

namespace tingan::sim {

class OrdersChecker final : public Checker, public OfficeLine::Watcher {
 public:
  OrdersChecker(Verdict& verdict, const std::vector<std::string>& secrets) : Checker(verdict), secrets_(secrets) {}

  void on_record(const StoredRecord& stored, const Record& record) override;
  void on_quiet(Instant now, EngineCore& core) override;
  void on_boot(EngineCore& core) override;
  void on_reply(const Request& request, const Outcome& outcome, std::uint64_t durable) override;
  void on_end(Instant now, EngineCore& core) override;
  void leaves(const std::string& key, bool question) override;
  void heard(const std::string& key, bool question, const EntryResult& result) override;

  // A customer holds a slip with this number: the order must be there in the end, whatever comes.
  void promised(OrderId id, UnitId unit, std::uint32_t number) { slips_[id] = {unit, number}; }
  // Against the books of the other side, when all is healed.
  void compare(const OfficeLine& line);
  std::size_t orders() const { return orders_.size(); }
  std::size_t entered() const;
  std::size_t sent() const { return sent_; }
  std::size_t asked() const { return asked_; }

 private:
  struct Order {
    OrderState shadow;
    bool maybe_there = false;  // sent, and nobody has said that it is not there
    bool may_leave = false;    // sent is durable, and that request has not gone out yet
    bool promise_open = true;
    Instant promise_due{};
    Instant promise_made{};
    int warned = 0;
    bool erased = false;
  };
  struct Slip {
    UnitId unit;
    std::uint32_t number = 0;
  };
  struct Counts {
    std::uint32_t taken = 0;
    std::uint32_t entered = 0;
    std::uint32_t rejected = 0;
    std::uint32_t handed_back = 0;
  };
  struct Follower;

  void taken(Order& order, const OrderTaken& event, UnitId unit, Instant at);
  void check_clock(const Order& order, int level, Instant due, Instant at);
  void check_hall(UnitId unit, EngineCore& core, const char* when);
  void check_orders(EngineCore& core, const char* when);
  std::set<std::uint32_t> missing_of(UnitId unit) const;

  const std::vector<std::string>& secrets_;
  std::map<OrderId, Order> orders_;
  std::map<std::string, OrderId> keys_;
  std::map<UnitId, AcceptanceHall> halls_;
  std::map<std::pair<UnitId, std::uint32_t>, OrderId> numbers_;
  std::map<OrderId, Slip> slips_;
  std::map<std::string, Answer> answers_;
  std::size_t quiet_ = 0;
  std::size_t sent_ = 0;
  std::size_t asked_ = 0;
};

}  // namespace tingan::sim
