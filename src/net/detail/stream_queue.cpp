#include "net/detail/stream_queue.h"

#include "net/detail/server_connection.h"

namespace tingan::net::detail {

StreamQueue::StreamQueue(std::shared_ptr<Worker> worker, std::weak_ptr<ServerConnection> connection,
                         std::size_t bytes_max, MoveFunction<void()> on_close)
    : worker_(std::move(worker)),
      connection_(std::move(connection)),
      bytes_max_(bytes_max),
      on_close_(std::move(on_close)) {}

StreamQueue::Pushed StreamQueue::push(const Frame& frame) {
  const std::lock_guard lock(mutex_);
  if (ended_) return Pushed::kEnded;
  if (bytes_ + frame->size() > bytes_max_) {
    ended_ = true;
    frames_.clear();
    return Pushed::kOverflow;
  }
  frames_.push_back(frame);
  bytes_ += frame->size();
  if (draining_) return Pushed::kQueued;
  draining_ = true;
  return Pushed::kWake;
}

bool StreamQueue::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

bool StreamQueue::refuse_more() {
  const std::lock_guard lock(mutex_);
  const bool first = !ended_;
  ended_ = true;
  frames_.clear();
  return first;
}

void StreamQueue::flush() {
  if (const auto connection = connection_.lock()) connection->flush_stream();
}

void StreamQueue::end_connection() {
  if (const auto connection = connection_.lock()) connection->close();
}

bool StreamQueue::take(std::vector<Frame>& frames, std::size_t count) {
  frames.clear();
  const std::lock_guard lock(mutex_);
  while (!frames_.empty() && frames.size() < count) {
    bytes_ -= frames_.front()->size();
    frames.push_back(std::move(frames_.front()));
    frames_.pop_front();
  }
  draining_ = !frames.empty();
  return draining_;
}

void StreamQueue::end() {
  refuse_more();
  // Out of the member first: the callback may well drop the last handle to this.
  MoveFunction<void()> on_close = std::move(on_close_);
  if (on_close) on_close();
}

}  // namespace tingan::net::detail
