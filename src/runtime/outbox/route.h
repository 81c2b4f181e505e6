// Stage one: what a commit wants told, and which channels take it (docs/formats/channels.md, "What goes where"). Pure.
#pragma once
#include <unordered_map>
#include <vector>

#include "runtime/engine.h"
#include "runtime/outbox/message.h"

namespace tingan::outbox {

struct PersonTold {
  Piece piece;
  std::vector<RoleId> roles;    // every role that it is told to, those that stand in included
  std::vector<ChannelId> done;  // channels that have had it already
};

// The people to be told of one incident, suspicion or promise at one moment.
struct Moment {
  IncidentId about;
  bool suspicion = false;
  bool promise = false;  // of the order with the id `about`
  UnitId unit;
  bool drill = false;
  Severity severity = Severity::major;
  std::vector<PersonTold> people;
  bool in_cover = false;                   // of what the hall is shown after a stand-down under duress
  bool covered = false;                    // of what runs on behind it
  std::shared_ptr<const RosterNews> news;  // a change of duty, told to one person
};

// Which round of the notice this is. Roles of one rhythm repeat as one; other rhythms add up, so that no two messages
// of one notice ever have the same number.
int round_of(const IncidentState& state, std::uint32_t n);

// What this record wants told; nothing for most records.
std::vector<Moment> moments_of(const CommittedRecord& record, const Registry& registry);

// What a node that starts must still tell of an incident: first messages that not every channel has had, and repeats
// that are in doubt (their telling goes on, and nobody has acknowledged). Empty `people`: nothing.
Moment unfinished(const IncidentState& state);
Moment unfinished(const Suspicion& suspicion, const Registry& registry);

// The organisation's channels by unit. Positions are those of Organisation::channels.
class Routes {
 public:
  explicit Routes(const Organisation& organisation);
  // Channels that take something of this unit.
  const std::vector<std::size_t>& of_unit(UnitId unit) const;
  // The channel's roles take one of these. A notice to `staff` counts for every hall role.
  static bool takes(const ChannelConfig& channel, const std::vector<RoleId>& roles);

 private:
  std::vector<std::size_t> everywhere_;
  std::unordered_map<UnitId, std::vector<std::size_t>> by_unit_;
};

}  // namespace tingan::outbox
