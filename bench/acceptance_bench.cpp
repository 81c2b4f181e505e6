// Emergency acceptance: orders taken a second over HTTP, and orders entered afterwards a second, against the back
// office's own limit measured in the same run (a process of its own, each entry synced to its disk).
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "app/data_root.h"
#include "app/node.h"
#include "base/check.h"
#include "base/file.h"
#include "bench/load.h"

extern char** environ;

namespace tingan::bench {
namespace {

namespace fs = std::filesystem;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "tingan-bench-XXXXXX").string();
    CHECK(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

// `tingan back-office`, as honest and as fast as it can be.
class Office {
 public:
  explicit Office(const fs::path& folder) {
    const std::string said = (folder / "office-address").string();
    const std::string books = (folder / "books").string();
    std::vector<std::string> words{TINGAN_BINARY, "back-office", "--listen", "127.0.0.1:0", "--file", books};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, said.c_str(), O_WRONLY | O_CREAT, 0600);
    CHECK(posix_spawn(&pid_, argv.front(), &actions, nullptr, argv.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    std::string line;
    while (!line.ends_with('\n')) line = read_whole_file(said).value_or("");
    port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  }
  ~Office() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  std::uint16_t port = 0;

 private:
  pid_t pid_ = -1;
};

void write_connectors(const fs::path& file, std::uint16_t port, std::size_t at_once) {
  std::ofstream(file) << "connectors:\n  - id: business-system\n    kind: http\n    base_url: http://127.0.0.1:" << port
                      << "\n    at_once: " << at_once << R"(
    enter:
      path: /entries
      body: '{"number": "{{number}}", "unit": "{{unit}}", "business": "{{business}}", "amount_fen": {{amount_fen}},
        "name": "{{name}}", "mobile": "{{mobile}}", "fields": {{fields}}}'
      reference: /reference
      answers: [{status: 201, means: entered}, {status: 200, means: duplicate}, {status: 422, means: rejected}]
    ask:
      path: /entries/{{key}}
      answers: [{status: 201, means: entered}, {status: 404, means: absent}]
)";
}

std::unique_ptr<Node> start_node(const fs::path& folder, const fs::path& connectors) {
  NodeOptions options;
  options.data = folder / "data";
  options.port = 0;
  options.share = *find_data_root();
  options.connectors = connectors;
  options.demo = true;
  auto node = Node::start(std::move(options));
  CHECK(node);
  return std::move(*node);
}

std::uint16_t port_of(const Node& node) {
  const std::string address = node.address();
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

std::string between(const std::string& text, const std::string& before, char after) {
  const auto at = text.find(before);
  if (at == std::string::npos) return {};
  const auto from = at + before.size();
  return text.substr(from, text.find(after, from) - from);
}

// One request, its answer's text.
std::string ask(std::uint16_t port, const std::function<void(std::string&)>& make) {
  std::string answer;
  LoadOptions load{.port = port, .connections = 1, .requests = 1};
  load.make_request = [&](std::size_t, std::uint64_t, std::string& out) { make(out); };
  load.on_answer = [&](std::size_t, std::uint64_t, int, const std::string& text) { answer = text; };
  run_load(load);
  return answer;
}

std::string sign_in(std::uint16_t port, const std::string& who) {
  const std::string answer = ask(port, [&](std::string& out) {
    append_post(out, "/api/v1/session", fmt::format(R"({{"user": "{}", "password": "tingan-demo"}})", who));
  });
  const std::string token = between(answer, R"("token":")", '"');
  CHECK(!token.empty());
  return "Authorization: Bearer " + token + "\r\n";
}

LoadResult take_orders(std::uint16_t port, std::size_t connections, double seconds, std::uint64_t requests) {
  const std::string who = sign_in(port, "clerk@hall-a");
  LoadOptions load{.port = port, .connections = connections, .requests = requests, .seconds = seconds};
  load.make_request = [&](std::size_t connection, std::uint64_t i, std::string& out) {
    append_post(out, "/api/v1/orders",
                fmt::format(R"({{"business":"bill-payment","name":"张三","mobile":"138{:08}","fields":)"
                            R"({{"account":"{:08}","amount":"1.00","paid_by":"cash"}}}})",
                            i, connection * 100'000 + i + 10'000'000),
                who);
  };
  LoadResult result = run_load(load);
  CHECK(result.lost == 0 && result.by_status.size() == 1 && result.by_status.contains(201));
  return result;
}

LoadResult limit_of(const Office& office, std::size_t connections, double seconds) {
  LoadOptions load{.port = office.port, .connections = connections, .seconds = seconds};
  load.make_request = [&](std::size_t connection, std::uint64_t i, std::string& out) {
    append_post(out, "/entries",
                fmt::format(R"({{"number":"hall-a-{:06}","unit":"hall-a","business":"bill-payment","amount_fen":100,)"
                            R"("name":"张三","mobile":"138{:08}","fields":{{"account":"{:08}","amount":"1.00"}}}})",
                            i, i, i),
                fmt::format("Idempotency-Key: limit-{}-{}\r\n", connection, i));
  };
  LoadResult result = run_load(load);
  CHECK(result.lost == 0 && result.by_status.size() == 1 && result.by_status.contains(201));
  return result;
}

// Orders a second from "go" to the last one; the node looks at its state every few milliseconds.
double replay(Node& node, std::uint64_t orders) {
  const std::string who = sign_in(port_of(node), "hall-director@hall-a");
  const auto started = std::chrono::steady_clock::now();
  const std::string going =
      ask(port_of(node), [&](std::string& out) { append_post(out, "/api/v1/replays", R"({"unit": "hall-a"})", who); });
  CHECK(going.find("running") != std::string::npos);
  for (;;) {
    const std::string state = ask(port_of(node), [&](std::string& out) {
      out += "GET /api/v1/replays?unit=hall-a HTTP/1.1\r\nHost: bench\r\n" + who + "\r\n";
    });
    if (state.find(R"("state":"finished")") != std::string::npos) break;
    CHECK(state.find(R"("state":"paused")") == std::string::npos);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  return static_cast<double>(orders) / took.count();
}

void show(const char* what, std::size_t connections, const LoadResult& result) {
  fmt::print("{:22} {:11} {:10.0f} {:9.2f} {:9.2f}\n", what, connections, result.per_second(), result.p50_ms,
             result.p99_ms);
}

}  // namespace
}  // namespace tingan::bench

// acceptance_bench [seconds a cell] [orders to enter]
int main(int argc, char** argv) {
  using namespace tingan::bench;
  const double seconds = argc > 1 ? std::stod(argv[1]) : 3;
  const std::uint64_t orders = argc > 2 ? std::stoull(argv[2]) : 10'000;
  fmt::print("{:22} {:>11} {:>10} {:>9} {:>9}\n", "what", "connections", "a second", "p50 ms", "p99 ms");
  for (const std::size_t connections : {1U, 16U, 64U}) {
    const TemporaryFolder folder;
    const auto node = start_node(folder.path, {});
    show("orders taken", connections, take_orders(port_of(*node), connections, seconds, 0));
    node->stop();
  }
  for (const std::size_t at_once : {16U, 64U}) {
    const TemporaryFolder folder;
    const Office office(folder.path);
    const LoadResult limit = limit_of(office, at_once, seconds);
    show("back office's limit", at_once, limit);
    write_connectors(folder.path / "connectors.yaml", office.port, at_once);
    const auto node = start_node(folder.path, folder.path / "connectors.yaml");
    take_orders(port_of(*node), 64, 0, orders);
    const double entered = replay(*node, orders);
    fmt::print("{:22} {:11} {:10.0f} {:9} {:9} {:5.0f} % of the limit\n", "entered afterwards", at_once, entered, "",
               "", 100 * entered / limit.per_second());
    node->stop();
  }
}
