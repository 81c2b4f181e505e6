#include "runtime/replay/replay_worker.h"

#include <spdlog/spdlog.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/acceptance/decide.h"

namespace tingan {

std::string order_key(OrderId id) { return "order:" + to_string(id); }

Expected<OrderToEnter> open_for_entry(const OrderState& order, Sealer& sealer) {
  auto opened = sealer.open(order.personal);
  if (!opened) return tl::unexpected(opened.error());
  if (order.erased || !*opened) {
    return fail("order.erased", {"客户资料已删除", "Expected an order with its data, but it was erased"});
  }
  return OrderToEnter{order.id,       to_string(order.id), order_number(order.unit, order.number),
                      order.unit,     order.business,      order.connector,
                      order.taken_at, order.amount_fen,    std::move(**opened)};
}

Expected<void> erase_keys(const AcceptanceView& view, KeyStore& keys) {
  for (const UnitId unit : view.halls()) {
    for (const OrderPtr& order : view.of_unit(unit)) {
      if (!order->erased) continue;
      if (auto gone = keys.destroy(order_key(order->id)); !gone) return gone;
    }
  }
  return {};
}

struct ReplayWorker::Impl {
  Impl(Ports p, ReplayLimits limits)
      : ports(std::move(p)),
        driver(ports.view, ports.office,
               {[this](Submission submission) { ports.submit(std::move(submission)); },
                [this](const OrderState& order) { return open_for_entry(order, ports.sealer); },
                [this](OrderId id, const std::string& reason) { return ports.sealer.seal(order_key(id), reason); },
                [this](std::function<void(Instant)> task) { post(std::move(task)); }},
               limits) {}

  void post(std::function<void(Instant)> task) {
    const std::lock_guard lock(mutex);
    tasks.push_back(std::move(task));
    wake.notify_one();
  }

  void loop() {
    // At most this long asleep: a virtual clock may jump.
    constexpr std::chrono::nanoseconds kLongestSleep = std::chrono::milliseconds{500};
    if (const auto gone = erase_keys(ports.view, ports.keys); !gone) {
      spdlog::error("keys of erased orders could not be destroyed now: {}", to_string(gone.error()));
    }
    std::unique_lock lock(mutex);
    while (!stopping) {
      std::deque<std::function<void(Instant)>> now_tasks;
      now_tasks.swap(tasks);
      std::vector<OrderId> now_erased;
      now_erased.swap(erased);
      lock.unlock();
      for (auto& task : now_tasks) task(ports.clock.now());
      for (const OrderId id : now_erased) destroy(id);
      const Instant now = ports.clock.now();
      const Instant next = driver.step(now);
      lock.lock();
      if (!tasks.empty() || stopping) continue;
      const auto pause = next == kNever
                             ? kLongestSleep
                             : std::min(kLongestSleep, ports.clock.real_length(std::max(Duration{1}, next - now)));
      wake.wait_for(lock, pause);
    }
  }

  void destroy(OrderId id) {
    if (const auto gone = ports.keys.destroy(order_key(id)); !gone) {
      spdlog::error("the key of an erased order could not be destroyed now: {}", to_string(gone.error()));
      const std::lock_guard lock(mutex);
      erased.push_back(id);
    }
  }

  Ports ports;
  ReplayDriver driver;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void(Instant)>> tasks;
  std::vector<OrderId> erased;
  bool stopping = false;
  std::thread thread;
};

ReplayWorker::ReplayWorker(Ports ports, ReplayLimits limits)
    : impl_(std::make_unique<Impl>(std::move(ports), limits)) {}

ReplayWorker::~ReplayWorker() { stop(); }

void ReplayWorker::start() {
  impl_->thread = std::thread([this] { impl_->loop(); });
}

void ReplayWorker::stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->wake.notify_all();
  if (impl_->thread.joinable()) impl_->thread.join();
}

void ReplayWorker::on_commit(const Commit& commit) {
  bool any = false;
  const std::lock_guard lock(impl_->mutex);
  for (const CommittedRecord& record : commit.records) {
    for (const OrderPtr& order : record.acceptance.orders) {
      any = true;
      if (order->erased) impl_->erased.push_back(order->id);
    }
    any = any || record.acceptance.hall != nullptr;
  }
  if (any) impl_->wake.notify_one();
}

}  // namespace tingan
