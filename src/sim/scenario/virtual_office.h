// The reference back office on a rehearsal's virtual clock: what is asked of it is on its way for a while, and what
// does not come back in time is an unknown outcome.
#pragma once
#include <map>

#include "sim/reference_back_office.h"

namespace tingan::scenario {

class VirtualOffice final : public BackOffice {
 public:
  explicit VirtualOffice(std::uint64_t seed) : dice_(seed) {}

  // It is there under every connector's name.
  bool knows(const std::string& connector) const override { return !connector.empty(); }
  bool can_ask(const std::string&) const override { return can_ask_; }
  void send(const OrderToEnter& order, Done done) override;
  void ask(const OrderToEnter& order, Done done) override;

  void become(sim::OfficeTemper temper, bool can_ask);
  const sim::OfficeTemper& temper() const { return model_.temper(); }
  bool can_be_asked() const { return can_ask_; }
  // How often it has the order.
  int times(OrderId order) const { return model_.times(to_string(order)); }

  // Something happens at this time; kNever: nothing is on its way.
  Instant next() const { return on_its_way_.empty() ? kNever : on_its_way_.begin()->first; }
  // It is `now`; everything until then has happened.
  void advance(Instant now);
  // The node has gone: what is on its way there still arrives, what comes back reaches nobody.
  void hang_up() { ++call_; }

 private:
  using Answers = std::function<sim::OfficeAnswer(Instant)>;
  void request(Answers answers, Done done);
  void put(Instant at, std::function<void()> what) { on_its_way_.emplace(at, std::move(what)); }

  sim::SeededRandom dice_;
  sim::ReferenceBackOffice model_;
  bool can_ask_ = true;
  Instant now_{};
  std::uint64_t call_ = 0;
  std::multimap<Instant, std::function<void()>> on_its_way_;
};

}  // namespace tingan::scenario
