#include "channels/feishu.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "channels/support/signing.h"
#include "channels/support/testing.h"

namespace tingan::channels {
namespace {

using namespace testing;

constexpr const char* kSigning = "feishu-signing";

// Answers as the real robot does, code for code.
class Robot {
 public:
  explicit Robot(SetClock& clock) : clock_(clock) {}

  net::Response operator()(const net::Request& request) {
    const auto say = [](int code, const char* words) {
      return json_answer(fmt::format(R"({{"code":{},"data":{{}},"msg":"{}"}})", code, words));
    };
    if (request.target_path != "/open-apis/bot/v2/hook/hook-1") {
      return say(19001, "param invalid: incoming webhook access token invalid");
    }
    boost::system::error_code bad;
    const boost::json::value body = boost::json::parse(request.body, bad);
    if (bad || request.body.size() > 20 * 1024) return say(9499, "Bad Request");
    const boost::json::object& object = body.as_object();
    if (!object.contains("timestamp") || !object.contains("sign")) return say(19021, "sign match fail");
    const std::string timestamp(body.at("timestamp").as_string());
    const bool in_time = std::abs(std::stoll(timestamp) - to_millis(clock_.now()) / 1000) <= 3600;
    if (!in_time || body.at("sign").as_string() != base64(hmac_sha256(timestamp + "\n" + kSigning, ""))) {
      return say(19021, "sign match fail or timestamp is not within one hour from current time");
    }
    const bool card = body.at("msg_type").as_string() == "interactive" &&
                      body.at("card").at("header").at("title").at("tag").as_string() == "plain_text" &&
                      body.at("card").at("elements").at(0).at("text").at("tag").as_string() == "lark_md";
    if (!card) return say(9499, "Bad Request");
    return say(0, "success");
  }

 private:
  SetClock& clock_;
};

class FeishuTest : public ::testing::Test {
 protected:
  std::unique_ptr<Sender> make(const std::string& token, const std::string& secret,
                               std::map<std::string, std::string> options = {}) {
    ChannelConfig config{
        .id = ChannelId("lark"), .kind = "feishu", .url = receiver_.url("/open-apis/bot/v2/hook/" + token)};
    config.options = std::move(options);
    auto sender = make_feishu(config, secret, http_, clock_);
    CHECK(sender);
    return std::move(*sender);
  }
  boost::json::value card(std::size_t i) { return boost::json::parse(receiver_.requests().at(i).body).at("card"); }
  std::string text(std::size_t i) {
    return std::string(card(i).at("elements").at(0).at("text").at("content").as_string());
  }

  SetClock clock_;
  Receiver receiver_{Robot(clock_)};
  net::HttpClient http_;
};

TEST_F(FeishuTest, SendsASignedCardWithTheNames) {
  OutgoingNotice notice = sample_notice();
  notice.others = {{PersonId("p2"), "李强", "", ""}};
  const SendResult result = send_and_wait(*make("hook-1", kSigning), notice);
  EXPECT_TRUE(result.ok) << to_string(result.error);
  EXPECT_EQ(card(0).at("header").at("template").as_string(), "red");
  EXPECT_EQ(card(0).at("header").at("title").at("content").as_string(), "东门营业厅 火灾：立即打119");
  EXPECT_TRUE(text(0).ends_with("\n\n王静、李强"));
  EXPECT_EQ(text(0).find("13800001111"), std::string::npos) << "a number helps nobody here";
}

TEST_F(FeishuTest, TheTokenMayStandInTheSecret) {
  EXPECT_TRUE(send_and_wait(*make("", std::string("hook-1\n") + kSigning), sample_notice()).ok);
}

TEST_F(FeishuTest, EverybodyIsMentionedInRealLoudDangerOnly) {
  const auto sender = make("hook-1", kSigning, {{"at_all", "danger"}});
  OutgoingNotice notice = sample_notice();
  EXPECT_TRUE(send_and_wait(*sender, notice).ok);
  notice.drill = true;
  EXPECT_TRUE(send_and_wait(*sender, notice).ok);
  notice.drill = false;
  notice.silent = true;
  EXPECT_TRUE(send_and_wait(*sender, notice).ok);
  EXPECT_NE(text(0).find("<at id=all></at>"), std::string::npos);
  EXPECT_EQ(text(1).find("<at id=all></at>"), std::string::npos);
  EXPECT_EQ(text(2).find("<at id=all></at>"), std::string::npos);
  EXPECT_EQ(card(1).at("header").at("template").as_string(), "grey");
  EXPECT_EQ(card(1).at("header").at("title").at("content").as_string(), "【演练】东门营业厅 火灾：立即打119");
}

TEST_F(FeishuTest, OurWordsCannotBecomeMarkup) {
  OutgoingNotice notice = sample_notice();
  notice.headline = {"<at id=all></at> *x*", "[a](http://b)"};
  EXPECT_TRUE(send_and_wait(*make("hook-1", kSigning), notice).ok);
  EXPECT_EQ(text(0).find("<at"), std::string::npos);
  EXPECT_EQ(text(0).find("[a]"), std::string::npos);
}

TEST_F(FeishuTest, FitsTheSizeLimit) {
  const SendResult result = send_and_wait(*make("hook-1", kSigning), endless_notice());
  EXPECT_TRUE(result.ok) << to_string(result.error);
  EXPECT_GT(receiver_.requests().at(0).body.size(), 20000U);
}

TEST_F(FeishuTest, ReadsTheNumbersOfTheTable) {
  const SendResult sign = send_and_wait(*make("hook-1", "wrong"), sample_notice());
  EXPECT_EQ(sign.error.code, "channel.credentials");
  EXPECT_EQ(sign.error.where, "code 19021");
  EXPECT_FALSE(sign.recoverable);
  EXPECT_EQ(send_and_wait(*make("hook-2", kSigning), sample_notice()).error.where, "code 19001");
  const auto sender = make("hook-1", kSigning);
  receiver_.answer_with([](const net::Request&) { return json_answer(R"({"code":11232,"msg":"frequency limited"})"); });
  const SendResult rate = send_and_wait(*sender, sample_notice());
  EXPECT_TRUE(rate.recoverable);
  EXPECT_EQ(rate.retry_after, Duration(10000));
  receiver_.answer_with([](const net::Request&) { return json_answer(R"({"code":9499,"msg":"Bad Request"})"); });
  EXPECT_FALSE(send_and_wait(*sender, sample_notice()).recoverable);
}

TEST_F(FeishuTest, KeepsBothPaces) {
  const auto sender = make("hook-1", kSigning);
  int sent = 0;
  const Instant start = clock_.now();
  while (clock_.now() - start < Duration(59000)) {
    const SendResult result = send_and_wait(*sender, sample_notice());
    if (result.ok) {
      ++sent;
    } else {
      ASSERT_EQ(result.error.code, "channel.paced");
      clock_.advance(*result.retry_after);
    }
  }
  EXPECT_EQ(sent, 100);
}

// The example that docs/formats/channels.md walks through.
TEST(FeishuSign, IsTheOneOfTheDocumentation) {
  const auto page = read_whole_file("docs/formats/channels.md");
  ASSERT_TRUE(page);
  const std::string sign = feishu_sign(1795400000, "feishu-example");
  EXPECT_NE(page->find(sign), std::string::npos) << sign;
}

}  // namespace
}  // namespace tingan::channels
