// Fifty times kill -9 under load: what was acknowledged is there, a repeated request has one effect, chains verify, and
// clocks that were running still fire, once and at their time.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "tests/blackbox/process.h"

namespace tingan::blackbox {
namespace {

constexpr int kRounds = 50;
constexpr int kClients = 4;
const char* const kHalls[] = {"hall-a", "hall-b", "hall-c", "hall-d"};
// Types that do not turn into one another and do not correlate: each declare is one incident.
const char* const kTypes[] = {"illness", "theft", "complaint", "injury"};

struct Wish {
  std::string key;
  boost::json::value body;
  std::string id;  // once acknowledged
};

// One hall's director, declaring until the node dies.
void declare_until_it_dies(const std::string& address, int n, int round, std::vector<Wish>& wishes) {
  Client client(address);
  const std::string hall = kHalls[n];
  if (client.sign_in("hall-director@" + hall) != 200) return;
  for (int i = 0;; ++i) {
    wishes.push_back({"kill-" + std::to_string(n) + "-" + std::to_string(round) + "-" + std::to_string(i),
                      {{"unit", hall}, {"type", kTypes[i % 4]}, {"drill", true}},
                      {}});
    const Reply reply = client.post("/api/v1/incidents", wishes.back().body, wishes.back().key);
    if (reply.status != 201) return;
    wishes.back().id = text_at(reply.json, "/id");
  }
}

// Every wish, asked for once more under its key: the acknowledged ones with the answer of then, the others now.
void settle(Client& client, std::vector<Wish>& wishes, std::size_t from) {
  for (std::size_t i = from; i < wishes.size(); ++i) {
    const Reply reply = client.post("/api/v1/incidents", wishes[i].body, wishes[i].key);
    ASSERT_EQ(reply.status, 201) << reply.text;
    const std::string id = text_at(reply.json, "/id");
    if (!wishes[i].id.empty()) {
      EXPECT_EQ(id, wishes[i].id) << "an acknowledged declare got a second effect";
    }
    wishes[i].id = id;
  }
}

std::set<std::string> incidents_of(Client& client, const std::string& hall) {
  std::set<std::string> ids;
  for (std::string path = "/api/v1/incidents?limit=500&unit=" + hall; !path.empty();) {
    const Reply page = client.get(path);
    EXPECT_EQ(page.status, 200) << page.text;
    for (const auto& item : page.json.at("items").as_array()) ids.insert(text_at(item, "/id"));
    const std::string next = text_at(page.json, "/next");
    path = next.empty() || next == "null" ? "" : "/api/v1/incidents?limit=500&unit=" + hall + "&cursor=" + next;
  }
  return ids;
}

TEST(KillNine, LosesNothingAcknowledgedAndDoublesNothing) {
  const Folder folder;
  std::mt19937 chance(20261124);
  std::vector<std::vector<Wish>> wishes(kClients);
  std::vector<std::size_t> settled(kClients, 0);
  for (int round = 0; round < kRounds; ++round) {
    Server server(folder.path(), {"--demo"});
    ASSERT_FALSE(server.address().empty()) << "round " << round;
    for (int n = 0; n < kClients; ++n) {
      Client client(server.address());
      ASSERT_EQ(client.sign_in(std::string("hall-director@") + kHalls[n]), 200);
      settle(client, wishes[static_cast<std::size_t>(n)], settled[static_cast<std::size_t>(n)]);
      settled[static_cast<std::size_t>(n)] = wishes[static_cast<std::size_t>(n)].size();
    }
    std::vector<std::thread> people;
    for (int n = 0; n < kClients; ++n) {
      people.emplace_back(declare_until_it_dies, server.address(), n, round,
                          std::ref(wishes[static_cast<std::size_t>(n)]));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + chance() % 100));  // when the power goes
    server.kill();
    for (std::thread& person : people) person.join();
  }
  Server server(folder.path(), {"--demo"});
  std::size_t acknowledged = 0;
  for (int n = 0; n < kClients; ++n) {
    auto& mine = wishes[static_cast<std::size_t>(n)];
    Client client(server.address());
    ASSERT_EQ(client.sign_in(std::string("hall-director@") + kHalls[n]), 200);
    settle(client, mine, settled[static_cast<std::size_t>(n)]);
    std::set<std::string> wanted;
    for (const Wish& wish : mine) wanted.insert(wish.id);
    EXPECT_EQ(wanted.size(), mine.size());
    EXPECT_EQ(incidents_of(client, kHalls[n]), wanted);
    acknowledged += mine.size();
  }
  EXPECT_GT(acknowledged, static_cast<std::size_t>(kRounds));
  EXPECT_EQ(server.stop(), 0);
  const Ran verified = run({"verify", folder.path().string()});
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
  RecordProperty("declares", static_cast<int>(acknowledged));
}

// S4.8: the half hour is up while the node is down; it fires once, stamped with both times.
// Where S4.8's escalation stands; what comes before it in the plan is another matter.
std::string half_hour_in(const Reply& incident) {
  for (int i = 0; i < 16; ++i) {
    const std::string at = fmt::format("/escalations/{}", i);
    if (text_at(incident.json, at + "/id") == "half-hour") return at;
  }
  ADD_FAILURE() << "no half-hour among the escalations: " << incident.text;
  return "/escalations/0";
}

TEST(KillNine, ClocksGoOn) {
  const Folder folder;
  std::string id;
  std::string half_hour;
  const std::vector<std::string> fast{"--demo", "--time-scale", "900"};
  {
    Server server(folder.path(), fast);
    Client client(server.address());
    ASSERT_EQ(client.sign_in("hall-director@hall-a"), 200);
    const Reply declared =
        client.post("/api/v1/incidents", {{"unit", "hall-a"}, {"type", "outage"}, {"facts", {{"scope", "single"}}}});
    ASSERT_EQ(declared.status, 201) << declared.text;
    id = text_at(declared.json, "/id");
    half_hour = half_hour_in(declared);
    server.kill();
  }
  for (int i = 0; i < 3; ++i) {
    Server server(folder.path(), fast);
    server.kill();
  }
  Server server(folder.path(), fast);
  Client client(server.address());
  ASSERT_EQ(client.sign_in("hall-director@hall-a"), 200);
  std::string fired;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while ((fired.empty() || fired == "null") && std::chrono::steady_clock::now() < give_up) {
    fired = text_at(client.get("/api/v1/incidents/" + id).json, half_hour + "/fired");
  }
  const Reply incident = client.get("/api/v1/incidents/" + id);
  EXPECT_EQ(text_at(incident.json, half_hour + "/id"), "half-hour");
  EXPECT_EQ(text_at(incident.json, half_hour + "/rounds"), "1");
  EXPECT_GE(fired, text_at(incident.json, half_hour + "/due"));
}

}  // namespace
}  // namespace tingan::blackbox
