// What all connections of one server share. Outlives every open connection; a closed one, kept alive by a Responder,
// does not touch it any more.
#pragma once
#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"
#include "net/detail/address_counts.h"
#include "net/detail/parser.h"
#include "net/detail/transport.h"
#include "net/detail/worker.h"
#include "net/server.h"

namespace tingan::net::detail {

class ServerCore {
 public:
  ServerCore(ServerOptions options, HttpServer::Handler handler);
  ~ServerCore();

  Expected<void> listen();
  Expected<void> reload_tls();
  void stop(Milliseconds grace);
  std::uint16_t port() const { return port_; }

  // For connections, on I/O threads.
  const ServerOptions& options() const { return options_; }
  const RequestLimits& limits() const { return limits_; }
  const HttpServer::Handler& handler() const { return handler_; }
  Response error_response(int status, const Error& error) const;
  void report(const Error& error) const;

  // Open connections; each counts itself out when it closes.
  std::atomic<std::size_t> connections{0};
  AddressCounts addresses;

 private:
  using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

  void accept_next();
  void on_accepted(std::size_t worker, error_code ec, Socket socket);
  void adopt(std::size_t worker, Socket socket);
  std::shared_ptr<asio::ssl::context> tls();

  const ServerOptions options_;
  const HttpServer::Handler handler_;
  RequestLimits limits_;
  std::vector<std::shared_ptr<Worker>> workers_;
  std::unique_ptr<Acceptor> acceptor_;         // on the first worker
  std::unique_ptr<asio::steady_timer> retry_;  // after a failed accept
  std::uint16_t port_ = 0;
  std::size_t next_worker_ = 0;

  std::mutex mutex_;  // guards tls_ and stopped_
  std::shared_ptr<asio::ssl::context> tls_;
  bool stopped_ = false;
};

}  // namespace tingan::net::detail
