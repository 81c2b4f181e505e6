#include "net/detail/client_connection.h"

#include <boost/asio/connect.hpp>

#include "base/check.h"

namespace tingan::net::detail {
namespace {

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (const char c : value) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  out += "\r\n";
}

std::string request_head(const Exchange& exchange) {
  const ClientRequest& request = exchange.request;
  std::string head;
  head.reserve(512);
  head += to_string(request.method);
  head += ' ';
  head += exchange.url.target;
  head += " HTTP/1.1\r\n";
  append_line(head, "Host", exchange.url.authority());
  for (const auto& [name, value] : request.headers) append_line(head, name, value);
  const bool carries = request.method == Method::kPost || request.method == Method::kPut ||
                       request.method == Method::kPatch || !exchange.body->empty();
  if (carries) append_line(head, "Content-Length", std::to_string(exchange.body->size()));
  head += "\r\n";
  return head;
}

bool is_idempotent(Method method) { return method != Method::kPost && method != Method::kPatch; }

}  // namespace

ClientConnection::ClientConnection(ClientCore& core, std::shared_ptr<ClientPool> pool, const Url& origin)
    : core_(core),
      pool_(std::move(pool)),
      origin_(origin),
      resolver_(core.worker()->io()),
      socket_(core.worker()->io()) {}

void ClientConnection::carry(ExchangePtr exchange) {
  exchange_ = std::move(exchange);
  if (state_ == State::kIdle) return write_request();
  CHECK(state_ == State::kNew);
  core_.worker()->add(shared_from_this());
  connect();
}

void ClientConnection::connect() {
  state_ = State::kConnecting;
  deadline_ = core_.worker()->deadline_in(core_.options().connect_timeout);
  error_code is_name;
  const asio::ip::address address = asio::ip::make_address(origin_.host, is_name);
  // An address needs no look-up, and a look-up costs a thread.
  if (!is_name) return connect_to({asio::ip::tcp::endpoint(address, origin_.port)});
  resolver_.async_resolve(
      origin_.host, std::to_string(origin_.port),
      [self = shared_from_this()](error_code ec, const Resolver::results_type& found) {
        if (self->state_ != State::kConnecting) return;
        if (ec)
          return self->fail_connecting(Error{"net.connect",
                                             {"找不到主机", "Expected to find the host, but cannot: " + ec.message()},
                                             self->origin_.authority()});
        self->connect_to({found.begin(), found.end()});
      });
}

void ClientConnection::connect_to(std::vector<asio::ip::tcp::endpoint> endpoints) {
  if (const auto& may = core_.options().may_connect) {
    std::erase_if(endpoints, [&](const asio::ip::tcp::endpoint& endpoint) {
      return !may(origin_.host, origin_.port, endpoint.address().to_string());
    });
    if (endpoints.empty()) {
      return fail_connecting(Error{"net.not-allowed",
                                   {"不允许连到这个地址", "Expected an address that may be reached, but it is none"},
                                   origin_.authority()});
    }
  }
  const auto kept = std::make_shared<std::vector<asio::ip::tcp::endpoint>>(std::move(endpoints));
  asio::async_connect(socket_, *kept, [self = shared_from_this(), kept](error_code ec, const asio::ip::tcp::endpoint&) {
    if (self->state_ != State::kConnecting) return;
    if (ec)
      return self->fail_connecting(Error{"net.connect",
                                         {"无法连接对方", "Expected to connect, but cannot: " + ec.message()},
                                         self->origin_.authority()});
    error_code ignored;
    self->socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    if (self->origin_.tls) {
      auto context = self->core_.tls();
      if (!context) return self->fail_connecting(context.error());
      self->transport_ = make_tls_transport(std::move(self->socket_), std::move(*context));
    } else {
      self->transport_ = make_plain_transport(std::move(self->socket_));
    }
    self->state_ = State::kHandshake;
    self->transport_->handshake(self, self->origin_.host);
  });
}

void ClientConnection::on_ready(error_code ec) {
  if (state_ != State::kHandshake) return;
  if (ec)
    return fail_connecting(Error{"net.tls",
                                 {"无法建立安全连接", "Expected a trusted TLS connection, but cannot: " + ec.message()},
                                 origin_.authority()});
  connected_ = true;
  pool_->on_connected();
  write_request();
}

void ClientConnection::write_request() {
  state_ = State::kBusy;
  deadline_ = kNoDeadline;
  const ClientRequest& request = exchange_->request;
  parser_.restart(request.method == Method::kHead, request.response_bytes_max);
  head_ = request_head(*exchange_);
  body_ = exchange_->body;
  writing_ = true;
  const auto self = shared_from_this();
  transport_->write({asio::buffer(head_), asio::buffer(*body_)}, self);
  // Also while it is still writing: a refusal may come before the whole body is out.
  if (state_ == State::kBusy) read_more();
}

void ClientConnection::on_written(error_code ec) {
  writing_ = false;
  if (state_ != State::kBusy) return;
  // An answer may have come although the rest of the request did not get through: the read tells.
  if (ec && !reading_) lost(ec);
  // The answer came first, and completely.
  if (!ec && parser_.state() == ParseState::kDone) finish();
}

void ClientConnection::read_more() {
  if (reading_) return;
  reading_ = true;
  char* room = nullptr;
  const bool bulk = parser_.state() == ParseState::kBody;
  const std::size_t size = input_.prepare(bulk ? InputBuffer::kLarge : InputBuffer::kSmall, room);
  transport_->read(room, size, shared_from_this());
}

void ClientConnection::on_read(error_code ec, std::size_t size) {
  reading_ = false;
  if (state_ == State::kClosed) return;
  // The peer ends an idle connection, or talks out of turn.
  if (state_ != State::kBusy) return close();
  if (ec) {
    if (parser_.started() && ec == asio::error::eof) {
      parser_.feed_eof();
      if (parser_.state() == ParseState::kDone) return finish();
    }
    return lost(ec);
  }
  input_.commit(size);
  input_.consume(parser_.feed(input_.data()));
  if (parser_.state() == ParseState::kFailed) return fail_exchange(parser_.failure());
  if (parser_.state() == ParseState::kDone) return finish();
  read_more();
}

void ClientConnection::finish() {
  const auto self = shared_from_this();
  // An answer that comes before the request is out ends the connection; the rest of the request is nobody's.
  const bool reusable = parser_.keep_alive() && !writing_ && input_.empty() && !core_.worker()->stopping();
  const ExchangePtr exchange = std::move(exchange_);
  ClientResponse response = parser_.take();
  used_before_ = true;
  if (reusable) {
    state_ = State::kIdle;
    deadline_ = core_.worker()->deadline_in(core_.options().idle_timeout);
    input_.trim();
    read_more();  // to notice when the peer closes it
    pool_->on_idle(*this);
  } else {
    close();
  }
  exchange->finish(std::move(response));
}

void ClientConnection::lost(error_code ec) {
  // A kept connection that the peer had closed in the meantime: the request was not looked at, most likely.
  if (used_before_ && !parser_.started() && !exchange_->sent_again && is_idempotent(exchange_->request.method)) {
    const auto self = shared_from_this();
    ExchangePtr exchange = std::move(exchange_);
    exchange->sent_again = true;
    close();
    return pool_->send_first(std::move(exchange));
  }
  fail_exchange(
      Error{"net.connection-lost",
            {"连接中断，请求是否已执行未知", "Expected an answer, but the connection was lost: " + ec.message()},
            origin_.authority()});
}

void ClientConnection::fail_connecting(Error error) {
  const auto self = shared_from_this();
  pool_->on_connect_failed(error);
  fail_exchange(std::move(error));
}

void ClientConnection::fail_exchange(Error error) {
  const auto self = shared_from_this();
  const ExchangePtr exchange = std::move(exchange_);
  close();
  if (exchange) exchange->finish(tl::unexpected(std::move(error)));
}

void ClientConnection::on_tick(Tick now) {
  if (exchange_ && now >= exchange_->deadline)
    return fail_exchange(Error{
        "net.timeout", {"对方未在限时内应答", "Expected an answer in time, but it is late"}, origin_.authority()});
  if (now < deadline_) return;
  if (state_ == State::kIdle) return close();
  fail_connecting(
      Error{"net.timeout", {"连接对方超时", "Expected to connect in time, but it is late"}, origin_.authority()});
}

void ClientConnection::cut_off() {
  if (exchange_) return fail_exchange(client_stopped());
  close();
}

void ClientConnection::close() {
  if (state_ == State::kClosed) return;
  const auto self = shared_from_this();
  state_ = State::kClosed;
  resolver_.cancel();
  error_code ignored;
  socket_.close(ignored);
  if (transport_) transport_->close();
  pool_->on_closed(*this, connected_);
  core_.worker()->remove(*this);
}

}  // namespace tingan::net::detail
