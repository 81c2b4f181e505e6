// tingan back-office: the reference back office as a process of its own, for tests and demos of entering afterwards
// (docs/formats/connectors.md).
#include <pthread.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <charconv>
#include <csignal>
#include <deque>
#include <iostream>

#include "app/office_desk.h"
#include "app/verbs.h"
#include "net/server.h"
#include "runtime/node_clock.h"

namespace tingan {
namespace {

namespace json = boost::json;

struct Request {
  std::string listen = "127.0.0.1:0";
  OfficeDesk::Options desk;
  double lossy = 0;  // per cent
  double busy = 0;
  double refuse = 0;
  double lie = 0;
  int slow_ms = 0;
  bool no_keys = false;
};

int per_mille(double percent) { return static_cast<int>(percent * 10.0 + 0.5); }

// Answers that are lost: their connections stay open and silent until the caller has long given up.
class Silence {
 public:
  explicit Silence(Clock& clock) : clock_(clock) {}
  void keep(std::shared_ptr<net::Responder> responder) {
    constexpr Duration kLongEnough{120'000};
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    while (!kept_.empty() && kept_.front().first + kLongEnough < now) kept_.pop_front();
    kept_.emplace_back(now, std::move(responder));
  }

 private:
  Clock& clock_;
  std::mutex mutex_;
  std::deque<std::pair<Instant, std::shared_ptr<net::Responder>>> kept_;
};

net::Response reply(int status, const json::object& body) {
  return {.status = status, .content_type = "application/json", .body = json::serialize(body) + "\n"};
}

net::Response reply_of(const EntryResult& result) {
  switch (result.outcome) {
    case EntryOutcome::entered:
      return reply(201, {{"status", "entered"}, {"reference", result.reference}});
    case EntryOutcome::duplicate:
      return reply(200, {{"status", "duplicate"}, {"reference", result.reference}});
    case EntryOutcome::rejected:
      return reply(422, {{"status", "rejected"}, {"code", result.code}, {"reason", result.reason}});
    case EntryOutcome::absent:
      return reply(404, {{"status", "absent"}});
    case EntryOutcome::unknown:
    case EntryOutcome::pending:
    case EntryOutcome::busy:
      break;
  }
  net::Response busy = reply(503, {{"status", "busy"}});
  const Duration wait = result.retry_after.value_or(Duration{1000});
  busy.headers.emplace_back("Retry-After", std::to_string((wait.count() + 999) / 1000));
  return busy;
}

json::object to_json(const sim::OfficeEntry& entry) {
  return {{"key", entry.key},
          {"number", entry.number},
          {"business", entry.business},
          {"reference", entry.reference},
          {"amount_fen", entry.amount_fen},
          {"times", entry.times}};
}

json::object to_json(const sim::OfficeCounts& counts) {
  return {{"entries", counts.entries},
          {"keys", counts.keys},
          {"doubled", counts.doubled},
          {"twins", counts.twins},
          {"amount_fen", counts.amount_fen},
          {"since_start", json::object{{"sent", counts.sent},
                                       {"asked", counts.asked},
                                       {"refused", counts.refused},
                                       {"lost", counts.lost},
                                       {"lies", counts.lies}}}};
}

// {"number","unit","business","amount_fen","name","mobile",...}: the whole object is the content.
std::optional<OrderToEnter> order_of(const net::Request& request) {
  json::error_code bad;
  const json::value value = json::parse(request.body, bad);
  const json::object* const object = bad ? nullptr : value.if_object();
  const auto key = request.headers.find("Idempotency-Key");
  if (object == nullptr || !key || key->empty() || key->size() > 200) return std::nullopt;
  const auto text = [&](std::string_view name) {
    const json::value* const found = object->if_contains(name);
    return found == nullptr || !found->is_string() ? std::string() : std::string(found->get_string());
  };
  OrderToEnter order{.key = std::string(*key), .number = text("number")};
  if (const std::string unit = text("unit"); !unit.empty()) order.unit = UnitId(unit);
  if (const std::string business = text("business"); !business.empty()) order.business = BusinessId(business);
  if (const json::value* amount = object->if_contains("amount_fen"); amount != nullptr && amount->is_int64()) {
    order.amount_fen = amount->get_int64();
  }
  json::object content = *object;
  content.erase("number");  // twins differ in it
  order.personal = json::serialize(content);
  return order;
}

class Counter {
 public:
  Counter(OfficeDesk& desk, Clock& clock) : desk_(desk), silence_(clock) {}

  void take(net::Request request, net::Responder responder) {
    constexpr std::string_view kEntries = "/entries";
    constexpr std::string_view kOne = "/entries/";
    const bool get = request.method == net::Method::kGet;
    if (request.method == net::Method::kPost && request.target_path == kEntries) {
      auto order = order_of(request);
      if (!order) return responder.complete(reply(400, {{"status", "malformed"}}));
      return desk_.send(std::move(*order), pass(std::move(responder)));
    }
    if (get && request.target_path == "/counts") return responder.complete(reply(200, to_json(desk_.counts())));
    if (get && request.target_path == kEntries) return responder.complete(page(request));
    if (get && request.target_path.starts_with(kOne)) {
      return desk_.ask(request.target_path.substr(kOne.size()), pass(std::move(responder)));
    }
    responder.complete(reply(405, {{"status", "unknown"}}));
  }

 private:
  OfficeDesk::Done pass(net::Responder responder) {
    auto shared = std::make_shared<net::Responder>(std::move(responder));
    return [this, shared](std::optional<EntryResult> result) {
      if (!result) return silence_.keep(shared);
      shared->complete(reply_of(*result));
    };
  }

  net::Response page(const net::Request& request) const {
    constexpr std::size_t kMost = 1000;
    const std::string after(request.query_value("after").value_or(""));
    const auto entries = desk_.entries(after, kMost);
    json::array items;
    for (const sim::OfficeEntry& entry : entries) items.push_back(to_json(entry));
    json::object body{{"items", std::move(items)}, {"next", nullptr}};
    if (entries.size() == kMost) body["next"] = entries.back().key;
    return reply(200, body);
  }

  OfficeDesk& desk_;
  Silence silence_;
};

Expected<net::ServerOptions> server_options(const Request& request) {
  net::ServerOptions options;
  const auto colon = request.listen.rfind(':');
  const std::string port = colon == std::string::npos ? "" : request.listen.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), options.port);
  if (port.empty() || error != std::errc{} || end != port.data() + port.size() || colon == 0) {
    return fail("serve.wrong-use",
                {"--listen 应为 地址:端口，例如 127.0.0.1:8090",
                 "Expected --listen ADDRESS:PORT such as 127.0.0.1:8090, but got '" + request.listen + "'"},
                "--listen");
  }
  options.address = request.listen.substr(0, colon);
  options.on_error = [](const Error& fault) { spdlog::warn("{}", to_string(fault)); };
  return options;
}

void set_temper(Request& request) {
  sim::OfficeTemper& temper = request.desk.temper;
  temper.lose_request = temper.lose_answer = per_mille(request.lossy);
  temper.busy = per_mille(request.busy);
  temper.refuse = per_mille(request.refuse);
  temper.false_entered = temper.false_absent = temper.wrong_reference = per_mille(request.lie);
  temper.slow_most = Duration{request.slow_ms};
  temper.heeds_keys = !request.no_keys;
}

int run(Request request) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("back-office"));
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  set_temper(request);
  NodeClock clock(from_millis(0));
  auto options = server_options(request);
  if (!options) {
    std::cerr << to_string(options.error()) << '\n';
    return 2;
  }
  auto desk = OfficeDesk::open(request.desk, clock);
  if (!desk) {
    std::cerr << to_string(desk.error()) << '\n';
    return 1;
  }
  Counter counter(**desk, clock);
  auto server = net::HttpServer::start(std::move(*options), [&](net::Request asked, net::Responder responder) {
    counter.take(std::move(asked), std::move(responder));
  });
  if (!server) {
    std::cerr << to_string(server.error()) << '\n';
    return 1;
  }
  const std::string host = request.listen.substr(0, request.listen.rfind(':'));
  std::cout << "listening on http://" << host << ':' << (*server)->port() << std::endl;
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  (*server)->stop(std::chrono::milliseconds{1000});
  desk->reset();  // what is still on its way is answered into the counter
  return 0;
}

}  // namespace

void add_back_office(CLI::App& app, int& exit_code) {
  auto request = std::make_shared<Request>();
  CLI::App* verb = app.add_subcommand(
      "back-office", "a business system to enter orders into, for tests and demos: slow, lossy, busy, down or lying");
  verb->add_option("--file", request->desk.file, "its books, made where there are none")->required();
  verb->add_option("--listen", request->listen, "ADDRESS:PORT; port 0 picks a free one")->capture_default_str();
  verb->add_option("--slow", request->slow_ms, "milliseconds each way, at most")->check(CLI::Range(0, 600'000));
  const auto percent = [&](const char* name, double& value, const char* what) {
    verb->add_option(name, value, what)->check(CLI::Range(0.0, 100.0));
  };
  percent("--lossy", request->lossy, "per cent of requests lost, and of answers");
  percent("--busy", request->busy, "per cent answered with 'later'");
  percent("--refuse", request->refuse, "per cent of the orders refused for good, always the same ones");
  percent("--lie", request->lie, "per cent of false answers: entered, absent, another's reference");
  verb->add_option("--rate", request->desk.temper.per_second, "entries a second, more are put off")
      ->check(CLI::Range(0, 1'000'000));
  verb->add_flag("--down", request->desk.temper.down, "listens and never answers");
  verb->add_flag("--no-keys", request->no_keys, "does not look at the idempotency key: enters twice what comes twice");
  verb->add_flag("--refuse-twins", request->desk.temper.refuses_twins, "refuses the same content under another key");
  verb->add_option("--seed", request->desk.seed, "of its dice")->capture_default_str();
  verb->callback([request, &exit_code] { exit_code = run(*request); });
}

}  // namespace tingan
