// The HTTP/1.1 client: asynchronous, pooled keep-alive connections for each origin, http and https. One I/O thread of
// its own. Redirects are not followed, cookies not kept.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "net/http.h"
#include "net/move_function.h"

namespace tingan::net {

namespace detail {
class ClientCore;
}  // namespace detail

struct ClientRequest {
  Method method = Method::kGet;
  std::string url;
  // Host, Content-Length and Connection are written by the client.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // From send() to the last byte of the answer, waiting for a free connection included.
  std::chrono::milliseconds timeout{10'000};
  std::size_t response_bytes_max = 4 * 1024 * 1024;
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

struct ClientOptions {
  std::size_t connections_per_origin_max = 16;  // further requests wait in order
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds idle_timeout{15'000};  // an unused connection is closed after that
  std::string ca_file;  // PEM; the system's certificates when empty. The peer is always verified, its name too.
  // Asked for each address that the host of a request resolves to, right before it would be connected to; where none is
  // left the request fails with `net.not-allowed`. On the client's thread. Empty: all are.
  std::function<bool(const std::string& host, std::uint16_t port, const std::string& address)> may_connect;
};

class HttpClient {
 public:
  using Completion = MoveFunction<void(Expected<ClientResponse>)>;

  explicit HttpClient(ClientOptions options = {});
  // Every completion is called before this returns, what is unfinished with `net.stopped`.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // From any thread. `completion` is called exactly once, on the client's thread, and must not block. Any status is a
  // success here. Errors: `net.malformed-url`, `net.connect` (nobody listens, name unknown), `net.not-allowed`,
  // `net.tls` (certificate not trusted, handshake failed), `net.timeout`, `net.too-large`, `net.malformed-response`,
  // `net.connection-lost` (after the request went out: whether it was carried out is unknown), `net.stopped`. A request
  // is sent again by itself only when a kept connection turns out to be closed and the method is idempotent (not POST,
  // not PATCH).
  void send(ClientRequest request, Completion completion);

  // Connections opened so far; tells whether the pool is used.
  std::size_t connections_opened() const;

 private:
  std::shared_ptr<detail::ClientCore> core_;
};

}  // namespace tingan::net
