// The event stream over a real connection: everything that the reader may see, in order, without a gap.
#include "api/testing.h"
#include "net/server.h"
#include "net/testing.h"

namespace tingan::api {
namespace {

using namespace testing;
using net::testing::RawClient;

struct Message {
  std::string id;
  json::value data;
};

class Listener {
 public:
  Listener(std::uint16_t port, const std::string& token, const std::string& after = "") : client_(port) {
    std::string request = "GET /api/v1/stream HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token + "\r\n";
    if (!after.empty()) request += "Last-Event-ID: " + after + "\r\n";
    EXPECT_TRUE(client_.send(request + "\r\n"));
    head = client_.read_until("\r\n\r\n");
    first = client_.read_until("\n\n");
  }
  // The next record; comments and chunk sizes are passed over.
  Message next() {
    while (true) {
      const std::string text = client_.read_until("\n\n");
      if (text.empty()) return {};
      const auto id = text.find("id: ");
      const auto data = text.find("data: ");
      if (id == std::string::npos || data == std::string::npos) continue;
      last_ = text.substr(id + 4, text.find('\n', id) - id - 4);
      return {last_, json::parse(text.substr(data + 6, text.find('\n', data) - data - 6))};
    }
  }
  std::string read_to_end() { return client_.read_to_end(); }
  const std::string& last() const { return last_; }

  std::string head;
  std::string first;

 private:
  RawClient client_;
  std::string last_;
};

struct Live {
  World world;
  std::unique_ptr<net::HttpServer> server;

  Live() {
    auto started = net::HttpServer::start({}, world.api().handler());
    CHECK(started);
    server = std::move(*started);
  }
  ~Live() {
    world.api().stop();
    server->stop(0ms);
  }
  Listener listen(const std::string& person, const std::string& after = "") {
    return {server->port(), world.token(person), after};
  }
};

TEST(Stream, BringsEachRecordThatTheReaderMaySee) {
  Live live;
  Listener own = live.listen("clerk@hall-a");
  Listener other = live.listen("clerk@hall-b");
  EXPECT_NE(own.head.find("200"), std::string::npos);
  EXPECT_NE(own.head.find("text/event-stream"), std::string::npos);
  EXPECT_NE(own.first.find("id: "), std::string::npos) << "who starts anew learns where";
  const std::string a = live.world.declare("guard@hall-a", "hall-a", "other");
  const std::string b = live.world.declare("guard@hall-b", "hall-b", "illness");
  const Message first = own.next();
  EXPECT_EQ(first.data.at("incident").as_string(), a);
  EXPECT_EQ(first.data.at("unit").as_string(), "hall-a");
  EXPECT_EQ(first.data.at("events").at(0).at("type").as_string(), "incident-declared");
  EXPECT_EQ(other.next().data.at("incident").as_string(), b) << "and nothing of the other hall before it";
}

TEST(Stream, ASilentRobberyIsNotOnTheStreamsOfOthers) {
  Live live;
  Listener concerned = live.listen("general-group@centre");
  Listener other = live.listen("service-dept@centre");
  const std::string silent = live.world.declare("clerk@hall-a", "hall-a", "robbery");
  const std::string loud = live.world.declare("clerk@hall-b", "hall-b", "other");
  EXPECT_EQ(concerned.next().data.at("incident").as_string(), silent);
  EXPECT_EQ(other.next().data.at("incident").as_string(), loud);
}

TEST(Stream, GoesOnWithoutAGapAndWithoutADouble) {
  Live live;
  std::vector<std::string> seen;
  std::string last;
  {
    Listener first = live.listen("hall-director@hall-a");
    live.world.declare("clerk@hall-a", "hall-a", "other");
    const Message message = first.next();
    last = message.id;
    seen.push_back(message.id);
  }
  for (int i = 0; i < 300; ++i) live.world.declare("clerk@hall-a", "hall-a", "other");
  live.world.declare("clerk@hall-b", "hall-b", "other");
  Listener again = live.listen("hall-director@hall-a", last);
  for (int i = 0; i < 20; ++i) live.world.declare("clerk@hall-a", "hall-a", "other");
  const std::uint64_t end = live.world.view().last_gseq();
  while (last.empty() || std::stoull(last) < end) {
    const Message message = again.next();
    ASSERT_FALSE(message.id.empty());
    EXPECT_EQ(message.data.at("unit").as_string(), "hall-a");
    last = message.id;
    seen.push_back(last);
  }
  EXPECT_TRUE(std::adjacent_find(seen.begin(), seen.end(), [](const auto& x, const auto& y) {
                return std::stoull(x) >= std::stoull(y);
              }) == seen.end());
  // What the log has for this hall since the first message, and not one record less.
  std::size_t wanted = 0;
  for (const StoredRecord& stored : live.world.disk().records) {
    const auto record = decode_record(stored.bytes);
    if (stored.gseq >= std::stoull(seen.front()) && record->unit == UnitId("hall-a")) ++wanted;
  }
  EXPECT_EQ(seen.size(), wanted);
}

TEST(Stream, RefusesNonsenseAndEndsWithTheSession) {
  Live live;
  RawClient stranger(live.server->port());
  ASSERT_TRUE(stranger.send("GET /api/v1/stream HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_NE(stranger.read_response().find("401"), std::string::npos);
  RawClient odd(live.server->port());
  ASSERT_TRUE(odd.send("GET /api/v1/stream?last_event_id=x HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " +
                       live.world.token("clerk@hall-a") + "\r\n\r\n"));
  EXPECT_NE(odd.read_response().find("query.malformed-position"), std::string::npos);
  Listener listener = live.listen("clerk@hall-a", "999999999");
  EXPECT_NE(listener.first.find("id: "), std::string::npos) << "beyond the end: starts anew";
  EXPECT_EQ(live.world.as("clerk@hall-a", Method::kDelete, "/session").status, 204);
  live.world.declare("guard@hall-a", "hall-a", "other");
  EXPECT_EQ(listener.read_to_end().find("incident-declared"), std::string::npos);
}

// A stream is a session that goes on: whatever ends the session ends it.
TEST(Stream, EndsWithItsSessionHoweverThatEnds) {
  const auto ends = [](const std::string& what, const std::function<void(World&, const std::string& token)>& end) {
    Live live;
    live.world.token("admin@centre");
    const std::string token = live.world.sign_in("guide@hall-b").text("/token");
    Listener listener(live.server->port(), token);
    EXPECT_NE(listener.head.find("200"), std::string::npos) << what;
    end(live.world, token);
    listener.read_to_end();  // does not come back while the stream is open
    const Reply after = live.world.send(Method::kGet, "/api/v1/units", "", {{"Authorization", "Bearer " + token}});
    EXPECT_EQ(after.status, 401) << what;
  };
  const auto as_it = [](World& world, const std::string& token, Method method, const std::string& path,
                        const std::string& body = "") {
    return world.send(method, "/api/v1" + path, body, {{"Authorization", "Bearer " + token}}).status;
  };
  ends("signed out", [&](World& world, const std::string& token) {
    EXPECT_EQ(as_it(world, token, Method::kDelete, "/session"), 204);
  });
  ends("changed elsewhere", [&](World& world, const std::string&) {
    EXPECT_EQ(
        world.post("guide@hall-b", "/session/password", R"({"old":"tingan-demo","new":"seven green kettles"})").status,
        204);
  });
  ends("reset", [&](World& world, const std::string&) {
    EXPECT_EQ(world.post("admin@centre", "/people/guide@hall-b/password").status, 200);
  });
  ends("removed", [&](World& world, const std::string&) {
    EXPECT_EQ(world.as("admin@centre", Method::kDelete, "/people/guide@hall-b").status, 200);
  });
  ends("ended in the list", [&](World& world, const std::string&) {
    EXPECT_EQ(world.as("guide@hall-b", Method::kDelete, "/sessions").status, 204);
  });
  ends("unused for too long", [&](World& world, const std::string&) {
    world.wall_clock.set(world.wall_clock.now() + 12h + 1s);
    world.sign_in("admin@centre");
  });
}

}  // namespace
}  // namespace tingan::api
