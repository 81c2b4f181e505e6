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
  const SessionLife life = life_of(who);
  out.field("person", who.person.str());
  const Person* person = directory.person(who.person);
  if (person != nullptr) out.field("name", person->name);
  out.ids("roles", who.roles);
  out.field("unit", who.unit.str());
  out.field("must_change", must_change);
  out.field("csrf", session.csrf);
  out.time("expires", end_of(session, life), directory.zone());
  out.time("idle_ends", idle_end(session, life), directory.zone());
  out.time("confirmed_until", session.confirmed + kConfirmedFor, directory.zone());
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

// Nobody is signed in yet: the person is whose name was given, where there is one of that name. Another name is not
// kept: people type their password there.
void note_for(Service& service, const Call& call, const char* kind, std::optional<PersonId> person) {
  SecurityNote note;
  note.kind = kind;
  if (person) note.person = *person;
  note.from = mask_address(call.request.peer);
  service.security.note(std::move(note));
}

// False: has to wait, and has been told so.
bool goes_ahead(Service& service, Call& call, const std::string& user, Duration wait) {
  if (wait.count() <= 0) return true;
  service.metrics.throttled();
  note_for(service, call, "sign-in-throttled", known_person(call.directory(), user));
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
  return goes_ahead(service, call, user, service.throttle.wait(user, call.request.peer, service.wall_now()));
}

// Right before the comparison: takes the ticket.
bool may_try(Service& service, Call& call, const std::string& user) {
  return goes_ahead(service, call, user, service.throttle.take(user, call.request.peer, service.wall_now()));
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
  Session wanted;
  wanted.person = person;
  wanted.stamp = call.registry->access_stamp(person);
  wanted.from = mask_address(call.request.peer);
  wanted.device = device_of(call.request.headers.get("User-Agent"));
  std::vector<std::string> ended;
  const NewSession fresh = service.sessions.create(std::move(wanted), service.wall_now(), ended);
  for (const std::string& id : ended) service.hub.end_session(id);
  note_for(service, call, "sign-in", person);
  const Credential* credential = call.registry->credential(person);
  const bool must_change = credential != nullptr && credential->must_change && !service.options.demo;
  JsonOut out;
  out.begin_object();
  out.field("token", fresh.token);
  write_session(out, *who, call.directory(), fresh.session, must_change);
  out.end_object();
  net::Response response = json_response(200, out.take());
  response.headers.emplace_back("Set-Cookie", cookie_of(call.request, service.options.secure_cookies, fresh.token,
                                                        life_of(*who).whole.count() / 1000));
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
  service.note(call, "confirm-failed");
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
      note_for(service, *call, "sign-in-failed", person);
      return service.refuse(*call, wrong_credentials());
    }
    service.metrics.login(true);
    service.throttle.succeeded(user, call->request.peer, service.wall_now());
    answer_sign_in(service, *call, *person);
  };
  const bool fails = service.throttle.fails(peer, service.wall_now());
  const Lane lane = was_in ? Lane::was_in_before : fails ? Lane::failed_lately : Lane::others;
  if (!service.hashing.post(lane, net::address_group(peer), check, turned_away)) turned_away();
}

// Opens the door to what asks for the password again (Session::confirmed).
void confirm_session(Service& service, const CallPtr& call) {
  auto body = read_body_of(*call, parse_confirm);
  if (!body) return service.refuse(*call, body.error());
  service.on_hashing(call, [&service, call, password = std::move(*body)] {
    if (!knows_password(service, *call, password)) return;
    const Instant now = service.wall_now();
    service.sessions.confirm(call->session.id, now);
    service.note(*call, "confirmed");
    JsonOut out;
    out.begin_object();
    out.time("confirmed_until", now + kConfirmedFor, call->zone());
    out.end_object();
    service.finish(*call, json_response(200, out.take()));
  });
}

void sign_out(Service& service, const CallPtr& call) {
  service.end_sessions([&](const Session& session) { return session.id == call->session.id; }, "signed-out");
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
  const Unit* unit = call->directory().unit(call->who.unit);
  const Person* person = call->directory().person(call->who.person);
  std::vector<std::string_view> near;
  if (unit != nullptr) near = {unit->name.zh, unit->name.en};
  if (person != nullptr) near.push_back(person->name);
  if (auto good = check_new_password(body->new_password, user, near); !good) {
    return service.refuse(*call, good.error());
  }
  if (!may_wait(service, *call, user)) return;
  service.on_hashing(call, [&service, call, body = std::move(*body)] {
    if (!knows_password(service, *call, body.old_password)) return;
    auto command = make_password(call->who.person, body.new_password, false, service.ports.sealer);
    if (!command) return service.refuse(*call, command.error());
    // The other sessions are over with the old password; this one goes on with the new.
    service.sessions.expect_stamp(call->session.id, call->registry->access_stamp(call->who.person),
                                  call->registry->access_stamp(call->who.person, command->verifier));
    // No idempotency key here: a hash of a body with a password must not be kept.
    Submission submission{
        .person = call->who.person, .unit = call->who.unit, .command = UnitCommand(std::move(*command))};
    submission.done = [&service, call](const Outcome& outcome) {
      if (outcome.refused) return service.refuse(*call, *outcome.refused);
      service.sessions.confirm(call->session.id, service.wall_now());
      service.end_sessions(
          [&](const Session& one) { return one.person == call->who.person && one.id != call->session.id; }, "password");
      service.note(*call, "password-changed");
      net::Response response;
      response.status = 204;
      service.finish(*call, std::move(response));
    };
    service.metrics.command();
    service.ports.submit(std::move(submission));
  });
}

}  // namespace tingan::api
