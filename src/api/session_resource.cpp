#include "api/bodies.h"
#include "api/credentials.h"
#include "api/encoding.h"
#include "api/resources.h"
#include "api/service.h"
#include "net/address.h"

namespace tingan::api {
namespace {

Error wrong_credentials() {
  return {
      "auth.bad-credentials", {"用户名或密码不对", "Expected a known user with the right password, but it is not"}, {}};
}

Error busy() {
  return {"auth.busy", {"登录的人太多，请稍后再试", "Expected room for one more sign-in: try again in a moment"}, {}};
}

void write_session(JsonOut& out, const Who& who, const Directory& directory, const Session& session, bool must_change) {
  out.field("person", who.person.str());
  const Person* person = directory.person(who.person);
  if (person != nullptr) out.field("name", person->name);
  out.ids("roles", who.roles);
  out.field("unit", who.unit.str());
  out.field("must_change", must_change);
  out.field("csrf", session.csrf);
  out.time("expires", session.expires, directory.zone());
}

std::string cookie_of(const net::Request& request, bool secure, std::string_view token, std::int64_t seconds) {
  const bool tls = request.secure || secure;
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", tls ? kSecureCookie : kCookie, token,
                     seconds, tls ? "; Secure" : "");
}

// Takes the same time for a user who is not there as for a wrong password.
bool is_right(Service& service, const Registry& registry, std::optional<PersonId> person, std::string_view password) {
  const Credential* credential = person ? registry.credential(*person) : nullptr;
  if (credential != nullptr) {
    const auto verifier = service.ports.sealer.open(credential->verifier);
    if (verifier && *verifier && verify_password(**verifier, password)) return true;
    if (!service.options.demo) return false;
  }
  if (service.options.demo) return verify_password(service.demo_verifier(), password) && person.has_value();
  (void)verify_password(service.dummy_verifier(), password);
  return false;
}

std::optional<PersonId> known_person(const Directory& directory, const std::string& user) {
  const auto id = PersonId::find(user);
  return id && directory.person(*id) != nullptr ? id : std::nullopt;
}

// False: has to wait, and has been told so.
bool goes_ahead(Service& service, Call& call, Duration wait) {
  if (wait.count() <= 0) return true;
  service.metrics.throttled();
  const std::int64_t seconds = (wait.count() + 999) / 1000;
  service.refuse(call,
                 {"auth.throttled",
                  {fmt::format("密码连续输错，请 {} 秒后再试", seconds),
                   fmt::format("Expected a pause after several wrong passwords: try again in {} s", seconds)},
                  {}},
                 {seconds, {}});
  return false;
}

// Before the queue: who would be refused there does not take room in it.
bool may_wait(Service& service, Call& call, const std::string& user) {
  return goes_ahead(service, call, service.throttle.wait(user, call.request.peer, service.wall_now()));
}

// Right before the comparison: takes the ticket.
bool may_try(Service& service, Call& call, const std::string& user) {
  return goes_ahead(service, call, service.throttle.take(user, call.request.peer, service.wall_now()));
}

// Whoever was in from this address before does not pay for the strangers there.
bool within_rate(Service& service, Call& call) {
  const Duration wait = service.peer_limit.take(net::address_group(call.request.peer), service.wall_now());
  if (wait.count() == 0) return true;
  service.refuse(call,
                 {"rate.limited",
                  {"请求太多，请稍后再试", "Expected fewer requests, but there are too many: try again later"},
                  {}},
                 {(wait.count() + 999) / 1000, {}});
  return false;
}

void answer_sign_in(Service& service, Call& call, PersonId person) {
  const auto who = who_is(call.directory(), person);
  if (!who) return service.refuse(call, wrong_credentials());
  const NewSession fresh = service.sessions.create(person, service.wall_now());
  const Credential* credential = call.registry->credential(person);
  const bool must_change = credential != nullptr && credential->must_change && !service.options.demo;
  JsonOut out;
  out.begin_object();
  out.field("token", fresh.token);
  write_session(out, *who, call.directory(), fresh.session, must_change);
  out.end_object();
  net::Response response = json_response(200, out.take());
  response.headers.emplace_back("Set-Cookie", cookie_of(call.request, service.options.secure_cookies, fresh.token,
                                                        Sessions::kLife.count() / 1000));
  service.finish(call, std::move(response));
}

}  // namespace

bool knows_password(Service& service, Call& call, const std::string& password) {
  const std::string user = call.who.person.str();
  if (!may_try(service, call, user)) return false;
  if (is_right(service, *call.registry, call.who.person, password)) {
    service.throttle.succeeded(user, call.request.peer, service.wall_now());
    return true;
  }
  service.refuse(call, wrong_credentials());
  return false;
}

void sign_in(Service& service, const CallPtr& call) {
  auto body = read_body_of(*call, parse_sign_in);
  if (!body) return service.refuse(*call, body.error());
  const std::string& peer = call->request.peer;
  const bool was_in = service.throttle.was_in(body->user, peer);
  if (!was_in && !within_rate(service, *call)) return;
  if (!may_wait(service, *call, body->user)) return;
  const auto turned_away = [&service, call] { service.refuse(*call, busy()); };
  const auto check = [&service, call, user = body->user, password = body->password] {
    if (!may_try(service, *call, user)) return;
    const auto person = known_person(call->directory(), user);
    if (!is_right(service, *call->registry, person, password)) {
      service.metrics.login(false);
      return service.refuse(*call, wrong_credentials());
    }
    service.metrics.login(true);
    service.throttle.succeeded(user, call->request.peer, service.wall_now());
    answer_sign_in(service, *call, *person);
  };
  const Lane lane = was_in ? Lane::was_in_before : Lane::others;
  if (!service.hashing.post(lane, net::address_group(peer), check, turned_away)) turned_away();
}

void sign_out(Service& service, const CallPtr& call) {
  service.sessions.end(call->session.id);
  service.hub.end_session(call->session.id);
  net::Response response;
  response.status = 204;
  response.headers.emplace_back("Set-Cookie", cookie_of(call->request, service.options.secure_cookies, "", 0));
  service.finish(*call, std::move(response));
}

Expected<net::Response> get_session(Service&, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  JsonOut out;
  out.begin_object();
  write_session(out, call.who, call.directory(), call.session, call.must_change);
  out.end_object();
  return json_response(200, out.take());
}

void change_password(Service& service, const CallPtr& call) {
  auto body = read_body_of(*call, parse_password);
  if (!body) return service.refuse(*call, body.error());
  const std::string user = call->who.person.str();
  if (auto good = check_new_password(body->new_password, user); !good) return service.refuse(*call, good.error());
  if (!may_wait(service, *call, user)) return;
  service.on_hashing(call, [&service, call, body = std::move(*body)] {
    if (!knows_password(service, *call, body.old_password)) return;
    auto command = make_password(call->who.person, body.new_password, false, service.ports.sealer);
    if (!command) return service.refuse(*call, command.error());
    // No idempotency key here: a hash of a body with a password must not be kept.
    Submission submission{
        .person = call->who.person, .unit = call->who.unit, .command = UnitCommand(std::move(*command))};
    submission.done = [&service, call](const Outcome& outcome) {
      if (outcome.refused) return service.refuse(*call, *outcome.refused);
      service.sessions.end_others(call->who.person, call->session.id);
      net::Response response;
      response.status = 204;
      service.finish(*call, std::move(response));
    };
    service.metrics.command();
    service.ports.submit(std::move(submission));
  });
}

}  // namespace tingan::api
