// The server over time: timeouts, answers from other threads, many connections, large bodies, stopping.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <mutex>
#include <thread>

#include "net/server_live_testing.h"

namespace tingan::net {
namespace {

using namespace std::chrono_literals;
using testing::Counter;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::kGet;
using testing::kPatience;
using testing::RawClient;
using testing::start;
using ::testing::StartsWith;

Response text(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

void hello(Request, Responder responder) { responder.complete(text("hello")); }

// Keeps what it is asked until the test answers.
class Desk {
 public:
  HttpServer::Handler handler() {
    return [this](Request request, Responder responder) {
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(std::move(request));
        waiting_.push_back(std::move(responder));
      }
      arrived.add();
    };
  }
  std::vector<Responder> take() {
    const std::lock_guard lock(mutex_);
    requests_.clear();
    return std::move(waiting_);
  }
  Counter arrived;

 private:
  std::mutex mutex_;
  std::vector<Request> requests_;
  std::vector<Responder> waiting_;
};

TEST(ServerTime, SlowHeaderGets408) {
  ServerOptions options;
  options.header_timeout = 100ms;
  const auto server = start(options, hello);
  RawClient client(server->port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHo"));
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 408 "));
  EXPECT_FALSE(client.was_reset());
  RawClient second(server->port());
  ASSERT_TRUE(second.send(kGet));
  EXPECT_THAT(second.read_response(), EndsWith("hello"));
  ASSERT_TRUE(second.send("G"));
  EXPECT_THAT(second.read_to_end(), StartsWith("HTTP/1.1 408 "));
}

TEST(ServerTime, SlowBodyGets408) {
  ServerOptions options;
  options.body_timeout = 100ms;
  const auto server = start(options, hello);
  RawClient client(server->port());
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc"));
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 408 "));
}

TEST(ServerTime, SilentAndIdleConnectionsAreClosedWithoutAWord) {
  ServerOptions options;
  options.header_timeout = 100ms;
  options.idle_timeout = 100ms;
  const auto server = start(options, hello);
  RawClient silent(server->port());
  EXPECT_EQ(silent.read_to_end(), "");
  RawClient idle(server->port());
  ASSERT_TRUE(idle.send(kGet));
  EXPECT_THAT(idle.read_response(), EndsWith("hello"));
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_FALSE(idle.was_reset());
}

TEST(ServerTime, WhoDoesNotReadIsCutOff) {
  ServerOptions options;
  options.write_timeout = 100ms;
  Counter destroyed;
  const auto server = start(options, [&](Request, Responder responder) {
    Response response;
    response.shared_body =
        std::shared_ptr<const std::string>(new std::string(50'000'000, 'x'), [&](const std::string* p) {
          delete p;
          destroyed.add();
        });
    responder.complete(std::move(response));
  });
  RawClient client(server->port(), 4096);
  ASSERT_TRUE(client.send(kGet));
  EXPECT_TRUE(destroyed.wait_for(1));
}

TEST(ServerTime, DroppedResponderAnswers500) {
  Counter heard;
  ServerOptions options;
  options.on_error = [&](const Error& error) {
    if (error.code == "net.handler-failed") heard.add();
  };
  const auto server = start(options, [](Request request, Responder responder) {
    if (request.target_path == "/throw") throw std::runtime_error("broken");
    const Responder dropped = std::move(responder);
  });
  RawClient client(server->port());
  ASSERT_TRUE(client.send(kGet + "GET /throw HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_THAT(client.read_response(), HasSubstr("net.no-answer"));
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 500 "));
  EXPECT_TRUE(heard.wait_for(1));
}

TEST(ServerTime, BatchAnswersManyConnections) {
  ServerOptions options;
  options.threads = 2;
  Desk desk;
  const auto server = start(options, desk.handler());
  std::vector<RawClient> clients;
  for (int i = 0; i < 50; ++i) {
    clients.emplace_back(server->port());
    ASSERT_TRUE(clients.back().send(kGet));
  }
  ASSERT_TRUE(desk.arrived.wait_for(50));
  std::vector<std::pair<Responder, Response>> batch;
  for (Responder& responder : desk.take()) batch.emplace_back(std::move(responder), text("from the batch"));
  Responder::complete_batch(std::move(batch));
  for (RawClient& client : clients) EXPECT_THAT(client.read_response(), EndsWith("from the batch"));
}

TEST(ServerTime, AnswerAfterTheClientOrTheServerIsGone) {
  Desk desk;
  auto server = start({}, desk.handler());
  {
    RawClient gone(server->port());
    ASSERT_TRUE(gone.send(kGet));
    ASSERT_TRUE(desk.arrived.wait_for(1));
  }
  for (Responder& responder : desk.take()) responder.complete(text("nobody hears"));
  RawClient client(server->port());
  ASSERT_TRUE(client.send(kGet + kGet));
  ASSERT_TRUE(desk.arrived.wait_for(2));
  std::vector<Responder> late = desk.take();
  server.reset();
  ASSERT_EQ(late.size(), 1u);
  late.front().complete(text("too late"));
  late.clear();
}

TEST(ServerTime, FiveHundredConnectionsAtOnce) {
  ServerOptions options;
  options.threads = 2;
  Desk desk;
  const auto server = start(options, desk.handler());
  std::vector<RawClient> clients;
  for (int i = 0; i < 500; ++i) {
    clients.emplace_back(server->port());
    ASSERT_TRUE(clients.back().connected());
    ASSERT_TRUE(clients.back().send(kGet));
  }
  ASSERT_TRUE(desk.arrived.wait_for(500));
  EXPECT_EQ(server->connections(), 500u);
  for (Responder& responder : desk.take()) responder.complete(text("ok"));
  for (RawClient& client : clients) EXPECT_THAT(client.read_response(), EndsWith("ok"));
}

TEST(ServerTime, TooManyConnectionsGet503) {
  ServerOptions options;
  options.connections_max = 2;
  const auto server = start(options, hello);
  RawClient a(server->port());
  ASSERT_TRUE(a.send(kGet));
  EXPECT_THAT(a.read_response(), EndsWith("hello"));
  {
    RawClient b(server->port());
    ASSERT_TRUE(b.send(kGet));
    EXPECT_THAT(b.read_response(), EndsWith("hello"));
    RawClient c(server->port());
    c.send(kGet);
    const std::string answer = c.read_to_end();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
    EXPECT_THAT(answer, HasSubstr("Retry-After: 1"));
    EXPECT_FALSE(c.was_reset());
  }
  // There is room again once the server has seen them leave.
  std::string answer;
  for (int i = 0; i < 1000 && !answer.starts_with("HTTP/1.1 200"); ++i) {
    RawClient again(server->port());
    again.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    answer = again.read_to_end();
  }
  EXPECT_THAT(answer, EndsWith("hello"));
}

TEST(ServerTime, WhoSendsAByteNowAndThenIsCutOffLikeWhoSendsNone) {
  ServerOptions options;
  options.body_timeout = 200ms;
  options.body_bytes_per_s_min = 1000;
  const auto server = start(options, hello);
  RawClient client(server->port());
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"));
  std::thread drip([&] {
    while (client.send("x")) std::this_thread::sleep_for(5ms);
  });
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 408 "));
  client.close();
  drip.join();
}

TEST(ServerLoad, OneAddressHasItsMostAndGetsRoomBackAsItLeaves) {
  ServerOptions options;
  options.connections_per_address_max = 2;
  options.threads = 2;
  const auto server = start(options, hello);
  {
    RawClient a(server->port());
    RawClient b(server->port());
    for (RawClient* one : {&a, &b}) {
      ASSERT_TRUE(one->send(kGet));
      EXPECT_THAT(one->read_response(), EndsWith("hello"));
    }
    RawClient c(server->port());
    c.send(kGet);
    EXPECT_THAT(c.read_to_end(), StartsWith("HTTP/1.1 503 "));
  }
  std::string answer;
  for (int i = 0; i < 1000 && !answer.starts_with("HTTP/1.1 200"); ++i) {
    RawClient again(server->port());
    again.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    answer = again.read_to_end();
  }
  EXPECT_THAT(answer, EndsWith("hello"));
}

TEST(ServerLoad, SomeAddressesHaveNoLimit) {
  ServerOptions options;
  options.connections_per_address_max = 1;
  options.unlimited_address = [](const std::string& peer) { return peer == "127.0.0.1"; };
  const auto server = start(options, hello);
  std::vector<RawClient> clients;
  for (int i = 0; i < 5; ++i) {
    clients.emplace_back(server->port());
    ASSERT_TRUE(clients.back().send(kGet));
    EXPECT_THAT(clients.back().read_response(), EndsWith("hello"));
  }
}

std::string post_of(std::size_t size) {
  return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(size, 'x');
}

TEST(ServerLoad, BodiesAreJudgedByTheirHeadBeforeAByteIsRead) {
  ServerOptions options;
  std::mutex mutex;
  std::vector<std::string> asked;
  options.admit = [&](const Request& head, std::optional<std::uint64_t> length) {
    const std::lock_guard lock(mutex);
    asked.push_back(head.target_path + " " + head.peer + " " + (length ? std::to_string(*length) : "chunked"));
    Admission admission{.bytes_max = 1000};
    if (head.headers.get("X-Known").empty()) admission.refusal = Response{.status = 401, .body = "who?"};
    return admission;
  };
  const auto server = start(options, hello);
  RawClient stranger(server->port());
  ASSERT_TRUE(stranger.send("POST /big HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n"));
  EXPECT_THAT(stranger.read_to_end(), ::testing::AllOf(StartsWith("HTTP/1.1 401 "), EndsWith("who?")));
  RawClient waiting(server->port());  // not even told to go on
  ASSERT_TRUE(waiting.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"));
  EXPECT_THAT(waiting.read_to_end(), StartsWith("HTTP/1.1 401 "));
  RawClient known(server->port());
  ASSERT_TRUE(
      known.send("POST / HTTP/1.1\r\nHost: h\r\nX-Known: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "2\r\nab\r\n0\r\n\r\n" +
                 kGet));
  EXPECT_THAT(known.read_response(), EndsWith("hello"));
  EXPECT_THAT(known.read_response(), EndsWith("hello"));  // without a body nobody is asked
  EXPECT_THAT(asked, ::testing::ElementsAre("/big 127.0.0.1 900", "/ 127.0.0.1 9", "/ 127.0.0.1 chunked"));
}

TEST(ServerLoad, LargeBodiesShareABudgetAndSmallOnesNeedNone) {
  ServerOptions options;
  options.body_budget.large = 100'000;
  Desk desk;
  const auto server = start(options, desk.handler());
  RawClient first(server->port());
  ASSERT_TRUE(first.send(post_of(60'000)));
  ASSERT_TRUE(desk.arrived.wait_for(1));
  // It has arrived and is still being worked on: its bytes are still there.
  RawClient second(server->port());
  ASSERT_TRUE(second.send(post_of(90'000)));
  EXPECT_THAT(second.read_to_end(), ::testing::AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("Retry-After")));
  RawClient small(server->port());
  ASSERT_TRUE(small.send(post_of(4000)));
  ASSERT_TRUE(desk.arrived.wait_for(2));
  for (Responder& responder : desk.take()) responder.complete(text("done"));
  EXPECT_THAT(first.read_response(), EndsWith("done"));
  EXPECT_THAT(small.read_response(), EndsWith("done"));
  RawClient third(server->port());
  ASSERT_TRUE(third.send(post_of(60'000)));
  ASSERT_TRUE(desk.arrived.wait_for(3));
  for (Responder& responder : desk.take()) responder.complete(text("again"));
  EXPECT_THAT(third.read_response(), EndsWith("again"));
}

TEST(ServerLoad, ABodyGoesToItsSinkInPiecesAndNotToMemory) {
  struct Sum : BodySink {
    Expected<void> write(std::string_view piece) override {
      largest = std::max(largest, piece.size());
      size += piece.size();
      if (size > 3'000'000) return fail("store.full", {"满", "Expected room, but the disk is full"});
      return {};
    }
    std::size_t size = 0;
    std::size_t largest = 0;
  };
  ServerOptions options;
  options.admit = [](const Request&, std::optional<std::uint64_t>) {
    return Admission{.bytes_max = 10'000'000, .sink = std::make_shared<Sum>()};
  };
  options.body_budget = {0, 0, 0};
  const auto server = start(options, [](Request request, Responder responder) {
    const auto& sum = dynamic_cast<Sum&>(*request.sink);
    EXPECT_TRUE(request.body.empty());
    EXPECT_LE(sum.largest, 256U * 1024);
    responder.complete(text(std::to_string(sum.size)));
  });
  RawClient client(server->port());
  ASSERT_TRUE(client.send(post_of(2'500'000)));
  EXPECT_THAT(client.read_response(), EndsWith("2500000"));
  ASSERT_TRUE(client.send(post_of(4'000'000)));
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 503 "));
}

TEST(ServerStop, FinishesWhatIsInFlight) {
  Desk desk;
  const auto server = start({}, desk.handler());
  RawClient idle(server->port());
  RawClient client(server->port());
  ASSERT_TRUE(client.send(kGet));
  ASSERT_TRUE(desk.arrived.wait_for(1));
  std::thread stopper([&] { server->stop(kPatience); });
  EXPECT_EQ(idle.read_to_end(), "");  // so the stop has begun
  std::vector<Responder> waiting = desk.take();
  waiting.front().complete(text("in time"));
  const std::string answer = client.read_to_end();
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  EXPECT_THAT(answer, EndsWith("in time"));
  client.close();
  stopper.join();
  EXPECT_FALSE(RawClient(server->port()).connected());
  EXPECT_EQ(server->connections(), 0u);
}

TEST(ServerStop, CutsOffWhatIsNotDoneInTime) {
  Desk desk;
  const auto server = start({}, desk.handler());
  RawClient client(server->port());
  ASSERT_TRUE(client.send(kGet));
  ASSERT_TRUE(desk.arrived.wait_for(1));
  server->stop(50ms);
  EXPECT_EQ(client.read_to_end(), "");
  server->stop(50ms);
}

}  // namespace
}  // namespace tingan::net
