// What strangers do to a node without --demo before they are signed in: guessing, large bodies, connections; and what
// must go on meanwhile. bench/attack_bench.cpp measures the same with more of it.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>

#include "bench/attack.h"

namespace tingan::blackbox {
namespace {

using namespace bench;

constexpr const char* kDirector = "hall-director@hall-a";
constexpr const char* kGet = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";

// One node for all: its people come in by a first password each, which takes a second.
class Load : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    node_ = new AttackedNode(TINGAN_BINARY);
    ASSERT_TRUE(node_->runs());
    director_ = new std::string(node_->let_in(kDirector));
  }
  static void TearDownTestSuite() {
    delete director_;
    delete node_;
  }
  // How often each status came back from `count` requests at the same time.
  static std::map<int, int> at_once(int count, const std::function<Said(int)>& request) {
    std::vector<std::future<Said>> waiting;
    for (int i = 0; i < count; ++i) waiting.push_back(std::async(std::launch::async, request, i));
    std::map<int, int> statuses;
    for (auto& one : waiting) ++statuses[one.get().status];
    return statuses;
  }
  static AttackedNode& node() { return *node_; }
  static const std::string& director() { return *director_; }

 private:
  static AttackedNode* node_;
  static std::string* director_;
};
AttackedNode* Load::node_ = nullptr;
std::string* Load::director_ = nullptr;

TEST_F(Load, SixtyPasswordsAtTheSameTimeAreFive) {
  const auto statuses = at_once(60, [](int) { return node().sign_in("guard@hall-a", "wrong", "127.0.1.1"); });
  // One more where the box was so busy that the first second of the pause went by meanwhile.
  EXPECT_GE(statuses.at(401), 5);
  EXPECT_LE(statuses.at(401), 6);
  EXPECT_EQ(statuses.at(401) + statuses.at(429), 60);
}

TEST_F(Load, WordsAreGuessedFiveTimesAndOnlyByWhoMayStandDown) {
  Wire wire(node().port(), "127.0.0.1");
  const Said set = ask(
      wire, "PUT", "/api/v1/units/hall-a/words", director(),
      std::string(R"({"password":")") + AttackedNode::password() + R"(","stand_down":"24681012","duress":"13579111"})");
  ASSERT_EQ(set.status, 204) << set.text;
  const Said robbery = ask(wire, "POST", "/api/v1/incidents", director(), R"({"unit":"hall-a","type":"robbery"})");
  ASSERT_EQ(robbery.status, 201) << robbery.text;
  const std::string path = "/api/v1/incidents/" + member(robbery.text, "id") + "/retract";
  const auto guess = [&path](const std::string& who) {
    return [&path, who](int i) {
      Wire own(node().port(), "127.0.2." + std::to_string(i + 1));
      return ask(own, "POST", path, who, R"({"code":")" + std::to_string(30000000 + i) + "\"}");
    };
  };
  // Not who declared and not the director: refused by the rules, however many try, and no word is looked at.
  const std::string clerk = node().let_in("clerk@hall-a");
  const auto strangers = at_once(40, guess(clerk));
  EXPECT_EQ(strangers.count(422), 0U);
  EXPECT_EQ(strangers.at(403), 40);
  const auto statuses = at_once(60, guess(director()));
  EXPECT_GE(statuses.at(422), 5);
  EXPECT_LE(statuses.at(422), 6);
  EXPECT_EQ(statuses.at(422) + statuses.at(429), 60);
}

TEST_F(Load, ALargeBodyIsNotReadFromAStranger) {
  const double before = node().memory_mb();
  const auto statuses = at_once(40, [](int i) {
    Wire wire(node().port(), "127.0.3." + std::to_string(i + 1));
    return ask(wire, "POST", "/api/v1/incidents/00000000-0000-0000-0000-000000000001/evidence",
               "Content-Type: image/jpeg\r\n", std::string(8 * 1024 * 1024, 'x'));
  });
  EXPECT_EQ(statuses.at(401), 40);
  EXPECT_LT(node().memory_peak_mb() - before, 150) << "forty times eight megabytes were kept";
  // The answer comes with the head, before any of the body was sent.
  Wire wire(node().port(), "127.0.3.200");
  ASSERT_TRUE(wire.send("POST /api/v1/plans/check HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n"));
  EXPECT_TRUE(wire.answer().starts_with("HTTP/1.1 401 "));
  // A stranger's chunked body has no length to judge by: it is nobody's, too.
  Wire chunked(node().port(), "127.0.3.201");
  ASSERT_TRUE(chunked.send("POST /api/v1/plans/check HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
  EXPECT_TRUE(chunked.answer().starts_with("HTTP/1.1 401 "));
}

TEST_F(Load, EvidenceGoesThroughAFileAndComesBackAsItWas) {
  Wire wire(node().port(), "127.0.0.1");
  const Said declared = ask(wire, "POST", "/api/v1/incidents", director(), R"({"unit":"hall-a","type":"complaint"})");
  const std::string path = "/api/v1/incidents/" + member(declared.text, "id") + "/evidence";
  std::string picture = "\xff\xd8\xff";
  for (std::size_t i = 0; picture.size() < 6'000'001; ++i) picture += static_cast<char>(i * 7 + i / 251);
  const auto statuses = at_once(10, [&](int) {
    Wire own(node().port(), "127.0.0.1");
    return ask(own, "POST", path, director() + "Content-Type: image/jpeg\r\n", picture);
  });
  EXPECT_EQ(statuses.at(201), 10);
  const Said back = ask(wire, "GET", path + "/1", director());
  EXPECT_EQ(back.status, 200);
  EXPECT_TRUE(back.text.ends_with(picture));
}

TEST_F(Load, OneAddressHasTwoHundredConnectionsAndTheOthersGetIn) {
  std::vector<Wire> held;
  int busy = 0;
  for (int i = 0; i < 260; ++i) {
    Wire wire(node().port(), "127.0.4.1");
    wire.send(kGet);
    const std::string answer = wire.answer();
    if (answer.starts_with("HTTP/1.1 200 ")) {
      held.push_back(std::move(wire));
    } else {
      ++busy;
      EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 503 ")) << answer;
    }
  }
  EXPECT_EQ(held.size(), 200U);
  EXPECT_EQ(busy, 60);
  Wire other(node().port(), "127.0.4.2");
  other.send(kGet);
  EXPECT_TRUE(other.answer().starts_with("HTTP/1.1 200 "));
}

TEST_F(Load, TheDirectorGetsInAndDeclaresWhileOthersGuess) {
  Attack attack(node().port());
  attack.guess_passwords(12, kDirector);
  attack.send_bodies(20);
  attack.hold_connections(600);
  while (attack.figures().guesses < 40) std::this_thread::yield();
  for (const char* from : {"127.0.0.1", "127.0.5.1"}) {
    const Said said = node().sign_in(kDirector, AttackedNode::password(), from);
    EXPECT_EQ(said.status, 200) << from << said.text;
    EXPECT_LT(said.ms, 5000) << from;  // a second on a quiet box; this one may be building something
  }
  unsigned refused = 0;
  EXPECT_EQ(declare(node().port(), director(), 20, refused).size(), 20U);
  attack.stop();
  EXPECT_LT(node().memory_peak_mb(), 300);
}

TEST_F(Load, WhatTwoReadersCouldReadInTwoWaysIsRefused) {
  const std::string head = "GET /healthz HTTP/1.1\r\nHost: h\r\n";
  for (const std::string& request :
       {head + "X-A: b\r\n c\r\n\r\n", head + "X-A : b\r\n\r\n", head + "X-A: b\nX-C: d\r\n\r\n",
        std::string("GET /healthz HTTP/1.1\r\n Host: h\r\n\r\n"),
        std::string("GET http://other/healthz HTTP/1.1\r\nHost: h\r\n\r\n"),
        head + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
        head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}) {
    Wire wire(node().port(), "127.0.0.1");
    ASSERT_TRUE(wire.send(request));
    const std::string answer = wire.answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << request << answer;
  }
  Wire wire(node().port(), "127.0.0.1");
  ASSERT_TRUE(wire.send("GET HTTP://h/healthz HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_TRUE(wire.answer().starts_with("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace tingan::blackbox
