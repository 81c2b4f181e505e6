// The business system and the way there. Requests are slow, lost, doubled, late; it is busy; it goes down with what it
// was working on. What stands in its books stays.
#pragma once
#include "model/acceptance_state.h"
#include "sim/agenda.h"
#include "sim/reference_back_office.h"

namespace tingan::sim {

// How the other side is in one course. Rates are per mille.
struct OfficeWays {
  bool can_ask = true;
  bool heeds_keys = false;  // false: whatever comes twice is entered twice
  int lose_request = 0;
  int lose_answer = 0;
  int busy = 0;
  int pending = 0;  // it has it, and says that it decides later
  int refuse = 0;   // of all keys, for good; also when all is healed
  int per_second = 0;
  int double_request = 0;  // the network brings it twice: only where keys are heeded, nobody else could bear it
  int late = 0;            // it arrives after its sender has given up: likewise
  int crash = 0;           // at each request that arrives
  Duration slow_most{0};

  static OfficeWays draw(SeededRandom& random);
};

class OfficeLine final : public BackOffice {
 public:
  // Sees every request as it leaves the node, and every answer that the node hears.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    virtual void leaves(const std::string& key, bool question) = 0;
    virtual void heard(const std::string& key, bool question, const EntryResult& result) = 0;
  };

  OfficeLine(Agenda& agenda, SeededRandom random, OfficeWays ways, Watcher& watcher);

  bool knows(const std::string& connector) const override { return connector == "billing"; }
  bool can_ask(const std::string&) const override { return ways_.can_ask; }
  void send(const OrderToEnter& order, Done done) override;
  void ask(const OrderToEnter& order, Done done) override;

  // The node is gone, with all that waited for an answer.
  void hang_up() { ++call_; }
  void heal();
  // A person looks, and types in what is not there. Returns the reference.
  std::string type_in(const OrderState& order);
  const OfficeEntry* find(const std::string& key) const;
  const ReferenceBackOffice& office() const { return model_; }
  const OfficeWays& ways() const { return ways_; }

 private:
  using Work = std::function<OfficeAnswer(Instant)>;
  void request(const std::string& key, bool question, Work work, Done done);
  void arrive(const Work& work, const Done& answer);
  Instant now() const { return Instant{agenda_.now()}; }

  Agenda& agenda_;
  SeededRandom random_;
  OfficeWays ways_;
  Watcher& watcher_;
  ReferenceBackOffice model_;
  std::uint64_t call_ = 0;
  Duration down_until_{};
};

}  // namespace tingan::sim
