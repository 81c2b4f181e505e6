// Durable declares a second over HTTP, at 1, 16, 64 and 256 connections, beside the limit of the same machine in the
// same run: a bare POST whose 444-byte body is committed in groups to the same kind of log, with nothing decided.
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include "app/data_root.h"
#include "app/node.h"
#include "base/check.h"
#include "bench/load.h"
#include "bench/world.h"
#include "codec/record_json.h"

namespace tingan::bench {
namespace {

// What any durable log must do: take bytes, hash them, commit a group, answer.
class BareLog {
 public:
  explicit BareLog(const std::filesystem::path& folder) {
    auto opened = SqliteEventLog::open({folder});
    CHECK(opened);
    log_ = std::move(*opened);
    thread_ = std::thread([this] { run(); });
  }
  ~BareLog() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  void add(net::Request request, net::Responder responder) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(request), std::move(responder)});
    if (waiting_.size() == 1) changed_.notify_one();
  }

 private:
  struct Waiting {
    net::Request request;
    net::Responder responder;
  };

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      std::vector<Waiting> group = std::move(waiting_);
      waiting_.clear();
      lock.unlock();
      commit(std::move(group));
      lock.lock();
    }
  }

  void commit(std::vector<Waiting> group) {
    Batch batch;
    std::vector<std::pair<net::Responder, net::Response>> answers;
    for (Waiting& one : group) {
      StoredRecord record;
      record.gseq = ++gseq_;
      record.unit = UnitId("bare");
      record.seq = gseq_;
      record.hash = sha256(one.request.body);
      record.bytes = one.request.body;
      batch.records.push_back(std::move(record));
      net::Response response;
      response.status = 201;
      response.content_type = "application/json";
      response.body = "{}";
      answers.emplace_back(std::move(one.responder), std::move(response));
    }
    batch.signed_heads = "{}";
    batch.signature = std::string(64, 's');
    CHECK(log_->append(batch));
    net::Responder::complete_batch(std::move(answers));
  }

  std::unique_ptr<SqliteEventLog> log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting> waiting_;
  std::uint64_t gseq_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tingan-bench-XXXXXX").string();
    CHECK(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::filesystem::path path;
};

LoadResult limit(std::size_t connections, double seconds) {
  const TemporaryFolder folder;
  BareLog log(folder.path);
  auto server = net::HttpServer::start({.threads = 2}, [&log](net::Request request, net::Responder responder) {
    log.add(std::move(request), std::move(responder));
  });
  CHECK(server);
  LoadOptions load{.port = (*server)->port(), .connections = connections, .seconds = seconds};
  const std::string body(444, 'x');
  load.make_request = [&body](std::size_t, std::uint64_t, std::string& out) { append_post(out, "/bare", body); };
  return run_load(load);
}

// One director a connection, each signed in.
std::vector<std::string> sign_in(std::uint16_t port, std::size_t count) {
  std::vector<std::string> tokens(count);
  LoadOptions load{.port = port, .connections = 1, .requests = count};
  load.make_request = [](std::size_t, std::uint64_t i, std::string& out) {
    append_post(out, "/api/v1/session",
                fmt::format(R"({{"user": "hall-director@h{}", "password": "tingan-demo"}})", i));
  };
  load.on_answer = [&tokens](std::size_t, std::uint64_t i, int status, const std::string& answer) {
    CHECK(status == 200);
    const auto from = answer.find("\"token\":\"") + 9;
    tokens[i] = answer.substr(from, answer.find('"', from) - from);
  };
  run_load(load);
  return tokens;
}

LoadResult declares(std::size_t connections, double seconds, const std::string& type) {
  const TemporaryFolder folder;
  const auto org = folder.path / "org.yaml";
  std::ofstream(org) << organisation_yaml(connections, true);
  NodeOptions options;
  options.data = folder.path / "data";
  options.port = 0;
  options.share = *find_data_root();
  options.organisation = org;
  options.demo = true;
  auto node = Node::start(std::move(options));
  CHECK(node);
  const std::string address = (*node)->address();
  LoadOptions load{.port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))),
                   .connections = connections,
                   .seconds = seconds};
  const std::vector<std::string> tokens = sign_in(load.port, connections);
  load.make_request = [&](std::size_t connection, std::uint64_t, std::string& out) {
    append_post(out, "/api/v1/incidents", fmt::format(R"({{"unit": "h{}", "type": "{}"}})", connection, type),
                fmt::format("Authorization: Bearer {}\r\nPrefer: return=minimal\r\n", tokens[connection]));
  };
  LoadResult result = run_load(load);
  (*node)->stop();
  return result;
}

void show(const std::string& what, std::size_t connections, const LoadResult& result, double limit_per_second) {
  CHECK(result.lost == 0 && result.by_status.size() == 1 && result.by_status.contains(201));
  fmt::print("{:20} {:11} {:10.0f} {:9.2f} {:9.2f} {:9.2f} {:8.0f} %\n", what, connections, result.per_second(),
             result.p50_ms, result.p99_ms, result.max_ms, 100 * result.per_second() / limit_per_second);
}

}  // namespace
}  // namespace tingan::bench

// node_bench [seconds a cell]
int main(int argc, char** argv) {
  using namespace tingan::bench;
  const double seconds = argc > 1 ? std::stod(argv[1]) : 3;
  fmt::print("{:20} {:>11} {:>10} {:>9} {:>9} {:>9} {:>10}\n", "what", "connections", "a second", "p50 ms", "p99 ms",
             "max ms", "of limit");
  for (const std::size_t connections : {1U, 16U, 64U, 256U}) {
    const LoadResult bare = limit(connections, seconds);
    show("limit", connections, bare, bare.per_second());
    show("declare other", connections, declares(connections, seconds, "other"), bare.per_second());
    show("declare fire", connections, declares(connections, seconds, "fire"), bare.per_second());
  }
}
