#include "net/detail/server_core.h"

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/address.h"
#include "net/detail/server_connection.h"

namespace tingan::net::detail {
namespace {

// How many above the limit are told so at a time; the rest is closed without a word.
constexpr std::size_t kBusyAnswersMax = 64;
constexpr std::size_t kBusyAnswersOfOneMax = 8;
constexpr Milliseconds kAcceptRetry{100};

Milliseconds tick_for(const ServerOptions& options) {
  const Milliseconds shortest = std::min({options.header_timeout, options.body_timeout, options.write_timeout,
                                          options.idle_timeout, options.heartbeat, options.drain_timeout});
  return std::clamp(shortest / 10, Milliseconds{5}, Milliseconds{250});
}

Expected<std::shared_ptr<asio::ssl::context>> load_tls(const TlsFiles& files) {
  const auto failed = [](const std::string& file, const error_code& ec) {
    return fail(
        "net.tls",
        {"TLS 证书或私钥不可用", "Expected a certificate and its key, but they cannot be used: " + ec.message()}, file);
  };
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  harden_tls(context->native_handle());
  error_code ec;
  context->use_certificate_chain_file(files.cert_file, ec);
  if (ec) return failed(files.cert_file, ec);
  // Refuses a key that does not belong to the certificate.
  context->use_private_key_file(files.key_file, asio::ssl::context::pem, ec);
  if (ec) return failed(files.key_file, ec);
  return context;
}

}  // namespace

ServerCore::ServerCore(ServerOptions options, HttpServer::Handler handler)
    : options_(std::move(options)), handler_(std::move(handler)) {
  limits_.header_bytes_max = options_.header_bytes_max;
  limits_.budget = std::make_shared<BodyBudget>(options_.body_budget);
  limits_.admit = [this](const Request& head, std::optional<std::uint64_t> length) {
    if (options_.admit) return options_.admit(head, length);
    Admission admission;
    admission.bytes_max =
        options_.body_limit ? options_.body_limit(head.method, head.target_path) : options_.body_bytes_max;
    admission.purse = BodyPurse::large;
    return admission;
  };
  const Milliseconds tick = tick_for(options_);
  for (unsigned i = 0; i < std::max(options_.threads, 1u); ++i) workers_.push_back(std::make_shared<Worker>(tick));
}

ServerCore::~ServerCore() { stop(Milliseconds{0}); }

Expected<void> ServerCore::listen() {
  if (options_.tls) {
    Expected<void> loaded = reload_tls();
    if (!loaded) return loaded;
  }
  const auto failed = [this](const error_code& ec) {
    return fail("net.listen", {"无法监听此地址", "Expected to listen there, but cannot: " + ec.message()},
                fmt::format("{}:{}", options_.address, options_.port));
  };
  error_code ec;
  const asio::ip::address address = asio::ip::make_address(options_.address, ec);
  if (ec) return failed(ec);
  acceptor_ = std::make_unique<Acceptor>(workers_.front()->io());
  const asio::ip::tcp::endpoint endpoint(address, options_.port);
  acceptor_->open(endpoint.protocol(), ec);
  if (!ec) acceptor_->set_option(Acceptor::reuse_address(true), ec);
  if (!ec) acceptor_->bind(endpoint, ec);
  if (!ec) acceptor_->listen(4096, ec);
  if (!ec) port_ = acceptor_->local_endpoint(ec).port();
  if (ec) return failed(ec);
  retry_ = std::make_unique<asio::steady_timer>(workers_.front()->io());
  workers_.front()->post([this] { accept_next(); });
  for (const auto& worker : workers_) worker->start();
  return {};
}

void ServerCore::accept_next() {
  if (!acceptor_->is_open()) return;
  const std::size_t worker = next_worker_++ % workers_.size();
  acceptor_->async_accept(workers_[worker]->io(),
                          [this, worker](error_code ec, Socket socket) { on_accepted(worker, ec, std::move(socket)); });
}

void ServerCore::on_accepted(std::size_t worker, error_code ec, Socket socket) {
  if (ec == asio::error::operation_aborted) return;
  if (ec) {
    report(Error{"net.accept", {"无法接受连接", "Expected to accept a connection, but cannot: " + ec.message()}, {}});
    // Out of descriptors, most likely: trying again at once would only spin.
    retry_->expires_after(kAcceptRetry);
    retry_->async_wait([this](error_code cancelled) {
      if (!cancelled) accept_next();
    });
    return;
  }
  ++connections;
  if (worker == 0) {
    adopt(worker, std::move(socket));
  } else {
    const bool posted = workers_[worker]->post(
        [this, worker, moved = std::move(socket)]() mutable { adopt(worker, std::move(moved)); });
    if (!posted) --connections;
  }
  accept_next();
}

void ServerCore::adopt(std::size_t worker, Socket socket) {
  error_code ec;
  const asio::ip::tcp::endpoint peer = socket.remote_endpoint(ec);
  const std::size_t open = connections.load();
  const std::string address = peer.address().to_string();
  const std::string group = address_group(address);
  const std::size_t most = options_.connections_per_address_max;
  const bool limited = most > 0 && !(options_.unlimited_address && options_.unlimited_address(address));
  const std::size_t own = addresses.add(group);
  const bool busy = open > options_.connections_max || (limited && own > most);
  const bool mute = (busy && options_.tls) || open > options_.connections_max + kBusyAnswersMax ||
                    (limited && own > most + kBusyAnswersOfOneMax);
  // Gone already, or too many to even say so.
  if (ec || mute || workers_[worker]->stopping()) {
    --connections;
    addresses.remove(group);
    return;
  }
  socket.set_option(asio::ip::tcp::no_delay(true), ec);
  auto transport =
      options_.tls ? make_tls_transport(std::move(socket), tls()) : make_plain_transport(std::move(socket));
  const auto connection = std::make_shared<ServerConnection>(*this, workers_[worker], std::move(transport), address);
  if (busy) {
    connection->start_busy();
  } else {
    connection->start();
  }
}

std::shared_ptr<asio::ssl::context> ServerCore::tls() {
  const std::lock_guard lock(mutex_);
  return tls_;
}

Expected<void> ServerCore::reload_tls() {
  if (!options_.tls) return fail("net.tls", {"未启用 TLS", "Expected a server with TLS, but it has none"});
  auto loaded = load_tls(*options_.tls);
  if (!loaded) return tl::unexpected(loaded.error());
  const std::lock_guard lock(mutex_);
  tls_ = std::move(*loaded);
  return {};
}

void ServerCore::stop(Milliseconds grace) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    stopped_ = true;
  }
  workers_.front()->post([this] {
    error_code ignored;
    if (acceptor_) acceptor_->close(ignored);
    if (retry_) retry_->cancel();
  });
  for (const auto& worker : workers_) worker->stop(grace);
  for (const auto& worker : workers_) worker->join();
}

Response ServerCore::error_response(int status, const Error& error) const {
  if (options_.error_response) return options_.error_response(status, error);
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = to_string(error) + "\n";
  return response;
}

void ServerCore::report(const Error& error) const {
  if (options_.on_error) options_.on_error(error);
}

}  // namespace tingan::net::detail
