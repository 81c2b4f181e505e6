// The server against raw bytes: what it accepts, what it refuses, and in which order it answers.
#include "net/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "net/testing.h"

namespace tingan::net {
namespace {

using namespace std::chrono_literals;
using testing::Counter;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawClient;
using ::testing::StartsWith;

Response text(int status, std::string body) {
  Response response;
  response.status = status;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

// Answers "METHOD path body".
void echo(Request request, Responder responder) {
  responder.complete(text(200, fmt::format("{} {} {}", to_string(request.method), request.target_path, request.body)));
}

std::unique_ptr<HttpServer> start(ServerOptions options, HttpServer::Handler handler = echo) {
  options.error_response = [](int status, const Error& error) {
    Response response = text(status, "{\"code\":\"" + error.code + "\"}");
    response.content_type = "application/problem+json";
    return response;
  };
  auto server = HttpServer::start(std::move(options), std::move(handler));
  CHECK(server);
  return std::move(*server);
}

std::string post(std::string_view path, std::string_view body, std::string_view more = {}) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: h\r\n{}Content-Length: {}\r\n\r\n{}", path, more, body.size(), body);
}

// The answer to these bytes on a connection of their own, which must then close.
std::string refusal(HttpServer& server, std::string_view bytes) {
  RawClient client(server.port());
  EXPECT_TRUE(client.send(bytes));
  std::string answer = client.read_to_end();
  EXPECT_FALSE(client.was_reset());
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(answer, HasSubstr("application/problem+json"));
  return answer;
}

TEST(Server, KeepsTheConnection) {
  const auto server = start({});
  RawClient client(server->port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send(post("/a%20b", "body")));
    EXPECT_EQ(client.read_response(),
              "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\nConnection: keep-alive\r\n\r\n"
              "POST /a b body");
  }
  EXPECT_EQ(server->connections(), 1u);
}

TEST(Server, GivesTheRequest) {
  const auto server = start({}, [](Request request, Responder responder) {
    responder.complete(text(200, fmt::format("{}|{}|{}|{}", request.query_value("q").value_or("?"),
                                             request.headers.get("x-key"), request.peer, request.secure)));
  });
  RawClient client(server->port());
  ASSERT_TRUE(client.send("GET /?p=1&q=%E5%8E%85 HTTP/1.1\r\nHost: h\r\nX-Key:  v \r\n\r\n"));
  EXPECT_THAT(client.read_response(), ::testing::EndsWith("\r\n\r\n厅|v|127.0.0.1|false"));
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  // Each is completed on a thread of its own, the first one last if the server let it.
  std::vector<std::thread> threads;
  std::mutex mutex;
  {
    const auto server = start({}, [&](Request request, Responder responder) {
      const std::lock_guard lock(mutex);
      threads.emplace_back(
          [path = request.target_path, moved = std::move(responder)]() mutable { moved.complete(text(200, path)); });
    });
    RawClient client(server->port());
    std::string all;
    for (int i = 0; i < 50; ++i) all += fmt::format("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", i);
    ASSERT_TRUE(client.send(all));
    for (int i = 0; i < 50; ++i)
      EXPECT_THAT(client.read_response(), ::testing::EndsWith(fmt::format("\r\n\r\n/{}", i)));
    client.close();
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Server, TakesAThousandPipelinedRequestsAnsweredAtOnce) {
  const auto server = start({});
  RawClient client(server->port());
  std::string all;
  for (int i = 0; i < 1000; ++i) all += post("/x", std::to_string(i));
  std::thread sender([&] { EXPECT_TRUE(client.send(all)); });
  for (int i = 0; i < 1000; ++i) EXPECT_THAT(client.read_response(), ::testing::EndsWith(fmt::format("POST /x {}", i)));
  sender.join();
}

TEST(Server, HeadHasTheLengthAndNoBody) {
  const auto server = start({});
  RawClient client(server->port());
  ASSERT_TRUE(
      client.send("HEAD /h HTTP/1.1\r\nHost: h\r\n\r\nGET /g HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
  const std::string answers = client.read_to_end();
  EXPECT_THAT(answers, HasSubstr("Content-Length: 8\r\nConnection: keep-alive\r\n\r\nHTTP/1.1 200"));
  EXPECT_THAT(answers, ::testing::EndsWith("GET /g "));
}

TEST(Server, Http10ClosesAfterTheAnswer) {
  const auto server = start({});
  RawClient client(server->port());
  ASSERT_TRUE(client.send("GET /old HTTP/1.0\r\n\r\n"));
  EXPECT_THAT(client.read_to_end(), ::testing::EndsWith("Connection: close\r\n\r\nGET /old "));
}

TEST(Server, ReadsChunkedBodies) {
  const auto server = start({});
  RawClient client(server->port());
  ASSERT_TRUE(
      client.send("POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-T: 1\r\n\r\n"));
  EXPECT_THAT(client.read_response(), ::testing::EndsWith("POST /c abcde"));
}

TEST(Server, SaysContinueOnlyToWhatItWillTake) {
  const auto server = start({});
  RawClient client(server->port());
  ASSERT_TRUE(client.send("POST /c HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(client.send("ok"));
  EXPECT_THAT(client.read_response(), ::testing::EndsWith("POST /c ok"));
  RawClient large(server->port());
  ASSERT_TRUE(large.send("POST /c HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_THAT(large.read_response(), StartsWith("HTTP/1.1 413 "));
}

TEST(Server, RefusesWhatIsMalformed) {
  const auto server = start({});
  EXPECT_THAT(refusal(*server, "rubbish\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(refusal(*server, "GET /\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(refusal(*server, "GET / HTTP/1.1\r\n\r\n"), HasSubstr("net.bad-request"));
  EXPECT_THAT(refusal(*server, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(refusal(*server, "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n"), HasSubstr("net.bad-encoding"));
  EXPECT_THAT(refusal(*server, "GET /a%2 HTTP/1.1\r\nHost: h\r\n\r\n"), HasSubstr("net.bad-encoding"));
  EXPECT_THAT(refusal(*server, "GET /../x HTTP/1.1\r\nHost: h\r\n\r\n"), HasSubstr("net.bad-target"));
  EXPECT_THAT(refusal(*server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(refusal(*server, "GET / HTTP/3.0\r\nHost: h\r\n\r\n"), StartsWith("HTTP/1.1 505 "));
}

TEST(Server, RefusesTwoOpinionsOfTheLength) {
  const auto server = start({});
  const std::string start_line = "POST / HTTP/1.1\r\nHost: h\r\n";
  for (const char* smuggled :
       {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n"})
    EXPECT_THAT(refusal(*server, start_line + smuggled + "\r\n0\r\n\r\n"), StartsWith("HTTP/1.1 400 ")) << smuggled;
  EXPECT_THAT(refusal(*server, start_line + "Transfer-Encoding: gzip\r\n\r\n"), StartsWith("HTTP/1.1 501 "));
}

TEST(Server, RefusesMethods) {
  const auto server = start({});
  const std::string trace = refusal(*server, "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(trace, StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(trace, HasSubstr("Allow: GET"));
  EXPECT_THAT(refusal(*server, "BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n"), StartsWith("HTTP/1.1 501 "));
  EXPECT_THAT(refusal(*server, "get / HTTP/1.1\r\nHost: h\r\n\r\n"), StartsWith("HTTP/1.1 501 "));
}

TEST(Server, RefusesLargeHeaders) {
  ServerOptions options;
  options.header_bytes_max = 1000;
  const auto server = start(options);
  EXPECT_THAT(refusal(*server, "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2000, 'x') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  // Many small ones, never finished: the limit holds without the end.
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 200; ++i) many += "X-Y: z\r\n";
  EXPECT_THAT(refusal(*server, many), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(refusal(*server, "GET /" + std::string(5000, 'a')), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(
      refusal(*server, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(5000, 'e')),
      StartsWith("HTTP/1.1 431 "));
}

TEST(Server, RefusesLargeBodiesByRoute) {
  ServerOptions options;
  options.body_bytes_max = 10;
  options.body_limit = [](Method, const std::string& path) -> std::size_t { return path == "/large" ? 100 : 10; };
  const auto server = start(options);
  EXPECT_THAT(refusal(*server, post("/small", std::string(11, 'x'))), HasSubstr("net.body-too-large"));
  EXPECT_THAT(refusal(*server, post("/large", std::string(101, 'x'))), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(refusal(*server,
                      "POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  RawClient client(server->port());
  ASSERT_TRUE(client.send(post("/large", std::string(100, 'x'))));
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 "));
}

TEST(Server, Answers413WhileTwentyMegabytesAreSent) {
  const auto server = start({});
  RawClient client(server->port());
  // Everything is sent before anything is read, as simple clients do.
  EXPECT_TRUE(client.send(post("/upload", std::string(20'000'000, 'x'))));
  const std::string answer = client.read_to_end();
  EXPECT_FALSE(client.was_reset());
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answer, HasSubstr("net.body-too-large"));
}

TEST(Server, DrainsOnlySoMuch) {
  ServerOptions options;
  options.drain_bytes_max = 1'000'000;
  const auto server = start(options);
  RawClient client(server->port());
  EXPECT_FALSE(client.send(post("/upload", std::string(50'000'000, 'x'))));
}

TEST(Server, TakesALargeBody) {
  ServerOptions options;
  options.body_bytes_max = 30'000'000;
  const auto server = start(
      options, [](Request request, Responder responder) { responder.complete(text(200, std::move(request.body))); });
  RawClient client(server->port());
  std::string body(20'000'000, 'x');
  for (std::size_t i = 0; i < body.size(); i += 997) body[i] = static_cast<char>('a' + i % 26);
  std::thread sender([&] { EXPECT_TRUE(client.send(post("/", body))); });
  const std::string answer = client.read_response();
  sender.join();
  EXPECT_TRUE(answer.ends_with(body));
}

TEST(Server, HeaderValuesCannotAddHeaders) {
  const auto server = start({}, [](Request, Responder responder) {
    Response response = text(200, "x");
    response.headers.emplace_back("X-Name", "a\r\nSet-Cookie: stolen=1");
    responder.complete(std::move(response));
  });
  RawClient client(server->port());
  ASSERT_TRUE(client.send(post("/", "")));
  EXPECT_THAT(client.read_response(), Not(HasSubstr("\nSet-Cookie")));
}

TEST(Server, SharedAndEmptyBodies) {
  const auto shared = std::make_shared<const std::string>(100'000, 's');
  const auto server = start({}, [&](Request request, Responder responder) {
    Response response;
    if (request.target_path == "/shared") response.shared_body = shared;
    if (request.target_path == "/none") response.status = 204;
    responder.complete(std::move(response));
  });
  RawClient client(server->port());
  ASSERT_TRUE(client.send(post("/shared", "") + post("/none", "") + post("/shared", "")));
  EXPECT_TRUE(client.read_response().ends_with(*shared));
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(client.read_response().ends_with(*shared));
}

TEST(Server, RefusesABusyAddress) {
  const auto server = start({});
  ServerOptions options;
  options.port = server->port();
  const auto second = HttpServer::start(options, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "net.listen");
  options.address = "not-an-address";
  EXPECT_EQ(HttpServer::start(options, echo).error().code, "net.listen");
}

}  // namespace
}  // namespace tingan::net
