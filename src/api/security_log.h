// What touches security, on its way into the log of its own (kSecurityLog): sign-ins, refusals, looks, exports, changes
// of rights. Notes wait in memory for a moment and become one record; the same thing said again meanwhile is counted,
// not written again. A flood neither fills the disk nor slows a command: what is kept waiting is bounded, and one
// record is under way at a time.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "ports/clock.h"
#include "runtime/engine.h"

namespace tingan::api {

class SecurityLog {
 public:
  // `every`: how long notes wait for company; zero: until somebody asks (tests).
  SecurityLog(std::function<void(Submission)> submit, Clock& clock, Duration every);
  ~SecurityLog();  // stop()
  SecurityLog(const SecurityLog&) = delete;
  SecurityLog& operator=(const SecurityLog&) = delete;

  // Any thread; returns at once. Its times and, where it is new, its count are set here.
  void note(SecurityNote note);
  // Everything that waits becomes durable, then `done`; at once where nothing waits.
  void flush(std::function<void()> done);
  // Hands over what waits; no more is taken. Before the engine stops.
  void stop();

  static constexpr std::size_t kWaitingMax = 512;   // different notes; beyond, one note counts the rest of a kind
  static constexpr std::size_t kAddressesMax = 64;  // of one kind at once; beyond: "many"
  static constexpr Duration kFold{60'000};          // what comes by the thousand is written once in so long

 private:
  using Key = std::tuple<std::string, PersonId, std::string, std::string, std::string>;
  static Key key_of(const SecurityNote& note);

  void run();
  void add(SecurityNote note);                            // with the lock held
  std::vector<SecurityNote> take(bool all, Instant now);  // with the lock held
  void send(std::vector<SecurityNote> notes, std::function<void()> done);
  bool has_due(Instant now) const;  // with the lock held

  std::function<void(Submission)> submit_;
  Clock& clock_;
  const Duration every_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<Key, SecurityNote> waiting_;
  std::map<std::string, std::size_t> of_kind_;  // different notes of a kind that wait
  std::map<Key, Instant> written_;              // what is folded, and when it was last written
  bool under_way_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

// "192.0.2.*", "2001:db8:1::*", "loopback": enough to tell one network from another.
std::string mask_address(std::string_view peer);

}  // namespace tingan::api
