#include "channels/webhook.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "channels/support/signing.h"
#include "channels/support/testing.h"

namespace tingan::channels {
namespace {

using namespace testing;

constexpr const char* kSecret = "correct horse battery staple";

class WebhookTest : public ::testing::Test {
 protected:
  std::unique_ptr<Sender> make(const std::string& secret = kSecret, std::map<std::string, std::string> options = {}) {
    ChannelConfig config{.id = ChannelId("hook"), .kind = "webhook", .url = receiver_.url("/hook?tenant=1")};
    config.options = std::move(options);
    auto sender = make_webhook(config, secret, http_, clock_);
    CHECK(sender);
    return std::move(*sender);
  }

  // A receiver as the documentation tells people to write it: checks the signature over the raw body, then parses.
  net::Response receive(const net::Request& request) const {
    const std::string_view timestamp = request.headers.get("X-Tingan-Timestamp");
    const std::string expected = "v1=" + hex(hmac_sha256(kSecret, fmt::format("{}.{}", timestamp, request.body)));
    if (request.headers.get("X-Tingan-Signature") != expected) return json_answer("{}", 401);
    return json_answer(R"({"delivered":true})");
  }

  SetClock clock_;
  Receiver receiver_{[this](const net::Request& request) { return receive(request); }};
  net::HttpClient http_;
};

TEST_F(WebhookTest, SendsASignedNoticeThatTheReceiverCanCheck) {
  const auto sender = make();
  OutgoingNotice notice = sample_notice();
  notice.round = 2;
  const SendResult result = send_and_wait(*sender, notice);
  EXPECT_TRUE(result.ok);
  EXPECT_TRUE(result.delivered);
  const net::Request request = receiver_.requests().at(0);
  EXPECT_EQ(request.target_path, "/hook");
  EXPECT_EQ(request.headers.get("Idempotency-Key"), "01936d5e-0000-7000-8000-000000000001.3#2");
  EXPECT_EQ(request.headers.get("X-Tingan-Timestamp"), "1800000000");
  EXPECT_EQ(request.headers.get("Content-Type"), "application/json; charset=utf-8");
  const boost::json::value body = boost::json::parse(request.body);
  EXPECT_EQ(body.at("id").as_string(), notice.id);
  EXPECT_EQ(body.at("headline").at("zh").as_string(), "东门营业厅 火灾：立即打119");
  EXPECT_EQ(body.at("lines").as_array().size(), 2U);
  EXPECT_EQ(body.at("lines").at(1).at("en").as_string(), "Lead the customers out");
  EXPECT_EQ(body.at("queued").as_string(), "2027-01-15T16:00:00+08:00");
  EXPECT_EQ(body.at("due").as_string(), "2027-01-15T16:01:00+08:00");
  EXPECT_FALSE(body.at("drill").as_bool());
}

TEST_F(WebhookTest, PersonalDataGoesOutOnlyWhereTheEntryAsksForIt) {
  EXPECT_TRUE(send_and_wait(*make(), sample_notice()).ok);
  const std::string bare = receiver_.requests().at(0).body;
  for (const char* secret : {"王静", "13800001111", "wang@example.com"})
    EXPECT_EQ(bare.find(secret), std::string::npos);
  EXPECT_TRUE(send_and_wait(*make(kSecret, {{"include", "phone, name"}}), sample_notice()).ok);
  const boost::json::value to = boost::json::parse(receiver_.requests().at(1).body).at("to");
  EXPECT_EQ(to.at("phone").as_string(), "13800001111");
  EXPECT_EQ(to.at("name").as_string(), "王静");
  EXPECT_FALSE(to.as_object().contains("email"));
}

TEST_F(WebhookTest, ADrillIsMarkedInEveryTextOfItsOwn) {
  OutgoingNotice notice = sample_notice();
  notice.drill = true;
  EXPECT_TRUE(send_and_wait(*make(), notice).ok);
  const boost::json::value body = boost::json::parse(receiver_.requests().at(0).body);
  EXPECT_TRUE(body.at("drill").as_bool());
  EXPECT_EQ(body.at("headline").at("zh").as_string(), "【演练】东门营业厅 火灾：立即打119");
  EXPECT_EQ(body.at("title").at("en").as_string(), "[DRILL] Fire");
}

TEST_F(WebhookTest, AWrongSecretIsFinal) {
  const SendResult result = send_and_wait(*make("another"), sample_notice());
  EXPECT_FALSE(result.ok);
  EXPECT_FALSE(result.recoverable);
  EXPECT_EQ(result.error.code, "channel.credentials");
}

TEST_F(WebhookTest, WithoutASecretNothingIsSigned) {
  receiver_.answer_with([](const net::Request&) { return json_answer("", 204); });
  const SendResult result = send_and_wait(*make(""), sample_notice());
  EXPECT_TRUE(result.ok);
  EXPECT_FALSE(result.delivered);
  EXPECT_FALSE(receiver_.requests().at(0).headers.find("X-Tingan-Signature"));
}

TEST_F(WebhookTest, EachStatusSaysWhatToDo) {
  struct Case {
    int status;
    bool recoverable;
    const char* code;
  };
  const Case kCases[] = {
      {408, true, "channel.busy"},         {425, true, "channel.busy"},     {429, true, "channel.busy"},
      {500, true, "channel.busy"},         {503, true, "channel.busy"},     {400, false, "channel.refused"},
      {401, false, "channel.credentials"}, {404, false, "channel.refused"}, {410, false, "channel.refused"},
      {413, false, "channel.too-large"},   {302, false, "channel.refused"}};
  const auto sender = make();
  for (const Case& c : kCases) {
    receiver_.answer_with([&](const net::Request&) { return json_answer("{}", c.status); });
    const SendResult result = send_and_wait(*sender, sample_notice());
    EXPECT_FALSE(result.ok) << c.status;
    EXPECT_EQ(result.recoverable, c.recoverable) << c.status;
    EXPECT_EQ(result.error.code, c.code) << c.status;
  }
}

TEST_F(WebhookTest, RetryAfterIsRespectedInBothForms) {
  const auto sender = make();
  receiver_.answer_with([](const net::Request&) {
    net::Response response = json_answer("{}", 503);
    response.headers.emplace_back("Retry-After", "120");
    return response;
  });
  EXPECT_EQ(send_and_wait(*sender, sample_notice()).retry_after, Duration(120000));
  receiver_.answer_with([](const net::Request&) {
    net::Response response = json_answer("{}", 429);
    response.headers.emplace_back("Retry-After", "Fri, 15 Jan 2027 08:00:30 GMT");
    return response;
  });
  EXPECT_EQ(send_and_wait(*sender, sample_notice()).retry_after, Duration(30000));
}

TEST_F(WebhookTest, NobodyThereIsRecoverable) {
  ChannelConfig config{.id = ChannelId("hook"), .kind = "webhook", .url = "http://127.0.0.1:1/hook"};
  const SendResult result = send_and_wait(**make_webhook(config, kSecret, http_, clock_), sample_notice());
  EXPECT_TRUE(result.recoverable);
  EXPECT_TRUE(result.whole_channel);
  EXPECT_EQ(result.error.code, "net.connect");
}

TEST_F(WebhookTest, ABadEntryIsRefusedAtOnceAndByName) {
  ChannelConfig config{.id = ChannelId("hook"), .kind = "webhook", .url = "http://secret.example/x"};
  config.options = {{"inlcude", "phone"}};
  const auto mistyped = make_webhook(config, kSecret, http_, clock_);
  ASSERT_FALSE(mistyped);
  EXPECT_EQ(mistyped.error().code, "channel.bad-config");
  EXPECT_EQ(mistyped.error().where, "channels.hook");
  EXPECT_NE(mistyped.error().message.en.find("did you mean 'include'"), std::string::npos);
  config.options = {{"include", "salary"}};
  EXPECT_FALSE(make_webhook(config, kSecret, http_, clock_));
  config.options = {};
  config.url = "ftp://secret.example/x";
  const auto no_url = make_webhook(config, kSecret, http_, clock_);
  ASSERT_FALSE(no_url);
  EXPECT_EQ(to_string(no_url.error()).find("secret.example"), std::string::npos);
}

// The example that docs/formats/channels.md walks through.
TEST(WebhookSignature, IsTheOneOfTheDocumentation) {
  const std::string signature = webhook_signature("tingan-example", "1795400000", R"({"version":1,"id":"x.1"})");
  const auto page = read_whole_file("docs/formats/channels.md");
  ASSERT_TRUE(page);
  EXPECT_NE(page->find(signature), std::string::npos) << signature;
}

}  // namespace
}  // namespace tingan::channels
