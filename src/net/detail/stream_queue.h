// What waits to be written on one event stream. Filled from any thread, emptied on the connection's.
#pragma once
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/detail/worker.h"
#include "net/move_function.h"

namespace tingan::net::detail {

class ServerConnection;

class StreamQueue {
 public:
  using Frame = std::shared_ptr<const std::string>;
  enum class Pushed { kQueued, kWake, kOverflow, kEnded };

  StreamQueue(std::shared_ptr<Worker> worker, std::weak_ptr<ServerConnection> connection, std::size_t bytes_max,
              MoveFunction<void()> on_close);

  // From any thread. kWake: the caller must see to it that flush() runs on the worker. kOverflow: that end_connection()
  // does; the stream takes nothing more.
  Pushed push(const Frame& frame);
  bool ended() const;
  // From any thread: takes nothing more; true when this call ended it.
  bool refuse_more();
  const std::shared_ptr<Worker>& worker() const { return worker_; }

  // On the worker.
  void flush();
  void end_connection();
  // Moves frames out, at most `count`; when there are none, the next push says kWake.
  bool take(std::vector<Frame>& frames, std::size_t count);
  // The connection is gone: calls on_close, once.
  void end();

 private:
  const std::shared_ptr<Worker> worker_;
  const std::weak_ptr<ServerConnection> connection_;
  const std::size_t bytes_max_;
  MoveFunction<void()> on_close_;

  mutable std::mutex mutex_;  // guards what follows
  std::deque<Frame> frames_;
  std::size_t bytes_ = 0;
  bool ended_ = false;
  bool draining_ = true;  // the worker will look again by itself; so at the start, until the head is out
};

}  // namespace tingan::net::detail
