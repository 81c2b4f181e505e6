#include "bench/attack.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/check.h"

extern char** environ;

namespace tingan::bench {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// An attacker that is slow enough to leave the machine to the node: what is measured is the node, not the load maker.
constexpr auto kBreath = 5ms;
constexpr std::size_t kPieceBytes = 64 * 1024;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

sockaddr address_of(const std::string& ip, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  CHECK(::inet_pton(AF_INET, ip.c_str(), &address.sin_addr) == 1);
  sockaddr generic{};
  static_assert(sizeof generic == sizeof address);
  std::memcpy(&generic, &address, sizeof address);
  return generic;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void allow_many_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Wire::Wire(std::uint16_t port, const std::string& from) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return;
  const timeval patience{10, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const sockaddr own = address_of(from, 0);
  const sockaddr other = address_of("127.0.0.1", port);
  if (::bind(fd_, &own, sizeof own) == 0 && ::connect(fd_, &other, sizeof other) == 0) return;
  ::close(fd_);
  fd_ = -1;
}

Wire::~Wire() {
  if (fd_ >= 0) ::close(fd_);
}

Wire::Wire(Wire&& other) noexcept : fd_(other.fd_), rest_(std::move(other.rest_)) { other.fd_ = -1; }

bool Wire::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string Wire::answer() {
  std::size_t wanted = std::string::npos;
  for (;;) {
    const std::size_t end = rest_.find("\r\n\r\n");
    if (end != std::string::npos && wanted == std::string::npos) {
      const std::size_t at = rest_.find("Content-Length: ");
      wanted = end + 4 + (at < end ? std::strtoull(rest_.c_str() + at + 16, nullptr, 10) : 0);
    }
    if (rest_.size() >= wanted) break;
    char bytes[16384];
    const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
    if (n <= 0) break;
    rest_.append(bytes, static_cast<std::size_t>(n));
  }
  std::string one = rest_.substr(0, wanted);
  rest_.erase(0, one.size());
  return one;
}

Said ask(Wire& wire, std::string_view method, std::string_view path, std::string_view head, std::string_view body) {
  Said said;
  if (!wire.connected()) return said;
  std::string request;
  request.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: attack\r\n").append(head);
  if (!body.empty() && head.find("Content-Type") == std::string_view::npos)
    request += "Content-Type: application/json\r\n";
  request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  request += body;
  const auto start = Clock::now();
  wire.send(request);
  said.text = wire.answer();
  said.ms = ms_since(start);
  if (said.text.size() > 12) said.status = std::atoi(said.text.c_str() + 9);
  return said;
}

std::string member(const std::string& json, const std::string& name) {
  const std::string before = "\"" + name + "\":\"";
  const std::size_t at = json.find(before);
  if (at == std::string::npos) return {};
  const std::size_t from = at + before.size();
  return json.substr(from, json.find('"', from) - from);
}

AttackedNode::AttackedNode(const std::string& binary) {
  allow_many_files();
  std::string pattern = (std::filesystem::temp_directory_path() / "tingan-attack-XXXXXX").string();
  CHECK(mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
  const std::string out = (folder_ / "out").string();
  const std::string errors = (folder_ / "errors").string();
  std::vector<std::string> words{binary,     "serve",       "--data", (folder_ / "data").string(),
                                 "--listen", "127.0.0.1:0", "--org",  "org/demo.yaml"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int spawned = posix_spawn(&pid_, argv.front(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  CHECK(spawned == 0);
  std::string line;
  while (!line.ends_with('\n') && ::waitpid(pid_, nullptr, WNOHANG) == 0) {
    std::this_thread::sleep_for(kBreath);
    line = read_file(out);
  }
  if (!line.ends_with('\n')) {
    pid_ = -1;
    return;
  }
  port_ = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
}

AttackedNode::~AttackedNode() {
  if (pid_ > 0) {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

const char* AttackedNode::password() { return "seven lamps over the harbour"; }

double AttackedNode::status_mb(const char* field) const {
  const std::string status = read_file("/proc/" + std::to_string(pid_) + "/status");
  const std::size_t at = status.find(field);
  if (at == std::string::npos) return 0;
  return std::strtod(status.c_str() + at + std::strlen(field), nullptr) / 1024;
}

// "首次登录 / first sign-in: admin@centre  PASSWORD"
std::string AttackedNode::first_password() const {
  const std::string said = read_file(folder_ / "errors");
  const std::size_t at = said.find("admin@centre  ");
  CHECK(at != std::string::npos);
  const std::size_t from = at + std::strlen("admin@centre  ");
  return said.substr(from, said.find('\n', from) - from);
}

Said AttackedNode::sign_in(const std::string& person, const std::string& password, const std::string& from) const {
  const auto start = Clock::now();
  Wire wire(port_, from);
  Said said =
      ask(wire, "POST", "/api/v1/session", {}, R"({"user":")" + person + R"(","password":")" + password + "\"}");
  said.ms = ms_since(start);
  return said;
}

std::string AttackedNode::let_in(const std::string& person, const std::string& from) {
  const auto enter = [&](const std::string& who, const std::string& first) {
    const Said said = sign_in(who, first, from);
    CHECK(said.status == 200);
    const std::string head = "Authorization: Bearer " + member(said.text, "token") + "\r\n";
    Wire wire(port_, from);
    const Said changed = ask(wire, "POST", "/api/v1/session/password", head,
                             R"({"old":")" + first + R"(","new":")" + password() + "\"}");
    CHECK(changed.status == 204);
    return head;
  };
  if (admin_.empty()) admin_ = enter("admin@centre", first_password());
  if (person == "admin@centre") return admin_;
  Wire wire(port_, from);
  const Said reset = ask(wire, "POST", "/api/v1/people/" + person + "/password", admin_);
  CHECK(reset.status == 200);
  return enter(person, member(reset.text, "password"));
}

void Attack::guess_passwords(unsigned threads, const std::string& victim) {
  for (unsigned i = 0; i < threads; ++i) {
    run([this, i, victim] {
      const std::string from = "127.1.0." + std::to_string(i + 1);
      for (unsigned n = 0; !stopping_; ++n) {
        Wire wire(port_, from);
        const std::string user = n % 2 == 0 ? victim : "clerk-" + std::to_string(i) + "-" + std::to_string(n);
        ask(wire, "POST", "/api/v1/session", {}, R"({"user":")" + user + R"(","password":"wrong"})");
        ++figures_.guesses;
        std::this_thread::sleep_for(kBreath);
      }
    });
  }
}

void Attack::send_bodies(unsigned threads) {
  for (unsigned i = 0; i < threads; ++i) {
    run([this, i] {
      const std::string from = "127.2.0." + std::to_string(i + 1);
      const std::string piece(kPieceBytes, 'x');
      while (!stopping_) {
        Wire wire(port_, from);
        bool open = wire.send(
            "POST /api/v1/incidents/00000000-0000-0000-0000-000000000001/evidence HTTP/1.1\r\nHost: attack\r\n"
            "Content-Type: image/jpeg\r\nContent-Length: 8388608\r\n\r\n");
        for (std::size_t sent = 0; open && !stopping_ && sent < 8388608; sent += piece.size()) {
          open = wire.send(piece);
          figures_.body_bytes += piece.size();
          std::this_thread::sleep_for(20 * kBreath);
        }
      }
    });
  }
}

void Attack::hold_connections(unsigned count) {
  run([this, count] {
    std::vector<Wire> held;
    while (!stopping_) {
      for (unsigned i = 0; i < 200 && held.size() < count && !stopping_; ++i) {
        held.emplace_back(port_, "127.3.0.1");
        held.back().send("POST /api/v1/session HTTP/1.1\r\nHost: attack\r\nContent-Length: 60000\r\n\r\n{");
        ++figures_.held;
      }
      if (held.size() >= count) held.clear();
      std::this_thread::sleep_for(20 * kBreath);
    }
  });
}

void Attack::print_papers(unsigned at_once, const std::string& who, const std::string& path) {
  for (unsigned i = 0; i < at_once; ++i) {
    run([this, who, path] {
      Wire wire(port_, "127.4.0.1");
      while (!stopping_) {
        if (ask(wire, "GET", path, who + "Accept: application/pdf\r\n").status == 200) ++figures_.papers;
        std::this_thread::sleep_for(20 * kBreath);
      }
    });
  }
}

void Attack::guess_words(unsigned at_once, const std::string& who, const std::string& incident) {
  for (unsigned i = 0; i < at_once; ++i) {
    run([this, i, who, path = "/api/v1/incidents/" + incident + "/facts"] {
      Wire wire(port_, "127.5.0.1");
      for (unsigned n = 0; !stopping_; ++n) {
        const std::string code = std::to_string(10000000 + i * 1000 + n % 1000);
        ask(wire, "POST", path, who, R"({"set":{"alarm_real":"false"},"code":")" + code + "\"}");
        ++figures_.words;
        std::this_thread::sleep_for(20 * kBreath);
      }
    });
  }
}

void Attack::stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::vector<double> declare(std::uint16_t port, const std::string& who, unsigned count, unsigned& refused) {
  std::vector<double> times;
  Wire wire(port, "127.0.0.1");
  for (unsigned i = 0; i < count; ++i) {
    const Said said = ask(wire, "POST", "/api/v1/incidents", who + "Prefer: return=minimal\r\n",
                          R"({"unit":"hall-a","type":"complaint","drill":true})");
    if (said.status == 201) {
      times.push_back(said.ms);
    } else {
      ++refused;
    }
    std::this_thread::sleep_for(8 * kBreath);
  }
  std::sort(times.begin(), times.end());
  return times;
}

double percentile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace tingan::bench
