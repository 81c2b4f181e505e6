// What people hear of changes to who is on duty: whoever is replaced, whoever takes over, whoever somebody else says is
// not here. No ladder in the log; what was told stands in the ledger beside it (promises.h).
#pragma once
#include <optional>
#include <vector>

#include "core/roster/directory.h"
#include "runtime/outbox/compose.h"
#include "runtime/outbox/route.h"

namespace tingan::outbox {

enum class RosterNewsKind : std::uint8_t {
  given = 1,
  taken,
  given_undone,
  taken_undone,
  stood_in_for,
  stands_in,
  away
};

// One change, as one person hears it.
struct RosterNews {
  RosterNewsKind kind = RosterNewsKind::given;
  IncidentId about;  // the handover's id, or one made of what happened
  UnitId unit;
  RoleId role;      // of a handover
  PersonId person;  // who is told
  PersonId other;   // who is in that person's place, or in whose place the person is
  Actor by;
  Instant at{};
  Instant from{};
  Instant until{};
};

// Of changes that are news to somebody: not to who made them, but always to who gave a role away (it may have been
// done from a screen left open).
std::vector<RosterNews> news_of(const Handover& handover);
std::vector<RosterNews> news_of(const StandIn& stand_in, UnitId unit);
std::vector<RosterNews> news_of(const Presence& presence, UnitId unit);

Moment moment_of(const RosterNews& news, const Directory& directory);
// What a node that starts may still have to tell.
std::vector<Moment> unfinished_roster(const Directory& directory, Instant now);

// One piece of news, told to its person by one channel.
std::string news_key(const RosterNews& news, ChannelId channel);
// nullopt: nothing for this channel (a screen in the hall).
std::optional<OutgoingNotice> compose(const Message& message, const RosterNews& news, const Directory& directory,
                                      const Audience& audience, std::vector<Piece>& told);

}  // namespace tingan::outbox
