// The HTTP interface of a node: resources <-> commands and queries, sign-in, the event stream, the OpenAPI description
// (/api/openapi.json) and a plain first page. Knows nothing of sockets: net calls it.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "api/rehearsal.h"
#include "model/business_type.h"
#include "model/organisation.h"
#include "net/server.h"
#include "ports/blob_store.h"
#include "ports/clock.h"
#include "ports/event_log.h"
#include "ports/random.h"
#include "ports/sender.h"
#include "report/papers/papers.h"
#include "report/report_document.h"
#include "runtime/engine.h"
#include "runtime/log_verify.h"

namespace tingan::api {

// What the room works with; all of it outlives the Api.
struct Ports {
  std::function<void(Submission)> submit;  // Engine::submit
  std::function<std::size_t()> queued;     // Engine::queued
  std::function<bool()> disk_full;         // Engine::disk_full
  const View& view;
  LogReader& log;
  Sealer& sealer;
  Random& random;
  Clock& clock;                // the node's; a demo may run it faster
  Clock& wall_clock;           // never scaled: sessions, throttles, rates
  BlobStore* blobs = nullptr;  // where evidence lies; null: none is taken
};
Ports ports_of(Engine& engine, const View& view, LogReader& log, Sealer& sealer, Random& random, Clock& clock,
               Clock& wall_clock, BlobStore* blobs = nullptr);

struct Options {
  bool demo = false;            // the demo's password opens every door; no rates are limited
  double time_scale = 1.0;      // how many times as fast the node's clock runs; pages count down with it
  bool secure_cookies = false;  // the node is reached by TLS only
  std::string web_dir;          // the built console; empty: the plain first page
  std::string session_file;     // where sessions outlive a restart; empty: they do not
  // Hex SHA-256 of the tokens that machines may raise alarms with.
  std::vector<std::string> alarm_tokens;
  // The same of those that /metrics is read with. Without one only the own machine reads it, and behind a proxy nobody.
  std::vector<std::string> metrics_tokens;
  // Requests come from a proxy on this machine that ends TLS: the client's address is the last one of its
  // X-Forwarded-For, and being on loopback means nothing.
  bool behind_proxy = false;
  // How long notes for the log of security wait for company; zero: until somebody asks for it.
  Duration security_every = std::chrono::milliseconds{250};
  std::set<ClauseId> known_clauses;     // for checking plans
  std::map<FormId, std::string> forms;  // JSON Schemas by id
  BusinessCatalogue business;           // what emergency acceptance can take
  double person_rate = 30;              // requests a second, and how many may be saved up
  double person_burst = 120;
  double peer_rate = 120;
  double peer_burst = 480;
  unsigned pool_threads = 2;
  // The node's own authority, for phones to trust; empty DER: the node has none, and /trust says so.
  struct Trust {
    std::string der;
    std::string fingerprint;
    std::string title;
  };
  Trust trust;
  // Sends a test message through the channel of that id to the person; `done` is called once, from any thread. Empty:
  // this node sends nothing.
  std::function<void(const ChannelConfig&, const Person&, std::function<void(SendResult)> done)> test_channel;
  // Runs a rehearsal and gives the members "events", "calls" and "nobody" of its answer. Empty: not offered.
  std::function<Expected<std::string>(const Rehearsal&)> rehearse;
  // Proves the whole log; may take long. Empty: not offered.
  std::function<Expected<VerifyReport>()> verify_log;
  // Makes the document of a report; empty: that kind is answered 406.
  std::function<Expected<std::string>(const report::ReportDocument&)> render_html;
  std::function<Expected<std::string>(const report::ReportDocument&)> render_pdf;
  // Makes a paper of emergency acceptance; empty: answered 406.
  std::function<Expected<std::string>(const report::Paper&)> render_paper;
  // Gives back to the system what documents took; called when the paper threads fall idle. Empty: nothing to do.
  std::function<void()> release_memory;
  // Where large bodies lie while they come in: enciphered, nameless files of this folder. Empty: in memory.
  std::string spool_dir;
  // More lines for /metrics, in Prometheus text format.
  std::function<std::string()> more_metrics;
};

class Service;

class Api {
 public:
  Api(const Ports& ports, Options options);
  ~Api();  // stop()
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  // For HttpServer::start. The Api outlives the server.
  net::HttpServer::Handler handler();
  // For ServerOptions: the route's own limit, and the server's own refusals as problems.
  std::size_t body_limit(net::Method method, const std::string& path) const;
  net::Admission admit(const net::Request& head, std::optional<std::uint64_t> length) const;
  net::Response error_response(int status, const Error& error) const;

  // For EngineCore::on_commit; returns at once.
  void on_commit(const Commit& commit);
  // /readyz says yes from here on, or no again.
  void set_ready(bool ready);
  // Hands what waits for the log of security to the engine; before that stops.
  void write_notes();
  // Ends the streams and the pools; what waits there is answered 503 or dropped. Before the server stops.
  void stop();

  // One request without a server, for tests and the simulator. Streams are answered 406.
  void handle(net::Request request, net::MoveFunction<void(net::Response)> complete);

 private:
  std::unique_ptr<Service> service_;
};

}  // namespace tingan::api
