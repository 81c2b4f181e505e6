// Who is signed in. A token is 256 random bits and leaves the node once; kept is its SHA-256 alone, so that neither a
// dump nor the file gives a way in. Times are unscaled.
#pragma once
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/ids.h"
#include "ports/random.h"

namespace tingan::api {

struct Session {
  std::string id;  // hex SHA-256 of the token
  PersonId person;
  std::string csrf;  // what a browser must send along with writes
  Instant made{};
  Instant used{};
  Instant confirmed{};     // when the password was last given
  std::string stamp;       // Registry::access_stamp under which it began: another one now, and it is over
  std::string next_stamp;  // under which it goes on: the password is being changed by this very session
  std::string from;        // masked address
  std::string device;      // "Chrome, Android"
};

// How long a session may lie unused, and how long it may last at all (docs/adr/0016-who-may-do-what.md).
struct SessionLife {
  Duration idle;
  Duration whole;
};
// Staff: a phone in the pocket must open at three in the morning without a password, and a shift lasts twelve hours.
inline constexpr SessionLife kStaffLife{std::chrono::hours{12}, std::chrono::hours{7 * 24}};
// Administrators and auditors sit at a desk and can do more harm.
inline constexpr SessionLife kTechnicalLife{std::chrono::minutes{30}, std::chrono::hours{12}};
// After the password so long nobody is asked for it again.
inline constexpr Duration kConfirmedFor = std::chrono::minutes{5};

inline Instant idle_end(const Session& session, const SessionLife& life) { return session.used + life.idle; }
inline Instant end_of(const Session& session, const SessionLife& life) { return session.made + life.whole; }
inline bool is_over(const Session& session, const SessionLife& life, Instant now) {
  return idle_end(session, life) <= now || end_of(session, life) <= now;
}
// What a list shows in place of the id: leads to no token.
std::string public_id(const Session& session);

struct NewSession {
  Session session;
  std::string token;
};

class Sessions {
 public:
  static constexpr std::size_t kPerPersonMax = 50;  // one more ends the person's oldest

  // `file`: where sessions outlive a restart, so that nobody has to sign in again in the middle of an incident; empty:
  // in memory only. A file that cannot be read is taken as empty: people sign in again.
  Sessions(Random& random, std::string file, Instant now);

  // `fresh`: person, stamp, from and device. The ids that had to give way go to `ended`.
  NewSession create(Session fresh, Instant now, std::vector<std::string>& ended);
  // nullopt: unknown, or older than any session may be. Whether it is still in force is for the caller (is_over, the
  // stamp).
  std::optional<Session> find(std::string_view token, Instant now);
  std::optional<Session> by_id(const std::string& id);
  // It is being used; kept on disk only now and then.
  void touch(const std::string& id, Instant now);
  void confirm(const std::string& id, Instant now);
  // A new password is about to be set by this session, which goes on under the stamp that it will bring.
  void expect_stamp(const std::string& id, const std::string& now_in_force, const std::string& then);
  bool end(const std::string& id);
  std::vector<Session> of(PersonId person);
  // Ends those; gives them back.
  std::vector<Session> end_where(const std::function<bool(const Session&)>& over);
  std::size_t count();
  // Writes what was only touched; cheap when nothing was.
  void flush();

 private:
  void load(Instant now);
  void save();  // with the lock held

  Random& random_;
  const std::string file_;
  std::mutex mutex_;
  std::unordered_map<std::string, Session> sessions_;
  bool touched_ = false;
};

}  // namespace tingan::api
