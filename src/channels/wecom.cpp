#include "channels/wecom.h"

#include <boost/json.hpp>

#include "channels/support/config.h"
#include "channels/support/robot_line.h"
#include "net/url.h"

namespace tingan::channels {
namespace {

using Meaning = KnownCode::Meaning;

constexpr std::size_t kTextMax = 2048;
constexpr std::size_t kMarkdownMax = 4096;
// Two seconds of slack: what leaves here within the minute may arrive closer together.
constexpr Pace kPace{20, Duration(62000)};
constexpr Duration kMinute{60000};

constexpr KnownCode kKnown[] = {
    {-1, Meaning::busy},           {45009, Meaning::busy, kMinute}, {45033, Meaning::busy, kMinute},
    {93000, Meaning::credentials}, {93004, Meaning::credentials},   {93008, Meaning::credentials},
    {40058, Meaning::refused},     {40008, Meaning::refused},
};

class WeCom final : public Sender {
 public:
  WeCom(std::string url, bool markdown_format, std::string console, net::HttpClient& http, Clock& clock)
      : url_(std::move(url)),
        markdown_(markdown_format),
        console_(std::move(console)),
        line_(http, clock, {kPace}, {"errcode", "errmsg", kKnown}) {}

  std::vector<Pace> paces() const override { return line_.paces(); }
  bool speaks_to_group() const override { return true; }

  void send(const OutgoingNotice& notice, Done done) override {
    const Duration wait = line_.enter();
    if (wait > Duration::zero()) return done(paced(wait));
    line_.post(url_, boost::json::serialize(message(notice)), std::move(done));
  }

 private:
  boost::json::object message(const OutgoingNotice& notice) const {
    if (markdown_) {
      return {{"msgtype", "markdown"}, {"markdown", {{"content", markdown(notice, console_, kMarkdownMax)}}}};
    }
    boost::json::object text{{"content", plain_text(notice, console_, kTextMax)}};
    const std::vector<std::string> who = mobiles(notice);
    if (!who.empty()) text["mentioned_mobile_list"] = boost::json::array(who.begin(), who.end());
    return {{"msgtype", "text"}, {"text", std::move(text)}};
  }

  const std::string url_;
  const bool markdown_;
  const std::string console_;
  RobotLine line_;
};

}  // namespace

Expected<std::unique_ptr<Sender>> make_wecom(const ChannelConfig& config, const std::string& secret,
                                             net::HttpClient& http, Clock& clock) {
  if (const auto good = check_options(config, {"format", "console"}); !good) return tl::unexpected(good.error());
  const std::string format = option(config, "format", "text");
  if (format != "text" && format != "markdown") {
    return bad_config(config,
                      {"format 应为 text 或 markdown", "Expected the format text or markdown, but it is another"});
  }
  auto url = with_token(config, "key", parse_robot_secret(secret, false).token);
  if (!url) return tl::unexpected(url.error());
  return std::make_unique<WeCom>(std::move(*url), format == "markdown", option(config, "console", ""), http, clock);
}

}  // namespace tingan::channels
