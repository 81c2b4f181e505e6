// Who sends a request: a session by cookie or bearer token, a machine with a token of its own, or nobody.
#include "api/encoding.h"
#include "api/router.h"
#include "api/service.h"
#include "codec/record_json.h"

namespace tingan::api {
namespace {

bool writes(net::Method method) {
  return method != net::Method::kGet && method != net::Method::kHead && method != net::Method::kOptions;
}

bool is_loopback(std::string_view peer) {
  return peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

Error sign_in_first() {
  return {"auth.required", {"请先登录", "Expected a signed-in person, but there is no valid session"}, {}};
}

}  // namespace

std::optional<std::string> token_of(const net::Request& request, bool& by_cookie) {
  by_cookie = false;
  if (const auto authorization = request.headers.find("Authorization")) {
    constexpr std::string_view kBearer = "Bearer ";
    if (authorization->size() <= kBearer.size() ||
        !net::equals_ignoring_case(authorization->substr(0, kBearer.size()), kBearer)) {
      return std::string();  // another scheme: certainly no token of ours
    }
    return std::string(authorization->substr(kBearer.size()));
  }
  std::string_view cookies = request.headers.get("Cookie");
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    std::string_view one = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    const auto equals = one.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = one.substr(0, equals);
    if (name != (request.secure ? kSecureCookie : kCookie) && name != kSecureCookie) continue;
    by_cookie = true;
    return std::string(one.substr(equals + 1));
  }
  return std::nullopt;
}

Expected<void> Service::authenticate(Call& call) {
  bool by_cookie = false;
  const auto token = token_of(call.request, by_cookie);
  const auto session = token ? sessions.find(*token, wall_now()) : std::nullopt;
  const bool in_force = session && is_in_force(*session, *call.registry);
  auto who = in_force ? who_is(call.directory(), session->person) : std::nullopt;
  if (!who) {
    if (call.route->access != Access::alarms) return tl::unexpected(sign_in_first());
    const std::string hash = token ? to_hex(sha256(*token)) : std::string();
    const bool machine = token && std::any_of(options.alarm_tokens.begin(), options.alarm_tokens.end(),
                                              [&](const auto& known) { return equal_in_constant_time(known, hash); });
    const bool own_machine = is_loopback(call.request.peer) && !options.behind_proxy;
    if (!machine && !(options.demo && !token && own_machine)) {
      return tl::unexpected(sign_in_first());
    }
    call.who = program_who();
    return {};
  }
  if (by_cookie && writes(call.request.method) &&
      !equal_in_constant_time(call.request.headers.get("X-CSRF-Token"), session->csrf)) {
    return fail("auth.csrf",
                {"请求缺少 X-CSRF-Token，请刷新页面后再试",
                 "Expected the X-CSRF-Token that was given at sign-in, but it is missing or another"},
                "X-CSRF-Token");
  }
  sessions.touch(session->id, wall_now());
  call.session = *session;
  call.who = std::move(*who);
  const Credential* credential = call.registry->credential(call.who.person);
  call.must_change = credential != nullptr && credential->must_change && !options.demo;
  if (call.must_change && !call.route->pattern.starts_with("/api/v1/session")) {
    return fail("auth.must-change",
                {"请先修改初始密码", "Expected a password of your own, but yours is still the first one: change it"});
  }
  if (const auto role = call.request.headers.find("X-Acting-Role")) {
    const auto known = RoleId::find(*role);
    if (!known || !call.who.holds(*known)) {
      return fail("role.not-held", {"您没有这个岗位", "Expected a role that you hold, but you do not"},
                  "X-Acting-Role");
    }
    call.who.preferred = *known;
  }
  return {};
}

}  // namespace tingan::api
