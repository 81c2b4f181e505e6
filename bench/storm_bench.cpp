// The storm: every hall declares a fire at the same moment, each hall has three webhooks. How long until the last
// hall's first notice has arrived, and do declares and notices starve one another? The real engine, store, outbox,
// sender and HTTP client; the receivers are the real server in the same process, so both ends share the processor.
//   storm_bench [halls, default 5000]
#include <atomic>
#include <condition_variable>

#include "bench/world.h"
#include "channels/factory.h"
#include "net/client.h"
#include "net/server.h"
#include "runtime/node_clock.h"
#include "runtime/outbox/outbox.h"

namespace tingan::bench {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::size_t kWebhooks = 3;

// Counts what arrives; the path says for which hall: /h17/2.
class Receivers {
 public:
  explicit Receivers(std::size_t halls) : first_(halls) {
    net::ServerOptions options;
    auto server = net::HttpServer::start(options, [this](const net::Request& request, net::Responder responder) {
      arrived(request.target_path);
      responder.complete(
          {.status = 200, .headers = {}, .content_type = "application/json", .body = "{}", .shared_body = nullptr});
    });
    if (!server) std::exit(1);
    server_ = std::move(*server);
  }
  void begin() {
    const std::lock_guard lock(mutex_);
    start_ = Steady::now();
    std::fill(first_.begin(), first_.end(), -1.0);
    all_ = halls_ = 0;
  }
  // Seconds since begin(); false: it did not come within two minutes.
  bool wait_for(std::size_t messages) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes{2}, [&] { return all_ >= messages; });
  }
  double last_first() const { return *std::max_element(first_.begin(), first_.end()); }
  double median_first() const {
    std::vector<double> sorted = first_;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return all_;
  }
  std::string url(std::size_t hall, std::size_t webhook) const {
    return fmt::format("http://127.0.0.1:{}/h{}/{}", server_->port(), hall, webhook);
  }

 private:
  void arrived(const std::string& path) {
    const std::size_t hall = std::stoul(path.substr(2));
    const std::lock_guard lock(mutex_);
    ++all_;
    if (first_[hall] < 0) {
      first_[hall] = seconds_since(start_);
      ++halls_;
    }
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  Steady::time_point start_;
  std::vector<double> first_;
  std::size_t all_ = 0;
  std::size_t halls_ = 0;
  std::unique_ptr<net::HttpServer> server_;
};

std::string with_channels(std::string organisation, const Receivers& receivers, std::size_t halls) {
  std::string channels = "channels:\n";
  for (std::size_t hall = 0; hall < halls; ++hall) {
    for (std::size_t i = 0; i < kWebhooks; ++i) {
      channels += fmt::format(
          "  - {{id: h{0}-{1}, kind: webhook, url: \"{2}\", secret: s, units: [h{0}], roles: "
          "[hall-director]}}\n",
          hall, i, receivers.url(hall, i));
    }
  }
  const std::string none = "channels: []\n";
  organisation.replace(organisation.find(none), none.size(), channels);
  return organisation;
}

// The limit of this box: the same number of POSTs of that size, nothing but client and receiver.
double bare_posts(Receivers& receivers, net::HttpClient& http, std::size_t halls) {
  const std::string body(1100, 'x');
  receivers.begin();
  const auto start = Steady::now();
  for (std::size_t hall = 0; hall < halls; ++hall) {
    for (std::size_t i = 0; i < kWebhooks; ++i) {
      net::ClientRequest request{.method = net::Method::kPost, .url = receivers.url(hall, i), .body = body};
      request.timeout = std::chrono::minutes{2};
      http.send(std::move(request), [](const Expected<net::ClientResponse>&) {});
    }
  }
  if (!receivers.wait_for(halls * kWebhooks)) return 0;
  return static_cast<double>(halls * kWebhooks) / seconds_since(start);
}

struct Declares {
  double last_durable = 0;
  double p50 = 0;
};

// All at once, from one thread, as the HTTP layer would hand them over.
Declares declare_all(BenchWorld& world, Engine& engine, std::size_t halls, Instant now) {
  std::mutex mutex;
  std::condition_variable done;
  std::vector<double> durable;
  const auto start = Steady::now();
  for (std::size_t hall = 0; hall < halls; ++hall) {
    Submission submission;
    submission.person = PersonId(fmt::format("hall-director@h{}", hall));
    submission.command = IncidentCommand(Declare{
        .id = new_incident_id(now, world.random), .unit = UnitId(fmt::format("h{}", hall)), .type = PlanId("fire")});
    submission.done = [&](const Outcome& outcome) {
      if (outcome.refused) {
        fmt::print(stderr, "{}\n", to_string(*outcome.refused));
        std::exit(1);
      }
      const std::lock_guard lock(mutex);
      durable.push_back(seconds_since(start));
      if (durable.size() == halls) done.notify_all();
    };
    engine.submit(std::move(submission));
  }
  std::unique_lock lock(mutex);
  done.wait(lock, [&] { return durable.size() == halls; });
  return {durable.back(), durable[durable.size() / 2]};
}

void storm(std::size_t halls, bool with_outbox) {
  Receivers receivers(halls);
  net::HttpClient http({.connections_per_origin_max = 64});
  const channels::Reach reach({}, true);
  const double limit = bare_posts(receivers, http, halls);
  BenchWorld world;
  world.open();
  world.publish(with_channels(organisation_yaml(halls, false), receivers, halls), "plans");
  NodeClock clock(world.core().last_time());
  NodeClock wall(from_millis(0));
  Engine engine(world.core(), clock);
  Outbox outbox({world.core().view(), engine, wall, world.random, [&](const ChannelConfig& config) {
                   return channels::make_sender(config, {"secret", {}, reach, http, wall});
                 }});
  if (with_outbox) {
    world.core().on_commit([&](const Commit& commit) { outbox.on_commit(commit); });
    outbox.start();
    std::this_thread::sleep_for(std::chrono::seconds{2});  // it makes its senders
  }
  engine.start();
  receivers.begin();
  const Declares declares = declare_all(world, engine, halls, clock.now());
  fmt::print("{}: declares durable: half {:.2f} s, all {:.2f} s ({:.0f}/s)\n",
             with_outbox ? "with notices" : "without notices", declares.p50, declares.last_durable,
             static_cast<double>(halls) / declares.last_durable);
  if (with_outbox) {
    const std::size_t at_end_of_declares = receivers.count();
    const bool complete = receivers.wait_for(halls * kWebhooks);
    const auto all = receivers.count();
    fmt::print(
        "  messages that had arrived when the last declare was durable: {}\n"
        "  first notice: half of the halls {:.2f} s, last hall {:.2f} s; {} of {} messages{}\n"
        "  limit of this run, bare POST to receiver: {:.0f}/s, so {} messages alone take {:.2f} s\n",
        at_end_of_declares, receivers.median_first(), receivers.last_first(), all, halls * kWebhooks,
        complete ? "" : " (INCOMPLETE)", limit, halls * kWebhooks, static_cast<double>(halls * kWebhooks) / limit);
  }
  outbox.stop();
  engine.stop();
}

}  // namespace
}  // namespace tingan::bench

int main(int argc, char** argv) {
  const std::size_t halls = argc > 1 ? std::stoul(argv[1]) : 5000;
  fmt::print("storm: {} halls declare a fire at once, three webhooks each\n", halls);
  tingan::bench::storm(halls, false);
  tingan::bench::storm(halls, true);
  return 0;
}
