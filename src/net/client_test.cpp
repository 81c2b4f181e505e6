// The client against our own server, and both against each other over TLS.
#include "net/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>

#include "net/server.h"
#include "net/testing.h"

namespace tingan::net {
namespace {

using namespace std::chrono_literals;
using testing::Counter;
using ::testing::HasSubstr;
using testing::kPatience;
using testing::RawClient;
using Result = Expected<ClientResponse>;

Response text(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

std::unique_ptr<HttpServer> start(ServerOptions options, HttpServer::Handler handler) {
  auto server = HttpServer::start(std::move(options), std::move(handler));
  CHECK(server);
  return std::move(*server);
}

void echo(Request request, Responder responder) { responder.complete(text(std::move(request.body))); }

std::string url_of(const HttpServer& server, const std::string& path = "/", const std::string& scheme = "http") {
  return fmt::format("{}://127.0.0.1:{}{}", scheme, server.port(), path);
}

ClientRequest post_to(std::string url, std::string body = "x") {
  ClientRequest request;
  request.method = Method::kPost;
  request.url = std::move(url);
  request.body = std::move(body);
  request.timeout = kPatience;
  return request;
}

Result ask(HttpClient& client, ClientRequest request) {
  std::promise<Result> promise;
  std::future<Result> future = promise.get_future();
  client.send(std::move(request), [&](Result result) { promise.set_value(std::move(result)); });
  CHECK(future.wait_for(kPatience + 5s) == std::future_status::ready);
  return future.get();
}

std::string code_of(const Result& result) { return result ? "ok" : result.error().code; }

TEST(Client, SendsAndReceives) {
  const auto server = start({}, [&](Request request, Responder responder) {
    Response response =
        text(fmt::format("{} {} {} {} {}", to_string(request.method), request.target_path,
                         request.query_value("q").value_or("-"), request.headers.get("X-A"), request.body));
    response.status = 201;
    response.headers.emplace_back("X-B", "b");
    responder.complete(std::move(response));
  });
  HttpClient client;
  ClientRequest request = post_to(url_of(*server, "/p%20q?q=1"), "body");
  request.headers.emplace_back("X-A", "a\r\nX-Evil: 1");
  const Result result = ask(client, std::move(request));
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_EQ(result->status, 201);
  EXPECT_EQ(result->headers.get("x-b"), "b");
  EXPECT_EQ(result->body, "POST /p q 1 a  X-Evil: 1 body");
  ClientRequest head;
  head.method = Method::kHead;
  head.url = url_of(*server);
  const Result bare = ask(client, std::move(head));
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->body, "");
  EXPECT_EQ(client.connections_opened(), 1u);
}

TEST(Client, FifteenThousandPostsOverSixteenConnections) {
  std::atomic<int> served{0};
  const auto server = start({}, [&](Request request, Responder responder) {
    ++served;
    echo(std::move(request), std::move(responder));
  });
  HttpClient client;
  Counter done;
  std::atomic<int> failed{0};
  for (int i = 0; i < 15'000; ++i)
    client.send(post_to(url_of(*server), std::to_string(i)), [&, i](Result result) {
      if (!result || result->body != std::to_string(i)) ++failed;
      done.add();
    });
  EXPECT_TRUE(done.wait_for(15'000));
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(served, 15'000);
  EXPECT_LE(client.connections_opened(), 16u);
}

TEST(Client, ErrorCodes) {
  std::uint16_t closed_port = 0;
  { closed_port = start({}, echo)->port(); }
  HttpClient client;
  EXPECT_EQ(code_of(ask(client, post_to(fmt::format("http://127.0.0.1:{}/", closed_port)))), "net.connect");
  EXPECT_EQ(code_of(ask(client, post_to("nonsense"))), "net.malformed-url");
  EXPECT_EQ(code_of(ask(client, post_to("ftp://127.0.0.1/"))), "net.malformed-url");
  const auto server = start({}, echo);
  ClientRequest large = post_to(url_of(*server), std::string(100'000, 'x'));
  large.response_bytes_max = 99'999;
  EXPECT_EQ(code_of(ask(client, large)), "net.too-large");
  large.response_bytes_max = 100'000;
  EXPECT_EQ(code_of(ask(client, large)), "ok");
}

TEST(Client, ManyWaitingForADeadPeerAllLearnIt) {
  std::uint16_t closed_port = 0;
  { closed_port = start({}, echo)->port(); }
  HttpClient client;
  Counter failed;
  for (int i = 0; i < 1000; ++i)
    client.send(post_to(fmt::format("http://127.0.0.1:{}/", closed_port)), [&](Result result) {
      if (code_of(result) == "net.connect") failed.add();
    });
  EXPECT_TRUE(failed.wait_for(1000));
}

TEST(Client, TimesOutWaitingForTheAnswerAndForAConnection) {
  std::mutex mutex;
  std::vector<Responder> kept;
  const auto server = start({}, [&](Request, Responder responder) {
    const std::lock_guard lock(mutex);
    kept.push_back(std::move(responder));
  });
  ClientOptions options;
  options.connections_per_origin_max = 1;
  HttpClient client(options);
  Counter late;
  for (int i = 0; i < 3; ++i) {
    ClientRequest request = post_to(url_of(*server));
    request.timeout = 100ms;
    client.send(std::move(request), [&](Result result) {
      if (code_of(result) == "net.timeout") late.add();
    });
  }
  EXPECT_TRUE(late.wait_for(3));
}

TEST(Client, SeesARefusalWhileItStillSends) {
  const auto server = start({}, echo);
  HttpClient client;
  const Result result = ask(client, post_to(url_of(*server), std::string(20'000'000, 'x')));
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_EQ(result->status, 413);
  EXPECT_EQ(code_of(ask(client, post_to(url_of(*server)))), "ok");
}

TEST(Client, StoppingFinishesEveryCompletion) {
  std::mutex mutex;
  std::vector<Responder> kept;
  const auto server = start({}, [&](Request, Responder responder) {
    const std::lock_guard lock(mutex);
    kept.push_back(std::move(responder));
  });
  Counter stopped;
  {
    HttpClient client;
    for (int i = 0; i < 100; ++i)
      client.send(post_to(url_of(*server)), [&](Result result) {
        if (code_of(result) == "net.stopped") stopped.add();
      });
  }
  EXPECT_EQ(stopped.value(), 100);
}

// A peer that says exactly this to each connection and then closes it.
class Script {
 public:
  explicit Script(std::vector<std::string> answers) : answers_(std::move(answers)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    const timeval patience{kPatience.count(), 0};
    ::setsockopt(listener_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    std::memcpy(&generic, &address, sizeof address);
    socklen_t length = sizeof generic;
    CHECK(::bind(listener_, &generic, sizeof generic) == 0 && ::listen(listener_, 16) == 0);
    CHECK(::getsockname(listener_, &generic, &length) == 0);
    std::memcpy(&address, &generic, sizeof address);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Script() {
    thread_.join();
    ::close(listener_);
  }
  std::string url() const { return fmt::format("http://localhost:{}/", port_); }

 private:
  void run() {
    for (const std::string& answer : answers_) {
      const int fd = ::accept(listener_, nullptr, nullptr);
      if (fd < 0) return;
      char bytes[4096];
      if (::recv(fd, bytes, sizeof bytes, 0) > 0) {
        const ssize_t sent = ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
        CHECK(sent == static_cast<ssize_t>(answer.size()));
      }
      ::shutdown(fd, SHUT_WR);
      while (::recv(fd, bytes, sizeof bytes, 0) > 0) {
      }
      ::close(fd);
    }
  }
  const std::vector<std::string> answers_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

TEST(Client, ReadsEveryKindOfAnswer) {
  Script peer({"HTTP/1.0 200 OK\r\n\r\nuntil the end",
               "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
               "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "rubbish\r\n\r\n", ""});
  HttpClient client;
  // One at a time: each answer closes its connection.
  EXPECT_EQ(ask(client, post_to(peer.url()))->body, "until the end");
  EXPECT_EQ(ask(client, post_to(peer.url()))->status, 204);
  EXPECT_EQ(ask(client, post_to(peer.url()))->body, "abc");
  EXPECT_EQ(code_of(ask(client, post_to(peer.url()))), "net.connection-lost");
  EXPECT_EQ(code_of(ask(client, post_to(peer.url()))), "net.malformed-response");
  EXPECT_EQ(code_of(ask(client, post_to(peer.url()))), "net.connection-lost");
}

// --- TLS ---

struct Certificate {
  std::string cert_file;
  std::string key_file;
};

// Self-signed for 127.0.0.1 and localhost.
Certificate make_certificate(const std::filesystem::path& folder, const std::string& name) {
  Certificate files{folder / (name + ".crt"), folder / (name + ".key")};
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* cert = X509_new();
  X509_set_version(cert, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
  X509_set_pubkey(cert, key);
  X509_NAME* subject = X509_get_subject_name(cert);
  const std::vector<unsigned char> common(name.begin(), name.end());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, common.data(), static_cast<int>(common.size()), -1, 0);
  X509_set_issuer_name(cert, subject);
  for (const auto& [nid, value] : {std::pair{NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost"},
                                   std::pair{NID_basic_constraints, "critical,CA:TRUE"}}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(cert, key, EVP_sha256());
  std::FILE* file = std::fopen(files.cert_file.c_str(), "w");
  PEM_write_X509(file, cert);
  std::fclose(file);
  file = std::fopen(files.key_file.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  X509_free(cert);
  EVP_PKEY_free(key);
  return files;
}

class Tls : public ::testing::Test {
 protected:
  Tls() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tingan-tls-XXXXXX").string();
    CHECK(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    first_ = make_certificate(folder_, "first");
    second_ = make_certificate(folder_, "second");
  }
  ~Tls() override { std::filesystem::remove_all(folder_); }

  ServerOptions options() const {
    ServerOptions made;
    made.tls = TlsFiles{first_.cert_file, first_.key_file};
    return made;
  }
  static std::string ask_trusting(const std::string& ca_file, const std::string& url) {
    ClientOptions trusting;
    trusting.ca_file = ca_file;
    HttpClient client(trusting);
    return code_of(ask(client, post_to(url)));
  }

  std::filesystem::path folder_;
  Certificate first_;
  Certificate second_;
};

TEST_F(Tls, ServesManyRequestsOnOneConnection) {
  const auto server = start(options(), [](Request request, Responder responder) {
    EXPECT_TRUE(request.secure);
    responder.complete(text(request.body + request.body));
  });
  ClientOptions trusting;
  trusting.ca_file = first_.cert_file;
  HttpClient client(trusting);
  for (const std::size_t size : {1u, 1'000u, 500'000u, 1u}) {
    const std::string body(size, 'x');
    const Result result = ask(client, post_to(url_of(*server, "/", "https"), body));
    ASSERT_TRUE(result) << to_string(result.error());
    EXPECT_EQ(result->body, body + body);
  }
  EXPECT_EQ(client.connections_opened(), 1u);
}

TEST_F(Tls, VerifiesThePeerAndItsName) {
  ServerOptions everywhere = options();
  everywhere.address = "0.0.0.0";
  const auto server = start(everywhere, echo);
  const std::string url = url_of(*server, "/", "https");
  EXPECT_EQ(ask_trusting(first_.cert_file, url), "ok");
  EXPECT_EQ(ask_trusting(first_.cert_file, fmt::format("https://localhost:{}/", server->port())), "ok");
  EXPECT_EQ(ask_trusting(second_.cert_file, url), "net.tls");
  EXPECT_EQ(ask_trusting("", url), "net.tls");
  EXPECT_EQ(ask_trusting("/nonexistent", url), "net.tls");
  // A name that the certificate does not carry, though it leads to the same place.
  EXPECT_EQ(ask_trusting(first_.cert_file, fmt::format("https://127.0.0.2:{}/", server->port())), "net.tls");
}

TEST_F(Tls, ReloadsTheCertificateWithoutRestart) {
  const auto server = start(options(), echo);
  const std::string url = url_of(*server, "/", "https");
  EXPECT_EQ(ask_trusting(first_.cert_file, url), "ok");
  const auto overwrite = std::filesystem::copy_options::overwrite_existing;
  // A key that does not belong to the certificate: refused, and the old pair goes on.
  std::filesystem::copy_file(second_.key_file, first_.key_file, overwrite);
  const Expected<void> mismatch = server->reload_tls();
  ASSERT_FALSE(mismatch);
  EXPECT_EQ(mismatch.error().code, "net.tls");
  EXPECT_EQ(ask_trusting(first_.cert_file, url), "ok");
  std::filesystem::copy_file(first_.cert_file, folder_ / "old.crt", overwrite);
  std::filesystem::copy_file(second_.cert_file, first_.cert_file, overwrite);
  ASSERT_TRUE(server->reload_tls());
  EXPECT_EQ(ask_trusting(second_.cert_file, url), "ok");
  EXPECT_EQ(ask_trusting(folder_ / "old.crt", url), "net.tls");
}

TEST_F(Tls, PlainBytesAndSilenceDoNotHoldTheServer) {
  ServerOptions impatient = options();
  impatient.header_timeout = 100ms;
  const auto server = start(impatient, echo);
  RawClient plain(server->port());
  ASSERT_TRUE(plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  plain.read_to_end();
  RawClient silent(server->port());
  EXPECT_EQ(silent.read_to_end(), "");
  EXPECT_EQ(ask_trusting(first_.cert_file, url_of(*server, "/", "https")), "ok");
}

TEST_F(Tls, RefusalIsSeenWhileSending) {
  const auto server = start(options(), echo);
  ClientOptions trusting;
  trusting.ca_file = first_.cert_file;
  HttpClient client(trusting);
  const Result result = ask(client, post_to(url_of(*server, "/", "https"), std::string(20'000'000, 'x')));
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_EQ(result->status, 413);
}

TEST_F(Tls, BadFilesAreRefusedAtStart) {
  ServerOptions bad = options();
  bad.tls->cert_file = "/nonexistent";
  EXPECT_EQ(HttpServer::start(bad, echo).error().code, "net.tls");
  EXPECT_EQ(start({}, echo)->reload_tls().error().code, "net.tls");
}

}  // namespace
}  // namespace tingan::net
