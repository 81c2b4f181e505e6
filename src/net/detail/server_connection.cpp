#include "net/detail/server_connection.h"

#include <exception>

#include "base/check.h"
#include "net/address.h"
#include "net/detail/server_core.h"
#include "net/server.h"

namespace tingan::net::detail {
namespace {

// How long a client that was answered may take to close its side. Closing first would turn what it still sends into a
// reset, which can overtake the answer.
constexpr Milliseconds kLinger{2'000};
// A stream's client has nothing to say.
constexpr std::size_t kStreamInputMax = 64 * 1024;

}  // namespace

ServerConnection::ServerConnection(ServerCore& core, std::shared_ptr<Worker> worker,
                                   std::unique_ptr<Transport> transport, std::string peer)
    : core_(core),
      worker_(std::move(worker)),
      transport_(std::move(transport)),
      peer_(std::move(peer)),
      stream_bytes_max_(core.options().stream_queue_bytes_max),
      parser_(core.limits(), peer_, transport_->is_tls()) {}

void ServerConnection::start() {
  worker_->add(shared_from_this());
  deadline_ = worker_->deadline_in(core_.options().header_timeout);
  transport_->handshake(shared_from_this(), {});
}

void ServerConnection::start_busy() {
  worker_->add(shared_from_this());
  refuse(503, Error{"net.busy", {"连接过多，请稍后再试", "Expected fewer connections, but there are too many"}, {}});
}

void ServerConnection::on_ready(error_code ec) {
  if (state_ != State::kHandshake) return;
  if (ec) return close();
  state_ = State::kReading;
  pump();
}

// Handlers that answer at once, and writes that end at once, come back into the machine while it runs; the loop takes
// the place of that recursion.
void ServerConnection::pump() {
  if (pumping_) return;
  pumping_ = true;
  const auto self = shared_from_this();
  while (state_ == State::kReading && step()) {
  }
  pumping_ = false;
}

// One piece of progress; false when it has to wait for bytes or for an answer.
bool ServerConnection::step() {
  if (!input_.empty()) input_.consume(parser_.feed(input_.data()));
  switch (parser_.state()) {
    case ParseState::kDone:
      dispatch();
      return true;
    case ParseState::kFailed:
      if (auto answer = parser_.refusal_answer()) {
        refuse(std::move(*answer));
      } else {
        refuse(parser_.refusal_status(), parser_.refusal());
      }
      return true;
    case ParseState::kBody:
      if (!body_begun_) {
        expect_body();
        return true;
      }
      time_body();
      break;
    case ParseState::kHead:
      break;
  }
  read_more();
  return false;
}

void ServerConnection::read_more() {
  if (reading_) return;
  reading_ = true;
  char* room = nullptr;
  // Ten thousand who announce a body and send a byte of it must not get a large buffer each.
  const bool bulk = body_begun_ && parser_.body_bytes_come() >= InputBuffer::kSmall;
  const std::size_t size = input_.prepare(bulk ? InputBuffer::kLarge : InputBuffer::kSmall, room);
  transport_->read(room, size, shared_from_this());
}

void ServerConnection::expect_body() {
  body_begun_ = true;
  body_since_ = worker_->deadline_in(Milliseconds{0});
  time_body();
  if (!parser_.expects_continue() || !input_.empty()) return;
  state_ = State::kContinuing;
  out_ = "HTTP/1.1 100 Continue\r\n\r\n";
  transport_->write({asio::buffer(out_)}, shared_from_this());
}

void ServerConnection::time_body() {
  const ServerOptions& options = core_.options();
  const std::size_t rate = std::max<std::size_t>(options.body_bytes_per_s_min, 1);
  const Milliseconds earned{parser_.body_bytes_come() * 1000 / rate};
  deadline_ = body_since_ + worker_->ticks_of(options.body_timeout + earned);
}

void ServerConnection::dispatch() {
  state_ = State::kHandling;
  deadline_ = kNoDeadline;
  first_request_ = false;
  keep_alive_ = parser_.keep_alive();
  Request request = parser_.take();
  parser_.restart();
  body_begun_ = false;
  input_.trim();
  head_only_ = request.method == Method::kHead;
  try {
    core_.handler()(std::move(request), Responder(shared_from_this()));
  } catch (const std::exception& e) {
    // The Responder, dropped on the way, has answered 500.
    core_.report(
        Error{"net.handler-failed", {"处理请求时出错", "Expected an answer, but the handler threw"}, e.what()});
  }
}

void ServerConnection::next_request() {
  out_.clear();
  response_ = Response{};
  if (!keep_alive_) return end_output();
  state_ = State::kReading;
  const ServerOptions& options = core_.options();
  deadline_ = worker_->deadline_in(input_.empty() ? options.idle_timeout : options.header_timeout);
  pump();
}

void ServerConnection::refuse(int status, const Error& error) {
  Response response = core_.error_response(status, error);
  if (status == 405) response.headers.emplace_back("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  const bool says_when = std::any_of(response.headers.begin(), response.headers.end(),
                                     [](const auto& header) { return header.first == "Retry-After"; });
  if (status == 503 && !says_when) response.headers.emplace_back("Retry-After", "1");
  refuse(std::move(response));
}

void ServerConnection::refuse(Response response) {
  refused_ = true;
  keep_alive_ = false;
  head_only_ = false;
  write_response(std::move(response));
}

// No more will be written. Then the client's side is read to its end, else what it still sends would become a reset.
void ServerConnection::end_output() {
  deadline_ = worker_->deadline_in(refused_ ? core_.options().drain_timeout : kLinger);
  // TLS says goodbye by reading and writing, which does not go together with draining.
  if (transport_->is_tls() && (refused_ || reading_)) return drain();
  state_ = State::kShutting;
  transport_->shut_down(shared_from_this());
}

void ServerConnection::on_shut_down() {
  if (state_ != State::kShutting) return;
  if (transport_->is_tls()) return close();
  drain();
}

void ServerConnection::drain() {
  state_ = State::kDraining;
  if (read_ended_ || discarded_ > core_.options().drain_bytes_max) return close();
  read_more();
}

void ServerConnection::on_read(error_code ec, std::size_t size) {
  reading_ = false;
  if (state_ == State::kClosed) return;
  if (state_ == State::kReading) {
    if (ec) return close();
    // The first byte of a request starts its clock; a connection's first request is timed from the accept.
    if (!first_request_ && !parser_.started() && input_.empty())
      deadline_ = worker_->deadline_in(core_.options().header_timeout);
    input_.commit(size);
    return pump();
  }
  read_ended_ = static_cast<bool>(ec);
  discarded_ += size;
  if (state_ == State::kStreaming) {
    if (ec || discarded_ > kStreamInputMax) return close();
    read_more();
  } else if (state_ == State::kDraining) {
    drain();
  }
}

void ServerConnection::on_write_progress() {
  if (state_ != State::kClosed) deadline_ = worker_->deadline_in(core_.options().write_timeout);
}

void ServerConnection::on_written(error_code ec) {
  if (state_ == State::kClosed) return;
  if (ec) return close();
  if (state_ == State::kContinuing) {
    state_ = State::kReading;
    pump();
  } else if (state_ == State::kWriting) {
    next_request();
  } else if (state_ == State::kStreaming) {
    stream_writing_ = false;
    flush_stream();
  }
}

void ServerConnection::on_tick(Tick now) {
  if (now < deadline_) return;
  // A silent stream's deadline is its heartbeat.
  if (state_ == State::kStreaming && !stream_writing_) {
    static const auto heartbeat = std::make_shared<const std::string>(":\n\n");
    frames_.assign(1, heartbeat);
    return write_frames();
  }
  if (state_ == State::kReading && (parser_.started() || !input_.empty()))
    return refuse(408,
                  Error{"net.timeout", {"请求发送过慢", "Expected the whole request in time, but it is late"}, {}});
  close();
}

void ServerConnection::stop_soon() {
  const bool idle = state_ == State::kReading && !parser_.started() && input_.empty();
  if (idle || state_ == State::kHandshake || state_ == State::kStreaming || state_ == State::kDraining) return close();
  keep_alive_ = false;
}

void ServerConnection::close() {
  if (state_ == State::kClosed) return;
  const auto self = shared_from_this();
  state_ = State::kClosed;
  transport_->close();
  --core_.connections;
  core_.addresses.remove(address_group(peer_));
  if (const auto stream = std::move(stream_)) stream->end();
  worker_->remove(*this);
}

}  // namespace tingan::net::detail
