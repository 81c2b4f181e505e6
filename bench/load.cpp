#include "bench/load.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/check.h"

namespace tingan::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpu_of(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

int connect_to(const LoadOptions& options) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options.port);
  CHECK(::inet_pton(AF_INET, options.address.c_str(), &address.sin_addr) == 1);
  sockaddr generic{};
  std::memcpy(&generic, &address, sizeof address);
  if (::connect(fd, &generic, sizeof generic) != 0) {
    ::close(fd);
    return -1;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  return fd;
}

struct Connection {
  int fd = -1;
  std::uint64_t next = 0;  // the number of the request under way
  std::string out;
  std::size_t sent = 0;
  std::string in;
  std::size_t answer_size = 0;  // 0: the head has not come yet
  Clock::time_point asked;
};

class Load {
 public:
  explicit Load(const LoadOptions& options) : options_(options), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    CHECK(epoll_ >= 0 && options.make_request && (options.requests > 0 || options.seconds > 0));
    latencies_ms_.reserve(options.requests);
  }
  ~Load() {
    for (const Connection& connection : connections_)
      if (connection.fd >= 0) ::close(connection.fd);
    ::close(epoll_);
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  LoadResult run() {
    const double cpu_before = cpu_of(RUSAGE_THREAD);
    connections_.resize(options_.connections);
    for (std::size_t i = 0; i < connections_.size(); ++i) open(i);
    start_ = Clock::now();
    for (std::size_t i = 0; i < connections_.size(); ++i) ask(i);
    std::vector<epoll_event> events(256);
    while (in_flight_ > 0) {
      const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int k = 0; k < n; ++k) on_event(events[static_cast<std::size_t>(k)]);
    }
    result_.generator_cpu_s = cpu_of(RUSAGE_THREAD) - cpu_before;
    summarise();
    return result_;
  }

 private:
  void open(std::size_t i) {
    Connection& connection = connections_[i];
    connection.fd = connect_to(options_);
    if (connection.fd < 0) {
      ++result_.lost;
      return;
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    CHECK(::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event) == 0);
  }

  bool enough(Clock::time_point now) const {
    return (options_.requests > 0 && asked_ >= options_.requests) ||
           (options_.seconds > 0 && std::chrono::duration<double>(now - start_).count() >= options_.seconds);
  }

  void ask(std::size_t i) {
    Connection& connection = connections_[i];
    const Clock::time_point now = Clock::now();
    if (connection.fd < 0 || enough(now)) return;
    ++asked_;
    ++in_flight_;
    connection.out.clear();
    connection.sent = 0;
    connection.asked = now;
    options_.make_request(i, connection.next, connection.out);
    push(i);
  }

  void push(std::size_t i) {
    Connection& connection = connections_[i];
    while (connection.sent < connection.out.size()) {
      const ssize_t n = ::send(connection.fd, connection.out.data() + connection.sent,
                               connection.out.size() - connection.sent, MSG_NOSIGNAL);
      if (n < 0 && errno == EAGAIN) break;
      if (n < 0) return drop(i);
      connection.sent += static_cast<std::size_t>(n);
    }
    const bool waits = connection.sent < connection.out.size();
    if (!waits && !watching_writes_) return;
    // Only large requests ever come here.
    watching_writes_ = true;
    epoll_event event{};
    event.events = waits ? EPOLLIN | EPOLLOUT : EPOLLIN;
    event.data.u64 = i;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.fd, &event);
  }

  void drop(std::size_t i) {
    Connection& connection = connections_[i];
    ::close(connection.fd);
    connection.fd = -1;
    ++result_.lost;
    if (!connection.out.empty()) --in_flight_;
    connection.out.clear();
  }

  void on_event(const epoll_event& event) {
    const std::size_t i = event.data.u64;
    Connection& connection = connections_[i];
    if (connection.fd >= 0 && (event.events & EPOLLOUT) != 0) push(i);
    if (connection.fd < 0 || (event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) == 0) return;
    char bytes[65536];
    const ssize_t n = ::recv(connection.fd, bytes, sizeof bytes, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return drop(i);
    connection.in.append(bytes, static_cast<std::size_t>(n));
    if (connection.answer_size == 0) connection.answer_size = size_of_answer(connection.in);
    if (connection.answer_size > 0 && connection.in.size() >= connection.answer_size) on_answer(i);
  }

  // 0 while the head is not complete.
  static std::size_t size_of_answer(const std::string& in) {
    const std::size_t end = in.find("\r\n\r\n");
    if (end == std::string::npos) return 0;
    const std::size_t at = in.find("Content-Length: ");
    const std::size_t body = at < end ? std::strtoull(in.c_str() + at + 16, nullptr, 10) : 0;
    return end + 4 + body;
  }

  void on_answer(std::size_t i) {
    Connection& connection = connections_[i];
    latencies_ms_.push_back(std::chrono::duration<float, std::milli>(Clock::now() - connection.asked).count());
    const int status = static_cast<int>(std::strtol(connection.in.c_str() + 9, nullptr, 10));
    ++result_.by_status[status];
    if (options_.on_answer) options_.on_answer(i, connection.next, status, connection.in);
    connection.in.clear();
    connection.answer_size = 0;
    connection.out.clear();
    ++connection.next;
    --in_flight_;
    ask(i);
  }

  void summarise() {
    result_.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    result_.count = latencies_ms_.size();
    if (latencies_ms_.empty()) return;
    std::sort(latencies_ms_.begin(), latencies_ms_.end());
    const auto at = [&](double share) {
      return static_cast<double>(
          latencies_ms_[static_cast<std::size_t>(share * static_cast<double>(latencies_ms_.size() - 1))]);
    };
    result_.p50_ms = at(0.5);
    result_.p99_ms = at(0.99);
    result_.max_ms = at(1);
  }

  const LoadOptions& options_;
  const int epoll_;
  std::vector<Connection> connections_;
  std::vector<float> latencies_ms_;
  LoadResult result_;
  Clock::time_point start_;
  std::uint64_t asked_ = 0;
  std::uint64_t in_flight_ = 0;
  bool watching_writes_ = false;
};

}  // namespace

LoadResult run_load(const LoadOptions& options) { return Load(options).run(); }

void append_post(std::string& out, std::string_view path, std::string_view body, std::string_view more) {
  out += "POST ";
  out += path;
  out += " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n";
  out += more;
  out += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  out += body;
}

double process_cpu_s() { return cpu_of(RUSAGE_SELF); }

}  // namespace tingan::bench
