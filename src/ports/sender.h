// One way of reaching people or things outside the program. One implementation a kind, in channels/.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "model/ids.h"

namespace tingan {

struct Recipient {
  PersonId person;
  std::string name;
  std::string phone;
  std::string email;
};

// What goes out: one notice, in words. Personal data only where the channel needs it to reach the person.
struct OutgoingNotice {
  std::string id;  // "<incident>.<n>": the receiver's key against duplicates
  int round = 0;   // 0 the first time; each repeat counts one
  IncidentId incident;
  UnitId unit;
  Text unit_name;
  Text incident_title;
  bool drill = false;
  bool silent = false;
  std::string severity;     // danger, major, minor
  Text headline;            // one line: what happened, where, and what to do
  std::vector<Text> lines;  // the steps or words, most urgent first
  std::vector<std::string> clauses;
  Instant queued{};
  std::optional<Instant> due;  // the earliest deadline among them
  std::string link;            // path in the console, "/incidents/<id>"
  RoleId role;
  Recipient to;
};

// `recoverable`: try again later (with `retry_after` where the other side asks for it); otherwise it goes to the dead
// letters.
struct SendResult {
  bool ok = false;
  bool delivered = false;  // the other side confirms that it reached the person, not only that it took it
  bool recoverable = false;
  Error error;  // when not ok
  std::optional<Duration> retry_after;
};

class Sender {
 public:
  using Done = std::function<void(SendResult)>;
  virtual ~Sender() = default;
  // Asynchronous; `done` is called exactly once, from any thread, also when the sender is being destroyed.
  virtual void send(const OutgoingNotice& notice, Done done) = 0;
};

}  // namespace tingan
