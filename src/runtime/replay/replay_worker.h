// The driver on a thread of its own, and the destroyer of keys: what was erased in the log is erased on the disk, also
// what a crash left behind.
#pragma once
#include <memory>

#include "ports/clock.h"
#include "runtime/replay/replay_driver.h"

namespace tingan {

class ReplayWorker {
 public:
  struct Ports {
    const AcceptanceView& view;
    std::function<RegistryPtr()> registry;  // the durable one
    BackOffice& office;
    Sealer& sealer;
    KeyStore& keys;
    Clock& clock;
    std::function<void(Submission)> submit;  // Engine::submit
  };
  explicit ReplayWorker(Ports ports, ReplayLimits limits = {});
  ~ReplayWorker();

  void start();
  // The back office must not answer any more afterwards: destroy it first, or keep it until then.
  void stop();
  // For EngineCore::on_commit; returns at once.
  void on_commit(const Commit& commit);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The order as the back office gets it. Errors: `order.erased`, `seal.*`, `store.io`.
Expected<OrderToEnter> open_for_entry(const OrderState& order, Sealer& sealer);
// Destroys the keys of all that is erased, and what of it lies in files on the way to `office`; harmless where they are
// gone already. Errors: `store.*`.
Expected<void> erase_keys(const AcceptanceView& view, const Registry& registry, KeyStore& keys,
                          BackOffice* office = nullptr);
// "order:<id>".
std::string order_key(OrderId id);

}  // namespace tingan
