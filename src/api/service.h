// Everything that the handlers share. Built by Api; lives as long as the server.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "api/api.h"
#include "api/call.h"
#include "api/fair_pool.h"
#include "api/incident_index.h"
#include "api/metrics.h"
#include "api/rights_table.h"
#include "api/security_log.h"
#include "api/sessions.h"
#include "api/static_files.h"
#include "api/stream_hub.h"
#include "api/throttle.h"
#include "api/worker_pool.h"

namespace tingan::api {

class Service {
 public:
  Service(const Ports& ports, Options options);
  ~Service();

  // Signs in, limits, finds the route and runs it. Never blocks.
  void handle(net::Request request, Complete complete);
  // As handle(), but the answer may be a stream.
  void stream(net::Request request, net::Responder responder);
  void on_commit(const Commit& commit);
  void stop();

  // Hands the work to the engine and completes the call with its outcome.
  void submit(const CallPtr& call, Work work);
  // On the pool; answers `node.busy` when too much waits there.
  void on_pool(const CallPtr& call, std::function<void()> task);
  // For what hashes or compares a secret of somebody signed in: on the one thread that does, before those who are not
  // in yet. Answers `node.busy` when the person has too much waiting.
  void on_hashing(const CallPtr& call, std::function<void()> task);
  // For documents: on the threads that keep fonts, the persons in turn. Answers `node.busy`.
  void on_papers(const CallPtr& call, std::function<void()> task);
  // For evidence and photos, which are opened and sealed whole: two at a time. Answers `node.busy`.
  void on_bulk(const CallPtr& call, std::function<void()> task);
  // What becomes of a body whose head has come (net::ServerOptions::admit).
  net::Admission admit(const net::Request& head, std::optional<std::uint64_t> length, std::size_t route_max);
  void finish(Call& call, net::Response response);
  void refuse(Call& call, const Error& error, const ProblemExtras& extras = {});

  // The session's person is still there, its password the same, and neither of its times is over.
  bool is_in_force(const Session& session, const Registry& registry) const;
  // Ends those, with their streams; how many. `why` is what the log of security says.
  std::size_t end_sessions(const std::function<bool(const Session&)>& over, const char* why);
  // For the log of security: the person and the address are the call's.
  void note(const Call& call, std::string_view kind, std::string target = {}, std::string code = {});

  Instant now() const { return ports.clock.now(); }
  Instant wall_now() const { return ports.wall_clock.now(); }
  // Verifiers for nobody in particular: the demo's password, and one that costs a wrong user as much as a wrong
  // password.
  const std::string& demo_verifier() const { return demo_verifier_; }
  const std::string& dummy_verifier() const { return dummy_verifier_; }
  const std::map<FormId, Text> form_titles;  // what people call them

  Ports ports;
  Options options;
  Metrics metrics;
  Sessions sessions;
  SecurityLog security;
  LoginThrottle throttle;
  RateLimiter person_limit;
  RateLimiter peer_limit;
  IncidentIndex index;
  StaticFiles files;
  std::atomic<bool> ready{false};
  FairPool hashing;  // one thread: one Argon2 (64 MiB) at a time
  FairPool papers;   // Pango and Cairo keep fonts a thread, for good: two of them
  FairPool bulk;
  WorkerPool pool;

 private:
  std::mutex look_mutex_;
  RegistryPtr looked_at_;  // the registry that the sessions were last held against
  Instant looked_{};

 public:
  StreamHub hub;  // last: its thread looks after the sessions

 private:
  // Fills the call in; an error means that it has been refused and answered.
  Expected<void> prepare(Call& call);
  Expected<void> authenticate(Call& call);
  // The table's word: the role at all, the password again, and the unit where the path or the query names it.
  Expected<void> authorise(Call& call) const;
  tl::unexpected<Error> role_refusal(const Call& call, const RightsRule& rule) const;
  Expected<void> check_unit(const Call& call, const RightsRule& rule) const;
  Expected<void> may_operate(const Call& call) const;
  void note_refusal(const Call& call, const std::string& code);
  void note_success(const Call& call, const net::Response& response);
  void look_after_sessions();
  Expected<void> limit(Call& call, ProblemExtras& extras);
  void on_fair(FairPool& fair, const CallPtr& call, std::function<void()> task);
  void run(const CallPtr& call);
  Expected<void> set_key(const Call& call, Submission& submission) const;

  std::string demo_verifier_;
  std::string dummy_verifier_;
};

// The token of the request: the Authorization header, or the cookie. `by_cookie` tells which.
std::optional<std::string> token_of(const net::Request& request, bool& by_cookie);
constexpr std::string_view kCookie = "tingan_session";
constexpr std::string_view kSecureCookie = "__Host-tingan_session";

// Behind a trusted proxy: the address that it saw, in place of its own.
void take_client_address(const Options& options, net::Request& request);
// By the strictest of the person's roles.
SessionLife life_of(const Who& who);
// "Chrome, Android" of a User-Agent; empty: not one that we know.
std::string device_of(std::string_view user_agent);

// For handlers with a JSON body: the right content type, and the parser's complaint.
Expected<void> check_content_type(const net::Request& request);
template <class Parse>
auto read_body_of(const Call& call, const Parse& parse) -> decltype(parse(std::string_view())) {
  if (auto checked = check_content_type(call.request); !checked) return tl::unexpected(checked.error());
  return parse(call.request.body);
}

}  // namespace tingan::api
