// Who is signed in. A token is 256 random bits and leaves the node once; kept is its SHA-256 alone, so that neither a
// dump nor the file gives a way in. Times are unscaled.
#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

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
  Instant expires{};
};

struct NewSession {
  Session session;
  std::string token;
};

class Sessions {
 public:
  static constexpr Duration kLife = std::chrono::hours{12};
  static constexpr std::size_t kPerPersonMax = 50;  // one more ends the person's oldest

  // `file`: where sessions outlive a restart, so that nobody has to sign in again in the middle of an incident; empty:
  // in memory only. A file that cannot be read is taken as empty: people sign in again.
  Sessions(Random& random, std::string file, Instant now);

  NewSession create(PersonId person, Instant now);
  // nullopt: unknown or over.
  std::optional<Session> find(std::string_view token, Instant now);
  bool end(const std::string& id);
  // All of the person's but this one: after a new password.
  std::size_t end_others(PersonId person, const std::string& keep_id);
  std::size_t count();

 private:
  void load(Instant now);
  void save();  // with the lock held

  Random& random_;
  const std::string file_;
  std::mutex mutex_;
  std::unordered_map<std::string, Session> sessions_;
};

}  // namespace tingan::api
