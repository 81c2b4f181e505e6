// What the table of rights says about a request, and what becomes of sessions.
#include "api/acceptance_support.h"
#include "api/encoding.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "codec/record_json.h"
#include "model/vocabulary.h"

namespace tingan::api {
namespace {

bool is_loopback(std::string_view peer) {
  return peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

tl::unexpected<Error> refusal(const RightsRule& rule) { return fail(rule.code, rule.refusal); }

bool is_table(std::string_view content_type) {
  return content_type.starts_with("text/csv") || content_type.starts_with("application/pdf") ||
         content_type.find("spreadsheetml") != std::string_view::npos;
}

// The unit that the request is about, as far as path and query tell; empty: they do not, or it is not there.
UnitId unit_of_target(const Service& service, const Call& call) {
  const Directory& directory = call.directory();
  const auto named = [&](std::string_view name) {
    const auto id = UnitId::find(name);
    return id && directory.unit(*id) != nullptr ? *id : UnitId();
  };
  switch (call.rights->target) {
    case Target::unit_path:
      return named(call.param(0));
    case Target::unit_query: {
      const auto unit = call.request.query_value("unit");
      return unit ? named(*unit) : call.who.unit;
    }
    case Target::order: {
      const auto id = parse_order_id(call.param(0));
      const OrderPtr order = id ? service.ports.view.acceptance().order(*id) : nullptr;
      return order == nullptr ? UnitId() : order->unit;
    }
    case Target::suspicion: {
      const auto id = parse_incident_id(call.param(0));
      const Suspicion* suspicion = id ? call.registry->suspicion(*id) : nullptr;
      return suspicion == nullptr ? UnitId() : suspicion->raised.unit;
    }
    default:
      return UnitId();
  }
}

}  // namespace

SessionLife life_of(const Who& who) {
  const bool technical = std::any_of(who.roles.begin(), who.roles.end(), is_technical_role);
  return technical ? kTechnicalLife : kStaffLife;
}

std::string device_of(std::string_view user_agent) {
  const auto first_of = [&](std::initializer_list<std::pair<const char*, const char*>> all) {
    for (const auto& [sign, name] : all) {
      if (user_agent.find(sign) != std::string_view::npos) return std::string(name);
    }
    return std::string();
  };
  const std::string browser = first_of({{"MicroMessenger", "WeChat"},
                                        {"Edg/", "Edge"},
                                        {"Firefox/", "Firefox"},
                                        {"Chrome/", "Chrome"},
                                        {"Safari/", "Safari"},
                                        {"curl/", "curl"}});
  const std::string system = first_of({{"HarmonyOS", "HarmonyOS"},
                                       {"Android", "Android"},
                                       {"iPhone", "iPhone"},
                                       {"iPad", "iPad"},
                                       {"Windows", "Windows"},
                                       {"Mac OS", "macOS"},
                                       {"Linux", "Linux"}});
  return browser + (browser.empty() || system.empty() ? "" : ", ") + system;
}

// The proxy writes the address that it saw at the end; what stands before it anybody may have sent.
void take_client_address(const Options& options, net::Request& request) {
  if (!options.behind_proxy || !is_loopback(request.peer)) return;
  std::string_view all = request.headers.get("X-Forwarded-For");
  all = all.substr(all.rfind(',') + 1);  // npos + 1 is 0
  while (all.starts_with(' ')) all.remove_prefix(1);
  while (all.ends_with(' ')) all.remove_suffix(1);
  const bool address = !all.empty() && all.size() <= 45 && std::all_of(all.begin(), all.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' || c == ':';
  });
  if (address) request.peer = std::string(all);
}

// A stranger is whoever has no token and is not on this machine; behind a proxy everybody seems to be on it.
Expected<void> Service::may_operate(const Call& call) const {
  bool by_cookie = false;
  const auto token = token_of(call.request, by_cookie);
  const std::string hash = token && !by_cookie ? to_hex(sha256(*token)) : std::string();
  for (const std::string& known : options.metrics_tokens) {
    if (equal_in_constant_time(known, hash)) return {};
  }
  if (!options.behind_proxy && is_loopback(call.request.peer)) return {};
  return fail("auth.required", {"请用监控令牌（Authorization: Bearer …），或在本机读取",
                                "Expected the token for figures (Authorization: Bearer ...), or this machine itself"});
}

bool Service::is_in_force(const Session& session, const Registry& registry) const {
  const auto who = who_is(registry.directory(), session.person);
  if (!who || is_over(session, life_of(*who), wall_now())) return false;
  const std::string stamp = registry.access_stamp(session.person);
  return session.stamp == stamp || session.next_stamp == stamp;
}

// An incident that is hidden reads to everybody as one that there is not, whatever their role.
tl::unexpected<Error> Service::role_refusal(const Call& call, const RightsRule& rule) const {
  if (call.rights->target == Target::incident) {
    if (const auto incident = incident_for(*this, call, call.param(0)); !incident) {
      return tl::unexpected(incident.error());
    }
  }
  if (rule.code != "unit.not-allowed") return refusal(rule);
  return fail("auth.not-allowed", {"您的岗位不能这样做", "Expected a role that may do this, but yours may not"});
}

Expected<void> Service::authorise(Call& call) const {
  call.rights = rights_of(call.route->method, call.route->pattern);
  if (call.who.program) return {};
  const RightsRule* rule = nullptr;
  if (call.rights != nullptr) {
    rule = find_rule(call.route->access == Access::alarms ? std::string_view("declare") : call.rights->rule);
  }
  if (rule == nullptr) {
    return fail("auth.not-allowed", {"这个地址没有开放", "Expected a route that somebody may use, but nobody may"});
  }
  if (cell_of(*rule, call.who).all() == 0) return role_refusal(call, *rule);
  if (call.rights->confirm && wall_now() - call.session.confirmed > kConfirmedFor) {
    return fail("auth.confirm-needed",
                {"请再输一次密码", "Expected the password once more: POST /api/v1/session/confirm, then try again"});
  }
  return check_unit(call, *rule);
}

Expected<void> Service::check_unit(const Call& call, const RightsRule& rule) const {
  const unsigned may = cell_of(rule, call.who).all();
  if (may == kAnyUnit) return {};
  if (call.rights->target == Target::incident) {
    const auto incident = incident_for(*this, call, call.param(0));
    if (!incident) return tl::unexpected(incident.error());
    if ((may & whose(call.directory(), call.who.unit, (*incident)->unit)) == 0) return refusal(rule);
    return {};
  }
  const UnitId unit = unit_of_target(*this, call);
  if (unit.empty() || (may & whose(call.directory(), call.who.unit, unit)) != 0) return {};
  if (call.rights->target == Target::order) {
    return fail("order.not-found", {"没有这张单", "Expected a known order, but there is none of this id"}, "id");
  }
  Error error{rule.code, rule.refusal, call.rights->target == Target::unit_query ? "unit" : "id"};
  return tl::unexpected(std::move(error));
}

std::size_t Service::end_sessions(const std::function<bool(const Session&)>& over, const char* why) {
  const std::vector<Session> ended = sessions.end_where(over);
  for (const Session& session : ended) {
    hub.end_session(session.id);
    SecurityNote note;
    note.kind = "session-ended";
    note.person = session.person;
    note.code = why;
    note.from = session.from;
    security.note(std::move(note));
  }
  return ended.size();
}

// On the hub's thread, every second and after each commit: what is over takes its streams with it.
void Service::look_after_sessions() {
  constexpr Duration kEvery = std::chrono::seconds{10};
  const RegistryPtr registry = ports.view.registry();
  {
    const std::lock_guard lock(look_mutex_);
    const Instant at = wall_now();
    if (registry == looked_at_ && at >= looked_ && at - looked_ < kEvery) return;
    looked_at_ = registry;
    looked_ = at;
  }
  end_sessions(
      [&](const Session& session) {
        const auto who = who_is(registry->directory(), session.person);
        return !who || registry->access_stamp(session.person).empty();
      },
      "removed");
  end_sessions(
      [&](const Session& session) {
        const std::string stamp = registry->access_stamp(session.person);
        return session.stamp != stamp && session.next_stamp != stamp;
      },
      "password");
  end_sessions([&](const Session& session) { return !is_in_force(session, *registry); }, "expired");
  sessions.flush();
}

void Service::note(const Call& call, std::string_view kind, std::string target, std::string code) {
  SecurityNote note;
  note.kind = kind;
  if (!call.who.program) note.person = call.who.person;
  note.target = std::move(target);
  note.code = std::move(code);
  note.from = mask_address(call.request.peer);
  security.note(std::move(note));
}

void Service::note_success(const Call& call, const net::Response& response) {
  if (call.rights == nullptr || call.rights->note.empty() || response.status >= 300) return;
  if (call.rights->note == "export" && !is_table(response.content_type)) return;
  std::string target;
  switch (call.rights->target) {
    case Target::incident: {
      // The log of security has readers whom a silent incident does not concern.
      const auto id = parse_incident_id(call.param(0));
      const IncidentPtr incident = id ? ports.view.find(*id) : nullptr;
      if (incident != nullptr) target = is_hidden(*incident) ? incident->unit.str() : to_string(incident->id);
      break;
    }
    case Target::unit_query:
      target = unit_of_target(*this, call).str();
      break;
    default:
      target = call.params.empty() ? std::string(call.route->pattern) : call.param(0);
  }
  note(call, call.rights->note, std::move(target));
}

}  // namespace tingan::api
