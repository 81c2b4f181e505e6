// A wish of a client that can be sent again: what it says stays the same, what the node makes of it (ids, envelopes) is
// made afresh each time it arrives, as the API does.
#pragma once
#include <functional>
#include <string>

#include "runtime/engine.h"
#include "sim/seeded_random.h"

namespace tingan::sim {

// What the node offers while it takes a request in.
struct Intake {
  Sealer& sealer;
  SeededRandom& random;
  Instant now;
};

struct Request {
  std::string token;  // says which request a record came from; sealed into its text
  std::string what;   // for people
  PersonId person;
  UnitId unit;
  IncidentId incident;
  OrderId order;
  bool keyed = true;
  std::function<decltype(Submission::command)(const Intake&)> command;
  std::function<std::string(const Outcome&)> render;  // the body where it is taken; empty: the record
};

// All free text carries this: it must never be readable in the log.
constexpr const char* kPrivateMark = "张建国 13900001234";

// Sealed under the incident's key, carrying the request's token.
Sealed private_text(const Intake& intake, IncidentId incident, const std::string& token);

// As the node takes it in.
Submission to_submission(const Request& request, const Intake& intake);

// The rendered answer says whether it was taken and what was written for it.
struct Answered {
  bool accepted = false;
  std::uint64_t gseq = 0;
  std::string code;
};
Answered read_answer(const Answer& answer);

}  // namespace tingan::sim
