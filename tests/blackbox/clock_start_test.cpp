// A node under a wall clock that is wrong at its start, or is corrected while it runs.
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "tests/blackbox/process.h"

namespace tingan::blackbox {
namespace {

constexpr long kHour = 3600;
constexpr long kDay = 24 * kHour;

class ClockStartTest : public testing::Test {
 protected:
  // The wall clock of every node from here on, in seconds from the machine's.
  void set_clock(long seconds) { std::ofstream(folder_.path() / "clock") << seconds; }
  std::filesystem::path data() const { return folder_.path() / "node"; }
  static double metric(Client& client, const std::string& name) {
    const std::string text = client.get("/metrics").text;
    const auto at = text.find("\ntingan_" + name + " ");
    return at == std::string::npos ? -1e9 : std::stod(text.substr(at + name.size() + 9));
  }
  static bool warns(Client& client, const std::string& code) {
    return client.get("/readyz").text.find("\"" + code + "\"") != std::string::npos;
  }

  Folder folder_;
  Environment file_{"TINGAN_TEST_CLOCK", (folder_.path() / "clock").string()};
  Environment preload_{"LD_PRELOAD", SHIFTED_CLOCK};
};

std::string handed_back_order(Client& client) {
  const std::string id = "01936d5e-0000-7000-8000-000000000001";
  const Reply taken =
      client.post("/api/v1/orders", {{"id", id},
                                     {"business", "bill-payment"},
                                     {"name", "张三"},
                                     {"mobile", "13800000001"},
                                     {"fields", {{"account", "10000001"}, {"amount", "1.00"}, {"paid_by", "cash"}}}});
  EXPECT_EQ(taken.status, 201) << taken.text;
  const Reply back = client.post("/api/v1/orders/" + id + "/hand-back", boost::json::object{});
  EXPECT_EQ(back.status, 200) << back.text;
  return id;
}

TEST_F(ClockStartTest, DaysAheadIsAskedAboutFiresNothingAndErasesNothing) {
  set_clock(0);
  std::string incident;
  std::string order;
  {
    Server server(data(), {"--demo"});
    Client client(server.address());
    ASSERT_EQ(client.sign_in("hall-director@hall-a"), 200);
    const Reply declared = client.post("/api/v1/incidents", {{"unit", "hall-a"}, {"type", "outage"}});
    ASSERT_EQ(declared.status, 201) << declared.text;
    incident = text_at(declared.json, "/id");
    order = handed_back_order(client);
    server.stop();
  }
  for (const long ahead : {5 * kHour, 3 * kDay, 400 * kDay}) {  // an outage's half hour would be over at any of them
    set_clock(ahead);
    const Ran ran = try_to_serve(data(), {"--demo"});
    EXPECT_EQ(ran.exit_code, 1) << ran.output;
    EXPECT_NE(ran.output.find("clock.ahead"), std::string::npos) << ran.output;
    EXPECT_NE(ran.output.find("--accept-clock 再启动"), std::string::npos) << ran.output;
    EXPECT_NE(ran.output.find("start again with --accept-clock"), std::string::npos) << ran.output;
  }
  set_clock(1);
  {
    Server server(data(), {"--demo"});
    Client client(server.address());
    ASSERT_EQ(client.sign_in("hall-director@hall-a"), 200);
    EXPECT_EQ(text_at(client.get("/api/v1/incidents/" + incident).json, "/escalations/0/fired"), "null")
        << "the refused starts fired something";
    server.stop();
  }
  // Somebody says yes to a clock that is wrong all the same: what is due fires, but nothing is gone for good.
  set_clock(400 * kDay);
  Server server(data(), {"--demo", "--accept-clock"});
  ASSERT_FALSE(server.address().empty());
  Client client(server.address());
  ASSERT_EQ(client.sign_in("hall-director@hall-a"), 200);
  const Reply shown = client.get("/api/v1/orders/" + order);
  EXPECT_EQ(shown.status, 200) << shown.text;
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));  // longer than the keys once lived
  const Reply revealed = client.post("/api/v1/orders/" + order + "/reveal", {{"reason", "核对"}});
  EXPECT_EQ(revealed.status, 200) << revealed.text;
  EXPECT_NE(revealed.text.find("张三"), std::string::npos) << revealed.text;
  EXPECT_EQ(metric(client, "erasing_held"), 1);
  EXPECT_TRUE(warns(client, "clock.unconfirmed"));
}

TEST_F(ClockStartTest, ACorrectedClockIsMetSlowlyAndNeverByGoingBack) {
  set_clock(600);
  Server server(data(), {"--demo"});
  Client client(server.address());
  const auto now = [&] { return text_at(client.get("/api/v1/node").json, "/now"); };
  std::string before = now();
  set_clock(0);
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!warns(client, "clock.apart") && std::chrono::steady_clock::now() < give_up) {
  }
  EXPECT_TRUE(warns(client, "clock.apart"));
  while (metric(client, "clock_slew") > -0.049 && std::chrono::steady_clock::now() < give_up) {
  }
  EXPECT_NEAR(metric(client, "clock_slew"), -0.05, 0.001);
  const double offset = metric(client, "wall_clock_offset_seconds");
  EXPECT_LT(offset, -590);
  for (int i = 0; i < 50; ++i) {
    const std::string later = now();
    EXPECT_GE(later, before);
    before = later;
  }
  set_clock(40 * kDay);
  while (!warns(client, "clock.jumped") && std::chrono::steady_clock::now() < give_up) {
  }
  EXPECT_TRUE(warns(client, "clock.jumped")) << "not followed, and told";
  EXPECT_LT(now().substr(0, 10), text_at(client.get("/api/v1/node").json, "/now").substr(0, 10) + "x");
}

TEST_F(ClockStartTest, ABatteryThatIsEmptyKeepsNobodyFromDeclaring) {
  set_clock(0);
  { Server server(data(), {"--demo"}); }
  set_clock(-400 * kDay);
  Server server(data(), {"--demo"});
  ASSERT_FALSE(server.address().empty());
  Client client(server.address());
  ASSERT_EQ(client.sign_in("hall-director@hall-a"), 200);
  EXPECT_EQ(client.post("/api/v1/incidents", {{"unit", "hall-a"}, {"type", "fire"}}).status, 201);
  EXPECT_TRUE(warns(client, "clock.apart"));
}

}  // namespace
}  // namespace tingan::blackbox
