// One I/O thread with its loop: takes tasks from other threads, owns the connections that live on it, and ticks. The
// tick is the only timer: a connection keeps a deadline in ticks, which costs a store where an Asio timer costs a
// microsecond at every request. It also means that nobody here reads a clock.
#pragma once
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "net/move_function.h"

namespace tingan::net::detail {

using Milliseconds = std::chrono::milliseconds;
using Tick = std::uint64_t;
constexpr Tick kNoDeadline = UINT64_MAX;

// What lives on a worker. All calls on its thread.
class Resident {
 public:
  virtual ~Resident() = default;
  virtual void on_tick(Tick now) = 0;
  virtual void stop_soon() = 0;  // end when the work in hand is done, at once if there is none
  virtual void cut_off() = 0;    // end now; must leave the worker

 private:
  friend class Worker;
  std::size_t slot_ = SIZE_MAX;
};

class Worker {
 public:
  using Task = MoveFunction<void()>;

  explicit Worker(Milliseconds tick);
  ~Worker();  // joined before
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  boost::asio::io_context& io() { return io_; }
  bool on_thread() const { return std::this_thread::get_id() == thread_id_.load(std::memory_order_relaxed); }

  // From any thread; tasks run in order on the worker's. Several tasks posted before the thread wakes cost one wake-up.
  // False, and the task dropped, once the worker has ended.
  bool post(Task task);

  // On the thread. The worker shares the ownership of what lives on it until remove().
  void add(std::shared_ptr<Resident> resident);
  void remove(Resident& resident);
  Tick ticks_of(Milliseconds time) const {
    return static_cast<Tick>((time.count() + tick_.count() - 1) / tick_.count());
  }
  Tick deadline_in(Milliseconds time) const { return now_ + 1 + ticks_of(time); }
  bool stopping() const { return stopping_; }

  void start();
  // From any thread: asks all residents to stop, cuts off who is still there after `grace`; the loop then ends.
  void stop(Milliseconds grace);
  void join();

 private:
  void run();
  void run_inbox();
  void arm_timer();
  void on_timer();
  void begin_stop(Milliseconds grace);
  void end_if_empty();

  const Milliseconds tick_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  boost::asio::steady_timer timer_{io_};
  Tick now_ = 0;
  Tick cut_off_at_ = kNoDeadline;
  bool stopping_ = false;
  std::vector<std::shared_ptr<Resident>> residents_;

  std::mutex mutex_;  // guards inbox_ and closed_
  std::vector<Task> inbox_;
  bool closed_ = false;

  std::atomic<std::thread::id> thread_id_{};
  std::thread thread_;
};

}  // namespace tingan::net::detail
