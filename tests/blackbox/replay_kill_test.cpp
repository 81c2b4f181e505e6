// Ten thousand orders taken while the business system is down, entered afterwards into a back office that is slow and
// loses requests and answers, with kill -9 of either side twenty times on the way: at the end the counts match to one.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "tests/blackbox/process.h"

namespace tingan::blackbox {
namespace {

constexpr int kOrders = 10'000;
constexpr int kKills = 20;
constexpr int kCounters = 32;  // clerks at work at the same time

const std::vector<std::string> kTemper{"--slow", "5", "--lossy", "2", "--refuse", "0.3", "--seed", "20261124"};

std::string connectors_yaml(int port) {
  return fmt::format(R"(connectors:
  - id: business-system
    kind: http
    base_url: http://127.0.0.1:{}
    timeout: 500ms
    enter:
      path: /entries
      body: '{{"number": "{{{{number}}}}", "unit": "{{{{unit}}}}", "business": "{{{{business}}}}", "amount_fen": {{{{amount_fen}}}},
        "name": "{{{{name}}}}", "mobile": "{{{{mobile}}}}", "fields": {{{{fields}}}}}}'
      reference: /reference
      code: /code
      reason: /reason
      answers:
        - {{status: 201, at: /status, is: entered, means: entered}}
        - {{status: 200, at: /status, is: duplicate, means: duplicate}}
        - {{status: 422, at: /status, is: rejected, means: rejected}}
        - {{status: 503, at: /status, is: busy, means: busy}}
    ask:
      path: /entries/{{{{key}}}}
      reference: /reference
      answers:
        - {{status: 201, at: /status, is: entered, means: entered}}
        - {{status: 404, at: /status, is: absent, means: absent}}
)",
                     port);
}

// The orders of one clerk; each is repeated until it is acknowledged.
void take_orders(const std::string& address, int clerk, std::atomic<int>& taken) {
  Client client(address);
  if (client.sign_in("clerk@hall-a") != 200) return;
  for (int i = clerk; i < kOrders; i += kCounters) {
    const boost::json::value order{{"id", fmt::format("01936d5e-0000-7000-8000-{:012x}", i + 1)},
                                   {"business", "bill-payment"},
                                   {"name", "张三"},
                                   {"mobile", fmt::format("138{:08}", i)},
                                   {"fields",
                                    {{"account", fmt::format("{:08}", 10'000'000 + i)},
                                     {"amount", fmt::format("{}.{:02}", 1 + i % 9, i % 100)},
                                     {"paid_by", "cash"}}}};
    const Reply reply = client.post("/api/v1/orders", order);
    if (reply.status != 201) {
      ADD_FAILURE() << i << ": " << reply.status << " " << reply.text;
      return;
    }
    ++taken;
  }
}

// Both processes, and how each is brought back.
class Halls {
 public:
  Halls() : office_(std::make_unique<Office>(folder_.path() / "books", 0, kTemper)), port_(office_->port()) {
    std::ofstream(folder_.path() / "connectors.yaml") << connectors_yaml(port_);
    start_node();
  }

  void kill_node() {
    node_->kill();
    node_.reset();
    start_node();
  }
  void kill_office() {
    office_->kill();
    office_.reset();
    // Its port may need a moment to be free.
    for (int i = 0; i < 50 && (!office_ || office_->address().empty()); ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
      office_ = std::make_unique<Office>(folder_.path() / "books", port_, kTemper);
    }
    ASSERT_FALSE(office_->address().empty());
  }
  const std::string& address() const { return node_->address(); }
  Client& leader() { return *leader_; }
  Client& books() { return books_; }
  std::filesystem::path data() const { return folder_.path() / "data"; }
  int stop_node() { return node_->stop(); }

  std::int64_t entered() { return number(books_.get("/counts"), "/keys"); }
  Reply replay() { return leader().get("/api/v1/replays?unit=hall-a"); }
  // It pauses by itself when the other side is gone; the shift leader looks, and says go.
  std::string state_of_replay() {
    const std::string state = text_at(replay().json, "/state");
    if (state == "paused") leader().post("/api/v1/replays/hall-a/resume", boost::json::object{});
    return state;
  }
  static std::int64_t number(const Reply& reply, const std::string& pointer) {
    const std::string text = text_at(reply.json, pointer);
    return text.empty() ? -1 : std::stoll(text);
  }

 private:
  void start_node() {
    node_ = std::make_unique<Server>(data(), std::vector<std::string>{"--demo", "--time-scale", "20", "--connectors",
                                                                      (folder_.path() / "connectors.yaml").string()});
    leader_ = std::make_unique<Client>(node_->address());
    ASSERT_EQ(leader_->sign_in("hall-director@hall-a"), 200);
  }

  const Folder folder_;
  std::unique_ptr<Office> office_;
  const int port_;
  Client books_{fmt::format("http://127.0.0.1:{}", port_)};
  std::unique_ptr<Server> node_;
  std::unique_ptr<Client> leader_;
};

struct Entry {
  std::string reference;
  std::int64_t times = 0;
};

std::map<std::string, Entry> entries_of(Client& books) {
  std::map<std::string, Entry> entries;
  for (std::string after;;) {
    const Reply page = books.get("/entries?after=" + after);
    if (page.status != 200) {
      ADD_FAILURE() << page.status;
      return entries;
    }
    for (const auto& item : page.json.at("items").as_array()) {
      entries[text_at(item, "/key")] = {text_at(item, "/reference"), item.at("times").as_int64()};
    }
    after = text_at(page.json, "/next");
    if (after == "null") return entries;
  }
}

std::vector<boost::json::value> orders_of(Client& client) {
  std::vector<boost::json::value> orders;
  for (std::string cursor;;) {
    const Reply page = client.get("/api/v1/orders?unit=hall-a&limit=500" + (cursor.empty() ? "" : "&cursor=" + cursor));
    if (page.status != 200) {
      ADD_FAILURE() << page.status << page.text;
      return orders;
    }
    for (const auto& item : page.json.at("items").as_array()) orders.push_back(item);
    cursor = text_at(page.json, "/next");
    if (cursor == "null") return orders;
  }
}

// Every order of the node beside every entry of the other side.
void compare(Halls& halls) {
  const auto entries = entries_of(halls.books());
  std::size_t entered = 0;
  std::size_t aside = 0;
  for (const boost::json::value& order : orders_of(halls.leader())) {
    const std::string id = text_at(order, "/id");
    const auto entry = entries.find(id);
    if (text_at(order, "/state") == "entered") {
      ++entered;
      ASSERT_NE(entry, entries.end()) << text_at(order, "/number") << " is said to be entered";
      EXPECT_EQ(text_at(order, "/reference"), entry->second.reference);
    } else {
      ++aside;
      EXPECT_EQ(text_at(order, "/state"), "set-aside") << text_at(order, "/number");
      EXPECT_EQ(text_at(order, "/code"), "account-closed");
      EXPECT_EQ(entry, entries.end()) << text_at(order, "/number") << " was refused";
    }
  }
  EXPECT_EQ(entered + aside, static_cast<std::size_t>(kOrders));
  EXPECT_EQ(entries.size(), entered) << "nothing is there that nobody sent";
  for (const auto& [key, entry] : entries) EXPECT_EQ(entry.times, 1) << key;
  const Reply tally = halls.leader().get("/api/v1/reconciliation?unit=hall-a");
  EXPECT_EQ(Halls::number(tally, "/all/taken"), kOrders);
  EXPECT_EQ(Halls::number(tally, "/all/entered"), static_cast<std::int64_t>(entered));
  EXPECT_EQ(Halls::number(tally, "/all/waiting"), static_cast<std::int64_t>(aside));
  EXPECT_EQ(Halls::number(tally, "/all/set_aside"), static_cast<std::int64_t>(aside));
  EXPECT_EQ(Halls::number(tally, "/all/unknown"), 0);
  EXPECT_EQ(Halls::number(tally, "/all/by_hand"), 0);
  EXPECT_GT(aside, 0U) << "some are refused, or the test shows less than it says";
}

TEST(ReplayKillNine, TenThousandOrdersAreEnteredExactlyOnce) {
  Halls halls;
  ASSERT_FALSE(testing::Test::HasFatalFailure());
  const Reply declared = halls.leader().post(
      "/api/v1/incidents", {{"unit", "hall-a"}, {"type", "outage"}, {"facts", {{"scope", "single"}}}});
  ASSERT_EQ(declared.status, 201) << declared.text;
  std::atomic<int> taken{0};
  std::vector<std::thread> clerks;
  for (int n = 0; n < kCounters; ++n) clerks.emplace_back(take_orders, halls.address(), n, std::ref(taken));
  for (std::thread& clerk : clerks) clerk.join();
  ASSERT_EQ(taken, kOrders);
  const Reply restored = halls.leader().post("/api/v1/incidents/" + text_at(declared.json, "/id") + "/facts",
                                             {{"set", {{"restored", true}}}});
  ASSERT_EQ(restored.status, 200) << restored.text;
  ASSERT_EQ(halls.leader().post("/api/v1/replays", {{"unit", "hall-a"}}).status, 201);

  // Where on the way the power goes: by what is entered, so that a slow machine tests the same as a fast one.
  std::mt19937 chance(20261124);
  std::vector<std::int64_t> kills;
  for (int i = 0; i < kKills; ++i) kills.push_back(std::uniform_int_distribution<int>(1, kOrders - 200)(chance));
  std::sort(kills.begin(), kills.end());
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(10);
  const auto in_time = [&] { return std::chrono::steady_clock::now() < give_up; };
  for (const std::int64_t at : kills) {
    for (int looks = 0; halls.entered() < at && in_time(); ++looks) {
      if (looks % 20 == 0) halls.state_of_replay();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    if (chance() % 2 == 0) {
      halls.kill_node();
    } else {
      halls.kill_office();
    }
    ASSERT_FALSE(testing::Test::HasFatalFailure());
  }
  for (std::string state; state != "finished" && in_time(); state = halls.state_of_replay()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ASSERT_TRUE(in_time()) << halls.replay().text;
  compare(halls);
  EXPECT_EQ(halls.stop_node(), 0);
  const Ran verified = run({"verify", halls.data().string()});
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
}

}  // namespace
}  // namespace tingan::blackbox
