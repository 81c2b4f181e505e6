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

Expected<void> erase_keys(const AcceptanceView& view, const Registry& registry, KeyStore& keys, BackOffice* office) {
  for (const std::string& name : registry.erased()) {
    if (auto gone = keys.destroy(name); !gone) return gone;
  }
  for (const UnitId unit : view.halls()) {
    for (const OrderPtr& order : view.of_unit(unit)) {
      if (!order->erased) continue;
      const std::string name = order_key(order->id);
      const auto left = keys.get(name);
      if (!left) return tl::unexpected(left.error());
      // The key goes last: as long as it is there, what lies elsewhere may be there, too.
      const bool forgotten =
          !*left || office == nullptr || office->forget(to_string(order->id), order_number(unit, order->number));
      if (!forgotten) continue;
      if (auto gone = keys.destroy(name); !gone) return gone;
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
    if (const auto gone = erase_keys(ports.view, *ports.registry(), ports.keys, &ports.office); !gone) {
      spdlog::error("keys of erased orders could not be destroyed now: {}", to_string(gone.error()));
    }
    std::unique_lock lock(mutex);
    while (!stopping) {
      std::deque<std::function<void(Instant)>> now_tasks;
      now_tasks.swap(tasks);
      std::vector<Erased> now_erased;
      now_erased.swap(erased);
      lock.unlock();
      for (auto& task : now_tasks) task(ports.clock.now());
      for (const Erased& one : now_erased) destroy(one);
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

  struct Erased {
    std::string key;     // its name
    std::string order;   // empty: no order
    std::string number;  // "hall-a-000123"
  };

  void destroy(const Erased& one) {
    const bool forgotten = one.order.empty() || ports.office.forget(one.order, one.number);
    const auto gone = forgotten ? ports.keys.destroy(one.key) : Expected<void>();
    if (forgotten && gone) return;
    spdlog::error("what was erased could not be destroyed now: {}", gone ? "a batch file" : to_string(gone.error()));
    const std::lock_guard lock(mutex);
    erased.push_back(one);
  }

  Ports ports;
  ReplayDriver driver;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void(Instant)>> tasks;
  std::vector<Erased> erased;
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
  bool any_news = false;
  const std::lock_guard lock(impl_->mutex);
  for (const CommittedRecord& record : commit.records) {
    for (const OrderPtr& order : record.acceptance.orders) {
      any_news = true;
      if (order->erased) {
        impl_->erased.push_back({order_key(order->id), to_string(order->id), order_number(order->unit, order->number)});
      }
    }
    for (const AnyEvent& any : record.record->events) {
      const auto* event = std::get_if<UnitEvent>(&any);
      const auto* gone = event == nullptr ? nullptr : std::get_if<DataErased>(event);
      if (gone == nullptr) continue;
      any_news = true;
      impl_->erased.push_back({key_of(*gone), {}, {}});
    }
    any_news = any_news || record.acceptance.hall != nullptr;
  }
  if (any_news) impl_->wake.notify_one();
}

}  // namespace tingan
