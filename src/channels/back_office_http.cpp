#include "channels/back_office_http.h"

#include <boost/json.hpp>

#include "channels/support/order_text.h"
#include "channels/support/outcome.h"
#include "channels/support/signing.h"
#include "net/client.h"

namespace tingan::channels {
namespace {

constexpr std::size_t kAnswerMax = 256 * 1024;
constexpr std::size_t kWordsMax = 500;
constexpr std::size_t kConnectionsMax = 1024;  // how many go out at once is the replay's affair

// A scalar as people would write it into a rule; nullopt: nothing there, or no scalar.
std::optional<std::string> scalar_at(const boost::json::value& body, const std::string& pointer) {
  boost::system::error_code bad;
  const boost::json::value* const found = body.find_pointer(pointer, bad);
  if (bad || found == nullptr || found->is_null() || found->is_object() || found->is_array()) return std::nullopt;
  return found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found);
}

std::string words_at(const boost::json::value& body, const std::string& pointer) {
  std::string said = pointer.empty() ? std::string() : scalar_at(body, pointer).value_or("");
  if (said.size() > kWordsMax) said.resize(kWordsMax);
  return said;
}

// Not let in, or too many: whatever the rules say, the order itself was not looked at.
bool is_turned_away(int status) { return status == 401 || status == 403 || status == 429; }

AnswerMeans meaning(const RequestTemplate& request, int status, const boost::json::value& body) {
  for (const AnswerRule& rule : request.answers) {
    if (status < rule.status_from || status > rule.status_to) continue;
    if (rule.at.empty() || scalar_at(body, rule.at) == rule.is) return rule.means;
  }
  return is_turned_away(status) ? AnswerMeans::busy : AnswerMeans::unknown;
}

EntryResult read(const RequestTemplate& request, const std::string& echo, const net::ClientResponse& response,
                 Instant now) {
  boost::system::error_code bad;
  const boost::json::value parsed = boost::json::parse(response.body, bad);
  const boost::json::value body = bad ? boost::json::value() : parsed;
  EntryResult result{.outcome = outcome_of(meaning(request, response.status, body))};
  result.retry_after = parse_retry_after(response.headers.get("Retry-After"), now);
  const bool has_it = result.outcome == EntryOutcome::entered || result.outcome == EntryOutcome::duplicate;
  // A page of a proxy with status 200 is no entry.
  if (has_it && !request.reference_at.empty()) {
    result.reference = words_at(body, request.reference_at);
    if (result.reference.empty()) return {.outcome = EntryOutcome::unknown};
  }
  if (has_it && !request.echo_at.empty() && scalar_at(body, request.echo_at) != echo) {
    return {.outcome = EntryOutcome::unknown};
  }
  if (result.outcome == EntryOutcome::rejected) {
    result.code = words_at(body, request.code_at);
    result.reason = words_at(body, request.reason_at);
  }
  return result;
}

// Before the request went out nothing can have been entered.
EntryResult unanswered(const Error& error) {
  const bool never_left = error.code == "net.connect" || error.code == "net.tls" || error.code == "net.malformed-url";
  return {.outcome = never_left ? EntryOutcome::busy : EntryOutcome::unknown};
}

class HttpBackOffice final : public BackOffice {
 public:
  HttpBackOffice(std::string id, HttpConnector http, std::pair<std::string, std::string> credentials, Clock& clock)
      : id_(std::move(id)),
        http_(std::make_shared<const HttpConnector>(std::move(http))),
        credentials_(std::move(credentials)),
        clock_(clock),
        client_({.connections_per_origin_max = kConnectionsMax, .ca_file = http_->ca_file}) {}

  bool knows(const std::string& connector) const override { return connector == id_; }
  bool can_ask(const std::string& connector) const override { return connector == id_ && http_->ask.has_value(); }
  std::size_t at_once(const std::string&) const override { return static_cast<std::size_t>(http_->at_once); }
  void send(const OrderToEnter& order, Done done) override { request(order, http_->enter, true, std::move(done)); }
  void ask(const OrderToEnter& order, Done done) override {
    if (!http_->ask) return done({.outcome = EntryOutcome::unknown});
    request(order, *http_->ask, false, std::move(done));
  }

 private:
  void request(const OrderToEnter& order, const RequestTemplate& how, bool keyed, Done done) {
    const OrderText text(order);
    net::ClientRequest out{.method = *net::parse_method(how.method)};
    out.url = http_->base_url + text.fill(how.path, Escape::percent);
    Escape escape = Escape::none;
    for (const auto& [name, value] : how.headers) {
      out.headers.emplace_back(name, text.fill(value, Escape::percent));
      if (net::equals_ignoring_case(name, "content-type")) {
        out.headers.back().second = text.fill(value, Escape::none);
        escape = escape_for(out.headers.back().second);
      }
    }
    out.body = text.fill(how.body, escape);
    if (keyed && !http_->key_header.empty()) out.headers.emplace_back(http_->key_header, order.key);
    if (!credentials_.first.empty()) out.headers.push_back(credentials_);
    out.timeout = http_->timeout;
    out.response_bytes_max = kAnswerMax;
    client_.send(std::move(out), [http = http_, &how, &clock = clock_, echo = text.fill(how.echo_is, Escape::none),
                                  done = std::move(done)](const Expected<net::ClientResponse>& response) {
      done(response ? read(how, echo, *response, clock.now()) : unanswered(response.error()));
    });
  }

  const std::string id_;
  const std::shared_ptr<const HttpConnector> http_;
  const std::pair<std::string, std::string> credentials_;  // a header
  Clock& clock_;
  net::HttpClient client_;  // goes first: everything is answered when it has gone
};

}  // namespace

Expected<std::unique_ptr<BackOffice>> make_http_back_office(const ConnectorConfig& config, const HttpConnector& http,
                                                            const std::string& secret, Clock& clock) {
  const bool needed = http.auth.kind != ConnectorAuth::Kind::none;
  if (needed && (secret.empty() || secret.find_first_of("\r\n") != std::string::npos)) {
    return fail("connectors.bad-secret",
                {fmt::format("连接“{}”的密钥是空的，或不止一行", config.id),
                 fmt::format("Expected the secret of connector '{}' to be one line, but it is not", config.id)},
                config.where);
  }
  std::pair<std::string, std::string> credentials;
  switch (http.auth.kind) {
    case ConnectorAuth::Kind::none:
      break;
    case ConnectorAuth::Kind::bearer:
      credentials = {"Authorization", "Bearer " + secret};
      break;
    case ConnectorAuth::Kind::basic:
      credentials = {"Authorization", "Basic " + base64(http.auth.name + ":" + secret)};
      break;
    case ConnectorAuth::Kind::header:
      credentials = {http.auth.name, secret};
      break;
  }
  return std::make_unique<HttpBackOffice>(config.id, http, std::move(credentials), clock);
}

}  // namespace tingan::channels
