// For tests only: a blocking raw socket that says exactly what it is told, good or bad, and a latch with a limit.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>

#include "base/check.h"

namespace tingan::net::testing {

// Every wait of a test ends after this long; nothing is expected to take it.
constexpr std::chrono::seconds kPatience{20};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0) {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    CHECK(fd_ >= 0);
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const timeval patience{kPatience.count(), 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    static_assert(sizeof generic == sizeof address);
    std::memcpy(&generic, &address, sizeof address);
    connected_ = ::connect(fd_, &generic, sizeof generic) == 0;
  }
  ~RawClient() { close(); }
  RawClient(RawClient&& other) noexcept : fd_(other.fd_), connected_(other.connected_), rest_(std::move(other.rest_)) {
    other.fd_ = -1;
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  RawClient& operator=(RawClient&&) = delete;

  bool connected() const { return connected_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  // False when the other end has closed or reset.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  // What comes until `end` was seen, `end` included; less when the connection ended before.
  std::string read_until(std::string_view end) {
    while (true) {
      const std::size_t at = rest_.find(end);
      if (at != std::string::npos) return take(at + end.size());
      if (!receive()) return take(rest_.size());
    }
  }
  std::string read_exactly(std::size_t size) {
    while (rest_.size() < size && receive()) {
    }
    return take(std::min(size, rest_.size()));
  }
  std::string read_to_end() {
    while (receive()) {
    }
    return take(rest_.size());
  }
  // One answer with Content-Length (or without a body): head and body in one string.
  std::string read_response() {
    std::string head = read_until("\r\n\r\n");
    const std::size_t at = head.find("Content-Length: ");
    if (at == std::string::npos) return head;
    return head + read_exactly(std::stoul(head.substr(at + 16)));
  }
  // The connection ended by a reset, not by an orderly close.
  bool was_reset() const { return reset_; }

 private:
  bool receive() {
    char bytes[16384];
    const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
    if (n < 0) reset_ = errno == ECONNRESET;
    if (n <= 0) return false;
    rest_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }
  std::string take(std::size_t size) {
    std::string taken = rest_.substr(0, size);
    rest_.erase(0, size);
    return taken;
  }

  int fd_ = -1;
  bool connected_ = false;
  bool reset_ = false;
  std::string rest_;
};

// Counts up from any thread; a test waits for a number.
class Counter {
 public:
  void add(int n = 1) {
    const std::lock_guard lock(mutex_);
    value_ += n;
    changed_.notify_all();
  }
  int value() {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  bool wait_for(int wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return value_ >= wanted; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int value_ = 0;
};

}  // namespace tingan::net::testing
