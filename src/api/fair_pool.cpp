#include "api/fair_pool.h"

#include <algorithm>

namespace tingan::api {
namespace {

thread_local const FairPool* t_pool = nullptr;

}  // namespace

FairPool::FairPool(Limits limits, std::function<void()> when_idle) : limits_(limits), when_idle_(std::move(when_idle)) {
  for (unsigned i = 0; i < limits_.threads; ++i) threads_.emplace_back([this] { run(); });
}

FairPool::~FairPool() { stop(); }

bool FairPool::on_thread() const { return t_pool == this; }

bool FairPool::post(Lane lane, const std::string& key, std::function<void()> task, std::function<void()> dropped) {
  Job gives_way;  // told outside the lock
  {
    const std::lock_guard lock(mutex_);
    Queues& queues = lanes_[static_cast<std::size_t>(lane)];
    const auto own = queues.jobs.find(key);
    if (stopping_ || (own != queues.jobs.end() && own->second.size() >= limits_.waiting_per_key_max)) return false;
    if (waiting_ >= limits_.waiting_max && !make_room(lane, key, gives_way)) return false;
    std::deque<Job>& jobs = queues.jobs[key];
    if (jobs.empty()) queues.turns.push_back(key);
    jobs.push_back({std::move(task), std::move(dropped)});
    ++waiting_;
  }
  wake_.notify_one();
  if (gives_way.dropped) gives_way.dropped();
  return true;
}

// The newest of whoever waits with most in the last lane that has any, when that is worse off than the new one would
// be.
bool FairPool::make_room(Lane lane, const std::string& key, Job& out) {
  for (std::size_t i = lanes_.size(); i-- > static_cast<std::size_t>(lane);) {
    Queues& queues = lanes_[i];
    const auto longest = std::max_element(queues.jobs.begin(), queues.jobs.end(), [](const auto& a, const auto& b) {
      return a.second.size() < b.second.size();
    });
    if (longest == queues.jobs.end()) continue;
    const auto own = queues.jobs.find(key);
    const std::size_t mine = own == queues.jobs.end() ? 0 : own->second.size();
    if (i == static_cast<std::size_t>(lane) && longest->second.size() <= mine + 1) return false;
    out = std::move(longest->second.back());
    longest->second.pop_back();
    if (longest->second.empty()) {
      std::erase(queues.turns, longest->first);
      queues.jobs.erase(longest);
    }
    --waiting_;
    return true;
  }
  return false;
}

FairPool::Job FairPool::take() {
  for (Queues& queues : lanes_) {
    if (queues.turns.empty()) continue;
    const std::string key = std::move(queues.turns.front());
    queues.turns.pop_front();
    const auto found = queues.jobs.find(key);
    Job job = std::move(found->second.front());
    found->second.pop_front();
    if (found->second.empty()) {
      queues.jobs.erase(found);
    } else {
      queues.turns.push_back(key);
    }
    --waiting_;
    return job;
  }
  return {};
}

void FairPool::stop() {
  std::array<Queues, 4> left;  // destroyed outside the lock: a task may answer as it goes
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    left.swap(lanes_);
    waiting_ = 0;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void FairPool::run() {
  t_pool = this;
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || waiting_ > 0; });
      if (stopping_) return;
      job = take();
    }
    job.task();
    job = {};  // what it holds goes before the thread may sleep
    bool idle = false;
    {
      const std::lock_guard lock(mutex_);
      idle = waiting_ == 0 && !stopping_;
    }
    if (idle && when_idle_) when_idle_();
  }
}

}  // namespace tingan::api
