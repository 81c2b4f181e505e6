#include "net/url.h"

#include <gtest/gtest.h>

namespace tingan::net {
namespace {

TEST(Url, EncodesEverythingButUnreserved) {
  EXPECT_EQ(percent_encode("a-Z_0.9~"), "a-Z_0.9~");
  EXPECT_EQ(percent_encode("a b/厅&="), "a%20b%2F%E5%8E%85%26%3D");
}

TEST(Url, DecodesWhatItEncodes) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

TEST(Url, RefusesBrokenEncodings) {
  for (const char* bad : {"%", "%1", "abc%", "%zz", "%0g", "%%20"}) {
    const auto decoded = percent_decode(bad);
    ASSERT_FALSE(decoded) << bad;
    EXPECT_EQ(decoded.error().code, "net.bad-encoding");
  }
}

TEST(Url, QueryRoundTrip) {
  const Query query = {{"unit", "hall-a"}, {"q", "停电 & 火"}, {"empty", ""}};
  EXPECT_EQ(parse_query(build_query(query)), query);
  EXPECT_EQ(parse_query("a+b=c+d&&flag"), (Query{{"a b", "c d"}, {"flag", ""}}));
  EXPECT_EQ(parse_query(""), Query{});
}

TEST(Url, TargetIsDecodedOnce) {
  const auto target = parse_target("/api/%E5%8E%85/a%2525b?x=%2F#part");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/厅/a%25b");
  EXPECT_EQ(target->query, (Query{{"x", "/"}}));
}

TEST(Url, TargetForms) {
  EXPECT_EQ(parse_target("*")->path, "*");
  EXPECT_EQ(parse_target("http://host:80/p?a=b")->path, "/p");
  EXPECT_EQ(parse_target("http://host")->path, "/");
  EXPECT_EQ(parse_target("http://host?a=b")->query, (Query{{"a", "b"}}));
  EXPECT_EQ(parse_target("/p")->authority, "");
  EXPECT_EQ(parse_target("HTTP://Host:80/p")->authority, "host");
  EXPECT_EQ(parse_target("https://host:443/p")->authority, "host");
  EXPECT_EQ(parse_target("http://host:8080/p")->authority, "host:8080");
  EXPECT_EQ(parse_target("/http://host/p")->path, "/http://host/p");
  for (const char* bad : {"http://", "http:///p", "http://me@host/p", "ftp://host/p", "host:80"}) {
    EXPECT_FALSE(parse_target(bad)) << bad;
  }
  EXPECT_EQ(parse_target("/a//b/")->path, "/a//b/");
  EXPECT_EQ(parse_target("/...")->path, "/...");
}

TEST(Url, TargetRefusesWaysAround) {
  for (const char* bad :
       {"", "relative", "/a/../b", "/..", "/a/%2e%2E/b", "/./a", "/a%2Fb", "/a%5Cb", "/a\\b", "/a%0ab", "/a%7f"}) {
    const auto target = parse_target(bad);
    ASSERT_FALSE(target) << bad;
    EXPECT_EQ(target.error().code, "net.bad-target") << bad;
  }
  for (const char* bad :
       {"/a%00b", "/%ff", "/%c0%af", "/%ed%a0%80", "/%f4%90%80%80", "/%e5%8e", "/a%", "/?a=%00", "/?%ff=1", "/?a=%x"}) {
    const auto target = parse_target(bad);
    ASSERT_FALSE(target) << bad;
    EXPECT_EQ(target.error().code, "net.bad-encoding") << bad;
  }
}

TEST(Url, ParsesAbsoluteUrls) {
  const auto url = parse_url("https://example.com:8443/a%20b?x=1#f");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/a%20b?x=1");
  EXPECT_EQ(url->authority(), "example.com:8443");
  EXPECT_EQ(parse_url("http://example.com")->target, "/");
  EXPECT_EQ(parse_url("http://example.com?q=1")->target, "/?q=1");
  EXPECT_EQ(parse_url("http://example.com")->authority(), "example.com");
  EXPECT_EQ(parse_url("http://[::1]:8080/")->host, "::1");
  EXPECT_EQ(parse_url("http://[::1]:8080/")->authority(), "[::1]:8080");
  EXPECT_EQ(parse_url("https://h")->port, 443);
}

TEST(Url, RefusesOtherUrls) {
  for (const char* bad : {"", "no-scheme", "ftp://host/", "http://", "http:///path", "http://user:pw@host/",
                          "http://host:99999/", "http://host:0/", "http://ho st/", "//host/"}) {
    const auto url = parse_url(bad);
    ASSERT_FALSE(url) << bad;
    EXPECT_EQ(url.error().code, "net.malformed-url") << bad;
  }
}

TEST(Headers, FindInAnyCase) {
  Headers headers;
  headers.add("Content-Type", "text/plain");
  headers.add("X-A", "1");
  headers.add("x-a", "2");
  EXPECT_EQ(headers.get("content-type"), "text/plain");
  EXPECT_EQ(headers.get("X-a"), "1");
  EXPECT_EQ(headers.count("x-A"), 2u);
  EXPECT_FALSE(headers.find("X-B"));
  EXPECT_EQ(headers.at(2), (std::pair<std::string_view, std::string_view>{"x-a", "2"}));
}

}  // namespace
}  // namespace tingan::net
