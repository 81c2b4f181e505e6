#include "sim/orders/orders_world.h"

#include "runtime/replay/replay_worker.h"

namespace tingan::sim {

OrdersWorld::OrdersWorld(Course& course, const Wrap& wrap) : course_(course) {
  checker_ = course.add(std::make_unique<OrdersChecker>(course.verdict(), course.image().secrets));
  SeededRandom drawn = course.random().fork("office");
  const OfficeWays ways = OfficeWays::draw(drawn);
  course.say("the back office {}, {}", ways.can_ask ? "can be asked" : "cannot be asked",
             ways.heeds_keys ? "heeds keys" : "does not look at keys");
  line_ = std::make_unique<OfficeLine>(course.agenda(), drawn.fork("line"), ways, *checker_);
  if (wrap) between_ = wrap(*line_);
  floor_ = std::make_unique<ShopFloor>(course, *line_, *checker_, course.random().fork("floor"));
  course.on_heard([this](const Request& request, const Outcome& outcome) { floor_->heard(request, outcome); });
}

void OrdersWorld::up(EngineCore& core) {
  tasks_ = std::make_shared<std::deque<std::function<void(Instant)>>>();
  ReplayDriver::Doors doors;
  doors.submit = [this](Submission submission) { course_.submit(std::move(submission)); };
  doors.open = [this](const OrderState& order) { return open_for_entry(order, course_.node().sealer()); };
  doors.seal = [this](OrderId id, const std::string& reason) {
    return course_.node().sealer().seal(order_key(id), reason);
  };
  doors.post = [tasks = tasks_](std::function<void(Instant)> task) { tasks->push_back(std::move(task)); };
  BackOffice& office = between_ ? *between_ : static_cast<BackOffice&>(*line_);
  driver_ = std::make_unique<ReplayDriver>(core.view().acceptance(), office, std::move(doors));
}

void OrdersWorld::down() {
  line_->hang_up();
  driver_.reset();
  tasks_.reset();
}

// A few at a time: the power may fail between any two of them.
Instant OrdersWorld::work(Instant now) {
  if (driver_ == nullptr) return kNever;
  while (!tasks_->empty()) {
    const auto task = std::move(tasks_->front());
    tasks_->pop_front();
    task(now);
  }
  return driver_->step(now);
}

void OrdersWorld::heal() {
  line_->heal();
  floor_->heal();
}

void OrdersWorld::finish(RunReport& report) {
  checker_->compare(*line_);
  report.orders = checker_->orders();
  report.entered = checker_->entered();
  report.sent = checker_->sent();
  report.asked = checker_->asked();
}

}  // namespace tingan::sim
