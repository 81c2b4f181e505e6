// One course of the simulator: the parts, wired (sim/simulation.h is the way in).
#pragma once
#include <ostream>

#include "sim/checkers/checker.h"
#include "sim/simulated_channel.h"
#include "sim/simulated_node.h"
#include "sim/simulation.h"
#include "sim/workloads/courier.h"
#include "sim/workloads/hall_day.h"

namespace tingan::sim {

class EscalationChecker;
class ShadowChecker;

class Course {
 public:
  Course(const NodeImage& image, const RunOptions& options);
  RunReport run();

 private:
  struct Arrival {
    std::shared_ptr<const Request> request;  // empty: a channel's report
    Submission submission;
  };

  void boot();
  void went_down(const char* how);
  void mishap();
  void act();
  bool step(Duration until);
  void process();
  void fire_clocks(Instant now);
  void report_again(const Submission& submission);
  void take_requests(Instant now);
  void absorb();
  void heal();
  void finish();
  void check_chains();
  void mix(std::string_view bytes);
  template <class... Args>
  void say(fmt::format_string<Args...> format, Args&&... args) {
    if (options_.story == nullptr) return;
    *options_.story << fmt::format("{:>9.1f}s  ", static_cast<double>(agenda_.now().count()) / 1000.0)
                    << fmt::format(format, std::forward<Args>(args)...) << '\n';
  }
  MachineTime machine() const { return {agenda_.now(), image_.made + agenda_.now() + wall_offset_}; }

  const NodeImage& image_;
  RunOptions options_;
  RunReport report_;
  SeededRandom random_;
  Faults faults_;
  Agenda agenda_;
  Verdict verdict_;
  std::map<std::pair<PlanId, int>, PlanPtr> plans_;
  std::shared_ptr<MemoryKeys> keys_ = std::make_shared<MemoryKeys>();
  std::unique_ptr<SimulatedDisk> disk_;
  std::unique_ptr<SimulatedNode> node_;
  EscalationChecker* escalations_ = nullptr;
  ShadowChecker* shadow_ = nullptr;
  std::vector<std::unique_ptr<Checker>> checkers_;
  std::unique_ptr<HallDay> day_;
  std::unique_ptr<Courier> courier_;
  std::unique_ptr<SimulatedChannel> channel_;
  std::vector<Arrival> inbox_;
  std::uint64_t absorbed_ = 0;
  Hash absorbed_hash_{};
  Hash trace_{};
  Duration wall_offset_{};
  Duration clocks_again_at_{};
  bool healed_ = false;
};

}  // namespace tingan::sim
