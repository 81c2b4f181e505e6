// What does the HTTP server alone cost? A 444-byte POST, answered with its own body, at several numbers of connections:
// answered on the I/O thread, and from another thread in batches, as the engine does after a durable commit.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/check.h"
#include "bench/load.h"
#include "net/server.h"

namespace tingan::bench {
namespace {

using Pending = std::pair<net::Responder, net::Response>;

net::Response echo(net::Request& request) {
  net::Response response;
  response.content_type = "application/json";
  response.body = std::move(request.body);
  return response;
}

// Stands where the engine will: collects what has come while it was busy and answers that at once.
class Batcher {
 public:
  Batcher() : thread_([this] { run(); }) {}
  ~Batcher() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  void add(Pending pending) {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      wake = waiting_.empty();
      waiting_.push_back(std::move(pending));
    }
    if (wake) changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      std::vector<Pending> batch = std::move(waiting_);
      waiting_.clear();
      lock.unlock();
      net::Responder::complete_batch(std::move(batch));
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Pending> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

void measure(const char* name, const net::HttpServer::Handler& handler, std::size_t connections, double seconds) {
  auto server = net::HttpServer::start({}, handler);
  CHECK(server);
  LoadOptions load;
  load.port = (*server)->port();
  load.connections = connections;
  load.seconds = seconds;
  const std::string body(444, 'x');
  load.make_request = [&](std::size_t, std::uint64_t, std::string& out) { append_post(out, "/api/v1/echo", body); };
  const double cpu_before = process_cpu_s();
  const LoadResult result = run_load(load);
  const double server_cpu = process_cpu_s() - cpu_before - result.generator_cpu_s;
  CHECK(result.lost == 0 && result.by_status.size() == 1 && result.by_status.contains(200));
  fmt::print("{:8} {:11} {:10.0f} {:9.3f} {:9.3f} {:9.3f} {:14.1f}\n", name, connections, result.per_second(),
             result.p50_ms, result.p99_ms, result.max_ms, server_cpu * 1e6 / static_cast<double>(result.count));
}

}  // namespace
}  // namespace tingan::bench

// net_bench [seconds a cell]
int main(int argc, char** argv) {
  using namespace tingan;
  const double seconds = argc > 1 ? std::stod(argv[1]) : 2;
  fmt::print("{:8} {:>11} {:>10} {:>9} {:>9} {:>9} {:>14}\n", "answer", "connections", "requests/s", "p50 ms", "p99 ms",
             "max ms", "server us/req");
  const net::HttpServer::Handler inline_answer = [](net::Request request, net::Responder responder) {
    responder.complete(bench::echo(request));
  };
  bench::Batcher batcher;
  const net::HttpServer::Handler batched = [&](net::Request request, net::Responder responder) {
    net::Response response = bench::echo(request);
    batcher.add({std::move(responder), std::move(response)});
  };
  for (const std::size_t connections : {1u, 16u, 64u, 256u, 512u}) {
    bench::measure("inline", inline_answer, connections, seconds);
    bench::measure("batched", batched, connections, seconds);
  }
}
