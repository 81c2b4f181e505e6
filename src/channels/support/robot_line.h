// The line to one group robot: keeps the robot's paces, posts JSON, reads the answer. Any thread.
#pragma once
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/rate_window.h"
#include "channels/support/outcome.h"
#include "channels/support/wording.h"
#include "net/client.h"
#include "ports/clock.h"
#include "ports/sender.h"

namespace tingan::channels {

// How a robot answers: which field of its JSON is the number, which the words, and what the numbers mean. Static data.
struct RobotDialect {
  std::string_view number_field;
  std::string_view words_field;
  std::span<const KnownCode> known;
};

class RobotLine {
 public:
  // `clock` is the wall time, unscaled: it is what the robot measures by and what signatures carry.
  RobotLine(net::HttpClient& http, Clock& clock, std::vector<Pace> paces, RobotDialect dialect);

  const std::vector<Pace>& paces() const { return paces_; }
  Instant now() { return clock_.now(); }
  // Takes a place in every window, or says how long until there is one.
  Duration enter();
  // `url` may hold secrets and goes nowhere but onto the wire.
  void post(std::string url, std::string body, Sender::Done done);

 private:
  net::HttpClient& http_;
  Clock& clock_;
  const std::vector<Pace> paces_;
  const RobotDialect dialect_;
  std::mutex mutex_;
  std::vector<RateWindow> windows_;
};

// A limit on the whole request: gives the text less room until `body_of(text_of(room))` has at most `most` bytes.
template <class TextOf, class BodyOf>
std::string fitting_body(const TextOf& text_of, std::size_t most, const BodyOf& body_of) {
  std::string text = text_of(most);
  std::string body = body_of(text);
  // What is over in the body is at least as much over in the text, for JSON only ever lengthens; a few rounds do.
  while (body.size() > most && !text.empty()) {
    const std::size_t over = body.size() - most;
    text = text.size() > over ? text_of(text.size() - over) : std::string();
    body = body_of(text);
  }
  return body;
}

// The secret of a channel, in lines: what names the robot (where the address in the organisation file leaves it out)
// and what signs.
struct RobotSecret {
  std::string token;
  std::string signing;
};
// One line is the signing secret where `token_in_url`, else the token; two lines are token and signing secret.
RobotSecret parse_robot_secret(std::string_view secret, bool token_in_url);

}  // namespace tingan::channels
