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
  // Only where the sender speaks to a group: who else is told by this one message. For them `lines` say whose each is.
  std::vector<Recipient> others;
};

// `recoverable`: try again later (with `retry_after` where the other side asks for it); otherwise it goes to the dead
// letters. `whole_channel`: it is not this notice that is in trouble but the way itself (nobody listens, too many
// messages): the others had better wait, too.
struct SendResult {
  bool ok = false;
  bool delivered = false;  // the other side confirms that it reached the person, not only that it took it
  bool recoverable = false;
  bool whole_channel = false;
  Error error;  // when not ok
  std::optional<Duration> retry_after;
};

// At most `messages` in any span of this length.
struct Pace {
  int messages = 0;
  Duration per{};
};

class Sender {
 public:
  using Done = std::function<void(SendResult)>;
  virtual ~Sender() = default;
  // What the other side allows; all must be kept. Empty: as fast as it goes. A sender keeps them by itself, too: what
  // is too fast is refused as recoverable with the code `channel.paced`, without a word to the other side.
  virtual std::vector<Pace> paces() const { return {}; }
  // One message reaches everybody (a group chat): notices of one moment go as one.
  virtual bool speaks_to_group() const { return false; }
  // There is a way to this person here (a mail address, where it is mail).
  virtual bool reaches(const Recipient&) const { return true; }
  // Asynchronous; `done` is called exactly once, from any thread, also when the sender is being destroyed.
  virtual void send(const OutgoingNotice& notice, Done done) = 0;
};

}  // namespace tingan
