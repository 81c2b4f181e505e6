// One course of the simulator: a node, its machine, the network and what goes wrong (sim/simulation.h is the way in).
#pragma once
#include <ostream>

#include "sim/simulated_node.h"
#include "sim/simulation.h"
#include "sim/workloads/courier.h"
#include "sim/world.h"

namespace tingan::sim {

class Course {
 public:
  Course(const NodeImage& image, const RunOptions& options, Duration healed_for);
  // Before run(); outlives it.
  void live_in(World& world) { world_ = &world; }
  template <class OfOne>
  OfOne* add(std::unique_ptr<OfOne> checker) {
    OfOne* raw = checker.get();
    checkers_.push_back(std::move(checker));
    return raw;
  }
  RunReport run();

  // What the world is given.
  const NodeImage& image() const { return image_; }
  Agenda& agenda() { return agenda_; }
  const Faults& faults() const { return faults_; }
  SeededRandom& random() { return random_; }
  SimulatedNode& node() { return *node_; }
  Courier& courier() { return *courier_; }
  Verdict& verdict() { return verdict_; }
  bool healed() const { return healed_; }
  Instant now() const { return node_->now(agenda_.now()); }
  // The program's own wish: gone if the node goes down before it is taken.
  void submit(Submission submission) { inbox_.push_back({nullptr, std::move(submission)}); }
  // The client hears the answer to its request.
  void on_heard(std::function<void(const Request&, const Outcome&)> heard) { heard_ = std::move(heard); }
  template <class... Args>
  void say(fmt::format_string<Args...> format, Args&&... args) {
    if (options_.story == nullptr) return;
    *options_.story << fmt::format("{:>9.1f}s  ", static_cast<double>(agenda_.now().count()) / 1000.0)
                    << fmt::format(format, std::forward<Args>(args)...) << '\n';
  }

 private:
  struct Arrival {
    std::shared_ptr<const Request> request;  // empty: the program's own
    Submission submission;
  };

  void boot();
  void went_down(const char* how);
  void mishap();
  void act();
  bool step(Duration until);
  void process();
  void fire_clocks(Instant now);
  void again_later(const Submission& submission);
  void take_requests(Instant now);
  void absorb();
  void heal();
  void finish();
  void check_chains();
  void mix(std::string_view bytes);
  MachineTime machine() const { return {agenda_.now(), image_.made + agenda_.now() + wall_offset_}; }

  const NodeImage& image_;
  RunOptions options_;
  Duration healed_for_;
  RunReport report_;
  SeededRandom random_;
  Faults faults_;
  Agenda agenda_;
  Verdict verdict_;
  std::shared_ptr<MemoryKeys> keys_ = std::make_shared<MemoryKeys>();
  std::unique_ptr<SimulatedDisk> disk_;
  std::unique_ptr<SimulatedNode> node_;
  World* world_ = nullptr;
  std::vector<std::unique_ptr<Checker>> checkers_;
  std::unique_ptr<Courier> courier_;
  std::function<void(const Request&, const Outcome&)> heard_;
  std::vector<Arrival> inbox_;
  std::uint64_t absorbed_ = 0;
  Hash absorbed_hash_{};
  Hash trace_{};
  Duration wall_offset_{};
  Duration clocks_again_at_{};
  Instant world_at_ = kNever;
  bool healed_ = false;
};

}  // namespace tingan::sim
