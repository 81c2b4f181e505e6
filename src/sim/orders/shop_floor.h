// Who takes orders and works on them: phones that are out of the network for a while and hold numbers, paper forms that
// are typed in later, clerks at the desk, and those who lead the hall. Mostly sensible, sometimes not.
#pragma once
#include <deque>
#include <set>

#include "sim/course.h"
#include "sim/orders/orders_checker.h"

namespace tingan::sim {

class ShopFloor {
 public:
  ShopFloor(Course& course, OfficeLine& line, OrdersChecker& checker, SeededRandom random);

  // Somebody does something.
  void act();
  // Everybody is back in reach, hands over what he has, and works off what waits for a person.
  void heal();
  void heard(const Request& request, const Outcome& outcome);

 private:
  // A phone, or (with `pack`) the forms of one paper pack.
  struct Holder {
    std::string device;
    std::uint32_t pack = 0;
    UnitId hall;
    bool reachable = true;
    bool asking = false;
    std::deque<std::uint32_t> numbers;
    std::vector<Request> kept;  // taken, not handed over yet
  };
  using Heard = std::function<void(const Outcome&)>;

  void ask_for_numbers(Holder& holder);
  void take(Holder& holder);
  void hand_over(Holder& holder);
  void take_at_desk(UnitId hall);
  void misuse(Holder& holder);
  void work_on(UnitId hall);
  void work_by_hand(const OrderState& order);
  void lead(UnitId hall);
  void void_missing(UnitId hall);
  void keep_working(int minute);

  TakeOrder taking(Instant now);
  // The same words whenever it is sent again; sealed afresh each time.
  Request taking_request(const char* what, UnitId hall, OrderId id, TakeOrder command, bool good);
  Request order_request(const char* what, const OrderState& order, std::function<OrderCommand(const Intake&)> command);
  Request hall_request(const char* what, UnitId hall, HallCommand command);
  void send(Request request, Heard heard);
  void send_order(const char* what, const OrderState& order, OrderCommand command, Heard heard = {});
  Sealed seal(const Intake& intake, OrderId id, bool good) const;
  PersonId person(UnitId hall, const char* role) const;
  // A late copy of a request may still be under way: nobody gives such an order up, or sends it once more.
  bool settled_outside(const OrderState& order) const { return order.attempts == 0; }

  Course& course_;
  OfficeLine& line_;
  OrdersChecker& checker_;
  SeededRandom random_;
  std::vector<UnitId> halls_;
  std::deque<Holder> holders_;
  std::vector<BusinessTypePtr> types_;
  std::map<std::string, Heard> heard_;
  std::set<OrderId> in_hand_;
  std::uint64_t count_ = 0;
};

}  // namespace tingan::sim
