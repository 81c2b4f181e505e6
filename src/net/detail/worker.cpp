#include "net/detail/worker.h"

#include <boost/asio/post.hpp>

#include "base/check.h"

namespace tingan::net::detail {

Worker::Worker(Milliseconds tick) : tick_(tick) { CHECK(tick.count() > 0); }

Worker::~Worker() { CHECK(!thread_.joinable()); }

bool Worker::post(Task task) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    wake = inbox_.empty();
    inbox_.push_back(std::move(task));
  }
  if (wake) boost::asio::post(io_, [this] { run_inbox(); });
  return true;
}

void Worker::run_inbox() {
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(inbox_);
  }
  for (Task& task : tasks) task();
}

void Worker::add(std::shared_ptr<Resident> resident) {
  resident->slot_ = residents_.size();
  residents_.push_back(std::move(resident));
}

void Worker::remove(Resident& resident) {
  const std::size_t slot = resident.slot_;
  CHECK(slot < residents_.size() && residents_[slot].get() == &resident);
  // Its owner may be the last one: it must outlive the bookkeeping.
  const std::shared_ptr<Resident> kept = std::move(residents_[slot]);
  if (slot + 1 < residents_.size()) {
    residents_[slot] = std::move(residents_.back());
    residents_[slot]->slot_ = slot;
  }
  residents_.pop_back();
  kept->slot_ = SIZE_MAX;
  end_if_empty();
}

void Worker::start() {
  thread_ = std::thread([this] { run(); });
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::run() {
  thread_id_ = std::this_thread::get_id();
  arm_timer();
  io_.run();
  // Late tasks (answers for connections that are gone) still run, so that what they own is let go; after that the door
  // is closed, and nothing can be left in the loop that keeps itself alive.
  while (true) {
    std::vector<Task> tasks;
    {
      const std::lock_guard lock(mutex_);
      if (inbox_.empty()) {
        closed_ = true;
        break;
      }
      tasks.swap(inbox_);
    }
    for (Task& task : tasks) task();
  }
}

void Worker::arm_timer() {
  timer_.expires_after(tick_);
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) on_timer();
  });
}

void Worker::on_timer() {
  ++now_;
  // Backwards: a resident that leaves during its tick is replaced by one that had its turn.
  for (std::size_t i = residents_.size(); i-- > 0;)
    if (i < residents_.size()) residents_[i]->on_tick(now_);
  if (now_ >= cut_off_at_) {
    while (!residents_.empty()) residents_.back()->cut_off();
  }
  if (!stopping_ || !residents_.empty()) arm_timer();
}

void Worker::stop(Milliseconds grace) {
  post([this, grace] { begin_stop(grace); });
}

void Worker::begin_stop(Milliseconds grace) {
  if (stopping_) return;
  stopping_ = true;
  const std::vector<std::shared_ptr<Resident>> present = residents_;
  for (const auto& resident : present)
    if (resident->slot_ != SIZE_MAX) resident->stop_soon();
  if (grace.count() <= 0) {
    while (!residents_.empty()) residents_.back()->cut_off();
  } else {
    cut_off_at_ = deadline_in(grace);
  }
  end_if_empty();
}

void Worker::end_if_empty() {
  if (!stopping_ || !residents_.empty()) return;
  work_.reset();
  timer_.cancel();
}

}  // namespace tingan::net::detail
