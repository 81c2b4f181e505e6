// Halls whose business system is away: orders on phones and on paper, entered afterwards over a line that loses, with a
// node and a back office that go down in the middle (docs/adr/0012-acceptance.md).
#pragma once
#include "runtime/replay/replay_driver.h"
#include "sim/orders/shop_floor.h"

namespace tingan::sim {

class OrdersWorld final : public World {
 public:
  // Puts something between the node and the line: how the checkers are tried.
  using Wrap = std::function<std::unique_ptr<BackOffice>(OfficeLine&)>;

  // Adds its checkers to the course, which outlives it.
  explicit OrdersWorld(Course& course, const Wrap& wrap = {});

  void up(EngineCore& core) override;
  void down() override;
  void act() override { floor_->act(); }
  Instant work(Instant now) override;
  void heal() override;
  void finish(RunReport& report) override;

 private:
  Course& course_;
  OrdersChecker* checker_ = nullptr;
  std::unique_ptr<OfficeLine> line_;
  std::unique_ptr<BackOffice> between_;
  std::unique_ptr<ShopFloor> floor_;
  std::unique_ptr<ReplayDriver> driver_;
  std::shared_ptr<std::deque<std::function<void(Instant)>>> tasks_;
};

}  // namespace tingan::sim
