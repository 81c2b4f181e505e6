// What leaves by the channels after a stand-down under duress: to the hall the same as after one that is meant, to
// those above what is so (docs/adr/0014-duress.md).
#include "core/incident/cover.h"
#include "runtime/outbox/testing.h"

namespace tingan::outbox {
namespace {

using namespace testing;

constexpr const char* kChannels =
    "  - {id: all, kind: webhook, url: \"https://hooks.example/all\"}\n"
    "  - {id: hall-group, kind: wecom, url: \"https://wecom.example/hall\", roles: [hall-director, clerk, guard]}\n"
    "  - {id: centre-group, kind: wecom, url: \"https://wecom.example/centre\", roles: [general-group, centre-head]}\n";

struct Course {
  OutboxWorld world{kChannels};
  IncidentId id;
  std::vector<OutboxCore::Outgoing> sent;

  explicit Course(bool forced, bool sent_before = true) {
    id = world.declare("robbery");
    if (sent_before) settle();
    sent.clear();
    world.now += std::chrono::seconds{20};
    EXPECT_FALSE(world.act("hall-director@hall-a", id, RetractIncident{{}, forced}).refused);
    settle();
  }
  void settle() {
    for (const auto& out : world.send_all()) sent.push_back(out);
    world.write_reports();
  }
  bool is_of_hall(PersonId person) const {
    return tingan::is_of_hall(world.core->view().registry()->directory(), person, UnitId("hall-a"));
  }
  // Every word that reaches somebody in the hall.
  std::vector<std::string> heard_in_hall() const {
    std::vector<std::string> out;
    for (const auto& one : sent) {
      std::vector<Recipient> all = one.notice.others;
      all.push_back(one.notice.to);
      for (const Recipient& to : all) {
        if (!is_of_hall(to.person) && one.channel != ChannelId("hall-group")) continue;
        if (one.channel == ChannelId("hall-group") && !is_of_hall(to.person)) continue;
        out.push_back(fmt::format("{} {} {} {} {} {}", one.channel.str(), to.person.str(), one.notice.id,
                                  one.notice.headline.zh, one.notice.lines.front().zh, one.notice.silent));
      }
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  IncidentState shown() const {
    const IncidentPtr state = world.find(id);
    return state->cover.empty() ? *state : state->cover.front();
  }
};

TEST(OutboxUnderDuress, TheHallIsToldThatItIsNothingAndThoseAboveWhatIsSo) {
  Course meant(false);
  Course forced(true);
  EXPECT_FALSE(meant.heard_in_hall().empty());
  EXPECT_EQ(meant.heard_in_hall(), forced.heard_in_hall());
  bool above = false;
  for (const auto& out : forced.sent) {
    if (out.channel == ChannelId("hall-group") ||
        is_of_hall(forced.world.core->view().registry()->directory(), out.notice.to.person, UnitId("hall-a"))) {
      continue;
    }
    above = true;
    EXPECT_EQ(out.notice.headline.zh.find("已撤销"), std::string::npos) << out.notice.headline.zh;
    EXPECT_NE(out.notice.headline.zh.find("胁迫"), std::string::npos) << out.notice.headline.zh;
  }
  EXPECT_TRUE(above);
}

TEST(OutboxUnderDuress, TheLaddersThatTheHallSeesAndTheFiguresAreTheSame) {
  Course meant(false);
  Course forced(true);
  const IncidentState real = meant.shown();
  const IncidentState cover = forced.shown();
  ASSERT_EQ(real.notices.size(), cover.notices.size());
  for (std::size_t i = 0; i < real.notices.size(); ++i) {
    EXPECT_EQ(real.notices[i].sent == kNever, cover.notices[i].sent == kNever) << i;
    EXPECT_EQ(real.notices[i].ways, cover.notices[i].ways) << i;
  }
  forced.world.pass(std::chrono::minutes{30});
  forced.settle();
  const auto before = meant.world.outbox->counts();
  for (const auto& [channel, counts] : forced.world.outbox->counts()) {
    EXPECT_LE(counts.sent, before.at(channel).sent) << channel.str();
    EXPECT_LE(counts.queued, before.at(channel).queued) << channel.str();
  }
}

TEST(OutboxUnderDuress, WhatWaitedIsToldAsTheHallMaySeeIt) {
  Course meant(false, false);
  Course forced(true, false);
  EXPECT_EQ(meant.heard_in_hall(), forced.heard_in_hall());
}

TEST(OutboxUnderDuress, AfterARestartNothingOfWhatIsSoReachesTheHall) {
  Course forced(true);
  forced.world.boot();
  forced.sent.clear();
  forced.world.pass(std::chrono::minutes{10});
  forced.settle();
  EXPECT_TRUE(forced.heard_in_hall().empty());
  EXPECT_FALSE(forced.sent.empty());
}

}  // namespace
}  // namespace tingan::outbox
