// End to end: a declare leaves by a real webhook, its receiver checks the signature, the ladder in the log says so; a
// receiver that is down gets it when it is back; what a stopped node had not sent is sent by the next.
#include "runtime/outbox/outbox.h"

#include <gtest/gtest.h>

#include <map>

#include "base/file.h"
#include "bench/world.h"
#include "channels/factory.h"
#include "channels/support/signing.h"
#include "channels/support/testing.h"
#include "channels/webhook.h"
#include "runtime/node_clock.h"

namespace tingan {
namespace {

using channels::testing::json_answer;
using channels::testing::Receiver;

constexpr const char* kSecret = "shared between the two";
constexpr std::chrono::seconds kPatience{60};

net::Response check_signature(const net::Request& request) {
  const std::string expected =
      channels::webhook_signature(kSecret, request.headers.get("X-Tingan-Timestamp"), request.body);
  if (request.headers.get("X-Tingan-Signature") != expected) return json_answer("{}", 401);
  return json_answer(R"({"delivered":true})");
}

std::string organisation(const std::string& url) {
  std::string yaml = bench::organisation_yaml(1, true);
  const std::string none = "channels: []";
  yaml.replace(yaml.find(none), none.size(),
               "channels:\n  - {id: hook, kind: webhook, url: \"" + url + "\", secret: hook, units: [h0]}\n");
  return yaml;
}

// One life of a node: engine and outbox over a folder.
class Life {
 public:
  explicit Life(bench::BenchWorld& world)
      : world_(world),
        clock_(world.core().last_time()),
        wall_(from_millis(0)),
        engine_(world.core(), clock_),
        outbox_({world.core().view(), engine_, wall_, world.random, [this](const ChannelConfig& config) {
                   return channels::make_sender(config, {kSecret, {}, reach_, http_, wall_});
                 }}) {
    world.core().on_commit([this](const Commit& commit) {
      outbox_.on_commit(commit);
      const std::lock_guard lock(mutex_);
      ++commits_;
      changed_.notify_all();
    });
    outbox_.start();
    engine_.start();
  }
  ~Life() {
    outbox_.stop();
    engine_.stop();
  }
  void declare(const char* type) {
    Submission submission;
    submission.person = PersonId("hall-director@h0");
    submission.command = IncidentCommand(
        Declare{.id = new_incident_id(clock_.now(), world_.random), .unit = UnitId("h0"), .type = PlanId(type)});
    engine_.submit(std::move(submission));
  }
  // Looks after every commit.
  template <class Holds>
  bool wait_until(const Holds& holds) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return holds(world_.core().view()); });
  }
  std::string metrics() const { return outbox_.metrics(); }

 private:
  bench::BenchWorld& world_;
  NodeClock clock_;
  NodeClock wall_;
  const channels::Reach reach_{{}, true};
  net::HttpClient http_;
  Engine engine_;
  Outbox outbox_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t commits_ = 0;
};

template <class Holds>
bool every_notice(const View& view, const Holds& holds) {
  const auto open = view.open();
  return !open.empty() && std::all_of(open.begin(), open.end(), [&](const IncidentPtr& incident) {
    return !incident->notices.empty() && std::all_of(incident->notices.begin(), incident->notices.end(), holds);
  });
}

bool is_sent(const NoticeState& notice) { return notice.sent != kNever; }
bool is_delivered(const NoticeState& notice) { return is_sent(notice) && notice.delivered != kNever; }

TEST(OutboxEndToEnd, ADeclareReachesTheReceiverSignedAndTheLadderSaysSo) {
  Receiver receiver(check_signature);
  bench::BenchWorld world;
  world.open();
  world.publish(organisation(receiver.url("/hook")), "plans");
  Life life(world);
  life.declare("fire");
  ASSERT_TRUE(life.wait_until([](const View& view) { return every_notice(view, is_delivered); }));
  std::map<std::string, int> keys;
  for (const net::Request& request : receiver.requests()) {
    ++keys[std::string(request.headers.get("Idempotency-Key"))];
    EXPECT_EQ(check_signature(request).status, 200);
  }
  EXPECT_EQ(keys.size(), world.core().view().open().front()->notices.size());
  for (const auto& [key, count] : keys) EXPECT_EQ(count, 1) << key;
}

TEST(OutboxEndToEnd, AReceiverThatIsOutOfOrderGetsItLater) {
  std::atomic<int> refusals{0};
  Receiver receiver([&](const net::Request& request) {
    if (refusals++ < 2) return json_answer("{}", 503);
    return check_signature(request);
  });
  bench::BenchWorld world;
  world.open();
  world.publish(organisation(receiver.url("/hook")), "plans");
  Life life(world);
  life.declare("visit");
  ASSERT_TRUE(life.wait_until([](const View& view) { return every_notice(view, is_delivered); }));
  EXPECT_GT(refusals, 2);
}

TEST(OutboxEndToEnd, WhatIsRefusedIsADeadLetterInTheNoticeAndInTheMetrics) {
  Receiver receiver([](const net::Request&) { return json_answer("{}", 404); });
  bench::BenchWorld world;
  world.open();
  world.publish(organisation(receiver.url("/hook")), "plans");
  Life life(world);
  life.declare("visit");
  ASSERT_TRUE(life.wait_until([](const View& view) {
    return every_notice(view,
                        [](const NoticeState& notice) { return notice.failed_channels == 1 && !is_sent(notice); });
  }));
  EXPECT_NE(life.metrics().find("tingan_outbox_dead_total{channel=\"hook\"}"), std::string::npos);
}

TEST(OutboxEndToEnd, WhatAStoppedNodeHadNotSentIsSentByTheNext) {
  std::atomic<bool> down{true};
  Receiver receiver(
      [&](const net::Request& request) { return down ? json_answer("{}", 503) : check_signature(request); });
  bench::BenchWorld world;
  world.open();
  world.publish(organisation(receiver.url("/hook")), "plans");
  {
    Life life(world);
    life.declare("visit");
    ASSERT_TRUE(life.wait_until([](const View& view) { return view.open().size() == 1; }));
  }
  world.close();
  down = false;
  const std::size_t before = receiver.requests().size();
  world.open();
  Life life(world);
  ASSERT_TRUE(life.wait_until([](const View& view) { return every_notice(view, is_delivered); }));
  EXPECT_GT(receiver.requests().size(), before);
  const std::string key(receiver.requests().back().headers.get("Idempotency-Key"));
  EXPECT_TRUE(key.ends_with("#0")) << key;
}

}  // namespace
}  // namespace tingan
