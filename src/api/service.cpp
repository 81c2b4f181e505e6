#include "api/service.h"

#include <future>

#include "api/credentials.h"
#include "api/disk_limits.h"
#include "api/encoding.h"
#include "api/json_in.h"
#include "api/json_out.h"
#include "api/resources.h"
#include "api/router.h"
#include "codec/record_json.h"
#include "net/address.h"

namespace tingan::api {
namespace {

constexpr std::size_t kPoolWaitingMax = 2000;
// Half a minute of hashing: more people than that cannot wait anyway. An address: a hall that signs in at half past
// eight.
constexpr FairPool::Limits kHashing{.threads = 1, .waiting_max = 512, .waiting_per_key_max = 64};
constexpr FairPool::Limits kPapers{.threads = 2, .waiting_max = 64, .waiting_per_key_max = 16};
constexpr FairPool::Limits kBulk{.threads = 2, .waiting_max = 256, .waiting_per_key_max = 32};

std::map<FormId, Text> titles_of(const std::map<FormId, std::string>& forms) {
  std::map<FormId, Text> titles;
  for (const auto& [id, schema] : forms) {
    const auto json = parse_json(schema);
    const JsonValue* title = json ? json->find("x-title") : nullptr;
    const JsonValue* zh = title == nullptr ? nullptr : title->find("zh");
    const JsonValue* en = title == nullptr ? nullptr : title->find("en");
    const bool both =
        zh != nullptr && en != nullptr && zh->as<std::string>() != nullptr && en->as<std::string>() != nullptr;
    titles[id] = both ? Text{*zh->as<std::string>(), *en->as<std::string>()} : Text{id.str(), id.str()};
  }
  return titles;
}

// What a browser may do with our answers: nothing but show them.
void add_security_headers(net::Response& response, bool secure) {
  const bool page = response.content_type.starts_with("text/") || response.content_type.starts_with("image/") ||
                    response.content_type.starts_with("font/") || response.content_type == "application/pdf";
  auto& headers = response.headers;
  const auto has = [&headers](std::string_view name) {
    return std::any_of(headers.begin(), headers.end(), [&](const auto& header) { return header.first == name; });
  };
  if (!has("Content-Security-Policy"))
    headers.emplace_back(
        "Content-Security-Policy",
        page ? "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' "
               "blob:; font-src 'self'; "
               "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
               "frame-ancestors 'none'"
             : "default-src 'none'; frame-ancestors 'none'");
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("X-Frame-Options", "DENY");
  headers.emplace_back("Referrer-Policy", "no-referrer");
  if (!has("Cache-Control")) headers.emplace_back("Cache-Control", "no-store");
  if (secure) headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
}

Error no_room() {
  return {"node.busy", {"系统忙，请稍后再试", "Expected room for one more request, but the node is busy"}, {}};
}

// Fonts are kept a thread: whoever makes a document elsewhere waits for the threads that have them.
template <class Of>
std::function<Expected<std::string>(const Of&)> on_paper_threads(FairPool& papers,
                                                                 std::function<Expected<std::string>(const Of&)> make) {
  if (!make) return make;
  return [&papers, make = std::move(make)](const Of& of) -> Expected<std::string> {
    if (papers.on_thread()) return make(of);
    auto made = std::make_shared<std::promise<Expected<std::string>>>();
    auto coming = made->get_future();
    std::function<void()> task = [made, &make, &of] { made->set_value(make(of)); };
    std::function<void()> dropped = [made] { made->set_value(tl::unexpected(no_room())); };
    made.reset();  // now the queue alone holds the promise, and breaks it where the node stops
    if (!papers.post(Lane::others, "", std::move(task), std::move(dropped))) return tl::unexpected(no_room());
    try {
      return coming.get();
    } catch (const std::future_error&) {
      return tl::unexpected(no_room());
    }
  };
}

}  // namespace

Ports ports_of(Engine& engine, const View& view, LogReader& log, Sealer& sealer, Random& random, Clock& clock,
               Clock& wall_clock, BlobStore* blobs) {
  return {[&engine](Submission submission) { engine.submit(std::move(submission)); },
          [&engine] { return engine.queued(); },
          [&engine] { return engine.disk_full(); },
          view,
          log,
          sealer,
          random,
          clock,
          wall_clock,
          blobs,
          {},
          {}};
}

Service::Service(const Ports& p, Options o)
    : form_titles(titles_of(o.forms)),
      ports(p),
      options(std::move(o)),
      sessions(p.random, options.session_file, p.wall_clock.now()),
      security(p.submit, p.clock, options.security_every),
      person_limit(options.demo ? 0 : options.person_rate, options.person_burst),
      peer_limit(options.demo ? 0 : options.peer_rate, options.peer_burst),
      quota(options.person_evidence_max, options.unit_evidence_max),
      files(options.web_dir),
      hashing(kHashing),
      papers(kPapers, options.release_memory),
      bulk(kBulk, options.release_memory),
      pool(options.pool_threads, kPoolWaitingMax),
      hub(p.view, p.log, pool,
          {[this] { look_after_sessions(); },
           [this](const std::string& id) { return sessions.by_id(id).has_value(); }}) {
  options.render_pdf = on_paper_threads(papers, std::move(options.render_pdf));
  options.render_paper = on_paper_threads(papers, std::move(options.render_paper));
  demo_verifier_ = options.demo ? hash_password("tingan-demo", HashCost::demo) : std::string();
  dummy_verifier_ = options.demo ? demo_verifier_ : hash_password("nobody has this password");
  index.fill(p.view);
}

Service::~Service() { stop(); }

void Service::stop() {
  ready = false;
  hub.stop();
  hashing.stop();
  papers.stop();
  bulk.stop();
  pool.stop();
  security.stop();
  sessions.flush();
}

void Service::on_commit(const Commit& commit) {
  index.apply(commit);
  metrics.commit(commit);
  hub.on_commit(commit);
}

Expected<void> check_content_type(const net::Request& request) {
  if (request.body.empty()) return {};
  std::string_view type = request.headers.get("Content-Type");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  if (net::equals_ignoring_case(type, "application/json")) return {};
  return fail(
      "body.not-json",
      {"内容类型应当是 application/json", "Expected the content type application/json, but it is another or missing"},
      "Content-Type");
}

bool is_sign_in(const Route& route) {
  const auto* handler = std::get_if<Free>(&route.run);
  return handler != nullptr && *handler == &sign_in;
}

Expected<void> Service::limit(Call& call, ProblemExtras& extras) {
  const auto seconds = [](Duration wait) { return (wait.count() + 999) / 1000; };
  // Who is signed in does not pay for what others do from the same address (a hall has one); a sign-in is judged when
  // its name is known.
  const bool person = !call.who.person.empty() && !call.who.program;
  if (!person && is_sign_in(*call.route)) return {};
  const Duration wait = person ? person_limit.take(call.who.person.str(), wall_now())
                               : peer_limit.take(net::address_group(call.request.peer), wall_now());
  if (wait.count() == 0) return {};
  extras.retry_after_s = seconds(wait);
  return fail("rate.limited",
              {"请求太多，请稍后再试", "Expected fewer requests, but there are too many: try again later"});
}

Expected<void> Service::prepare(Call& call) {
  call.lang = language_of(call.request.headers.get("Accept-Language"));
  call.registry = ports.view.registry();
  Match found = match(routes(), call.request.method, call.request.target_path);
  if (found.route == nullptr && found.allow.empty()) {
    return fail("route.unknown", {fmt::format("没有“{}”这个地址", call.request.target_path),
                                  fmt::format("Expected a known path, but got '{}'", call.request.target_path)});
  }
  if (found.route == nullptr) {
    Error error{"route.method",
                {fmt::format("这个地址只接受 {}", found.allow),
                 fmt::format("Expected {} here, but got {}", found.allow, net::to_string(call.request.method))},
                {}};
    error.where = found.allow;
    return tl::unexpected(std::move(error));
  }
  call.route = found.route;
  call.params = std::move(found.params);
  if (call.route->access == Access::open) return {};
  if (call.route->access == Access::operators) return may_operate(call);
  if (auto known = authenticate(call); !known) return known;
  return authorise(call);
}

void Service::handle(net::Request request, Complete complete) {
  const auto call = std::make_shared<Call>();
  call->request = std::move(request);
  call->complete = std::move(complete);
  take_client_address(options, call->request);
  if (auto file = files.find(call->request)) {
    finish(*call, std::move(*file));
    return;
  }
  ProblemExtras extras;
  auto prepared = prepare(*call);
  if (prepared) prepared = limit(*call, extras);
  if (prepared) prepared = check_room_for_request(*this, *call);
  if (prepared) {
    run(call);
  } else {
    refuse(*call, prepared.error(), extras);
  }
}

void Service::stream(net::Request request, net::Responder responder) {
  const auto shared = std::make_shared<net::Responder>(std::move(responder));
  Call call;
  call.request = std::move(request);
  take_client_address(options, call.request);
  call.complete = [shared](net::Response response) { shared->complete(std::move(response)); };
  ProblemExtras extras;
  auto prepared = prepare(call);
  if (prepared) prepared = limit(call, extras);
  std::optional<std::uint64_t> after;
  if (prepared) {
    auto position = resume_position(call.request);
    if (position) {
      after = *position;
    } else {
      prepared = tl::unexpected(position.error());
    }
  }
  if (!prepared) {
    refuse(call, prepared.error(), extras);
    return;
  }
  metrics.request(200);
  hub.open(std::move(*shared), call.who.person, call.session.id, after);
}

void Service::run(const CallPtr& call) {
  std::visit(
      [&](auto handler) {
        using Handler = decltype(handler);
        if constexpr (std::is_same_v<Handler, Free>) {
          handler(*this, call);
        } else if constexpr (std::is_same_v<Handler, Write>) {
          auto work = handler(*this, *call);
          if (work) {
            submit(call, std::move(*work));
          } else {
            refuse(*call, work.error());
          }
        } else {
          const auto read = [this, call, handler] {
            auto response = handler(*this, *call);
            if (response) {
              finish(*call, std::move(*response));
            } else {
              refuse(*call, response.error());
            }
          };
          if (call->route->place == Place::paper ||
              (call->route->place == Place::pool && asks_for_paper(call->request))) {
            on_papers(call, read);
          } else if (call->route->place == Place::bulk) {
            on_bulk(call, read);
          } else if (call->route->place == Place::pool) {
            on_pool(call, read);
          } else {
            read();
          }
        }
      },
      call->route->run);
}

void Service::on_pool(const CallPtr& call, std::function<void()> task) {
  if (pool.post(std::move(task))) return;
  refuse(*call, no_room());
}

void Service::on_fair(FairPool& fair, const CallPtr& call, std::function<void()> task) {
  const auto busy = [this, call] { refuse(*call, no_room()); };
  if (!fair.post(Lane::signed_in, call->who.person.str(), std::move(task), busy)) busy();
}

void Service::on_hashing(const CallPtr& call, std::function<void()> task) { on_fair(hashing, call, std::move(task)); }
void Service::on_papers(const CallPtr& call, std::function<void()> task) { on_fair(papers, call, std::move(task)); }
void Service::on_bulk(const CallPtr& call, std::function<void()> task) { on_fair(bulk, call, std::move(task)); }

void Service::note_refusal(const Call& call, const std::string& code) {
  if (call.route == nullptr) return;
  if (code == "rate.limited") return note(call, "rate-limited");
  if (status_of(code) != 403) return;
  note(call, "refused", fmt::format("{} {}", net::to_string(call.route->method), call.route->pattern), code);
}

void Service::refuse(Call& call, const Error& error, const ProblemExtras& extras) {
  metrics.refusal(error.code);
  note_refusal(call, error.code);
  net::Response response = problem(error, call.lang, extras);
  if (error.code == "route.method") response.headers.emplace_back("Allow", error.where);
  finish(call, std::move(response));
}

void Service::finish(Call& call, net::Response response) {
  note_success(call, response);
  metrics.request(response.status);
  add_security_headers(response, call.request.secure || options.secure_cookies);
  call.complete(std::move(response));
}

}  // namespace tingan::api
