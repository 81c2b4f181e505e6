// A few threads for what must not run on the I/O threads or the engine's: password hashing, reading the log, sealing.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tingan::api {

class WorkerPool {
 public:
  WorkerPool(unsigned threads, std::size_t waiting_max);
  ~WorkerPool();  // stop()
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when too many wait already or the pool stops: the caller answers "busy". Any thread, the pool's own too.
  bool post(std::function<void()> task);
  // Finishes what runs, drops what waits.
  void stop();

 private:
  void run();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tingan::api
