// The HTTP/1.1 server. It owns its I/O threads; a connection lives on one of them. The handler is called there and must
// not block: it hands the Responder on, and whoever has the answer completes it from any thread, at any later time.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "net/http.h"
#include "net/move_function.h"

namespace tingan::net {

namespace detail {
class ServerConnection;
class ServerCore;
class StreamQueue;
}  // namespace detail

// One server-sent-events stream. A handle: copies mean the same stream; every function is safe from any thread and
// harmless after the stream has ended. Dropping the last handle does not end the stream, close() does.
class EventStream {
 public:
  EventStream() = default;

  // Queues one frame ("id: 7\ndata: {...}\n\n", written as it is). False when the stream has ended, also when this
  // frame did it: a reader that is `stream_queue_bytes_max` behind is cut off and comes back with Last-Event-ID.
  bool send(std::shared_ptr<const std::string> frame);
  // The same frame to many streams, with one wake-up a thread instead of one a stream.
  static void broadcast(std::span<const EventStream> streams, const std::shared_ptr<const std::string>& frame);
  // Ends the stream; frames not yet written are lost.
  void close();
  bool closed() const;

 private:
  friend class Responder;
  explicit EventStream(std::shared_ptr<detail::StreamQueue> queue) : queue_(std::move(queue)) {}
  std::shared_ptr<detail::StreamQueue> queue_;
};

// The right to answer one request, once. Move-only; a Responder that is dropped unused answers 500.
class Responder {
 public:
  Responder() = default;
  ~Responder();
  Responder(Responder&& other) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;

  // From any thread. The Responder is spent afterwards.
  void complete(Response response);
  // Many answers with one wake-up for each I/O thread: what the engine does after a durable commit.
  static void complete_batch(std::vector<std::pair<Responder, Response>> batch);

  // Answers 200 text/event-stream and keeps the connection as a stream. `on_close` is called once on an I/O thread when
  // the stream has ended for whatever reason: the browser left, it was too slow, close(), the server stops (and on the
  // caller's, at once, when the server has stopped already). A HEAD
  // request gets the head alone, and a stream that has ended.
  EventStream start_stream(std::vector<std::pair<std::string, std::string>> headers,
                           MoveFunction<void()> on_close = {});

  // False once spent or moved from.
  explicit operator bool() const { return connection_ != nullptr; }

 private:
  friend class detail::ServerConnection;
  explicit Responder(std::shared_ptr<detail::ServerConnection> connection) : connection_(std::move(connection)) {}
  std::shared_ptr<detail::ServerConnection> connection_;
};

struct TlsFiles {
  std::string cert_file;  // PEM, the whole chain
  std::string key_file;   // PEM
};

// Out of which purse a body above some kilobytes is paid (BodyBytes).
enum class BodyPurse : std::uint8_t { stranger, known, large };
struct BodyBytes {
  std::size_t stranger = 8 * 1024 * 1024;
  std::size_t known = 16 * 1024 * 1024;
  std::size_t large = 48 * 1024 * 1024;
};

// What is to become of a body whose head has come.
struct Admission {
  std::size_t bytes_max = 0;
  BodyPurse purse = BodyPurse::stranger;
  std::shared_ptr<BodySink> sink;   // takes the body in place of memory
  std::optional<Response> refusal;  // the answer, before a byte of the body is read
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: a free one, see HttpServer::port()
  unsigned threads = 1;
  std::optional<TlsFiles> tls;

  std::size_t header_bytes_max = 16 * 1024;
  std::size_t body_bytes_max = 1024 * 1024;
  // The limit of one route, asked when the head has come (path decoded); body_bytes_max where it is not set. Called on
  // I/O threads.
  std::function<std::size_t(Method, const std::string& path)> body_limit;
  // In place of body_limit: asked when the head of a request with a body has come, before any of the body is read.
  // `length`: as announced; nothing for a chunked body. Called on I/O threads.
  std::function<Admission(const Request& head, std::optional<std::uint64_t> length)> admit;
  // Of all bodies that are being read or worked on; a request above it gets 503 net.bodies-full.
  BodyBytes body_budget;
  std::size_t connections_max = 10'000;  // the next ones get 503
  // Of one address, which for IPv6 is its /64; the next ones get 503. 0: no limit, as behind a proxy.
  std::size_t connections_per_address_max = 0;
  // Addresses without that limit: other nodes. Called on I/O threads.
  std::function<bool(const std::string& peer)> unlimited_address;
  std::size_t stream_queue_bytes_max = 1024 * 1024;

  // Timeouts are kept to about a tenth of the shortest of them, never early.
  std::chrono::milliseconds header_timeout{10'000};  // from the first byte of a request (the first: from the accept)
  // From the head on, plus the time that the bytes which have come would take at body_bytes_per_s_min: who sends a byte
  // now and then is cut off as soon as who sends none.
  std::chrono::milliseconds body_timeout{15'000};
  std::size_t body_bytes_per_s_min = 4 * 1024;
  std::chrono::milliseconds write_timeout{30'000};  // without any progress
  std::chrono::milliseconds idle_timeout{75'000};   // between two requests
  std::chrono::milliseconds heartbeat{15'000};      // a comment on every silent stream

  // After an early refusal (413) the rest of the body is read and thrown away, so that the client, still sending, gets
  // to see the answer; bounded by both of these.
  std::size_t drain_bytes_max = 64 * 1024 * 1024;
  std::chrono::milliseconds drain_timeout{10'000};

  // Makes the answer to what the server itself refuses: 400 net.bad-request / net.bad-target / net.bad-encoding,
  // 405 net.method-not-allowed, 408 net.timeout, 413 net.body-too-large, 431 net.header-too-large, 500 net.no-answer /
  // net.handler-failed, 501 net.method-unknown, 503 net.busy / net.bodies-full, 505 net.http-version. Plain text when
  // not set.
  std::function<Response(int status, const Error& error)> error_response;
  // What nobody else gets to hear: accept failed, a handler threw. For a log; called on I/O threads.
  std::function<void(const Error&)> on_error;
};

class HttpServer {
 public:
  // Called on an I/O thread, must not block; requests of one connection come one after the other, each after the answer
  // to the one before has been written.
  using Handler = std::function<void(Request, Responder)>;

  // Listens and serves from here on. Errors: `net.listen` (address in use or bad), `net.tls` (certificate, key).
  static Expected<std::unique_ptr<HttpServer>> start(ServerOptions options, Handler handler);
  ~HttpServer();  // stop(0)
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  // Open connections, streams among them.
  std::size_t connections() const;

  // Reads the certificate and key files again; connections from now on use them. On an error (`net.tls`) the old ones
  // stay. From any thread.
  Expected<void> reload_tls();

  // Accepts no more, ends idle connections and streams at once, lets requests in flight finish for at most `grace`,
  // then cuts the rest off and joins the threads. Blocks; not from an I/O thread. A second call does nothing.
  void stop(std::chrono::milliseconds grace);

 private:
  explicit HttpServer(std::unique_ptr<detail::ServerCore> core);
  std::unique_ptr<detail::ServerCore> core_;
};

}  // namespace tingan::net
