// A million pending clocks: how late do those fire that come due? 20,000 open incidents hold them (deadlines of steps,
// escalations, repeats of notices, reports); the real engine runs on its thread and the real clock for a while, and
// what it fires is compared with when it was due. Measured when durable, on the node's clock.
//   clocks_bench [incidents, default 20000] [seconds, default 20]
#include <mutex>
#include <thread>

#include "bench/world.h"
#include "core/incident/clocks.h"
#include "runtime/node_clock.h"

namespace tingan::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kHalls = 500;
constexpr Duration kApart{20};  // 50 incidents a second, each with its own course

std::size_t pending(const IncidentState& state) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < state.steps.size(); ++i) {
    const StepState& step = state.steps[i];
    const bool open = step.status == StepStatus::open || step.status == StepStatus::started;
    const std::size_t rules = late_rules(*state.plan, state.plan->steps[i]).size();
    if (open && step.due != kNever && step.late_rules < rules) count += rules - step.late_rules;
  }
  for (std::size_t i = 0; i < state.escalations.size(); ++i) {
    if (escalation_due(state, static_cast<int>(i)) != kNever) ++count;
  }
  for (const TellingState& telling : state.tellings) count += telling.ended ? 0 : 1;
  for (const ReportState& report : state.reports) count += report.due != kNever && !report.missed ? 1 : 0;
  return count;
}

struct Lateness {
  std::mutex mutex;
  std::vector<Duration> all;
  Instant from{};

  void add(Instant now, Instant due) {
    if (due >= from) all.push_back(now - due);
  }
  void see(const Commit& commit, Instant now) {
    const std::lock_guard lock(mutex);
    for (const CommittedRecord& record : commit.records) {
      for (const AnyEvent& any : record.record->events) {
        const auto* event = std::get_if<IncidentEvent>(&any);
        if (event == nullptr) continue;
        if (const auto* fired = std::get_if<EscalationFired>(event)) add(now, fired->due);
        if (const auto* missed = std::get_if<ReportMissed>(event)) add(now, missed->due);
        const auto* late = std::get_if<StepsLate>(event);
        if (late != nullptr && late->rule == 0) add(now, late->steps.front().due);
      }
    }
  }
};

void run(std::size_t incidents, int seconds) {
  BenchWorld world;
  world.open();
  world.publish(organisation_yaml(kHalls, true), "plans");
  // Declared one after the other up to `start`, which lies ahead of the wall clock: there the node's clock begins.
  const Instant start = NodeClock(from_millis(0)).now() + 6h;
  const Duration span = kApart * static_cast<int>(incidents);
  for (std::size_t done = 0; done < incidents;) {
    const Instant now = start - span + kApart * static_cast<int>(done);
    std::vector<Submission> batch;
    for (; batch.size() < 64 && done < incidents; ++done) {
      const std::string unit = fmt::format("h{}", done % kHalls);
      Submission submission;
      submission.person = PersonId("hall-director@" + unit);
      submission.command = IncidentCommand(
          Declare{.id = new_incident_id(now, world.random), .unit = UnitId(unit), .type = PlanId("fire")});
      batch.push_back(std::move(submission));
    }
    if (!world.core().run(std::move(batch), now)) std::exit(1);
    while (world.core().next_deadline() <= now) {
      if (!world.core().tick(now, 1024)) std::exit(1);
    }
  }
  std::size_t clocks = 0;
  for (const IncidentPtr& incident : world.core().view().open()) clocks += pending(*incident);
  fmt::print("{} incidents open with {} pending clocks\n", world.core().view().open().size(), clocks);
  NodeClock clock(start);
  Lateness lateness;
  lateness.from = start;
  world.core().on_commit([&](const Commit& commit) { lateness.see(commit, clock.now()); });
  Engine engine(world.core(), clock);
  engine.start();
  std::this_thread::sleep_for(std::chrono::seconds{seconds});
  engine.stop();
  std::vector<Duration>& all = lateness.all;
  std::sort(all.begin(), all.end());
  if (all.empty()) return fmt::print("nothing came due\n");
  const auto at = [&](double share) {
    return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))].count();
  };
  fmt::print(
      "in {} s {} deadlines and escalations fired ({:.0f}/s): late by p50 {} ms, p90 {} ms, p99 {} ms, most {} ms; "
      "early: {}\n",
      seconds, all.size(), static_cast<double>(all.size()) / seconds, at(0.5), at(0.9), at(0.99), at(1.0),
      all.front() < 0ms ? "YES" : "none");
}

}  // namespace
}  // namespace tingan::bench

int main(int argc, char** argv) {
  tingan::bench::run(argc > 1 ? std::stoul(argv[1]) : 20000, argc > 2 ? std::stoi(argv[2]) : 20);
  return 0;
}
