#include "net/detail/client_core.h"

#include "net/detail/client_connection.h"

namespace tingan::net::detail {
namespace {

// Good enough for timeouts of seconds, and cheap when nothing is under way.
constexpr Milliseconds kTick{50};

Error timed_out(const Exchange& exchange) {
  return Error{
      "net.timeout", {"对方未在限时内应答", "Expected an answer in time, but it is late"}, exchange.url.authority()};
}

}  // namespace

Error client_stopped() {
  return Error{"net.stopped", {"程序正在停止", "Expected to finish the request, but the client stops"}, {}};
}

ClientPool::ClientPool(ClientCore& core, const Url& origin) : core_(core), origin_(origin) {}

void ClientPool::send(ExchangePtr exchange) {
  waiting_.push_back(std::move(exchange));
  serve();
}

void ClientPool::send_first(ExchangePtr exchange) {
  if (core_.worker()->stopping()) return exchange->finish(tl::unexpected(client_stopped()));
  waiting_.push_front(std::move(exchange));
  serve();
}

void ClientPool::serve() {
  while (!waiting_.empty()) {
    std::shared_ptr<ClientConnection> connection;
    if (!idle_.empty()) {
      // The one used last: the others may then grow old and go.
      connection = idle_.back()->shared_from_this();
      idle_.pop_back();
    } else if (open_ < core_.options().connections_per_origin_max) {
      connection = std::make_shared<ClientConnection>(core_, shared_from_this(), origin_);
      ++open_;
      ++core_.connections_opened;
    } else {
      return;
    }
    ExchangePtr exchange = std::move(waiting_.front());
    waiting_.pop_front();
    connection->carry(std::move(exchange));
  }
}

void ClientPool::on_idle(ClientConnection& connection) {
  idle_.push_back(&connection);
  serve();
}

void ClientPool::on_closed(ClientConnection& connection, bool was_connected) {
  std::erase(idle_, &connection);
  --open_;
  if (was_connected) --connected_;
  if (!core_.worker()->stopping()) serve();
}

void ClientPool::on_connect_failed(const Error& error) {
  if (connected_ == 0) fail_waiting(error);
}

void ClientPool::fail_waiting(const Error& error) {
  std::deque<ExchangePtr> failed = std::move(waiting_);
  waiting_.clear();
  for (ExchangePtr& exchange : failed) exchange->finish(tl::unexpected(error));
}

void ClientPool::on_tick(Tick now) {
  // Completions may send again, so first out of the queue, then told.
  std::vector<ExchangePtr> late;
  std::erase_if(waiting_, [&](ExchangePtr& exchange) {
    if (now < exchange->deadline) return false;
    late.push_back(std::move(exchange));
    return true;
  });
  for (ExchangePtr& exchange : late) exchange->finish(tl::unexpected(timed_out(*exchange)));
}

void ClientPool::stop_soon() { cut_off(); }

void ClientPool::cut_off() {
  fail_waiting(client_stopped());
  core_.worker()->remove(*this);
}

ClientCore::ClientCore(ClientOptions options) : options_(std::move(options)), worker_(std::make_shared<Worker>(kTick)) {
  worker_->start();
}

ClientCore::~ClientCore() {
  worker_->stop(Milliseconds{0});
  worker_->join();
}

void ClientCore::send(ClientRequest request, HttpClient::Completion completion) {
  auto exchange = std::make_unique<Exchange>();
  exchange->request = std::move(request);
  exchange->body = std::make_shared<const std::string>(std::move(exchange->request.body));
  exchange->completion = std::move(completion);
  worker_->post([this, moved = std::move(exchange)]() mutable { dispatch(std::move(moved)); });
}

void ClientCore::dispatch(ExchangePtr exchange) {
  if (worker_->stopping()) return exchange->finish(tl::unexpected(client_stopped()));
  Expected<Url> url = parse_url(exchange->request.url);
  if (!url) return exchange->finish(tl::unexpected(url.error()));
  exchange->url = std::move(*url);
  exchange->deadline = worker_->deadline_in(exchange->request.timeout);
  std::shared_ptr<ClientPool>& pool = pools_[{exchange->url.tls, exchange->url.host, exchange->url.port}];
  if (!pool) {
    pool = std::make_shared<ClientPool>(*this, exchange->url);
    worker_->add(pool);
  }
  const std::shared_ptr<ClientPool> kept = pool;
  kept->send(std::move(exchange));
}

Expected<std::shared_ptr<boost::asio::ssl::context>> ClientCore::tls() {
  if (tls_) return tls_;
  auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
  harden_tls(context->native_handle());
  boost::system::error_code ec;
  if (options_.ca_file.empty()) {
    context->set_default_verify_paths(ec);
  } else {
    context->load_verify_file(options_.ca_file, ec);
  }
  if (ec)
    return fail("net.tls",
                {"无法读取受信任的证书", "Expected trusted certificates, but they cannot be read: " + ec.message()},
                options_.ca_file);
  tls_ = std::move(context);
  return tls_;
}

}  // namespace tingan::net::detail
