// The outbox on a thread of its own: what a node runs to carry notices out (docs/formats/channels.md).
//
// Wiring, in this order:
//   Outbox outbox({core.view(), engine, wall_clock, random, factory});
//   core.on_commit([&](const Commit& commit) { outbox.on_commit(commit); });   // with the others, before the engine
//   runs outbox.start();                                                            // before engine.start()
//   ... api options' more_metrics: append outbox.metrics()
//   outbox.stop();                                                             // before engine.stop(), for its reports
// `factory` closes over secrets, HTTP client and wall clock; they must outlive the outbox.
#pragma once
#include <memory>
#include <string>

#include "ports/clock.h"
#include "runtime/outbox/outbox_core.h"

namespace tingan {

struct OutboxPorts {
  const View& view;
  Engine& engine;
  Clock& wall_clock;  // never scaled: retries and the other side's limits are about real time
  Random& random;
  SenderFactory factory;
  outbox::PromiseLedger* ledger = nullptr;  // what was told of promises; outlives the outbox
};

class Outbox {
 public:
  explicit Outbox(OutboxPorts ports);
  ~Outbox();  // stop()
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // Looks for what the last run left unsent, then sends. The engine may still be standing.
  void start();
  // Nothing leaves any more; what is on its way is not waited for, and is sent again by the next start unless its
  // answer was written. A second call does nothing.
  void stop();
  // Engine's thread; returns at once.
  void on_commit(const Commit& commit);
  // Prometheus text: messages by channel and outcome, what waits, broken channels. Any thread.
  std::string metrics() const;
  // By channel, as of the last round of the thread. Any thread.
  std::map<ChannelId, OutboxCore::Counts> counts() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // late answers of senders hold it weakly
};

}  // namespace tingan
