// What waits in the outbox: who is to be told of what, not the words. The words are made when it leaves.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "base/time.h"
#include "model/ids.h"
#include "model/plan.h"

namespace tingan::outbox {

struct RosterNews;  // roster_news.h

// One person's notice in one of its rounds.
struct Piece {
  std::uint32_t n =
      0;          // of the incident; of a suspicion the place in its list of people, from 1; of a promise the stage
  int round = 0;  // 0 the first time
  PersonId person;
  RoleId role;  // what the person is told as
};

// One message to be, on one channel.
struct Message {
  std::uint64_t ticket = 0;  // given by the queue; also the order of arrival
  IncidentId about;
  bool suspicion = false;                  // `about` names one, not an incident
  bool promise = false;                    // `about` names the order whose promise it is, not an incident
  std::shared_ptr<const RosterNews> news;  // a change of duty: `about` names that
  PersonId person;                         // empty: a group's, for all people in it
  std::vector<Piece> pieces;
  bool drill = false;
  bool hidden = false;  // runs in silence or on behind a cover: in none of the figures
  Severity severity = Severity::major;
  Instant since{};  // wall time at which it came here
  int tries = 0;
  Instant first_try = kNever;
  Instant not_before{};
  bool probe = false;      // sent alone, to feel whether the channel is back
  std::string last_error;  // code of the last failure

  bool repeat() const {
    return std::all_of(pieces.begin(), pieces.end(), [](const Piece& piece) { return piece.round > 0; });
  }
};

}  // namespace tingan::outbox
