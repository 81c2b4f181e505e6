#include "net/server.h"

#include "base/check.h"
#include "net/detail/server_connection.h"
#include "net/detail/server_core.h"
#include "net/detail/stream_queue.h"

namespace tingan::net {

using detail::StreamQueue;

bool EventStream::send(std::shared_ptr<const std::string> frame) {
  if (!queue_) return false;
  switch (queue_->push(frame)) {
    case StreamQueue::Pushed::kQueued:
      return true;
    case StreamQueue::Pushed::kWake:
      return queue_->worker()->post([queue = queue_] { queue->flush(); });
    case StreamQueue::Pushed::kOverflow:
      queue_->worker()->post([queue = queue_] { queue->end_connection(); });
      return false;
    case StreamQueue::Pushed::kEnded:
      break;
  }
  return false;
}

void EventStream::broadcast(std::span<const EventStream> streams, const std::shared_ptr<const std::string>& frame) {
  struct Wake {
    std::vector<std::shared_ptr<StreamQueue>> flush;
    std::vector<std::shared_ptr<StreamQueue>> end;
  };
  // A handful of workers at most: searching a vector is cheaper than hashing.
  std::vector<std::pair<std::shared_ptr<detail::Worker>, Wake>> wakes;
  const auto wake_of = [&](const std::shared_ptr<detail::Worker>& worker) -> Wake& {
    for (auto& [known, wake] : wakes)
      if (known == worker) return wake;
    return wakes.emplace_back(worker, Wake{}).second;
  };
  for (const EventStream& stream : streams) {
    if (!stream.queue_) continue;
    const StreamQueue::Pushed pushed = stream.queue_->push(frame);
    if (pushed == StreamQueue::Pushed::kWake) wake_of(stream.queue_->worker()).flush.push_back(stream.queue_);
    if (pushed == StreamQueue::Pushed::kOverflow) wake_of(stream.queue_->worker()).end.push_back(stream.queue_);
  }
  for (auto& [worker, wake] : wakes) {
    worker->post([wake = std::move(wake)] {
      for (const auto& queue : wake.flush) queue->flush();
      for (const auto& queue : wake.end) queue->end_connection();
    });
  }
}

void EventStream::close() {
  if (queue_ && queue_->refuse_more()) queue_->worker()->post([queue = queue_] { queue->end_connection(); });
}

bool EventStream::closed() const { return !queue_ || queue_->ended(); }

Responder::~Responder() {
  if (connection_) connection_->complete_unanswered();
}

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    if (connection_) connection_->complete_unanswered();
    connection_ = std::move(other.connection_);
  }
  return *this;
}

void Responder::complete(Response response) {
  CHECK(connection_ != nullptr);
  const auto connection = std::move(connection_);
  connection->complete(std::move(response));
}

void Responder::complete_batch(std::vector<std::pair<Responder, Response>> batch) {
  using Answers = std::vector<std::pair<std::shared_ptr<detail::ServerConnection>, Response>>;
  std::vector<std::pair<std::shared_ptr<detail::Worker>, Answers>> by_worker;
  for (auto& [responder, response] : batch) {
    CHECK(responder.connection_ != nullptr);
    const auto& worker = responder.connection_->worker();
    auto known = std::find_if(by_worker.begin(), by_worker.end(), [&](const auto& one) { return one.first == worker; });
    if (known == by_worker.end()) {
      known = by_worker.emplace(by_worker.end(), worker, Answers{});
      known->second.reserve(batch.size());
    }
    known->second.emplace_back(std::move(responder.connection_), std::move(response));
  }
  for (auto& [worker, answers] : by_worker) {
    worker->post([answers = std::move(answers)]() mutable {
      for (auto& [connection, response] : answers) connection->reply(std::move(response));
    });
  }
}

EventStream Responder::start_stream(std::vector<std::pair<std::string, std::string>> headers,
                                    MoveFunction<void()> on_close) {
  CHECK(connection_ != nullptr);
  const auto connection = std::move(connection_);
  return EventStream(connection->open_stream(std::move(headers), std::move(on_close)));
}

HttpServer::HttpServer(std::unique_ptr<detail::ServerCore> core) : core_(std::move(core)) {}
HttpServer::~HttpServer() = default;

Expected<std::unique_ptr<HttpServer>> HttpServer::start(ServerOptions options, Handler handler) {
  auto core = std::make_unique<detail::ServerCore>(std::move(options), std::move(handler));
  Expected<void> listening = core->listen();
  if (!listening) return tl::unexpected(listening.error());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(core)));
}

std::uint16_t HttpServer::port() const { return core_->port(); }
std::size_t HttpServer::connections() const { return core_->connections.load(); }
Expected<void> HttpServer::reload_tls() { return core_->reload_tls(); }
void HttpServer::stop(std::chrono::milliseconds grace) { core_->stop(grace); }

}  // namespace tingan::net
