// What a published organisation can make the node connect to: what the operator named, robots at home, and nothing
// else.
#include "channels/support/reach.h"

#include <gtest/gtest.h>

#include <future>

#include "net/client.h"
#include "net/server.h"

namespace tingan::channels {
namespace {

ChannelConfig channel(const char* kind, const char* url) {
  ChannelConfig config;
  config.id = ChannelId("c");
  config.kind = kind;
  config.url = url;
  return config;
}

std::string verdict(const Reach& reach, const char* kind, const char* url) {
  const auto checked = reach.check(channel(kind, url));
  return checked ? "ok" : checked.error().code;
}

TEST(Reach, ANodeThatAllowsNothingReachesRobotsAtHomeOnly) {
  const Reach reach;
  EXPECT_EQ(verdict(reach, "wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"), "ok");
  EXPECT_EQ(verdict(reach, "dingtalk", "https://oapi.dingtalk.com/robot/send"), "ok");
  EXPECT_EQ(verdict(reach, "feishu", "https://OPEN.feishu.cn./open-apis/bot/v2/hook/x"), "ok");
  for (const char* url : {"http://qyapi.weixin.qq.com/cgi-bin/webhook/send", "https://qyapi.weixin.qq.com:8443/x",
                          "https://qyapi.weixin.qq.com.example/x", "https://oapi.dingtalk.com/robot/send",
                          "http://127.0.0.1:9/x", "http://localhost/x", "http://[::1]:8080/x",
                          "http://169.254.169.254/", "http://2130706433/x", "http://127.1/x", "https://example.com/"}) {
    EXPECT_EQ(verdict(reach, "wecom", url), "channel.not-allowed") << url;
    EXPECT_EQ(verdict(reach, "webhook", url), "channel.not-allowed") << url;
  }
  EXPECT_EQ(verdict(reach, "smtp", "smtp://mail.example:25"), "channel.not-allowed");
  EXPECT_EQ(verdict(reach, "webhook", "nonsense"), "channel.bad-config");
}

TEST(Reach, WhatTheOperatorNamedIsReachedOnThatPortOrOnAny) {
  const Reach reach({*Reach::parse("mail.example"), *Reach::parse("Hooks.example:8443"), *Reach::parse("[::1]:25")});
  EXPECT_EQ(verdict(reach, "smtp", "smtps://mail.example"), "ok");
  EXPECT_EQ(verdict(reach, "smtp", "smtp://mail.example:2525"), "ok");
  EXPECT_EQ(verdict(reach, "webhook", "https://hooks.example:8443/a"), "ok");
  EXPECT_EQ(verdict(reach, "webhook", "https://hooks.example/a"), "channel.not-allowed");
  EXPECT_EQ(verdict(reach, "smtp", "smtp://[::1]"), "ok");
  EXPECT_EQ(verdict(reach, "smtp", "smtp://[::1]:26"), "channel.not-allowed");
  for (const char* wrong : {"", ":25", "host:", "host:0", "host:70000", "host:x", "http://host", "*", "a b"}) {
    ASSERT_FALSE(Reach::parse(wrong)) << wrong;
    EXPECT_EQ(Reach::parse(wrong).error().code, "channel.wrong-host") << wrong;
  }
}

TEST(Reach, ADemoReachesThisMachineAndNothingMore) {
  const Reach reach({}, true);
  EXPECT_EQ(verdict(reach, "webhook", "http://127.0.0.1:9999/hook"), "ok");
  EXPECT_EQ(verdict(reach, "wecom", "http://localhost:9999/hook"), "ok");
  EXPECT_EQ(verdict(reach, "webhook", "http://169.254.169.254/"), "channel.not-allowed");
  EXPECT_TRUE(reach.may_connect("127.0.0.1", 9999, "127.0.0.1"));
  EXPECT_FALSE(reach.may_connect("hooks.example", 9999, "127.0.0.1"));
}

TEST(Reach, ANameThatLeadsToThisMachineOrTheLinkIsNotFollowed) {
  const Reach reach({*Reach::parse("hooks.example"), *Reach::parse("10.1.2.3"), *Reach::parse("127.0.0.1:8025")});
  EXPECT_TRUE(reach.may_connect("hooks.example", 443, "93.184.216.34"));
  EXPECT_TRUE(reach.may_connect("hooks.example", 443, "10.0.0.7"));  // a company's own net is what was meant
  for (const char* trap :
       {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "::ffff:169.254.1.1", "169.254.169.254", "fe80::1",
        "fe80::1%eth0", "0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "64:ff9b::7f00:1", "2002:7f00:1::1"}) {
    EXPECT_FALSE(reach.may_connect("hooks.example", 443, trap)) << trap;
  }
  EXPECT_TRUE(reach.may_connect("127.0.0.1", 8025, "127.0.0.1"));
  EXPECT_FALSE(reach.may_connect("127.0.0.1", 8026, "127.0.0.1"));
}

// Through the client that carries messages: nothing listens to what is said to it, for nothing is said.
TEST(Reach, TheClientAsksBeforeItConnects) {
  auto server = net::HttpServer::start({}, [](net::Request, net::Responder responder) { responder.complete({}); });
  ASSERT_TRUE(server);
  const auto ask = [&](const Reach& reach, const std::string& host) {
    net::ClientOptions options;
    options.may_connect = [&reach](const std::string& to, std::uint16_t port, const std::string& address) {
      return reach.may_connect(to, port, address);
    };
    net::HttpClient client(std::move(options));
    std::promise<std::string> answer;
    client.send({.url = fmt::format("http://{}:{}/", host, (*server)->port())},
                [&answer](Expected<net::ClientResponse> got) { answer.set_value(got ? "ok" : got.error().code); });
    return answer.get_future().get();
  };
  EXPECT_EQ(ask(Reach({}, true), "127.0.0.1"), "ok");
  EXPECT_EQ(ask(Reach({}, true), "localhost"), "ok");
  EXPECT_EQ(ask(Reach(), "127.0.0.1"), "net.not-allowed");
  EXPECT_EQ(ask(Reach(), "localhost"), "net.not-allowed");
  EXPECT_EQ(ask(Reach(), "127.1"), "net.not-allowed");  // the resolver knows more spellings than we do
}

}  // namespace
}  // namespace tingan::channels
