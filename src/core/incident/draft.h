// The work table of one decision: a copy of the state that every emitted event is applied to at once, so that what
// follows is decided against it. Pure: time and people come in with the context.
#pragma once
#include <vector>

#include "core/incident/evolve.h"
#include "core/roster/directory.h"
#include "core/roster/rights.h"

namespace tingan {

struct DecideContext {
  Instant now{};
  const Directory& directory;
  Who who;
  std::vector<IncidentPtr> related;   // children of a parent incident and what chains have started, for the gates
  Instant fire_upto = kNever;         // clocks due later than this wait for their own turn
  bool acceptance_reconciled = true;  // every order taken during the incident is accounted for
};

struct Decision {
  std::vector<IncidentEvent> events;  // empty: accepted, and nothing changed
  IncidentState state;                // the old state with the events applied
  Actor by;
};

class Draft {
 public:
  Draft(IncidentState state, const DecideContext& context, Actor by)
      : state_(std::move(state)), context_(context), by_(by) {}

  void emit(IncidentEvent event) {
    evolve(state_, event, context_.now, by_);
    events_.push_back(std::move(event));
  }

  const IncidentState& state() const { return state_; }
  const Plan& plan() const { return *state_.plan; }
  const DecideContext& context() const { return context_; }
  Instant now() const { return context_.now; }
  const Actor& by() const { return by_; }
  bool unchanged() const { return events_.empty(); }

  ValueId value(int fact) const { return state_.facts[static_cast<std::size_t>(fact)].value; }
  bool holds(const Condition& condition) const {
    return tingan::holds(condition, [this](int fact) { return value(fact); });
  }

  // People who got a notice in this decision already: one person, one notice, whatever number of roles.
  std::vector<std::pair<PersonId, std::uint32_t>> notices_now;
  // Notices that were repeated in this decision already: a notice that stands for two tellings rings once.
  std::vector<std::uint32_t> repeated_now;

  Decision finish() && { return {std::move(events_), std::move(state_), by_}; }

 private:
  IncidentState state_;
  const DecideContext& context_;
  Actor by_;
  std::vector<IncidentEvent> events_;
};

}  // namespace tingan
