// A scenario as it stands in its file: what people do, and what must then be so.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/incident_state.h"
#include "sim/scenario/acceptance_act.h"

namespace tingan::scenario {

// A role, and where it must be another than the incident's own, the unit ("clerk@hall-b").
struct By {
  RoleId role;
  UnitId unit;  // empty: where the role lives for this incident
};

// A change of who is on duty.
struct RosterAct {
  enum class Kind { handover, away, here, stand_in };
  Kind kind = Kind::handover;
  UnitId unit;
  RoleId role;         // of whom: whoever the roster has for it then
  RoleId to;           // handover, stand_in: whoever holds this role
  Duration in{};       // stand_in: begins that much later
  Duration length{0};  // 0: to the end of the shift (stand_in: eight hours)
};

struct Action {
  enum class Kind {
    declare,
    fact,
    done,
    started,
    skip,
    ack,
    close,
    reopen,
    retract,
    report,
    progress,
    restart,
    record,
    acceptance,
    roster
  };

  Kind kind = Kind::declare;
  int line = 0;
  std::string incident;  // name of the incident; of a declare the name that it gets
  std::optional<By> by;
  UnitId unit;                   // declare
  PlanId type;                   // declare
  std::vector<FactSetting> set;  // declare, fact
  bool drill = false;            // declare
  bool duress = false;           // fact, retract: with the word that is said under threat
  ClauseId clause;               // done, started, skip, ack: this or ...
  PartId step;                   // ... this
  std::string words;             // reason, note or progress
  std::string report;            // kind
  FormId form;                   // record
  Duration down{};               // restart
  AcceptanceAct acceptance;      // acceptance: orders, numbers, the back office
  RosterAct roster;              // roster: who is on duty
};

struct Expect {
  int line = 0;
  std::string incident;  // empty: that of the action beside it
  ClauseId clause;
  PartId step;
  std::optional<bool> fired;
  std::optional<Duration> at;  // counted from the start
  std::vector<RoleId> to;
  std::optional<bool> some_people;
  std::optional<bool> open;
  std::optional<bool> silent;
  std::optional<bool> drill;
  std::optional<bool> prohibited;
  std::optional<bool> rejected;
  std::string code;
  std::optional<IncidentStatus> state;
  PlanId chained;
  std::vector<PartId> gates;  // that the refusal of the close beside it names, and no others
  std::optional<OrderDemand> order;
  std::optional<HallDemand> reconciliation;

  // The action beside it must be refused.
  bool wants_refusal() const { return rejected.value_or(!code.empty() || !gates.empty()); }
  // Something about an incident, not only about the action.
  bool looks_at_incident() const;
};

struct Line {
  int line = 0;
  Duration at{};
  std::optional<Action> action;
  std::optional<Expect> expect;
};

struct Scenario {
  std::string file;
  std::string title;
  std::vector<ClauseId> clauses;  // that it is a proof of
  Instant start{};
  std::vector<Line> script;
};

}  // namespace tingan::scenario
