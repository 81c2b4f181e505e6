// Event streams of the server: in order and to all, slow readers cut off, silence, and how a stream ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

std::shared_ptr<const std::string> frame(const std::string& text) { return std::make_shared<const std::string>(text); }

// Gives every request a stream and lets the test have it.
class Screens {
 public:
  HttpServer::Handler handler() {
    return [this](Request, Responder responder) {
      EventStream stream = responder.start_stream({{"X-Stream", "1"}}, [this] { closed.add(); });
      stream.send(frame("data: first\n\n"));
      {
        const std::lock_guard lock(mutex_);
        streams_.push_back(std::move(stream));
      }
      opened.add();
    };
  }
  std::vector<EventStream> all() {
    const std::lock_guard lock(mutex_);
    return streams_;
  }
  Counter opened;
  Counter closed;

 private:
  std::mutex mutex_;
  std::vector<EventStream> streams_;
};

TEST(Stream, DeliversInOrderFromManyThreads) {
  Screens screens;
  const auto server = start({}, screens.handler());
  RawClient client(server->port());
  ASSERT_TRUE(client.send(kGet));
  const std::string head = client.read_until("data: first\n\n");
  EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_THAT(head, HasSubstr("X-Stream: 1"));
  ASSERT_TRUE(screens.opened.wait_for(1));
  EventStream stream = screens.all().front();
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(stream.send(frame(fmt::format("id: {}\n\n", i))));
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(client.read_until("\n\n"), fmt::format("id: {}\n\n", i));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([stream]() mutable {
      for (int i = 0; i < 500; ++i) stream.send(frame("x\n\n"));
    });
  for (int i = 0; i < 2000; ++i) ASSERT_EQ(client.read_until("\n\n"), "x\n\n");
  for (std::thread& thread : threads) thread.join();
  stream.close();
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(screens.closed.wait_for(1));
  EXPECT_TRUE(stream.closed());
  EXPECT_FALSE(stream.send(frame("late")));
}

TEST(Stream, BroadcastReachesAllAndSkipsTheDead) {
  ServerOptions options;
  options.threads = 2;
  Screens screens;
  const auto server = start(options, screens.handler());
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(server->port());
    ASSERT_TRUE(clients.back().send(kGet));
    clients.back().read_until("data: first\n\n");
  }
  clients.front().close();
  ASSERT_TRUE(screens.closed.wait_for(1));
  std::vector<EventStream> streams = screens.all();
  streams.emplace_back();
  EventStream::broadcast(streams, frame("data: all\n\n"));
  for (std::size_t i = 1; i < clients.size(); ++i) EXPECT_EQ(clients[i].read_until("\n\n"), "data: all\n\n");
  EXPECT_EQ(screens.closed.value(), 1);
}

TEST(Stream, SlowConsumerIsCutOff) {
  ServerOptions options;
  options.stream_queue_bytes_max = 1'000'000;
  Screens screens;
  const auto server = start(options, screens.handler());
  RawClient slow(server->port(), 4096);
  ASSERT_TRUE(slow.send(kGet));
  ASSERT_TRUE(screens.opened.wait_for(1));
  EventStream stream = screens.all().front();
  const auto large = frame(std::string(10'000, 'x'));
  int sent = 0;
  while (stream.send(large) && sent < 10'000) ++sent;
  EXPECT_LT(sent, 10'000);
  EXPECT_TRUE(stream.closed());
  EXPECT_TRUE(screens.closed.wait_for(1));
  // The one that reads is not disturbed.
  RawClient quick(server->port());
  ASSERT_TRUE(quick.send(kGet));
  EXPECT_THAT(quick.read_until("data: first\n\n"), StartsWith("HTTP/1.1 200 "));
}

TEST(Stream, HeartbeatsWhenSilentAndNoticesThatTheClientLeft) {
  ServerOptions options;
  options.heartbeat = 50ms;
  Screens screens;
  const auto server = start(options, screens.handler());
  {
    RawClient client(server->port());
    ASSERT_TRUE(client.send(kGet));
    client.read_until("data: first\n\n");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.read_until("\n\n"), ":\n\n");
  }
  EXPECT_TRUE(screens.closed.wait_for(1));
}

TEST(Stream, HeadHasNoStream) {
  Screens screens;
  const auto server = start({}, screens.handler());
  RawClient client(server->port());
  ASSERT_TRUE(client.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(client.read_to_end(), EndsWith("\r\n\r\n"));
  EXPECT_TRUE(screens.closed.wait_for(1));
}

TEST(Stream, EndsWhenTheServerStops) {
  Screens screens;
  const auto server = start({}, screens.handler());
  RawClient client(server->port());
  ASSERT_TRUE(client.send(kGet));
  client.read_until("data: first\n\n");
  server->stop(kPatience);
  EXPECT_EQ(screens.closed.value(), 1);
  EXPECT_EQ(client.read_to_end(), "");
  EventStream stream = screens.all().front();
  EXPECT_FALSE(stream.send(frame("late")));
  stream.close();
}

}  // namespace
}  // namespace tingan::net
