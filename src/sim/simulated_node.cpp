#include "sim/simulated_node.h"

#include "base/check.h"

namespace tingan::sim {

SimulatedNode::SimulatedNode(Parts parts)
    : parts_(std::move(parts)),
      random_(parts_.random.fork("node")),
      identity_(simulated_identity()),
      key_store_(parts_.keys, random_),
      sealer_(key_store_, random_) {
  auto store = parts_.disk.open();
  CHECK(store.has_value());
  store_ = std::move(*store);
}

bool SimulatedNode::boot(const MachineTime& machine, int scale) {
  CHECK(!up());
  if (store_ == nullptr) {
    auto store = parts_.disk.open();
    if (!store) {
      failure_ = store.error();
      return false;
    }
    store_ = std::move(*store);
  }
  log_ = std::make_unique<FaultyEventLog>(*store_, parts_.faults, parts_.random, [this](const Batch& batch) {
    parts_.before_write(batch);
    parts_.disk.before_write();
  });
  if (parts_.random.chance(parts_.faults.crash_in_recovery)) log_->fail_recovery_after(parts_.random.below(12));
  core_ = std::make_unique<EngineCore>(EnginePorts{*log_, random_, *identity_, sealer_});
  constexpr int kFromTheFirstRecord = 4;  // each so many starts, and the first
  const auto recovered = core_->recover(boots_++ % kFromTheFirstRecord == 0 ? nullptr : parts_.known);
  if (!recovered) {
    if (!log_->crashed()) failure_ = recovered.error();
    cut_power();
    return false;
  }
  log_->recovered();
  anchor_ = std::max(machine.wall, core_->last_time());
  booted_ = machine.steady;
  scale_ = scale;
  ready_ = true;
  return true;
}

void SimulatedNode::cut_power() {
  const bool writing = log_ != nullptr && log_->crashed_in_write();
  if (store_ != nullptr) parts_.disk.crash(writing, parts_.random);
  core_.reset();
  log_.reset();
  ready_ = false;
  store_.reset();
  auto store = parts_.disk.open();
  if (store) {
    store_ = std::move(*store);
  } else {
    failure_ = store.error();
  }
}

void SimulatedNode::stop() {
  if (auto put = core_->snapshot(true); !put && log_->crashed()) return cut_power();
  core_.reset();
  log_.reset();
  ready_ = false;
}

Instant SimulatedNode::now(Duration steady) const { return anchor_ + (steady - booted_) * scale_; }

Duration SimulatedNode::steady_at(Instant at) const {
  if (at <= anchor_) return booted_;
  return booted_ + ((at - anchor_) + Duration{scale_ - 1}) / scale_;
}

bool SimulatedNode::went_down(const Expected<void>& result) {
  if (result) return false;
  cut_power();
  return true;
}

bool SimulatedNode::run(std::vector<Submission> submissions, Instant now) {
  return !went_down(core_->run(std::move(submissions), now));
}

std::optional<std::size_t> SimulatedNode::tick(Instant now, std::size_t limit) {
  const auto fired = core_->tick(now, limit);
  if (fired) return *fired;
  went_down(tl::unexpected(fired.error()));
  return std::nullopt;
}

bool SimulatedNode::snapshot(std::size_t rows_at_once) {
  const auto put = core_->snapshot(false, rows_at_once);
  if (put || !log_->crashed()) return true;
  cut_power();
  return false;
}

}  // namespace tingan::sim
