#include "channels/webhook.h"

#include <boost/json.hpp>

#include "channels/support/config.h"
#include "channels/support/outcome.h"
#include "channels/support/signing.h"
#include "channels/support/wording.h"

namespace tingan::channels {
namespace {

constexpr std::chrono::milliseconds kTimeout{10'000};
constexpr std::size_t kAnswerMax = 64 * 1024;

boost::json::object both(const Text& text) { return {{"zh", text.zh}, {"en", text.en}}; }

struct Include {
  bool name = false;
  bool phone = false;
  bool email = false;
};

Expected<Include> parse_include(const ChannelConfig& config) {
  Include include;
  std::string word;
  for (const char c : option(config, "include", "") + ",") {
    if (c != ',' && c != ' ') {
      word.push_back(c);
      continue;
    }
    if (word == "name") include.name = true;
    if (word == "phone") include.phone = true;
    if (word == "email") include.email = true;
    if (!word.empty() && word != "name" && word != "phone" && word != "email") {
      return bad_config(config, {"include 只能是 name、phone、email",
                                 "Expected include to list name, phone or email, but there is '" + word + "'"});
    }
    word.clear();
  }
  return include;
}

boost::json::object body_of(const OutgoingNotice& notice, const Include& include) {
  boost::json::object to{{"person", notice.to.person.str()}};
  if (include.name) to["name"] = notice.to.name;
  if (include.phone) to["phone"] = notice.to.phone;
  if (include.email) to["email"] = notice.to.email;
  boost::json::array lines;
  for (const Text& line : notice.lines) lines.push_back(both(line));
  boost::json::array clauses(notice.clauses.begin(), notice.clauses.end());
  boost::json::object body{{"version", 1},
                           {"id", notice.id},
                           {"round", notice.round},
                           {"incident", to_string(notice.incident)},
                           {"unit", notice.unit.str()},
                           {"unit_name", both(notice.unit_name)},
                           {"title", both(marked(notice.incident_title, notice.drill))},
                           {"severity", notice.severity},
                           {"drill", notice.drill},
                           {"silent", notice.silent},
                           {"headline", both(title(notice))},
                           {"lines", std::move(lines)},
                           {"clauses", std::move(clauses)},
                           {"queued", format_rfc3339(notice.queued, Zone{})},
                           {"due", nullptr},
                           {"link", notice.link},
                           {"role", notice.role.str()},
                           {"to", std::move(to)}};
  if (notice.due) body["due"] = format_rfc3339(*notice.due, Zone{});
  return body;
}

SendResult read(const Expected<net::ClientResponse>& response, Instant now) {
  if (!response) return unreachable(response.error());
  SendResult result = from_status(*response, now);
  if (!result.ok) return result;
  boost::system::error_code bad;
  const boost::json::value body = boost::json::parse(response->body, bad);
  const boost::json::object* const object = bad ? nullptr : body.if_object();
  const boost::json::value* const delivered = object == nullptr ? nullptr : object->if_contains("delivered");
  result.delivered = delivered != nullptr && delivered->is_bool() && delivered->get_bool();
  return result;
}

class Webhook final : public Sender {
 public:
  Webhook(std::string url, std::string secret, Include include, net::HttpClient& http, Clock& clock)
      : url_(std::move(url)), secret_(std::move(secret)), include_(include), http_(http), clock_(clock) {}

  void send(const OutgoingNotice& notice, Done done) override {
    const Instant now = clock_.now();
    net::ClientRequest request{
        .method = net::Method::kPost, .url = url_, .body = boost::json::serialize(body_of(notice, include_))};
    request.timeout = kTimeout;
    request.response_bytes_max = kAnswerMax;
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    request.headers.emplace_back("Idempotency-Key", fmt::format("{}#{}", notice.id, notice.round));
    if (!secret_.empty()) {
      const std::string timestamp = std::to_string(to_millis(now) / 1000);
      request.headers.emplace_back("X-Tingan-Signature", webhook_signature(secret_, timestamp, request.body));
      request.headers.emplace_back("X-Tingan-Timestamp", timestamp);
    }
    // Nothing of this object: an answer may come after the sender has been replaced.
    http_.send(std::move(request), [done = std::move(done), now](const Expected<net::ClientResponse>& response) {
      done(read(response, now));
    });
  }

 private:
  const std::string url_;
  const std::string secret_;
  const Include include_;
  net::HttpClient& http_;
  Clock& clock_;
};

}  // namespace

std::string webhook_signature(std::string_view secret, std::string_view timestamp, std::string_view body) {
  return "v1=" + hex(hmac_sha256(secret, std::string(timestamp) + "." + std::string(body)));
}

Expected<std::unique_ptr<Sender>> make_webhook(const ChannelConfig& config, const std::string& secret,
                                               net::HttpClient& http, Clock& clock) {
  if (const auto good = check_options(config, {"include"}); !good) return tl::unexpected(good.error());
  if (const auto good = check_url(config); !good) return tl::unexpected(good.error());
  const auto include = parse_include(config);
  if (!include) return tl::unexpected(include.error());
  return std::make_unique<Webhook>(config.url, secret, *include, http, clock);
}

}  // namespace tingan::channels
