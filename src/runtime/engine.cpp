#include "runtime/engine.h"

#include <spdlog/spdlog.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace tingan {
namespace {

constexpr std::size_t kPeopleAtOnce = 512;      // commands of people a batch
constexpr std::size_t kDeliveriesAtOnce = 512;  // and of channels: neither starves the other
constexpr std::size_t kTicksAtOnce = 1024;
constexpr Duration kDiskFullPause{1000};
constexpr std::chrono::nanoseconds kLongestSleep = std::chrono::milliseconds{500};  // a virtual clock may jump
constexpr Duration kOneDay = std::chrono::hours{24};
constexpr std::size_t kLagWorthAWrite = 2000;  // records: snapshot when idle
constexpr std::size_t kLagTooLarge = 50000;    // records: snapshot a piece also under load

bool is_delivery(const Submission& submission) {
  const auto* command = std::get_if<IncidentCommand>(&submission.command);
  return command != nullptr && std::holds_alternative<ReportDelivery>(*command);
}

}  // namespace

struct Engine::Impl {
  Impl(EngineCore& c, Clock& k) : core(c), clock(k) {}

  void loop();
  std::vector<Submission> take(std::unique_lock<std::mutex>& lock);
  bool fire_clocks();
  void keep_snapshots(bool idle);
  bool survive(const Expected<void>& result);

  EngineCore& core;
  Clock& clock;
  mutable std::mutex mutex;
  std::condition_variable wake;
  std::deque<Submission> people;
  std::deque<Submission> deliveries;
  bool stopping = false;
  bool dead = false;
  std::atomic<bool> full{false};
  std::atomic<int> hold_wish{-1};  // 0 or 1 until it is done
  std::chrono::steady_clock::time_point retry_clocks_at{};
  std::function<void(const Error&)> fatal;
  std::thread thread;
};

// One batch: people first, then channels, both bounded.
std::vector<Submission> Engine::Impl::take(std::unique_lock<std::mutex>&) {
  std::vector<Submission> batch;
  const auto move_some = [&batch](std::deque<Submission>& from, std::size_t most) {
    for (std::size_t i = 0; i < most && !from.empty(); ++i) {
      batch.push_back(std::move(from.front()));
      from.pop_front();
    }
  };
  move_some(people, kPeopleAtOnce);
  move_some(deliveries, kDeliveriesAtOnce);
  return batch;
}

bool Engine::Impl::survive(const Expected<void>& result) {
  if (result) return true;
  spdlog::critical("the node stops: {}", to_string(result.error()));
  if (fatal) fatal(result.error());
  return false;
}

// True: something was due, so look again at once.
bool Engine::Impl::fire_clocks() {
  if (std::chrono::steady_clock::now() < retry_clocks_at) return false;
  if (core.next_deadline() > clock.now()) return false;
  const auto fired = core.tick(clock.now(), kTicksAtOnce);
  if (!fired) {
    dead = !survive(tl::unexpected(fired.error()));
    return false;
  }
  if (*fired == 0) {
    full = true;
    retry_clocks_at = std::chrono::steady_clock::now() + kDiskFullPause;
    return false;
  }
  full = false;
  return true;
}

void Engine::Impl::keep_snapshots(bool idle) {
  const std::size_t lag = core.snapshot_lag();
  if ((idle && lag >= kLagWorthAWrite) || lag >= kLagTooLarge) {
    if (const auto put = core.snapshot(false); !put) spdlog::warn("no snapshot now: {}", to_string(put.error()));
  }
}

void Engine::Impl::loop() {
  std::unique_lock lock(mutex);
  while (!dead) {
    lock.unlock();
    if (const int wish = hold_wish.exchange(-1); wish >= 0) core.hold_erasures(wish == 1);
    // What was due before the next commands came fires before them.
    bool busy = fire_clocks();
    lock.lock();
    if (dead) break;
    std::vector<Submission> batch = take(lock);
    if (batch.empty() && stopping) break;
    lock.unlock();
    if (!batch.empty()) {
      busy = true;
      bool refused_full = false;
      for (Submission& submission : batch) {
        submission.done = [inner = std::move(submission.done), &refused_full](Outcome outcome) {
          refused_full = refused_full || (outcome.refused && outcome.refused->code == "store.full");
          if (inner) inner(std::move(outcome));
        };
      }
      dead = !survive(core.run(std::move(batch), clock.now()));
      full = refused_full;
    }
    if (!dead) keep_snapshots(!busy);
    const Instant next = core.next_deadline();
    const Instant now = clock.now();
    lock.lock();
    if (busy || stopping || dead) continue;
    const std::chrono::nanoseconds pause =
        next <= now ? kDiskFullPause : std::min(kLongestSleep, clock.real_length(std::min(next - now, kOneDay)));
    wake.wait_for(lock, pause, [&] { return stopping || !people.empty() || !deliveries.empty(); });
  }
}

Engine::Engine(EngineCore& core, Clock& clock) : impl_(std::make_unique<Impl>(core, clock)) {}

Engine::~Engine() { stop(); }

void Engine::start() {
  impl_->thread = std::thread([this] { impl_->loop(); });
}

void Engine::stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->wake.notify_all();
  if (!impl_->thread.joinable()) return;
  impl_->thread.join();
  if (!impl_->dead) {
    if (const auto put = impl_->core.snapshot(true); !put)
      spdlog::warn("no snapshot at the end: {}", to_string(put.error()));
  }
}

void Engine::submit(Submission submission) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (!impl_->stopping && !impl_->dead) {
      (is_delivery(submission) ? impl_->deliveries : impl_->people).push_back(std::move(submission));
      impl_->wake.notify_one();
      return;
    }
  }
  Outcome outcome;
  outcome.refused =
      Error{"node.stopping", {"系统正在停止，请稍后再试", "Expected a running node, but it is stopping"}, {}};
  if (submission.done) submission.done(std::move(outcome));
}

void Engine::on_fatal(std::function<void(const Error&)> listener) { impl_->fatal = std::move(listener); }

void Engine::hold_erasures(bool held) { impl_->hold_wish = held ? 1 : 0; }

std::size_t Engine::queued() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->people.size() + impl_->deliveries.size();
}

bool Engine::disk_full() const { return impl_->full; }

}  // namespace tingan
