#include "api/sessions.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <vector>

#include "api/encoding.h"
#include "codec/record_json.h"

namespace tingan::api {
namespace {

std::string random_text(Random& random) {
  std::array<std::uint8_t, 32> bytes{};
  random.fill(bytes);
  return base64url(bytes);
}

// Private to the node's user; replaced in one step, so that a crash leaves the old file or the new one.
bool write_private(const std::string& file, const std::string& content) {
  const std::string fresh = file + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t n = ::write(fd, content.data() + done, content.size() - done);
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  ::close(fd);
  return done == content.size() && std::rename(fresh.c_str(), file.c_str()) == 0;
}

}  // namespace

Sessions::Sessions(Random& random, std::string file, Instant now) : random_(random), file_(std::move(file)) {
  if (!file_.empty()) load(now);
}

NewSession Sessions::create(PersonId person, Instant now) {
  NewSession fresh;
  fresh.token = random_text(random_);
  fresh.session = {.id = to_hex(sha256(fresh.token)),
                   .person = person,
                   .csrf = random_text(random_),
                   .made = now,
                   .expires = now + kLife};
  const std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.expires <= now; });
  const Session* oldest = nullptr;
  std::size_t own = 0;
  for (const auto& [id, session] : sessions_) {
    if (session.person != person) continue;
    ++own;
    if (oldest == nullptr || session.made < oldest->made) oldest = &session;
  }
  if (own >= kPerPersonMax) sessions_.erase(std::string(oldest->id));
  sessions_[fresh.session.id] = fresh.session;
  save();
  return fresh;
}

std::optional<Session> Sessions::find(std::string_view token, Instant now) {
  const std::string id = to_hex(sha256(token));
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || found->second.expires <= now) return std::nullopt;
  return found->second;
}

bool Sessions::end(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const bool known = sessions_.erase(id) > 0;
  if (known) save();
  return known;
}

std::size_t Sessions::end_others(PersonId person, const std::string& keep_id) {
  const std::lock_guard lock(mutex_);
  const auto ended = std::erase_if(
      sessions_, [&](const auto& entry) { return entry.second.person == person && entry.first != keep_id; });
  if (ended > 0) save();
  return ended;
}

std::size_t Sessions::count() {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

// One session a line: id, csrf, made, expires, person. A broken line ends the reading.
void Sessions::load(Instant now) {
  std::ifstream in(file_);
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    Session session;
    std::int64_t made = 0;
    std::int64_t expires = 0;
    std::string person;
    if (!(words >> session.id >> session.csrf >> made >> expires) || session.id.size() != 64) return;
    std::getline(words >> std::ws, person);
    session.person = PersonId(person);
    session.made = from_millis(made);
    session.expires = from_millis(expires);
    if (session.expires > now) sessions_[session.id] = std::move(session);
  }
}

void Sessions::save() {
  if (file_.empty()) return;
  std::string content;
  for (const auto& [id, session] : sessions_) {
    content += fmt::format("{} {} {} {} {}\n", id, session.csrf, to_millis(session.made), to_millis(session.expires),
                           session.person.str());
  }
  // Losing it costs a new sign-in; a full disk must not keep anybody out.
  (void)write_private(file_, content);
}

}  // namespace tingan::api
