#include "channels/feishu.h"

#include <boost/json.hpp>

#include "channels/support/config.h"
#include "channels/support/robot_line.h"
#include "channels/support/signing.h"
#include "net/url.h"

namespace tingan::channels {
namespace {

using Meaning = KnownCode::Meaning;

constexpr std::size_t kBodyMax = 20 * 1024;
constexpr std::size_t kTitleMax = 256;
// A little slack on both, as what leaves evenly may arrive bunched.
const std::vector<Pace> kPaces = {{100, Duration(62000)}, {5, Duration(1200)}};
constexpr Duration kRateWait{10000};

constexpr KnownCode kKnown[] = {
    {11232, Meaning::busy, kRateWait}, {11233, Meaning::busy, kRateWait}, {19001, Meaning::credentials},
    {19021, Meaning::credentials},     {19022, Meaning::credentials},     {19024, Meaning::credentials},
    {19036, Meaning::too_large},       {9499, Meaning::refused},
};

const char* colour(const OutgoingNotice& notice) {
  if (notice.drill) return "grey";
  if (notice.severity == "danger") return "red";
  return notice.severity == "major" ? "orange" : "blue";
}

struct Settings {
  std::string url;
  std::string signing;
  std::string keyword;
  std::string console;
  bool at_all_in_danger = false;
};

class Feishu final : public Sender {
 public:
  Feishu(Settings settings, net::HttpClient& http, Clock& clock)
      : settings_(std::move(settings)), line_(http, clock, kPaces, {"code", "msg", kKnown}) {}

  std::vector<Pace> paces() const override { return line_.paces(); }
  bool speaks_to_group() const override { return true; }

  void send(const OutgoingNotice& notice, Done done) override {
    const Duration wait = line_.enter();
    if (wait > Duration::zero()) return done(paced(wait));
    line_.post(settings_.url, body(notice), std::move(done));
  }

 private:
  std::string body(const OutgoingNotice& notice) {
    boost::json::object message;
    if (!settings_.signing.empty()) {
      const std::int64_t now = to_millis(line_.now()) / 1000;
      message["timestamp"] = std::to_string(now);
      message["sign"] = feishu_sign(now, settings_.signing);
    }
    message["msg_type"] = "interactive";
    std::string ending;
    if (const std::string who = names(notice); !who.empty()) ending += "\n\n" + who;
    if (settings_.at_all_in_danger && notice.severity == "danger" && !notice.drill && !notice.silent) {
      ending += "\n<at id=all></at>";
    }
    const auto text_of = [&](std::size_t room) { return markdown(notice, settings_.console, room); };
    return fitting_body(text_of, kBodyMax, [&](const std::string& shown) {
      // Asked of what is left of the text: the robot refuses a message without its word.
      const bool lacks = !settings_.keyword.empty() && shown.find(settings_.keyword) == std::string::npos;
      const std::string last = lacks ? "\n" + settings_.keyword : std::string();
      message["card"] = {
          {"config", {{"wide_screen_mode", true}}},
          {"header",
           {{"title", {{"tag", "plain_text"}, {"content", cut_to_bytes(title(notice).zh, kTitleMax)}}},
            {"template", colour(notice)}}},
          {"elements",
           boost::json::array{{{"tag", "div"}, {"text", {{"tag", "lark_md"}, {"content", shown + ending + last}}}}}}};
      return boost::json::serialize(message);
    });
  }

  const Settings settings_;
  RobotLine line_;
};

}  // namespace

std::string feishu_sign(std::int64_t timestamp_s, const std::string& secret) {
  return base64(hmac_sha256(fmt::format("{}\n{}", timestamp_s, secret), {}));
}

Expected<std::unique_ptr<Sender>> make_feishu(const ChannelConfig& config, const std::string& secret,
                                              net::HttpClient& http, Clock& clock) {
  if (const auto good = check_options(config, {"keyword", "console", "at_all"}); !good) {
    return tl::unexpected(good.error());
  }
  const std::string at_all = option(config, "at_all", "never");
  if (at_all != "never" && at_all != "danger") {
    return bad_config(config,
                      {"at_all 应为 never 或 danger", "Expected at_all to be never or danger, but it is another"});
  }
  if (const auto good = check_url(config); !good) return tl::unexpected(good.error());
  const bool complete = !config.url.ends_with('/');
  RobotSecret parts = parse_robot_secret(secret, complete);
  if (!complete && parts.token.empty()) {
    return bad_config(config, {"url 里和 secret 里都没有机器人的标识",
                               "Expected the robot's token in the url or in the secret, "
                               "but it is in neither"});
  }
  Settings settings{.url = config.url + (complete ? std::string() : net::percent_encode(parts.token)),
                    .signing = std::move(parts.signing),
                    .keyword = option(config, "keyword", ""),
                    .console = option(config, "console", ""),
                    .at_all_in_danger = at_all == "danger"};
  return std::make_unique<Feishu>(std::move(settings), http, clock);
}

}  // namespace tingan::channels
