#include "channels/dingtalk.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "channels/support/signing.h"
#include "channels/support/testing.h"

namespace tingan::channels {
namespace {

using namespace testing;

constexpr const char* kSigning = "SEC000000000000000000000";

// Answers as the real robot does, code for code.
class Robot {
 public:
  explicit Robot(SetClock& clock) : clock_(clock) {}

  net::Response operator()(const net::Request& request) {
    const auto say = [](int code, const char* words) {
      return json_answer(fmt::format(R"({{"errcode":{},"errmsg":"{}"}})", code, words));
    };
    if (request.query_value("access_token") != "token-1") return say(300005, "token is not exist");
    const std::string timestamp(request.query_value("timestamp").value_or(""));
    const std::int64_t at = timestamp.empty() ? 0 : std::stoll(timestamp);
    if (std::abs(at - to_millis(clock_.now())) > 3600000) return say(310000, "invalid timestamp");
    // The query has been decoded on the way: what was percent-encoded is plain base64 again.
    if (request.query_value("sign") != base64(hmac_sha256(kSigning, timestamp + "\n" + kSigning))) {
      return say(310000, "sign not match");
    }
    if (request.headers.get("Content-Type") != "application/json; charset=utf-8") return say(43004, "content type");
    if (request.body.size() > 20000) return say(460101, "message too long, exceed 20000 bytes");
    const boost::json::value body = boost::json::parse(request.body);
    if (body.at("markdown").at("title").as_string().empty()) return say(40035, "empty title");
    if (body.at("markdown").at("text").as_string().find("厅安") == std::string::npos) {
      return say(310000, "keywords not in content");
    }
    if (++count_ > 20) return say(130101, "send too fast, exceed 20 times per minute");
    return say(0, "ok");
  }

 private:
  SetClock& clock_;
  int count_ = 0;
};

class DingTalkTest : public ::testing::Test {
 protected:
  std::unique_ptr<Sender> make(const std::string& query, const std::string& secret,
                               const std::string& keyword = "厅安") {
    ChannelConfig config{.id = ChannelId("ding"), .kind = "dingtalk", .url = receiver_.url("/robot/send" + query)};
    if (!keyword.empty()) config.options = {{"keyword", keyword}};
    auto sender = make_dingtalk(config, secret, http_, clock_);
    CHECK(sender);
    return std::move(*sender);
  }

  SetClock clock_;
  Receiver receiver_{Robot(clock_)};
  net::HttpClient http_;
};

TEST_F(DingTalkTest, SendsSignedMarkdownThatMentionsByMobile) {
  const auto sender = make("?access_token=token-1", kSigning);
  const SendResult result = send_and_wait(*sender, sample_notice());
  EXPECT_TRUE(result.ok) << to_string(result.error);
  const boost::json::value body = boost::json::parse(receiver_.requests().at(0).body);
  EXPECT_EQ(body.at("msgtype").as_string(), "markdown");
  EXPECT_EQ(body.at("markdown").at("title").as_string(), "东门营业厅 火灾：立即打119");
  const std::string text(body.at("markdown").at("text").as_string());
  EXPECT_TRUE(text.starts_with("**东门营业厅 火灾：立即打119**\n\n1. 立即打119"));
  EXPECT_NE(text.find("\n\n@13800001111\n\n厅安"), std::string::npos);
  EXPECT_EQ(body.at("at").at("atMobiles"), boost::json::array{"13800001111"});
  EXPECT_FALSE(body.at("at").at("isAtAll").as_bool());
}

TEST_F(DingTalkTest, TokenAndSecretMayBothStandInTheSecret) {
  EXPECT_TRUE(send_and_wait(*make("", std::string("token-1\n") + kSigning + "\n"), sample_notice()).ok);
}

TEST_F(DingTalkTest, FitsTheSizeLimit) {
  const SendResult result = send_and_wait(*make("?access_token=token-1", kSigning), endless_notice());
  EXPECT_TRUE(result.ok) << to_string(result.error);
  const std::string body = receiver_.requests().at(0).body;
  EXPECT_GT(body.size(), 19900U);
  EXPECT_TRUE(is_utf8(body));
}

TEST_F(DingTalkTest, TellsASignatureFromAKeywordByTheWords) {
  const SendResult sign = send_and_wait(*make("?access_token=token-1", "SECother"), sample_notice());
  EXPECT_FALSE(sign.recoverable);
  EXPECT_EQ(sign.error.code, "channel.credentials");
  EXPECT_NE(sign.error.message.en.find("sign not match"), std::string::npos);
  const SendResult keyword = send_and_wait(*make("?access_token=token-1", kSigning, ""), sample_notice());
  EXPECT_NE(keyword.error.message.en.find("keywords not in content"), std::string::npos);
  const SendResult token = send_and_wait(*make("?access_token=nobody", kSigning), sample_notice());
  EXPECT_EQ(token.error.where, "errcode 300005");
  EXPECT_EQ(token.error.code, "channel.credentials");
}

TEST_F(DingTalkTest, BeingTooFastCostsTenMinutes) {
  receiver_.answer_with([](const net::Request&) {
    return json_answer(R"({"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"})");
  });
  const SendResult result = send_and_wait(*make("?access_token=token-1", kSigning), sample_notice());
  EXPECT_TRUE(result.recoverable);
  EXPECT_EQ(result.retry_after, Duration(600000));
}

TEST_F(DingTalkTest, TheSenderItselfIsNeverTooFast) {
  const auto sender = make("?access_token=token-1", kSigning);
  for (int i = 0; i < 60; ++i) {
    const SendResult result = send_and_wait(*sender, sample_notice());
    if (!result.ok) {
      EXPECT_EQ(result.error.code, "channel.paced");
      EXPECT_EQ(receiver_.requests().size(), 20U);
      return;
    }
  }
  FAIL() << "nothing held it back";
}

// The example that docs/formats/channels.md walks through.
TEST(DingTalkSign, IsTheOneOfTheDocumentation) {
  const auto page = read_whole_file("docs/formats/channels.md");
  ASSERT_TRUE(page);
  const std::string sign = dingtalk_sign(1795400000000, "SECexample");
  EXPECT_NE(page->find(sign), std::string::npos) << sign;
}

}  // namespace
}  // namespace tingan::channels
