#include "app/node.h"

#include <spdlog/spdlog.h>

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include "api/api.h"
#include "api/credentials.h"
#include "app/channel_tester.h"
#include "app/connectors.h"
#include "app/data_root.h"
#include "app/local_authority.h"
#include "app/node_store.h"
#include "app/node_watch.h"
#include "app/promise_ledger.h"
#include "app/rehearser.h"
#include "app/release_memory.h"
#include "app/system_random.h"
#include "base/file.h"
#include "codec/record_json.h"
#include "model/vocabulary.h"
#include "report/report_html.h"
#include "report/report_pdf.h"
#include "runtime/bootstrap.h"
#include "runtime/log_export.h"
#include "runtime/log_verify.h"
#include "runtime/node_clock.h"
#include "runtime/outbox/outbox.h"
#include "runtime/replay/back_offices.h"
#include "runtime/replay/replay_worker.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

Expected<std::vector<PlanText>> read_plans(const fs::path& folder) {
  const auto files = plan_files(folder);
  if (!files) return tl::unexpected(files.error());
  std::vector<PlanText> plans;
  for (const fs::path& file : *files) {
    auto text = read_text_file(file);
    if (!text) return tl::unexpected(text.error());
    plans.push_back({shown_path(file), std::move(*text)});
  }
  return plans;
}

Expected<std::map<FormId, std::string>> read_forms(const fs::path& folder) {
  constexpr std::string_view kEnding = ".schema.json";
  std::map<FormId, std::string> forms;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(kEnding)) continue;
    auto text = read_text_file(entry.path());
    if (!text) return tl::unexpected(text.error());
    forms[FormId(name.substr(0, name.size() - kEnding.size()))] = std::move(*text);
  }
  return forms;
}

// One token a line; what is kept of each is its hash.
Expected<std::vector<std::string>> read_tokens(const fs::path& file) {
  std::vector<std::string> hashes;
  if (file.empty()) return hashes;
  const auto text = read_text_file(file);
  if (!text) return tl::unexpected(text.error());
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty() && line.front() != '#') hashes.push_back(to_hex(sha256(line)));
  }
  return hashes;
}

}  // namespace

struct Node::Impl {
  explicit Impl(NodeOptions o) : options(std::move(o)) {}

  Expected<void> open_store();
  Expected<void> publish();
  Expected<void> give_first_passwords();
  Expected<api::Options> api_options();
  Expected<void> connect();
  Expected<void> serve();
  void verify_in_background();

  NodeOptions options;
  SystemRandom random;
  Rehearser rehearser;
  NodeStore store;
  StartClock start_clock;
  std::unique_ptr<Sealer> sealer;
  std::unique_ptr<EngineCore> core;
  std::unique_ptr<NodeClock> clock;
  std::unique_ptr<NodeClock> wall_clock;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<ChannelMaker> channel_maker;
  std::unique_ptr<NodeWatch> watch;
  std::unique_ptr<PromiseLedgerFile> ledger;
  std::unique_ptr<Outbox> outbox;
  std::unique_ptr<ReplayWorker> replay;
  BackOffices back_offices;  // gone before the worker: what they still answer is heard
  std::unique_ptr<api::Api> api;
  std::unique_ptr<net::HttpServer> server;
  std::unique_ptr<ChannelTester> tester;  // goes first: its answers are given through the api

  std::thread verifier;
  std::atomic<bool> stop_verifying{false};
  std::atomic<int> verified{-1};  // -1: not done yet, 1 sound, 0 not

  std::mutex mutex;
  std::condition_variable ended;
  bool ending = false;
  bool by_itself = false;
  bool stopped = false;
};

Expected<void> Node::Impl::open_store() {
  const DataFolder folder{options.data};
  auto opened = open_node_store(folder, options.passphrase, random);
  if (!opened) return tl::unexpected(opened.error());
  store = std::move(*opened);
  sealer = std::make_unique<Sealer>(*store.keys, random);
  core = std::make_unique<EngineCore>(EnginePorts{*store.log, random, *store.identity, *sealer, store.room.get()});
  core->hold_erasures(true);  // until the clock is confirmed
  if (auto recovered = core->recover(); !recovered) return recovered;
  const auto judged = judge_start(folder, *core, options.accept_clock);
  if (!judged) return tl::unexpected(judged.error());
  start_clock = *judged;
  clock = std::make_unique<NodeClock>(core->last_time(), options.time_scale);
  wall_clock = std::make_unique<NodeClock>(from_millis(0));
  channel_maker = std::make_unique<ChannelMaker>(options.secrets, options.reach, *wall_clock);
  tester = std::make_unique<ChannelTester>(*channel_maker, *wall_clock);
  return {};
}

Expected<void> Node::Impl::publish() {
  fs::path organisation = options.organisation;
  if (organisation.empty() && options.demo) organisation = options.share / "org" / "demo.yaml";
  std::string yaml;
  if (!organisation.empty()) {
    auto text = read_text_file(organisation);
    if (!text) return tl::unexpected(text.error());
    yaml = std::move(*text);
  }
  const auto plans = read_plans(options.plans.empty() ? options.share / "plans" : options.plans);
  if (!plans) return tl::unexpected(plans.error());
  auto published = publish_shipped(*core, *sealer, yaml, shown_path(organisation), *plans, clock->now());
  const bool has_organisation = !core->view().registry()->directory().organisation().units.empty();
  if (published || published.error().code != "store.full" || !has_organisation) return published;
  spdlog::warn("what ships is not published now, the node goes on with what it has: {}", to_string(published.error()));
  return {};
}

// A new node has nobody who could let others in: each administrator without a password gets one, shown once.
Expected<void> Node::Impl::give_first_passwords() {
  if (options.demo) return {};
  const RegistryPtr registry = core->view().registry();
  const Organisation& organisation = registry->directory().organisation();
  for (const Person& person : organisation.people) {
    const bool admin = std::find(person.roles.begin(), person.roles.end(), admin_role()) != person.roles.end();
    if (!admin || registry->credential(person.id) != nullptr) continue;
    const std::string password = api::make_initial_password(random);
    auto command = api::make_password(person.id, password, true, *sealer);
    if (!command) return tl::unexpected(command.error());
    std::optional<Error> refused;
    std::vector<Submission> batch(1);
    batch.front().unit = top_unit(organisation).id;
    batch.front().command = UnitCommand(std::move(*command));
    batch.front().done = [&refused](const Outcome& outcome) { refused = outcome.refused; };
    if (auto ran = core->run(std::move(batch), clock->now()); !ran) return ran;
    if (refused && refused->code == "store.full") {
      spdlog::warn("no first password for {} now: {}", person.id.str(), to_string(*refused));
      return {};
    }
    if (refused) return tl::unexpected(*refused);
    fmt::print(stderr, "首次登录 / first sign-in: {}  {}\n", person.id.str(), password);
  }
  return {};
}

Expected<api::Options> Node::Impl::api_options() {
  api::Options out;
  out.demo = options.demo;
  out.time_scale = options.time_scale;
  out.secure_cookies = options.tls.has_value() || options.behind_proxy;
  out.web_dir = options.web.string();
  // They wait for the disk, not for a processor: as many as wait together share one commit of the key store.
  constexpr unsigned kSealingAtOnce = 64;
  out.pool_threads = kSealingAtOnce;
  out.person_evidence_max = options.person_evidence_max;
  out.unit_evidence_max = options.unit_evidence_max;
  out.session_file = (options.data / "sessions.json").string();
  auto tokens = read_tokens(options.alarm_tokens);
  if (!tokens) return tl::unexpected(tokens.error());
  out.alarm_tokens = std::move(*tokens);
  fs::path figures = options.metrics_tokens;
  std::error_code ignored;
  if (figures.empty() && fs::exists(options.data / "metrics-token", ignored)) figures = options.data / "metrics-token";
  auto readers = read_tokens(figures);
  if (!readers) return tl::unexpected(readers.error());
  out.metrics_tokens = std::move(*readers);
  out.behind_proxy = options.behind_proxy;
  const auto clauses = load_clauses(options.share);
  if (!clauses) return tl::unexpected(clauses.error());
  for (const ClauseEntry& clause : *clauses) out.known_clauses.insert(clause.id);
  auto forms = read_forms(options.share / "forms");
  if (!forms) return tl::unexpected(forms.error());
  out.forms = std::move(*forms);
  auto business = load_business(options.business.empty() ? options.share / "forms" : options.business);
  if (!business) {
    for (const Error& error : business.error()) spdlog::error("{}", to_string(error));
    return tl::unexpected(business.error().front());
  }
  out.business = std::move(*business);
  if (const auto authority = read_authority({options.data / "tls"})) {
    out.trust = {authority->der, authority->fingerprint, authority->title};
  }
  out.test_channel = [this](const ChannelConfig& channel, const Person& person, std::function<void(SendResult)> done) {
    tester->send(channel, person, std::move(done));
  };
  out.rehearse = [this](const api::Rehearsal& wanted) { return rehearser.run(wanted); };
  out.verify_log = [this]() -> Expected<VerifyReport> {
    const auto reader = SqliteLogReader::open({options.data}, CheckHashes::no);
    if (!reader) return tl::unexpected(reader.error());
    return verify_log(
        **reader, {.public_key = store.identity->public_key(), .blobs = store.blobs.get(), .stop = &stop_verifying});
  };
  out.log_heads = [this]() -> Expected<std::string> {
    const auto heads = present_heads(store.log->reader(), *store.identity, wall_clock->now());
    if (!heads) return tl::unexpected(heads.error());
    return signed_manifest_line(*heads, *store.identity);
  };
  out.release_memory = &release_memory;
  out.spool_dir = options.data.string();
  out.render_html = [](const report::ReportDocument& document) -> Expected<std::string> {
    return report::report_html(document);
  };
  out.render_pdf = [](const report::ReportDocument& document) { return report::report_pdf(document); };
  out.render_paper = &report::paper_pdf;
  out.more_metrics = [this] {
    std::string lines = watch->metrics();
    if (const int sound = verified.load(); sound >= 0) {
      lines += fmt::format(
          "# HELP tingan_log_sound Whether the whole log passed verification after the start.\n"
          "# TYPE tingan_log_sound gauge\ntingan_log_sound {}\n",
          sound);
    }
    return lines + outbox->metrics();
  };
  return out;
}

Expected<void> Node::Impl::connect() {
  if (!options.connectors.empty())
    return add_back_offices(back_offices, options.connectors, options.secrets, *wall_clock);
  if (options.demo) return add_demo_office(back_offices, options.data / "demo-back-office.jsonl", *wall_clock);
  return {};
}

Expected<void> Node::Impl::serve() {
  auto made = api_options();
  if (!made) return tl::unexpected(made.error());
  engine = std::make_unique<Engine>(*core, *clock);
  watch = std::make_unique<NodeWatch>(
      NodeWatch::Parts{{options.data}, *clock, *wall_clock, *store.room, *engine, store.log->reader(), *store.blobs},
      start_clock.verdict, start_clock.confirmed, options.time_scale);
  api::Ports ports = api::ports_of(*engine, core->view(), store.log->reader(), *sealer, random, *clock, *wall_clock,
                                   store.blobs.get());
  ports.room = [this] { return store.room->room(); };
  ports.warnings = [this] { return watch->warnings(); };
  api = std::make_unique<api::Api>(ports, std::move(*made));
  core->on_commit([this](const Commit& commit) { api->on_commit(commit); });
  ledger = std::make_unique<PromiseLedgerFile>(options.data / "promises-told", wall_clock->now());
  outbox = std::make_unique<Outbox>(
      OutboxPorts{core->view(), *engine, *wall_clock, random,
                  [this](const ChannelConfig& channel) { return channel_maker->make(channel); }, ledger.get()});
  core->on_commit([this](const Commit& commit) { outbox->on_commit(commit); });
  engine->on_fatal([this](const Error& error) {
    fmt::print(stderr, "{}\n", to_string(error));
    const std::lock_guard lock(mutex);
    ending = by_itself = true;
    ended.notify_all();
  });
  net::ServerOptions server_options;
  server_options.address = options.address;
  server_options.port = options.port;
  server_options.threads = options.threads;
  server_options.tls = options.tls;
  server_options.admit = [this](const net::Request& head, std::optional<std::uint64_t> length) {
    return api->admit(head, length);
  };
  // A hall behind one address has some dozens of browsers with six connections each at the most, idle ones among them.
  constexpr std::size_t kConnectionsOfOneAddress = 200;
  // Behind a proxy all are the proxy's.
  if (!options.demo && !options.behind_proxy) server_options.connections_per_address_max = kConnectionsOfOneAddress;
  server_options.error_response = [this](int status, const Error& error) { return api->error_response(status, error); };
  server_options.on_error = [](const Error& error) { spdlog::warn("{}", to_string(error)); };
  if (auto connected = connect(); !connected) return connected;
  replay = std::make_unique<ReplayWorker>(ReplayWorker::Ports{
      core->view().acceptance(), [this] { return core->view().registry(); }, back_offices, *sealer, *store.keys, *clock,
      [this](Submission submission) { engine->submit(std::move(submission)); }});
  core->on_commit([this](const Commit& commit) { replay->on_commit(commit); });
  outbox->start();
  engine->start();
  replay->start();
  watch->start();
  auto listening = net::HttpServer::start(std::move(server_options), api->handler());
  if (!listening) return tl::unexpected(listening.error());
  server = std::move(*listening);
  api->set_ready(true);
  return {};
}

// The start verified the tail; the rest must not delay it.
void Node::Impl::verify_in_background() {
  verifier = std::thread([this] {
    const auto reader = SqliteLogReader::open({options.data}, CheckHashes::no);
    if (!reader) return;
    const auto report = verify_log(
        **reader, {.public_key = store.identity->public_key(), .blobs = store.blobs.get(), .stop = &stop_verifying});
    if (!report || stop_verifying) return;
    verified = report->sound() ? 1 : 0;
    if (report->sound()) {
      spdlog::info("the log is sound: {} records of {} units", report->records, report->units);
    } else {
      spdlog::critical("the log is not what was written: {} ({} seq {}); run 'tingan verify' and restore a backup",
                       report->bad->what.en, report->bad->unit.str(), report->bad->seq);
    }
  });
}

Node::Node(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Node::~Node() { stop(); }

Expected<std::unique_ptr<Node>> Node::start(NodeOptions options) {
  std::unique_ptr<Node> node(new Node(std::make_unique<Impl>(std::move(options))));
  Impl& impl = *node->impl_;
  for (const auto step : {&Impl::open_store, &Impl::publish, &Impl::give_first_passwords, &Impl::serve}) {
    if (auto done = (impl.*step)(); !done) return tl::unexpected(done.error());
  }
  impl.verify_in_background();
  return node;
}

std::string Node::address() const {
  const bool v6 = impl_->options.address.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", impl_->options.tls ? "https" : "http", v6 ? "[" : "", impl_->options.address,
                     v6 ? "]" : "", impl_->server->port());
}

bool Node::wait() {
  std::unique_lock lock(impl_->mutex);
  impl_->ended.wait(lock, [this] { return impl_->ending; });
  return impl_->by_itself;
}

void Node::end() {
  const std::lock_guard lock(impl_->mutex);
  impl_->ending = true;
  impl_->ended.notify_all();
}

Expected<void> Node::reload_tls() { return impl_->server ? impl_->server->reload_tls() : Expected<void>{}; }

void Node::stop() {
  constexpr std::chrono::milliseconds kGrace{5000};
  Impl& impl = *impl_;
  if (impl.stopped) return;
  impl.stopped = true;
  impl.stop_verifying = true;
  if (impl.api) impl.api->set_ready(false);
  if (impl.watch) impl.watch->stop();
  if (impl.replay) impl.replay->stop();
  if (impl.outbox) impl.outbox->stop();
  if (impl.api) impl.api->write_notes();
  if (impl.engine) impl.engine->stop();
  if (impl.api) impl.api->stop();
  if (impl.server) impl.server->stop(kGrace);
  impl.tester.reset();
  if (impl.verifier.joinable()) impl.verifier.join();
}

}  // namespace tingan
