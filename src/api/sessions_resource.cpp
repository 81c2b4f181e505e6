// The sessions of the signed-in person: which there are, from where, and an end to those that are not wanted.
#include "api/json_out.h"
#include "api/resources.h"
#include "api/service.h"

namespace tingan::api {
namespace {

void write_one(JsonOut& out, const Session& session, const Call& call) {
  const SessionLife life = life_of(call.who);
  out.begin_object();
  out.field("id", public_id(session));
  out.field("current", session.id == call.session.id);
  out.time("made", session.made, call.zone());
  out.time("used", session.used, call.zone());
  out.time("idle_ends", idle_end(session, life), call.zone());
  out.time("expires", end_of(session, life), call.zone());
  out.string_or_null("device", session.device);
  out.string_or_null("from", session.from);
  out.end_object();
}

void answer_ended(Service& service, const CallPtr& call) {
  net::Response response;
  response.status = 204;
  service.finish(*call, std::move(response));
}

}  // namespace

Expected<net::Response> list_sessions(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (const Session& session : service.sessions.of(call.who.person)) {
    if (service.is_in_force(session, *call.registry)) write_one(out, session, call);
  }
  out.end_array();
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

void end_session(Service& service, const CallPtr& call) {
  const auto wanted = [&](const Session& session) {
    return session.person == call->who.person && public_id(session) == call->param(0);
  };
  if (service.end_sessions(wanted, "by-person") == 0) {
    return service.refuse(*call,
                          {"session.not-found",
                           {"没有这个登录，可能已经退出", "Expected a session of yours, but there is none of this id"},
                           "id"});
  }
  answer_ended(service, call);
}

void end_other_sessions(Service& service, const CallPtr& call) {
  service.end_sessions(
      [&](const Session& session) { return session.person == call->who.person && session.id != call->session.id; },
      "by-person");
  answer_ended(service, call);
}

}  // namespace tingan::api
