#include "api/sessions.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <tuple>
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

std::string public_id(const Session& session) { return to_hex(sha256("session " + session.id)).substr(0, 16); }

Sessions::Sessions(Random& random, std::string file, Instant now) : random_(random), file_(std::move(file)) {
  if (!file_.empty()) load(now);
}

NewSession Sessions::create(Session wanted, Instant now, std::vector<std::string>& ended) {
  NewSession fresh;
  fresh.token = random_text(random_);
  fresh.session = std::move(wanted);
  fresh.session.id = to_hex(sha256(fresh.token));
  fresh.session.csrf = random_text(random_);
  fresh.session.made = fresh.session.used = fresh.session.confirmed = now;
  const std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [&](const auto& entry) { return end_of(entry.second, kStaffLife) <= now; });
  const Session* oldest = nullptr;
  std::size_t own = 0;
  for (const auto& [id, session] : sessions_) {
    if (session.person != fresh.session.person) continue;
    ++own;
    if (oldest == nullptr || session.made < oldest->made) oldest = &session;
  }
  if (own >= kPerPersonMax) {
    ended.push_back(oldest->id);
    sessions_.erase(ended.back());
  }
  sessions_[fresh.session.id] = fresh.session;
  save();
  return fresh;
}

std::optional<Session> Sessions::find(std::string_view token, Instant now) {
  auto found = by_id(to_hex(sha256(token)));
  if (found && end_of(*found, kStaffLife) <= now) return std::nullopt;
  return found;
}

std::optional<Session> Sessions::by_id(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? std::nullopt : std::optional<Session>(found->second);
}

void Sessions::touch(const std::string& id, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || found->second.used >= now) return;
  found->second.used = now;
  touched_ = true;
}

void Sessions::confirm(const std::string& id, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  found->second.used = found->second.confirmed = now;
  save();
}

void Sessions::expect_stamp(const std::string& id, const std::string& now_in_force, const std::string& then) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  found->second.stamp = now_in_force;
  found->second.next_stamp = then;
  save();
}

bool Sessions::end(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const bool known = sessions_.erase(id) > 0;
  if (known) save();
  return known;
}

std::vector<Session> Sessions::of(PersonId person) {
  const std::lock_guard lock(mutex_);
  std::vector<Session> out;
  for (const auto& [id, session] : sessions_) {
    if (session.person == person) out.push_back(session);
  }
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return std::tie(b.used, b.id) < std::tie(a.used, a.id); });
  return out;
}

std::vector<Session> Sessions::end_where(const std::function<bool(const Session&)>& over) {
  const std::lock_guard lock(mutex_);
  std::vector<Session> ended;
  std::erase_if(sessions_, [&](const auto& entry) {
    const bool gone = over(entry.second);
    if (gone) ended.push_back(entry.second);
    return gone;
  });
  if (!ended.empty()) save();
  return ended;
}

std::size_t Sessions::count() {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

void Sessions::flush() {
  const std::lock_guard lock(mutex_);
  if (touched_) save();
}

// One session a line, the person last. A line that does not read is no session: those people sign in again.
void Sessions::load(Instant now) {
  std::ifstream in(file_);
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    Session session;
    std::int64_t made = 0;
    std::int64_t used = 0;
    std::int64_t confirmed = 0;
    std::string device;
    std::string person;
    if (!(words >> session.id >> session.csrf >> made >> used >> confirmed >> session.stamp >> session.next_stamp >>
          session.from >> device) ||
        session.id.size() != 64) {
      continue;
    }
    std::getline(words >> std::ws, person);
    session.person = PersonId(person);
    session.made = from_millis(made);
    session.used = from_millis(used);
    session.confirmed = from_millis(confirmed);
    if (session.next_stamp == "-") session.next_stamp.clear();
    std::replace(device.begin(), device.end(), '_', ' ');
    session.device = device;
    if (end_of(session, kStaffLife) > now) sessions_[session.id] = std::move(session);
  }
}

void Sessions::save() {
  if (file_.empty()) return;
  touched_ = false;
  const auto word = [](std::string text) {
    std::replace(text.begin(), text.end(), ' ', '_');
    return text.empty() ? std::string("-") : text;
  };
  std::string content;
  for (const auto& [id, session] : sessions_) {
    content += fmt::format("{} {} {} {} {} {} {} {} {} {}\n", id, session.csrf, to_millis(session.made),
                           to_millis(session.used), to_millis(session.confirmed), word(session.stamp),
                           word(session.next_stamp), word(session.from), word(session.device), session.person.str());
  }
  // Losing it costs a new sign-in; a full disk must not keep anybody out.
  (void)write_private(file_, content);
}

}  // namespace tingan::api
