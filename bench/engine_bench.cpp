// The engine over its real store, without the network: declares and steps a second by batch, memory with many incidents
// open, the way back after a crash, and how all that grows with the number of halls.
#include "bench/world.h"
#include "core/incident/clocks.h"

using namespace std::chrono_literals;

namespace tingan::bench {
namespace {

using Clock = std::chrono::steady_clock;

const Instant kStart = *parse_rfc3339("2026-11-23T10:00:00+08:00");

Submission declare(BenchWorld& world, std::size_t hall, const char* type, Instant now) {
  const std::string unit = fmt::format("h{}", hall);
  Submission submission;
  submission.person = PersonId("hall-director@" + unit);
  submission.command =
      IncidentCommand(Declare{.id = new_incident_id(now, world.random), .unit = UnitId(unit), .type = PlanId(type)});
  return submission;
}

struct Declared {
  double per_second = 0;
  std::vector<IncidentId> ids;
};

Declared declare_many(BenchWorld& world, std::size_t halls, std::size_t count, std::size_t batch, const char* type,
                      Instant now) {
  Declared out;
  const auto start = Clock::now();
  for (std::size_t done = 0; done < count;) {
    std::vector<Submission> submissions;
    for (; submissions.size() < batch && done < count; ++done) {
      submissions.push_back(declare(world, done % halls, type, now));
      submissions.back().done = [&out](const Outcome& outcome) {
        if (outcome.refused) {
          fmt::print(stderr, "{}\n", to_string(*outcome.refused));
          std::exit(1);
        }
        out.ids.push_back(outcome.incident->id);
      };
    }
    if (!world.core().run(std::move(submissions), now)) std::exit(1);
  }
  out.per_second = static_cast<double>(count) / seconds_since(start);
  return out;
}

double mark_steps(BenchWorld& world, const std::vector<IncidentId>& ids, std::size_t batch, Instant now) {
  std::size_t count = 0;
  const auto start = Clock::now();
  std::vector<Submission> submissions;
  const auto flush = [&] {
    if (!world.core().run(std::move(submissions), now)) std::exit(1);
    submissions.clear();
  };
  for (const IncidentId id : ids) {
    const IncidentPtr state = world.core().view().find(id);
    for (std::size_t i = 0; i < state->steps.size(); ++i) {
      if (state->steps[i].status != StepStatus::open || state->plan->steps[i].asks >= 0) continue;
      Submission submission;
      submission.person = PersonId("hall-director@" + state->unit.str());
      submission.incident = id;
      submission.command = IncidentCommand(MarkStep{.step = state->plan->steps[i].id});
      submissions.push_back(std::move(submission));
      ++count;
      break;
    }
    if (submissions.size() == batch) flush();
  }
  flush();
  return static_cast<double>(count) / seconds_since(start);
}

double reopen_seconds(BenchWorld& world) {
  world.close();
  const auto start = Clock::now();
  world.open();
  return seconds_since(start);
}

void throughput() {
  fmt::print("declares and steps, engine and store without HTTP (fire plan, all notices and clocks included)\n");
  for (const std::size_t batch : {1U, 16U, 64U, 256U}) {
    BenchWorld world;
    world.open();
    world.publish(organisation_yaml(50, true), "plans");
    const Declared declared = declare_many(world, 50, batch == 1 ? 2000 : 10000, batch, "fire", kStart);
    const double steps = mark_steps(world, declared.ids, batch, kStart + 1s);
    fmt::print("  batch {:4}: {:8.0f} declares/s {:8.0f} steps/s\n", batch, declared.per_second, steps);
  }
}

void many_open(std::size_t halls, std::size_t incidents) {
  BenchWorld world;
  world.open();
  const auto published = Clock::now();
  world.publish(organisation_yaml(halls, halls <= 1000), "plans");
  fmt::print("{} halls, {} incidents open\n  organisation and plans published in {:.2f} s\n", halls, incidents,
             seconds_since(published));
  const std::size_t before = resident_bytes();
  const Declared declared = declare_many(world, halls, incidents, 256, "fire", kStart);
  const std::size_t after = resident_bytes();
  fmt::print("  {:.0f} declares/s; memory {:.0f} MB, {:.0f} bytes an incident\n", declared.per_second,
             static_cast<double>(after - before) / 1e6,
             static_cast<double>(after - before) / static_cast<double>(incidents));
  fmt::print("  back without a snapshot: {:.2f} s ({} records)\n", reopen_seconds(world),
             world.core().view().last_gseq());
  const auto snap = Clock::now();
  if (!world.core().snapshot(true)) std::exit(1);
  fmt::print("  whole snapshot written in {:.2f} s\n", seconds_since(snap));
  fmt::print("  back with a snapshot: {:.2f} s\n", reopen_seconds(world));
  const auto tick = Clock::now();
  std::size_t fired = 0;
  const Instant later = kStart + 30min;
  while (world.core().next_deadline() <= later) fired += *world.core().tick(later, 4096);
  fmt::print("  half an hour at once: {} clock rounds in {:.2f} s\n", fired, seconds_since(tick));
}

}  // namespace
}  // namespace tingan::bench

int main(int argc, char** argv) {
  using namespace tingan::bench;
  if (argc == 3) {
    many_open(std::stoul(argv[1]), std::stoul(argv[2]));
    return 0;
  }
  throughput();
  many_open(50, 50000);
  for (const std::size_t halls : {10U, 100U, 1000U, 10000U, 100000U}) many_open(halls, 1000);
  return 0;
}
