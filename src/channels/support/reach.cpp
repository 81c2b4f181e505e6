#include "channels/support/reach.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "channels/support/config.h"
#include "net/url.h"

namespace tingan::channels {
namespace {

struct RobotHost {
  std::string_view kind;
  std::string_view host;
};
// As the makers document them.
constexpr RobotHost kRobotHosts[] = {
    {"wecom", "qyapi.weixin.qq.com"}, {"dingtalk", "oapi.dingtalk.com"}, {"feishu", "open.feishu.cn"}};

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  // "host." is the same host, fully written.
  if (text.size() > 1 && text.back() == '.') text.pop_back();
  return text;
}

Place place_of_v4(std::uint32_t address) {
  const std::uint32_t first = address >> 24;
  if (first == 127) return Place::this_machine;
  const bool link = first == 0 || first >= 224 || (address >> 16) == 0xA9FE;  // 0/8, multicast and above, 169.254/16
  return link ? Place::link : Place::elsewhere;
}

std::uint32_t v4_in(const unsigned char* bytes) {
  return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
         static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

Place place_of_v6(const in6_addr& address) {
  const unsigned char* bytes = address.s6_addr;
  if (IN6_IS_ADDR_LOOPBACK(&address)) return Place::this_machine;
  if (IN6_IS_ADDR_UNSPECIFIED(&address)) return Place::link;
  if (IN6_IS_ADDR_V4MAPPED(&address) || IN6_IS_ADDR_V4COMPAT(&address)) return place_of_v4(v4_in(bytes + 12));
  constexpr unsigned char kNat64[12] = {0x00, 0x64, 0xff, 0x9b};  // RFC 6052
  if (std::memcmp(bytes, kNat64, sizeof kNat64) == 0) return place_of_v4(v4_in(bytes + 12));
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return place_of_v4(v4_in(bytes + 2));  // 6to4, RFC 3056
  const bool link = IN6_IS_ADDR_LINKLOCAL(&address) || IN6_IS_ADDR_MULTICAST(&address);
  return link ? Place::link : Place::elsewhere;
}

struct Goal {
  std::string host;
  std::uint16_t port = 0;
  bool https = false;
};

std::optional<Goal> goal_of(const ChannelConfig& config) {
  std::string url = config.url;
  std::uint16_t usual = 0;
  // Mail addresses have the same form behind other schemes.
  if (url.starts_with("smtps://")) {
    url.replace(0, 8, "https://");
    usual = 465;
  } else if (url.starts_with("smtp://")) {
    url.replace(0, 7, "http://");
    usual = 25;
  }
  const auto parsed = net::parse_url(url);
  if (!parsed) return std::nullopt;
  const bool own_port = parsed->port == (parsed->tls ? 443 : 80);
  return Goal{lower(parsed->host), own_port && usual != 0 ? usual : parsed->port, parsed->tls && usual == 0};
}

bool is_documented(const std::string& kind, const Goal& goal) {
  return goal.https && goal.port == 443 &&
         std::any_of(std::begin(kRobotHosts), std::end(kRobotHosts),
                     [&](const RobotHost& robot) { return robot.kind == kind && robot.host == goal.host; });
}

bool names_this_machine(const std::string& host) {
  return host == "localhost" || place_of(host) == Place::this_machine;
}

}  // namespace

Place place_of(const std::string& address) {
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return place_of_v4(ntohl(v4.s_addr));
  in6_addr v6{};
  if (inet_pton(AF_INET6, address.substr(0, address.find('%')).c_str(), &v6) == 1) return place_of_v6(v6);
  return Place::elsewhere;
}

Expected<AllowedHost> Reach::parse(const std::string& text) {
  const auto wrong = [&] {
    return fail("channel.wrong-host",
                {fmt::format("--allow-channel 应为 主机 或 主机:端口，不是“{}”", text),
                 fmt::format("Expected --allow-channel HOST or HOST:PORT, but got '{}'", text)},
                "--allow-channel");
  };
  std::string host = text;
  std::string port;
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.rfind(':');
  const bool bare_v6 = bracket == std::string::npos && std::count(text.begin(), text.end(), ':') > 1;
  if (colon != std::string::npos && !bare_v6 && (bracket == std::string::npos || bracket < colon)) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (port.empty()) return wrong();
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host.empty() || host.find_first_of("/@?#* []") != std::string::npos) return wrong();
  AllowedHost allowed{lower(host), 0};
  if (!port.empty()) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), allowed.port);
    if (error != std::errc{} || end != port.data() + port.size() || allowed.port == 0) return wrong();
  }
  return allowed;
}

bool Reach::names(const std::string& host, std::uint16_t port) const {
  return std::any_of(allowed_.begin(), allowed_.end(),
                     [&](const AllowedHost& one) { return one.host == host && (one.port == 0 || one.port == port); });
}

Expected<void> Reach::check(const ChannelConfig& config) const {
  const auto goal = goal_of(config);
  if (!goal) return bad_config(config, {"url 不是可用的地址", "Expected an address in the url, but it is none"});
  if (names(goal->host, goal->port) || is_documented(config.kind, *goal)) return {};
  if (local_ && names_this_machine(goal->host)) return {};
  return fail(
      "channel.not-allowed",
      {fmt::format("这个节点不允许连到 {}:{}；运维人员可在启动时写 --allow-channel {}:{}", goal->host, goal->port,
                   goal->host, goal->port),
       fmt::format("Expected a host that this node may reach, but {}:{} is none; the operator can start it with "
                   "--allow-channel {}:{}",
                   goal->host, goal->port, goal->host, goal->port)},
      "channels." + config.id.str());
}

bool Reach::may_connect(const std::string& host, std::uint16_t port, const std::string& address) const {
  const Place place = place_of(address);
  if (place == Place::elsewhere) return true;
  const std::string named = lower(host);
  if (place == Place::this_machine && names_this_machine(named) && (local_ || names(named, port))) return true;
  return names(lower(address), port);
}

}  // namespace tingan::channels
