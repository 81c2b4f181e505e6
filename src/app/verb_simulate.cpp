// tingan simulate: whole nodes under seeds, until one goes wrong or all have run.
#include <chrono>
#include <iostream>

#include "app/verbs.h"
#include "runtime/node_clock.h"
#include "sim/simulation.h"

namespace tingan {
namespace {

struct Request {
  std::uint64_t seeds = 1000;
  std::uint64_t from = 1;
  std::uint64_t seed = 0;  // this one only
  bool verbose = false;
  std::string world = "halls";
  std::string plans = "plans";
  std::string org = "org/demo.yaml";
};

int refuse(const sim::RunReport& report, const Request& request) {
  std::cout << "seed " << report.seed << ": " << *report.wrong << '\n'
            << "repeat: tingan simulate --seed " << report.seed << " --verbose --world " << request.world << " --plans "
            << request.plans << " --org " << request.org << std::endl;
  return 1;
}

// A line for a person who waits; figures of one core.
void summarise(std::uint64_t count, const sim::RunReport& sum, std::chrono::duration<double> took) {
  std::cout << fmt::format(
                   "{} seeds sound: {} records, {} answers, {} starts, {} escalations ({} of them late), {} messages, "
                   "{} orders ({} entered), {} requests to the back office, {} questions; {:.1f} seeds/s",
                   count, sum.records, sum.answers, sum.starts, sum.escalations, sum.escalations_late, sum.messages,
                   sum.orders, sum.entered, sum.sent, sum.asked, static_cast<double>(count) / took.count())
            << std::endl;
}

using Run = std::function<sim::RunReport(const sim::RunOptions&)>;

// One course of the world that is asked for.
Expected<Run> world_of(const Request& request) {
  if (request.world == "orders") {
    auto image = sim::make_orders_image(request.org);
    if (!image) return tl::unexpected(image.error());
    return Run([image = std::move(*image)](const auto& options) { return sim::simulate_orders(image, options); });
  }
  auto images = sim::make_images(request.plans, request.org);
  if (!images) return tl::unexpected(images.error());
  return Run([images = std::move(*images)](const auto& options) { return sim::simulate(images, options); });
}

int run(const Request& request) {
  const auto course = world_of(request);
  if (!course) {
    std::cerr << to_string(course.error()) << '\n';
    return 2;
  }
  const bool one = request.seed != 0;
  const std::uint64_t first = one ? request.seed : request.from;
  const std::uint64_t count = one ? 1 : request.seeds;
  sim::RunReport sum;
  NodeClock stopwatch(from_millis(0));
  const Instant started = stopwatch.now();
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const sim::RunReport report = (*course)({seed, request.verbose ? &std::cout : nullptr});
    if (report.wrong) return refuse(report, request);
    if (one) std::cout << "seed " << seed << ": trace " << report.trace << '\n';
    sum.records += report.records;
    sum.answers += report.answers;
    sum.starts += report.starts;
    sum.escalations += report.escalations;
    sum.escalations_late += report.escalations_late;
    sum.messages += report.messages;
    sum.orders += report.orders;
    sum.entered += report.entered;
    sum.sent += report.sent;
    sum.asked += report.asked;
  }
  summarise(count, sum, stopwatch.now() - started);
  return 0;
}

}  // namespace

void add_simulate(CLI::App& app, int& exit_code) {
  auto request = std::make_shared<Request>();
  CLI::App* verb = app.add_subcommand("simulate", "run whole nodes under seeds, with everything failing that can fail");
  verb->add_option("--seeds", request->seeds, "how many")->check(CLI::PositiveNumber);
  verb->add_option("--from", request->from, "the first one")->check(CLI::PositiveNumber);
  CLI::Option* one = verb->add_option("--seed", request->seed, "this one only")->check(CLI::PositiveNumber);
  verb->add_flag("--verbose", request->verbose, "tell what happens")->needs(one);
  verb->add_option("--world", request->world, "halls: incidents of every plan; orders: taking and entering them")
      ->check(CLI::IsMember({"halls", "orders"}))
      ->capture_default_str();
  verb->add_option("--plans", request->plans, "folder of plans")->capture_default_str();
  verb->add_option("--org", request->org, "organisation file")->capture_default_str();
  verb->callback([request, &exit_code] { exit_code = run(*request); });
}

}  // namespace tingan
