// docs/formats/channels.md, "When it fails", sentence by sentence; and that nothing is lost, whatever happens.
#include <rapidcheck.h>

#include <set>

#include "runtime/outbox/retry.h"
#include "runtime/outbox/testing.h"

using namespace std::chrono_literals;

namespace tingan::outbox::testing {
namespace {

const std::string kHook = "kind: webhook, url: \"http://127.0.0.1:1/hook\"";
const std::string kDirector = channel("hook", kHook + ", roles: [hall-director]");

// One message on a channel of its own: the director's.
struct OneMessage : OutboxWorld {
  OneMessage() : OutboxWorld(kDirector), id(declare("outage")) {}
  OutboxCore::Outgoing only() {
    const auto all = leaving();
    CHECK(all.size() == 1);
    return all.front();
  }
  // Real time passes, the incident's clocks stand still: the retries alone are looked at.
  Duration until_next_try() {
    const Instant from = now;
    while (now < from + 2h) {
      now = std::max(now, outbox->next());
      outbox->reports(now, 100);
      const auto all = leaving();
      if (!all.empty()) {
        last = all.front();
        return now - from;
      }
      if (outbox->next() == kNever) break;
    }
    return Duration{-1};
  }
  const NoticeState& notice() { return *notice_of(id, "hall-director@hall-a"); }
  IncidentId id;
  OutboxCore::Outgoing last;
};

TEST(Backoff, DoublesUpToFiveMinutesAQuarterEarlierOrLater) {
  EXPECT_EQ(backoff(1, 0), 750ms);
  EXPECT_EQ(backoff(1, 255), 1250ms);
  EXPECT_EQ(backoff(3, 0), 3000ms);
  EXPECT_EQ(backoff(40, 255), 375s);
  EXPECT_EQ(backoff(9, 0), 192s);
}

TEST(WhenItFails, ItIsTriedTwelveTimesThenItIsADeadLetter) {
  OneMessage world;
  world.last = world.only();
  int tries = 1;
  for (;; ++tries) {
    world.answer(world.last, busy());
    const Duration waited = world.until_next_try();
    if (waited < 0ms) break;
    const Duration plain = std::min<Duration>(5min, 1s * (1 << (tries - 1)));
    EXPECT_GE(waited, plain * 3 / 4 - 1ms) << tries;
    EXPECT_LE(waited, plain * 5 / 4 + 1ms) << tries;
    EXPECT_EQ(world.last.notice.id, to_string(NoticeId{world.id, world.notice().n}));
    EXPECT_EQ(world.last.notice.round, 0);
  }
  EXPECT_EQ(tries, kTriesMax);
  EXPECT_EQ(world.outbox->counts().at(ChannelId("hook")).dead, 1U);
}

TEST(WhenItFails, ADeadLetterIsSeenInTheNotice) {
  OneMessage world;
  world.answer(world.only(), refused());
  world.write_reports();
  EXPECT_EQ(world.notice().failed_channels, 1);
  EXPECT_EQ(world.notice().sent, kNever);
  EXPECT_TRUE(world.leaving().empty()) << "final is final";
}

TEST(WhenItFails, NeverBeforeWhatTheOtherSideAsksFor) {
  OneMessage world;
  world.answer(world.only(), busy(false, 90s));
  EXPECT_GE(world.until_next_try(), 90s);
}

TEST(WhenItFails, AfterAnHourItIsGivenUp) {
  OneMessage world;
  world.answer(world.only(), busy(false, 3601s));
  world.now += 1h + 1s;
  EXPECT_TRUE(world.leaving().empty());
  EXPECT_EQ(world.outbox->counts().at(ChannelId("hook")).dead, 1U);
  world.write_reports();
  EXPECT_EQ(world.notice().failed_channels, 1);
}

TEST(WhenItFails, WhatWaitsAnHourBehindOthersIsTooOld) {
  ChannelQueue queue;
  queue.set_paces({{1, 2h}});
  const Instant start = from_millis(1'800'000'000'000);
  for (std::uint8_t i = 1; i <= 2; ++i) {
    Message message;
    message.about.bytes[0] = i;
    message.since = start;
    ASSERT_TRUE(queue.add(message));
  }
  ASSERT_NE(queue.first(start), nullptr);
  queue.launch(start);
  EXPECT_EQ(queue.first(start), nullptr) << "the pace";
  EXPECT_EQ(queue.wake(start), start + 1h);
  const auto old = queue.expire(start + 1h);
  ASSERT_EQ(old.size(), 1U);
  EXPECT_EQ(old[0].tries, 0);
}

TEST(WhenItFails, AfterThreeFailuresOfTheChannelOneAtATimeFeelsItsWay) {
  OutboxWorld world(channel("hook", kHook));
  world.declare("fire");
  const auto first = world.leaving();
  ASSERT_GT(first.size(), 3U);
  for (const auto& out : first) world.answer(out, busy(true));
  EXPECT_TRUE(world.leaving().empty());
  std::size_t probes = 0;
  for (int i = 0; i < 4; ++i) {
    world.now = std::max(world.now, world.outbox->next()) + kReportHold;
    world.outbox->reports(world.now, 100);
    world.now += 6min;
    const auto probe = world.leaving();
    ASSERT_EQ(probe.size(), 1U);
    EXPECT_TRUE(world.leaving().empty()) << "while it is on its way nothing else is";
    world.answer(probe[0], busy(true));
    ++probes;
  }
  EXPECT_EQ(probes, 4U);
  world.now += 6min;
  const auto probe = world.leaving();
  ASSERT_EQ(probe.size(), 1U);
  world.answer(probe[0], ok());
  EXPECT_GT(world.leaving().size(), 1U) << "it is back: all at once again";
}

TEST(WhenItFails, ADeadChannelDelaysNobodyElse) {
  OutboxWorld world(channel("dead", kHook) + channel("good", kHook));
  world.declare("fire");
  std::size_t good = 0;
  std::size_t dead = 0;
  for (const auto& out : world.leaving()) {
    const bool is_dead = out.channel == ChannelId("dead");
    (is_dead ? dead : good) += 1;
    if (!is_dead) world.answer(out, ok());
  }
  EXPECT_EQ(good, dead);
  EXPECT_EQ(world.outbox->counts().at(ChannelId("good")).waiting, 0U);
}

TEST(WhenItFails, RealBeforeDrillDangerBeforeMinorFirstBeforeRepeats) {
  ChannelQueue queue;
  const Instant now = from_millis(1'800'000'000'000);
  struct Kind {
    bool drill;
    Severity severity;
    int round;
  };
  const std::vector<Kind> worst_last = {{false, Severity::danger, 0}, {false, Severity::danger, 1},
                                        {false, Severity::major, 0},  {false, Severity::minor, 0},
                                        {false, Severity::minor, 2},  {true, Severity::danger, 0},
                                        {true, Severity::minor, 1}};
  for (std::size_t i = worst_last.size(); i-- > 0;) {
    Message message;
    message.about.bytes[0] = static_cast<std::uint8_t>(i + 1);
    message.drill = worst_last[i].drill;
    message.severity = worst_last[i].severity;
    message.pieces = {{1, worst_last[i].round, PersonId("p"), RoleId("r")}};
    message.since = now;
    ASSERT_TRUE(queue.add(message));
  }
  for (std::size_t i = 0; i < worst_last.size(); ++i) {
    ASSERT_NE(queue.first(now), nullptr);
    EXPECT_EQ(queue.launch(now).about.bytes[0], i + 1);
  }
}

TEST(WhenItFails, PacesAreKept) {
  OutboxWorld world(channel("group", "kind: dingtalk, url: \"https://oapi.dingtalk.com/robot/send\""));
  for (int i = 0; i < 30; ++i) world.declare("complaint");
  EXPECT_EQ(world.send_all().size(), 20U);
  world.now += 59s;
  EXPECT_TRUE(world.leaving().empty());
  world.now += 2s;
  EXPECT_EQ(world.send_all().size(), 10U);
}

TEST(WhenItFails, ChannelsComeAndGoWhileItRuns) {
  OneMessage world;
  const auto out = world.only();
  world.answer(out, busy());
  world.publish(channel("other", kHook));
  world.write_reports();
  EXPECT_EQ(world.notice().failed_channels, 1) << "outbox.channel-removed";
  EXPECT_FALSE(world.outbox->counts().contains(ChannelId("hook")));
  world.declare("fire");
  EXPECT_FALSE(world.leaving().empty()) << "the new one works";
}

TEST(WhenItFails, AWrongEntryIsADeadLetterAtOnce) {
  OutboxWorld world(channel("hook", "kind: webhook, url: \"http://wrong/\", roles: [hall-director]"));
  const IncidentId id = world.declare("fire");
  EXPECT_TRUE(world.leaving().empty());
  world.write_reports();
  EXPECT_EQ(world.notice_of(id, "hall-director@hall-a")->failed_channels, 1);
  EXPECT_TRUE(world.outbox->counts().at(ChannelId("hook")).broken);
}

TEST(Restart, WhatWasNotSentIsSentAgainWithTheSameIdAndRound) {
  OneMessage world;
  const auto before = world.only();
  world.boot();
  const auto after = world.only();
  EXPECT_EQ(before.notice.id, after.notice.id);
  EXPECT_EQ(before.notice.round, after.notice.round);
  world.answer(after, ok());
  world.write_reports();
  world.boot();
  EXPECT_TRUE(world.leaving().empty()) << "what was sent is not sent again";
}

TEST(Restart, OnlyTheChannelsThatHaveNotHadItGetIt) {
  OutboxWorld world(channel("a", kHook + ", roles: [hall-director]") +
                    channel("b", kHook + ", roles: [hall-director]"));
  const IncidentId id = world.declare("outage");
  for (const auto& out : world.leaving()) {
    if (out.channel == ChannelId("a")) world.answer(out, ok());
  }
  world.write_reports();
  EXPECT_NE(world.notice_of(id, "hall-director@hall-a")->sent, kNever);
  world.boot();
  const auto again = world.leaving();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].channel, ChannelId("b"));
}

TEST(Restart, TheNewsOfTheEndIsToldAfterIt) {
  OneMessage world;
  world.answer(world.only(), ok());
  world.write_reports();
  ASSERT_FALSE(world.act("hall-director@hall-a", world.id, RetractIncident{}).refused);
  world.boot();
  EXPECT_NE(world.only().notice.headline.zh.find("已撤销"), std::string::npos);
}

TEST(Repeats, CountTheirRounds) {
  OneMessage world;
  world.answer(world.only(), ok());
  world.write_reports();
  std::set<std::pair<std::string, int>> seen;
  const std::string id = to_string(NoticeId{world.id, world.notice().n});
  for (int i = 0; i < 40; ++i) {
    world.pass(15s);
    for (const auto& out : world.send_all()) EXPECT_TRUE(seen.insert({out.notice.id, out.notice.round}).second);
  }
  // One of them may have gone together with something new, under that one's name.
  EXPECT_GE(seen.contains({id, 1}) + seen.contains({id, 2}) + seen.contains({id, 3}), 2);
}

// Every notice of the incident ends as one of these; nothing else is an end.
bool has_ended(const IncidentState& state, const NoticeState& notice) {
  const bool over = state.status == IncidentStatus::closed || state.status == IncidentStatus::retracted;
  const auto& tellings = state.tellings;
  const bool settled = std::none_of(tellings.begin(), tellings.end(), [&](const TellingState& one) {
    return !one.ended && std::find(one.notices.begin(), one.notices.end(), notice.n) != one.notices.end();
  });
  return notice.sent != kNever || notice.acknowledged != kNever || notice.failed_channels > 0 || over || settled;
}

struct Course {
  OutboxWorld world{channel("a", kHook) + channel("b", kHook + ", roles: [hall-director, guard]") +
                    channel("group", "kind: wecom, url: \"https://qyapi.weixin.qq.com/cgi-bin/webhook/send\"")};
  std::vector<IncidentId> incidents;
  std::vector<OutboxCore::Outgoing> on_their_way;

  void leave() {
    std::set<std::tuple<ChannelId, IncidentId, PersonId, int, std::string>> now;
    for (auto& out : world.leaving(*rc::gen::inRange<std::size_t>(1, 40))) {
      const OutgoingNotice& notice = out.notice;
      if (!out.sender->speaks_to_group()) {
        RC_ASSERT(now.insert({out.channel, notice.incident, notice.to.person, notice.round, notice.id}).second);
      }
      on_their_way.push_back(std::move(out));
    }
  }
  void answer_some() {
    while (!on_their_way.empty() && *rc::gen::inRange(0, 4) > 0) {
      const auto at = *rc::gen::inRange<std::size_t>(0, on_their_way.size());
      const auto out = on_their_way[at];
      on_their_way.erase(on_their_way.begin() + static_cast<std::ptrdiff_t>(at));
      world.answer(out, *rc::gen::element(ok(), ok(), busy(), busy(true), busy(true, 60s), refused()));
    }
  }
  void person_acts() {
    if (incidents.empty()) return;
    const IncidentId id = *rc::gen::elementOf(incidents);
    const IncidentPtr state = world.find(id);
    const NoticeState& notice = state->notices[*rc::gen::inRange<std::size_t>(0, state->notices.size())];
    world.act(notice.person.str().c_str(), id, AcknowledgeNotice{notice.n});
    if (*rc::gen::inRange(0, 6) == 0) world.act("hall-director@hall-a", id, RetractIncident{});
  }
  void crash() {
    on_their_way.clear();
    world.boot();
  }
  void step() {
    switch (*rc::gen::inRange(0, 9)) {
      case 0:
        if (incidents.size() < 4) incidents.push_back(world.declare(*rc::gen::element("fire", "outage", "robbery")));
        break;
      case 1:
      case 2:
        leave();
        break;
      case 3:
      case 4:
        answer_some();
        break;
      case 5:
        world.pass(*rc::gen::element<Duration>(1s, 20s, 3min));
        break;
      case 6:
        world.write_reports();
        break;
      case 7:
        person_acts();
        break;
      default:
        if (*rc::gen::inRange(0, 3) == 0) crash();
    }
  }
  // Peace at last: everything is answered, and an hour of real time passes.
  void heal() {
    for (const auto& out : on_their_way) world.answer(out, ok());
    on_their_way.clear();
    for (int i = 0; i < 20; ++i) {
      world.send_all();
      world.write_reports();
      world.now += 6min;
    }
    // What the clocks of the last moment brought goes out, too, before anybody counts.
    for (int i = 0; i < 3; ++i) {
      world.send_all();
      world.write_reports();
    }
  }
};

TEST(Outbox, EveryNoticeEndsAndNoneIsLost) {
  EXPECT_TRUE(rc::check([] {
    Course course;
    const int steps = *rc::gen::inRange(5, 40);
    for (int i = 0; i < steps; ++i) course.step();
    course.heal();
    for (const IncidentId id : course.incidents) {
      const IncidentPtr state = course.world.find(id);
      for (const NoticeState& notice : state->notices) RC_ASSERT(has_ended(*state, notice));
    }
    for (const auto& [id, counts] : course.world.outbox->counts()) RC_ASSERT(counts.waiting + counts.in_flight == 0U);
  }));
}

}  // namespace
}  // namespace tingan::outbox::testing
