// The writing half of ServerConnection: answers and streams.
#include "base/check.h"
#include "net/detail/server_connection.h"
#include "net/detail/server_core.h"

namespace tingan::net::detail {
namespace {

// Up to this size a body is copied behind its head: one buffer, one system call.
constexpr std::size_t kJoinMax = 16 * 1024;
constexpr std::size_t kFramesAtOnce = 64;

bool has_body(int status) { return status != 204 && status != 304; }

// What a value must not do is end its line.
void append_value(std::string& out, std::string_view value) {
  for (const char c : value) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
}

}  // namespace

void append_head(std::string& out, const Response& response, bool keep_alive, bool with_length) {
  CHECK(response.status >= 200 && response.status <= 599);
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += status_phrase(response.status);
  out += "\r\n";
  if (!response.content_type.empty()) {
    out += "Content-Type: ";
    append_value(out, response.content_type);
    out += "\r\n";
  }
  if (with_length && has_body(response.status)) {
    out += "Content-Length: ";
    out += std::to_string(response.payload().size());
    out += "\r\n";
  }
  for (const auto& [name, value] : response.headers) {
    append_value(out, name);
    out += ": ";
    append_value(out, value);
    out += "\r\n";
  }
  out += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
}

void ServerConnection::complete(Response response) {
  if (worker_->on_thread()) return reply(std::move(response));
  worker_->post(
      [self = shared_from_this(), response = std::move(response)]() mutable { self->reply(std::move(response)); });
}

void ServerConnection::complete_unanswered() {
  const auto answer = [](ServerConnection& connection) {
    if (connection.state_ != State::kHandling) return;
    connection.reply(connection.core_.error_response(
        500, Error{"net.no-answer", {"请求未得到处理", "Expected an answer, but nobody gave one"}, {}}));
  };
  if (worker_->on_thread()) return answer(*this);
  worker_->post([self = shared_from_this(), answer] { answer(*self); });
}

void ServerConnection::reply(Response response) {
  if (state_ != State::kHandling) return;
  write_response(std::move(response));
}

void ServerConnection::write_response(Response response) {
  state_ = State::kWriting;
  deadline_ = worker_->deadline_in(core_.options().write_timeout);
  if (worker_->stopping()) keep_alive_ = false;
  response_ = std::move(response);
  out_.clear();
  append_head(out_, response_, keep_alive_, true);
  const bool bare = head_only_ || !has_body(response_.status);
  const std::string_view payload = bare ? std::string_view{} : response_.payload();
  std::vector<asio::const_buffer> buffers;
  if (payload.size() <= kJoinMax) {
    out_.append(payload);
    buffers.push_back(asio::buffer(out_));
  } else {
    buffers = {asio::buffer(out_), asio::buffer(payload.data(), payload.size())};
  }
  transport_->write(std::move(buffers), shared_from_this());
}

std::shared_ptr<StreamQueue> ServerConnection::open_stream(std::vector<std::pair<std::string, std::string>> headers,
                                                           MoveFunction<void()> on_close) {
  auto queue = std::make_shared<StreamQueue>(worker_, weak_from_this(), stream_bytes_max_, std::move(on_close));
  const bool posted = worker_->post([self = shared_from_this(), queue, headers = std::move(headers)]() mutable {
    self->begin_stream(std::move(queue), std::move(headers));
  });
  if (!posted) queue->end();
  return queue;
}

void ServerConnection::begin_stream(std::shared_ptr<StreamQueue> queue,
                                    std::vector<std::pair<std::string, std::string>> headers) {
  if (state_ != State::kHandling || worker_->stopping()) {
    queue->end();
    return close();
  }
  Response response;
  response.content_type = "text/event-stream; charset=utf-8";
  response.headers = std::move(headers);
  response.headers.emplace_back("Cache-Control", "no-store");
  if (head_only_) {
    queue->end();
    return write_response(std::move(response));
  }
  // Ended by closing, which every HTTP/1 client understands: frames need no wrapping and one buffer serves all streams.
  out_.clear();
  append_head(out_, response, false, false);
  stream_ = std::move(queue);
  state_ = State::kStreaming;
  deadline_ = worker_->deadline_in(core_.options().write_timeout);
  stream_writing_ = true;
  const auto self = shared_from_this();
  read_more();  // to notice that the client left
  transport_->write({asio::buffer(out_)}, self);
}

void ServerConnection::flush_stream() {
  if (stream_flushing_) return;
  stream_flushing_ = true;
  const auto self = shared_from_this();
  while (state_ == State::kStreaming && !stream_writing_) {
    if (!stream_->take(frames_, kFramesAtOnce)) {
      deadline_ = worker_->deadline_in(core_.options().heartbeat);
      break;
    }
    write_frames();
  }
  stream_flushing_ = false;
}

void ServerConnection::write_frames() {
  stream_writing_ = true;
  deadline_ = worker_->deadline_in(core_.options().write_timeout);
  std::vector<asio::const_buffer> buffers;
  buffers.reserve(frames_.size());
  for (const StreamQueue::Frame& frame : frames_) buffers.push_back(asio::buffer(*frame));
  transport_->write(std::move(buffers), shared_from_this());
}

}  // namespace tingan::net::detail
