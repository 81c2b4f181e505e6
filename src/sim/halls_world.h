// Halls on a bad day: incidents of every plan, the people in them, and the channels that reach people.
#pragma once
#include "sim/course.h"
#include "sim/simulated_channel.h"
#include "sim/workloads/hall_day.h"

namespace tingan::sim {

class EscalationChecker;
class ShadowChecker;

class HallsWorld final : public World {
 public:
  // Adds its checkers to the course, which outlives it.
  explicit HallsWorld(Course& course);

  void up(EngineCore& core) override { channel_->start(core); }
  void down() override { channel_->stop(); }
  void act() override;
  void before_write(const Batch& batch) override;
  void recorded(const Record& record) override;
  void heal() override;
  void finish(RunReport& report) override;

 private:
  Course& course_;
  std::map<std::pair<PlanId, int>, PlanPtr> plans_;
  EscalationChecker* escalations_ = nullptr;
  ShadowChecker* shadow_ = nullptr;
  std::unique_ptr<HallDay> day_;
  std::unique_ptr<SimulatedChannel> channel_;
};

}  // namespace tingan::sim
