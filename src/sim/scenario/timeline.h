// What happened in a rehearsal, one entry a thing: a plan's move of five steps is five entries. Made from the engine's
// own records; what scenarios are judged by, what `rehearse` prints and what the console shows.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "codec/json_writer.h"
#include "runtime/engine.h"

namespace tingan::scenario {

struct Entry {
  Instant at{};
  UnitId unit;
  IncidentId incident;
  OrderId order;  // of emergency acceptance
  PlanId type;
  std::string
      name;  // the incident's name in the scenario; a chained one's is "<name>.<type>", a parent's "<name>.parent"
  std::string event;  // incident-declared, step-opened, told ...
  PartId part;        // step, escalation, script, prohibition, chain; or the kind of a report
  bool is_step = false;
  std::vector<ClauseId> clauses;
  std::vector<RoleId> to;  // who is told, or has to do it
  std::vector<PersonId> people;
  std::optional<Instant> due;  // a step's deadline; when a clock was to fire
  bool fires = false;          // a step, script, escalation or notice has become active
  Instant planned{};           // when that was due: the record's time, but for clocks
  Actor by;
  std::vector<FactSetting> facts;
  std::string code;  // of a refusal
  Text text;         // what happened, in a sentence
};

// Turns commits into entries and gives names to incidents that nobody named. One thread.
class Timeline {
 public:
  void name(IncidentId incident, std::string name) { names_[incident] = std::move(name); }
  void name(OrderId order, std::string name) { orders_[order] = std::move(name); }
  void forget(IncidentId incident) { names_.erase(incident); }
  void add(const Commit& commit);
  void add(Entry entry) { entries_.push_back(std::move(entry)); }
  const std::vector<Entry>& entries() const { return entries_; }
  const std::string& name_of(IncidentId incident) const;  // empty: none

 private:
  void name_newcomers(const Commit& commit);

  std::map<IncidentId, std::string> names_;
  std::map<OrderId, std::string> orders_;
  std::vector<Entry> entries_;
};

// {"t": seconds from `start`, "unit", "incident", "event", "clauses": [...], "step"?, "part"?, "to"?, "people"?,
// "due"?: seconds, "by"?, "facts"?, "code"?, "text": {zh, en}}
void write_entry(JsonWriter& out, const Entry& entry, Instant start);
// Seconds, with a fraction only where there is one.
void write_seconds(JsonWriter& out, Duration length);
void write_text(JsonWriter& out, const Text& text);

}  // namespace tingan::scenario
