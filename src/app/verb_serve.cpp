// tingan serve: runs a node until SIGTERM or SIGINT; SIGHUP reads the certificate again.
#include <pthread.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "app/data_root.h"
#include "app/local_authority.h"
#include "app/node.h"
#include "app/verbs.h"

namespace tingan {
namespace {

struct Request {
  NodeOptions node;
  std::string data;
  std::string listen = "127.0.0.1:8080";
  std::string store;
  std::string plans;
  std::string business;
  std::string connectors;
  std::string organisation;
  std::string web;
  std::string certificate;
  std::string key;
  std::string passphrase_file;
  std::string alarm_tokens;
  std::vector<std::string> secrets;
  std::string secrets_folder;
  std::vector<std::string> allowed;
  std::string metrics_tokens;
  std::uint64_t person_evidence_mib = 512;
  std::uint64_t unit_evidence_mib = 4096;
  std::string log_level = "info";
};

tl::unexpected<Error> wrong_use(Text text, std::string where) {
  return fail("serve.wrong-use", std::move(text), std::move(where));
}

Expected<void> read_address(Request& request) {
  const auto colon = request.listen.rfind(':');
  const std::string port = colon == std::string::npos ? "" : request.listen.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), request.node.port);
  if (port.empty() || error != std::errc{} || end != port.data() + port.size() || colon == 0) {
    return wrong_use({"--listen 应为 地址:端口，例如 127.0.0.1:8080",
                      "Expected --listen ADDRESS:PORT such as 127.0.0.1:8080, but got '" + request.listen + "'"},
                     "--listen");
  }
  std::string host = request.listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  request.node.address = host;
  return {};
}

bool is_loopback(const std::string& address) {
  return address == "::1" || address == "localhost" || address.starts_with("127.");
}

Expected<void> check(const Request& request) {
  if (request.node.demo && !is_loopback(request.node.address)) {
    return wrong_use({"--demo 的密码是公开的，只能在本机地址（127.0.0.1）上运行",
                      "Expected a loopback address with --demo, whose password everybody knows"},
                     "--listen");
  }
  if (request.node.time_scale != 1.0 && !request.node.demo) {
    return wrong_use({"--time-scale 只能与 --demo 一起使用", "Expected --demo together with --time-scale"},
                     "--time-scale");
  }
  if (!(request.node.time_scale >= 1.0 && request.node.time_scale <= 10000)) {
    return wrong_use({"--time-scale 应在 1 到 10000 之间", "Expected a --time-scale from 1 to 10000"}, "--time-scale");
  }
  if (request.node.behind_proxy && (!request.certificate.empty() || !request.key.empty())) {
    return wrong_use({"--behind-tls-proxy 表示 TLS 由前面的代理处理，不能再写 --tls-cert",
                      "Expected --behind-tls-proxy or --tls-cert, not both: with a proxy TLS ends there"},
                     "--behind-tls-proxy");
  }
  if (request.certificate.empty() != request.key.empty()) {
    return wrong_use({"--tls-cert 与 --tls-key 必须同时给出", "Expected --tls-cert and --tls-key together"},
                     "--tls-cert");
  }
  if (!request.store.empty() && request.store != "sqlite" && request.store != "sqlite:") {
    return wrong_use({"本版本只有内嵌存储：--store 只能写 sqlite",
                      "Expected --store sqlite: this version has the embedded storage only"},
                     "--store");
  }
  return {};
}

// Passwords and what people say about customers never cross a network in the clear.
Expected<void> check_transport(const NodeOptions& node) {
  if (node.tls || node.behind_proxy || is_loopback(node.address)) return {};
  return wrong_use({"不加密的 http 只能在本机地址上提供；请先运行 tingan tls init，或写 --tls-cert 和 --tls-key；"
                    "如果前面有处理 TLS 的代理，写 --behind-tls-proxy",
                    "Expected TLS on an address that others reach: run 'tingan tls init' first, or give --tls-cert and "
                    "--tls-key; behind a proxy that ends TLS say --behind-tls-proxy"},
                   "--listen");
}

Expected<void> read_outside(const Request& request, NodeOptions& node) {
  auto secrets = Secrets::read(request.secrets, request.secrets_folder);
  if (!secrets) return tl::unexpected(secrets.error());
  node.secrets = std::move(*secrets);
  std::vector<channels::AllowedHost> allowed;
  for (const std::string& one : request.allowed) {
    auto host = channels::Reach::parse(one);
    if (!host) return tl::unexpected(host.error());
    allowed.push_back(std::move(*host));
  }
  node.reach = channels::Reach(std::move(allowed), node.demo);
  return {};
}

Expected<NodeOptions> node_options(Request request) {
  if (auto read = read_address(request); !read) return tl::unexpected(read.error());
  if (auto checked = check(request); !checked) return tl::unexpected(checked.error());
  NodeOptions node = request.node;
  const auto share = find_data_root();
  if (!share) {
    return wrong_use({"找不到预案等随附文件，请在程序所在目录运行，或设置 TINGAN_SHARE",
                      "Expected to find the shipped plans: run beside them or set TINGAN_SHARE"},
                     "TINGAN_SHARE");
  }
  node.share = *share;
  node.data = request.data;
  node.plans = request.plans;
  node.business = request.business;
  node.connectors = request.connectors;
  node.organisation = request.organisation;
  node.alarm_tokens = request.alarm_tokens;
  node.metrics_tokens = request.metrics_tokens;
  node.person_evidence_max = request.person_evidence_mib << 20U;
  node.unit_evidence_max = request.unit_evidence_mib << 20U;
  std::error_code error;
  const auto built = *share / "web" / "dist";
  node.web = !request.web.empty()                                            ? std::filesystem::path(request.web)
             : std::filesystem::is_regular_file(built / "index.html", error) ? built
                                                                             : std::filesystem::path();
  if (!request.certificate.empty()) node.tls = net::TlsFiles{request.certificate, request.key};
  // A node that has made its own certificate serves with it.
  const TlsFolder own{node.data / "tls"};
  if (!node.tls && !node.behind_proxy && std::filesystem::exists(own.certificate(), error)) {
    node.tls = net::TlsFiles{own.certificate().string(), own.key().string()};
  }
  if (auto safe = check_transport(node); !safe) return tl::unexpected(safe.error());
  if (auto read = read_outside(request, node); !read) return tl::unexpected(read.error());
  if (const char* passphrase = std::getenv("TINGAN_PASSPHRASE")) node.passphrase = passphrase;
  if (!request.passphrase_file.empty()) {
    auto text = read_text_file(request.passphrase_file);
    if (!text) return tl::unexpected(text.error());
    node.passphrase = without_line_end(std::move(*text));
  }
  return node;
}

// Signals are taken by one thread that waits for them; every other thread is made with them blocked.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void wait_for_signals(Node& node, const sigset_t& signals) {
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal == SIGUSR1) return;  // the node has ended by itself
    if (signal != SIGHUP) {
      node.end();
      return;
    }
    if (const auto reloaded = node.reload_tls(); !reloaded) {
      spdlog::error("the certificate stays as it was: {}", to_string(reloaded.error()));
    } else {
      spdlog::info("certificate and key read again");
    }
  }
}

int serve(Request& request) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("tingan"));
  spdlog::set_level(spdlog::level::from_str(request.log_level));
  const sigset_t signals = block_signals();
  auto options = node_options(request);
  if (!options) {
    std::cerr << to_string(options.error()) << '\n';
    return 2;
  }
  auto node = Node::start(std::move(*options));
  if (!node) {
    std::cerr << to_string(node.error()) << '\n';
    return 1;
  }
  std::cout << "listening on " << (*node)->address() << std::endl;
  std::thread waiter([&] { wait_for_signals(**node, signals); });
  const bool by_itself = (*node)->wait();
  if (by_itself) pthread_kill(waiter.native_handle(), SIGUSR1);
  waiter.join();
  (*node)->stop();
  return by_itself ? 1 : 0;
}

}  // namespace

void add_serve(CLI::App& app, int& exit_code) {
  auto request = std::make_shared<Request>();
  CLI::App* verb = app.add_subcommand("serve", "runs a node; SIGTERM ends it, SIGHUP reads the certificate again");
  verb->add_option("--data", request->data, "data folder, made where there is none")->required();
  verb->add_option("--listen", request->listen, "ADDRESS:PORT; port 0 picks a free one")->capture_default_str();
  verb->add_option("--store", request->store, "where the log is kept: sqlite (embedded)");
  verb->add_option("--plans", request->plans, "folder of plans (default: the shipped ones)");
  verb->add_option("--connectors", request->connectors,
                   "file that says how orders are entered into the business system afterwards (default: by hand)");
  verb->add_option("--forms", request->business, "folder of business types (default: the shipped ones)");
  verb->add_option("--org", request->organisation, "organisation file, published at the first start");
  verb->add_option("--web", request->web, "folder of the built console (default: web/dist beside the plans)");
  verb->add_option("--tls-cert", request->certificate,
                   "certificate chain, PEM (default: that of 'tingan tls init', where there is one)");
  verb->add_option("--tls-key", request->key, "private key, PEM");
  verb->add_flag("--behind-tls-proxy", request->node.behind_proxy,
                 "TLS ends at a proxy in front: plain http also beyond loopback, the peer's address from its header");
  verb->add_option("--secret", request->secrets,
                   "NAME=FILE, several are fine: a secret that channels and connectors name");
  verb->add_option("--secrets", request->secrets_folder, "folder whose files are secrets under their own names");
  verb->add_option("--allow-channel", request->allowed,
                   "HOST or HOST:PORT that channels may reach, several are fine (robots reach their documented hosts)");
  verb->add_option("--passphrase-file", request->passphrase_file,
                   "file with the passphrase of the master key (or TINGAN_PASSPHRASE)");
  verb->add_option("--alarm-tokens", request->alarm_tokens, "file with a token a line for machines that raise alarms");
  verb->add_option("--metrics-token", request->metrics_tokens,
                   "file with a token a line for those who read /metrics (default: metrics-token in the data folder)");
  verb->add_option("--threads", request->node.threads, "I/O threads")->check(CLI::Range(1, 64))->capture_default_str();
  verb->add_option("--log-level", request->log_level, "debug, info, warn or error")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}));
  verb->add_flag("--accept-clock", request->node.accept_clock,
                 "the clock was looked at and is right: start although it is hours ahead of when the node was last up");
  verb->add_option("--evidence-per-person", request->person_evidence_mib,
                   "MiB of photos and voice notes that one person may hand over in 24 hours; 0: no limit")
      ->check(CLI::Range(0, 1 << 20))
      ->capture_default_str();
  verb->add_option("--evidence-per-hall", request->unit_evidence_mib, "the same for one hall")
      ->check(CLI::Range(0, 1 << 20))
      ->capture_default_str();
  verb->add_flag("--demo", request->node.demo, "the demo organisation, everybody's password is tingan-demo");
  verb->add_option("--time-scale", request->node.time_scale, "only with --demo: the clock runs so many times as fast");
  verb->callback([request, &exit_code] { exit_code = serve(*request); });
}

}  // namespace tingan
