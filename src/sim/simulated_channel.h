// The way of notices to people: slow, failing, gone at every crash. What was not sent is found again in the state; a
// message may reach a person twice, a notice is recorded as sent once.
#pragma once
#include <functional>

#include "runtime/engine.h"
#include "sim/agenda.h"
#include "sim/faults.h"

namespace tingan::sim {

class SimulatedChannel {
 public:
  struct Hooks {
    std::function<void(Submission)> report;                              // to the node
    std::function<void(IncidentId, std::uint32_t notice)> person_reads;  // in the person's hand
  };
  SimulatedChannel(Agenda& agenda, const Faults& faults, SeededRandom random, Hooks hooks)
      : agenda_(agenda), faults_(faults), random_(random), hooks_(std::move(hooks)) {}

  // The node came back: what it still has to send is in its state.
  void start(EngineCore& core);
  // The node went down; what was on its way inside it is forgotten.
  void stop() { ++life_; }
  std::size_t messages() const { return messages_; }

 private:
  void send_waiting(const IncidentState& state);
  void take(const Commit& commit);
  void send(IncidentId incident, std::uint32_t notice, int tries);
  void report(IncidentId incident, std::uint32_t notice, Rung rung);

  Agenda& agenda_;
  const Faults& faults_;
  SeededRandom random_;
  Hooks hooks_;
  std::uint64_t life_ = 0;
  std::size_t messages_ = 0;
};

}  // namespace tingan::sim
