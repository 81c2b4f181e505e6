#include "channels/dingtalk.h"

#include <boost/json.hpp>

#include "channels/support/config.h"
#include "channels/support/robot_line.h"
#include "channels/support/signing.h"
#include "net/url.h"

namespace tingan::channels {
namespace {

using Meaning = KnownCode::Meaning;

constexpr std::size_t kBodyMax = 20000;
constexpr std::size_t kTitleMax = 128;  // only shown in the list of conversations
// Two seconds of slack, for to be over costs ten minutes of silence.
constexpr Pace kPace{20, Duration(62000)};
constexpr Duration kSilenced{600000};

constexpr KnownCode kKnown[] = {
    {-1, Meaning::busy},
    {130101, Meaning::busy, kSilenced},
    {410100, Meaning::busy, kSilenced},
    {310000, Meaning::credentials},
    {300001, Meaning::credentials},
    {300005, Meaning::credentials},
    {400101, Meaning::credentials},
    {400102, Meaning::credentials},
    {400106, Meaning::credentials},
    {400013, Meaning::credentials},
    {460101, Meaning::too_large},
    {40035, Meaning::refused},
    {400105, Meaning::refused},
    {43004, Meaning::refused},
};

class DingTalk final : public Sender {
 public:
  DingTalk(std::string url, std::string signing, std::string keyword, std::string console, net::HttpClient& http,
           Clock& clock)
      : url_(std::move(url)),
        signing_(std::move(signing)),
        keyword_(std::move(keyword)),
        console_(std::move(console)),
        line_(http, clock, {kPace}, {"errcode", "errmsg", kKnown}) {}

  std::vector<Pace> paces() const override { return line_.paces(); }
  bool speaks_to_group() const override { return true; }

  void send(const OutgoingNotice& notice, Done done) override {
    const Duration wait = line_.enter();
    if (wait > Duration::zero()) return done(paced(wait));
    line_.post(signed_url(), body(notice), std::move(done));
  }

 private:
  std::string signed_url() {
    if (signing_.empty()) return url_;
    const std::int64_t now = to_millis(line_.now());
    return fmt::format("{}&timestamp={}&sign={}", url_, now, dingtalk_sign(now, signing_));
  }

  std::string body(const OutgoingNotice& notice) const {
    const std::vector<std::string> who = mobiles(notice);
    std::string ending;
    for (const std::string& mobile : who) ending += (ending.empty() ? "\n\n@" : " @") + mobile;
    const auto text_of = [&](std::size_t room) { return markdown(notice, console_, room); };
    return fitting_body(text_of, kBodyMax, [&](const std::string& shown) {
      // Asked of what is left of the text: the robot refuses a message without its word.
      const bool lacks = !keyword_.empty() && shown.find(keyword_) == std::string::npos;
      boost::json::object message{{"msgtype", "markdown"},
                                  {"markdown",
                                   {{"title", cut_to_bytes(title(notice).zh, kTitleMax)},
                                    {"text", shown + ending + (lacks ? "\n\n" + keyword_ : std::string())}}}};
      if (!who.empty()) {
        message["at"] = {{"atMobiles", boost::json::array(who.begin(), who.end())}, {"isAtAll", false}};
      }
      return boost::json::serialize(message);
    });
  }

  const std::string url_;
  const std::string signing_;
  const std::string keyword_;
  const std::string console_;
  RobotLine line_;
};

}  // namespace

std::string dingtalk_sign(std::int64_t timestamp_ms, const std::string& secret) {
  return net::percent_encode(base64(hmac_sha256(secret, fmt::format("{}\n{}", timestamp_ms, secret))));
}

Expected<std::unique_ptr<Sender>> make_dingtalk(const ChannelConfig& config, const std::string& secret,
                                                net::HttpClient& http, Clock& clock) {
  if (const auto good = check_options(config, {"keyword", "console"}); !good) return tl::unexpected(good.error());
  RobotSecret parts = parse_robot_secret(secret, has_query(config.url, "access_token"));
  auto url = with_token(config, "access_token", parts.token);
  if (!url) return tl::unexpected(url.error());
  return std::make_unique<DingTalk>(std::move(*url), std::move(parts.signing), option(config, "keyword", ""),
                                    option(config, "console", ""), http, clock);
}

}  // namespace tingan::channels
