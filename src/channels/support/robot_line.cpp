#include "channels/support/robot_line.h"

namespace tingan::channels {
namespace {

constexpr std::chrono::milliseconds kTimeout{10'000};
constexpr std::size_t kAnswerMax = 64 * 1024;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t from = text.find_first_not_of(kBlank);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

}  // namespace

RobotLine::RobotLine(net::HttpClient& http, Clock& clock, std::vector<Pace> paces, RobotDialect dialect)
    : http_(http), clock_(clock), paces_(std::move(paces)), dialect_(dialect) {
  for (const Pace& pace : paces_) windows_.emplace_back(pace.messages, pace.per);
}

Duration RobotLine::enter() {
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.now();
  Duration wait{};
  for (const RateWindow& window : windows_) wait = std::max(wait, window.wait(now));
  if (wait > Duration::zero()) return wait;
  for (RateWindow& window : windows_) window.take(now);
  return Duration::zero();
}

void RobotLine::post(std::string url, std::string body, Sender::Done done) {
  net::ClientRequest request{.method = net::Method::kPost, .url = std::move(url), .body = std::move(body)};
  request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  request.timeout = kTimeout;
  request.response_bytes_max = kAnswerMax;
  // Nothing of this object: an answer may come after the sender has been replaced.
  http_.send(std::move(request),
             [done = std::move(done), dialect = dialect_, now = clock_.now()](Expected<net::ClientResponse> response) {
               done(response ? from_robot(*response, dialect.number_field, dialect.words_field, dialect.known, now)
                             : unreachable(response.error()));
             });
}

RobotSecret parse_robot_secret(std::string_view secret, bool token_in_url) {
  const std::string_view all = trimmed(secret);
  const std::size_t end = all.find('\n');
  const std::string first(trimmed(all.substr(0, end)));
  if (end != std::string_view::npos) return {first, std::string(trimmed(all.substr(end + 1)))};
  return token_in_url ? RobotSecret{{}, first} : RobotSecret{first, {}};
}

}  // namespace tingan::channels
