// A few threads for work that is dear (a password's hash, a document) and that one asker must not take for himself:
// each key (an address, a person) waits in a queue of its own, and they take turns. Lanes go before one another.
#pragma once
#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tingan::api {

enum class Lane { signed_in, was_in_before, others, failed_lately };

class FairPool {
 public:
  struct Limits {
    unsigned threads = 1;
    std::size_t waiting_max = 512;
    std::size_t waiting_per_key_max = 64;
  };
  // `when_idle` runs on each thread of the pool when it has done something and nothing waits any more.
  explicit FairPool(Limits limits, std::function<void()> when_idle = {});
  ~FairPool();  // stop()
  FairPool(const FairPool&) = delete;
  FairPool& operator=(const FairPool&) = delete;

  // False when the key has too much waiting, or all have and this one is not better off than those; the caller answers
  // "busy". `dropped` runs in place of the task when it has to give way to another later. Any thread.
  bool post(Lane lane, const std::string& key, std::function<void()> task, std::function<void()> dropped = {});
  // True on a thread of the pool.
  bool on_thread() const;
  // Finishes what runs, drops what waits.
  void stop();

 private:
  struct Job {
    std::function<void()> task;
    std::function<void()> dropped;
  };
  struct Queues {
    std::map<std::string, std::deque<Job>> jobs;
    std::deque<std::string> turns;  // each key with jobs, once
  };

  void run();
  // With the lock held:
  bool make_room(Lane lane, const std::string& key, Job& out);
  Job take();

  const Limits limits_;
  const std::function<void()> when_idle_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::array<Queues, 4> lanes_;
  std::size_t waiting_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tingan::api
