// A rehearsal without a script: a plan, a unit, an hour and a few facts; what happens in the next hours, who is called
// when, and where nobody is. For the console's "Rehearse" page: no file I/O, milliseconds, nothing of it reaches the
// node's own log.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "sim/scenario/timeline.h"
#include "sim/scenario/virtual_node.h"

namespace tingan::scenario {

// Something that is stated on the way.
struct LaterFacts {
  Duration at{};  // from the start
  std::vector<FactSetting> set;
};

struct RehearsalRequest {
  PlanId type;
  UnitId unit;
  Instant start{};
  Duration length = std::chrono::hours{3};  // at most 48 hours
  std::vector<FactSetting> facts;           // known at the declare
  std::vector<LaterFacts> later;            // in any order
  bool drill = false;
};

struct Call {
  Instant at{};
  PersonId person;
  std::vector<RoleId> roles;  // as what
  std::string event;          // told, told-again
  PartId part;
  std::vector<ClauseId> clauses;
  Text text;
};

struct Rehearsal {
  std::vector<Entry> entries;
  std::vector<Call> calls;    // who is called when, in order of time
  std::vector<Entry> nobody;  // where nobody was found
};

// What a node has now (its organisation and its plans in force) as a setting. `candidate`, where there is one, replaces
// the plan of its own type: a plan is tried before it is published. Personal details are not taken along.
Setting setting_of(const Registry& registry, const PlanText* candidate = nullptr);

// Errors: `rehearsal.too-long`, `rehearsal.too-early`, `unit.unknown`, and every refusal of the declare or of a fact,
// with its own code.
Expected<Rehearsal> rehearse(const Prepared& prepared, const RehearsalRequest& request);

}  // namespace tingan::scenario
