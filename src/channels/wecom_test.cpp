#include "channels/wecom.h"

#include <gtest/gtest.h>

#include "channels/support/testing.h"

namespace tingan::channels {
namespace {

using namespace testing;

// Answers as the real robot does, code for code.
net::Response robot(const net::Request& request) {
  const auto say = [](int code, const char* words) {
    return json_answer(fmt::format(R"({{"errcode":{},"errmsg":"{}"}})", code, words));
  };
  if (request.target_path != "/cgi-bin/webhook/send" || request.query_value("key") != "key-1") {
    return say(93000, "invalid webhook url, hint: [1]");
  }
  boost::system::error_code bad;
  const boost::json::value body = boost::json::parse(request.body, bad);
  if (bad || !is_utf8(request.body)) return say(40058, "invalid Request Parameter");
  const std::string type(body.at("msgtype").as_string());
  if (type != "text" && type != "markdown") return say(40008, "invalid message type");
  const auto& content = body.at(type).at("content").as_string();
  if (content.size() > (type == "text" ? 2048U : 4096U)) return say(40058, "content exceed max length");
  return say(0, "ok");
}

class WeComTest : public ::testing::Test {
 protected:
  std::unique_ptr<Sender> make(const std::string& query, const std::string& secret,
                               std::map<std::string, std::string> options = {}) {
    ChannelConfig config{
        .id = ChannelId("group"), .kind = "wecom", .url = receiver_.url("/cgi-bin/webhook/send" + query)};
    config.options = std::move(options);
    auto sender = make_wecom(config, secret, http_, clock_);
    CHECK(sender);
    return std::move(*sender);
  }
  boost::json::value sent(std::size_t i) { return boost::json::parse(receiver_.requests().at(i).body); }

  SetClock clock_;
  Receiver receiver_{robot};
  net::HttpClient http_;
};

TEST_F(WeComTest, SendsPlainChineseFirstAndMentionsByMobile) {
  OutgoingNotice notice = sample_notice();
  notice.others = {{PersonId("p2"), "李强", "13900002222", ""}, {PersonId("p3"), "赵敏", "13800001111", ""}};
  const auto sender = make("", "key-1\n", {{"console", "https://tingan.example"}});
  EXPECT_TRUE(send_and_wait(*sender, notice).ok);
  EXPECT_TRUE(sender->speaks_to_group());
  const boost::json::value body = sent(0);
  EXPECT_EQ(body.at("msgtype").as_string(), "text");
  EXPECT_EQ(body.at("text").at("content").as_string(),
            "东门营业厅 火灾：立即打119\n1. 立即打119（10:06前）\n2. 带客户离开\n"
            "签收和详情：https://tingan.example/incidents/01936d5e-0000-7000-8000-000000000001\n"
            "Fire at East Gate hall: call 119 at once\n1. Call 119 at once (by 10:06)\n2. Lead the customers out");
  EXPECT_EQ(body.at("text").at("mentioned_mobile_list"), (boost::json::array{"13800001111", "13900002222"}));
}

TEST_F(WeComTest, KeepsTheLimitsOfBothFormats) {
  const std::map<std::string, std::string> console{{"console", "https://tingan.example"}};
  EXPECT_TRUE(send_and_wait(*make("?key=key-1", "", console), endless_notice()).ok);
  auto with_markdown = console;
  with_markdown["format"] = "markdown";
  EXPECT_TRUE(send_and_wait(*make("?key=key-1", "", with_markdown), endless_notice()).ok);
  EXPECT_LE(sent(0).at("text").at("content").as_string().size(), 2048U);
  EXPECT_LE(sent(1).at("markdown").at("content").as_string().size(), 4096U);
}

// Who cannot find the way to acknowledge is called again and again; who reads half an instruction may do the opposite.
TEST_F(WeComTest, TheLinkSurvivesThenWholeChineseLinesThenTheTwin) {
  const std::string link = "签收和详情：https://tingan.example/incidents/01936d5e-0000-7000-8000-000000000001";
  const auto text_of = [&](std::size_t lines) {
    OutgoingNotice notice = sample_notice();
    notice.lines.assign(lines,
                        {"请把客户从安全出口带到集合点，不要乘电梯", "Lead the customers out; do not take the lift"});
    EXPECT_TRUE(send_and_wait(*make("?key=key-1", "", {{"console", "https://tingan.example"}}), notice).ok);
    return std::string(sent(receiver_.requests().size() - 1).at("text").at("content").as_string());
  };
  const std::string long_text = text_of(60);
  EXPECT_LE(long_text.size(), 2048U);
  EXPECT_GT(long_text.size(), 1950U) << "the room is used";
  EXPECT_TRUE(long_text.ends_with("不要乘电梯\n…\n" + link)) << long_text;
  EXPECT_EQ(long_text.find("Fire at"), std::string::npos) << "the twin goes first";
  const std::string middling = text_of(20);
  EXPECT_LE(middling.size(), 2048U);
  EXPECT_NE(middling.find("20. 请把客户从安全出口带到集合点，不要乘电梯\n" + link + "\nFire at"), std::string::npos);
  EXPECT_TRUE(middling.ends_with("do not take the lift\n…")) << middling;
}

TEST_F(WeComTest, MobilesLeaveAsElevenDigitsAndLandLinesNotAtAll) {
  OutgoingNotice notice = sample_notice();
  notice.to.phone = "+86 138-0000-1111";
  notice.others = {{PersonId("p2"), "李强", "0571-5550-1000", ""},
                   {PersonId("p3"), "赵敏", "１３９ ００００ ２２２２", ""},
                   {PersonId("p4"), "孙丽", "138 0000 1111", ""}};
  EXPECT_TRUE(send_and_wait(*make("?key=key-1", ""), notice).ok);
  EXPECT_EQ(sent(0).at("text").at("mentioned_mobile_list"), (boost::json::array{"13800001111", "13900002222"}));
}

TEST_F(WeComTest, MarksDrills) {
  OutgoingNotice notice = sample_notice();
  notice.drill = true;
  EXPECT_TRUE(send_and_wait(*make("?key=key-1", ""), notice).ok);
  const std::string text(sent(0).at("text").at("content").as_string());
  EXPECT_TRUE(text.starts_with("【演练】"));
  EXPECT_NE(text.find("\n[DRILL] Fire"), std::string::npos);
}

TEST_F(WeComTest, AWrongKeyIsFinalAndDoesNotShowInTheError) {
  const SendResult result = send_and_wait(*make("", "key-of-nobody"), sample_notice());
  EXPECT_FALSE(result.ok);
  EXPECT_FALSE(result.recoverable);
  EXPECT_EQ(result.error.code, "channel.credentials");
  EXPECT_EQ(result.error.where, "errcode 93000");
  EXPECT_EQ(to_string(result.error).find("key-of-nobody"), std::string::npos);
}

TEST_F(WeComTest, ReadsTheNumbersOfTheTable) {
  struct Case {
    const char* body;
    bool recoverable;
    const char* code;
  };
  const Case kCases[] = {
      {R"({"errcode":45009,"errmsg":"api freq out of limit"})", true, "channel.busy"},
      {R"({"errcode":-1,"errmsg":"system error"})", true, "channel.busy"},
      {R"({"errcode":40058,"errmsg":"invalid Request Parameter"})", false, "channel.refused"},
      {R"({"errcode":12345,"errmsg":"new"})", false, "channel.refused"},
      {"<html>gateway</html>", true, "channel.unclear"},
      {"{}", true, "channel.unclear"},
      {R"({"errcode":"0"})", true, "channel.unclear"},
  };
  const auto sender = make("?key=key-1", "");
  for (const Case& c : kCases) {
    receiver_.answer_with([&](const net::Request&) { return json_answer(c.body); });
    const SendResult result = send_and_wait(*sender, sample_notice());
    EXPECT_FALSE(result.ok) << c.body;
    EXPECT_EQ(result.recoverable, c.recoverable) << c.body;
    EXPECT_EQ(result.error.code, c.code) << c.body;
  }
  receiver_.answer_with([&](const net::Request&) { return json_answer("<html>", 502); });
  EXPECT_EQ(send_and_wait(*sender, sample_notice()).error.where, "http 502");
}

TEST_F(WeComTest, NeverSendsMoreThanTwentyAMinute) {
  const auto sender = make("?key=key-1", "");
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(send_and_wait(*sender, sample_notice()).ok);
  const SendResult held = send_and_wait(*sender, sample_notice());
  EXPECT_EQ(held.error.code, "channel.paced");
  EXPECT_TRUE(held.recoverable);
  ASSERT_TRUE(held.retry_after);
  EXPECT_EQ(receiver_.requests().size(), 20U) << "held back here, not there";
  clock_.advance(*held.retry_after - Duration(1));
  EXPECT_FALSE(send_and_wait(*sender, sample_notice()).ok);
  clock_.advance(Duration(1));
  EXPECT_TRUE(send_and_wait(*sender, sample_notice()).ok);
}

TEST_F(WeComTest, NeedsAKeySomewhere) {
  ChannelConfig config{.id = ChannelId("group"), .kind = "wecom", .url = receiver_.url("/cgi-bin/webhook/send")};
  EXPECT_EQ(make_wecom(config, "", http_, clock_).error().code, "channel.bad-config");
  config.options = {{"format", "html"}};
  EXPECT_EQ(make_wecom(config, "key-1", http_, clock_).error().code, "channel.bad-config");
}

}  // namespace
}  // namespace tingan::channels
