// docs/formats/channels.md, "What goes where", sentence by sentence.
#include <map>
#include <set>

#include "runtime/outbox/testing.h"

namespace tingan::outbox::testing {
namespace {

const std::string kHook = "kind: webhook, url: \"http://127.0.0.1:1/hook\"";
const std::string kGroup = "kind: wecom, url: \"https://qyapi.weixin.qq.com/cgi-bin/webhook/send\"";

std::set<std::string> channels_of(const std::vector<OutboxCore::Outgoing>& all) {
  std::set<std::string> out;
  for (const auto& one : all) out.insert(one.channel.str());
  return out;
}

bool has_line(const OutgoingNotice& notice, const std::string& part) {
  return std::any_of(notice.lines.begin(), notice.lines.end(),
                     [&](const Text& line) { return line.zh.find(part) != std::string::npos; });
}

TEST(WhatGoesWhere, AChannelTakesExactlyItsUnits) {
  OutboxWorld world(channel("a", kHook + ", units: [hall-a]") + channel("b", kHook + ", units: [hall-b]") +
                    channel("centre", kHook + ", units: [centre]") + channel("all", kHook));
  world.declare("fire");
  EXPECT_EQ(channels_of(world.send_all()), (std::set<std::string>{"a", "all"}));
}

TEST(WhatGoesWhere, AChannelTakesNoticesForItsRoles) {
  OutboxWorld world(channel("directors", kHook + ", roles: [hall-director]"));
  const IncidentId id = world.declare("outage");
  const auto sent = world.send_all();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].notice.to.person, PersonId("hall-director@hall-a"));
  EXPECT_EQ(sent[0].notice.incident, id);
  EXPECT_GT(world.find(id)->notices.size(), 1U) << "others were told, but not here";
}

// What is told to all of the hall goes to each channel for the people of its roles, not once for everybody of the hall.
TEST(WhatGoesWhere, WhatStaffAreToldGoesToEachRoleForItsOwnHolders) {
  OutboxWorld world(channel("guides", kHook + ", roles: [guide]") +
                    channel("directors", kHook + ", roles: [hall-director]") + channel("all", kHook));
  world.declare("fire");  // its first step is for staff
  std::map<std::string, std::set<PersonId>> people;
  for (const auto& out : world.send_all()) {
    EXPECT_TRUE(people[out.channel.str()].insert(out.notice.to.person).second) << "twice";
  }
  EXPECT_EQ(people["guides"], std::set{PersonId("guide@hall-a")});
  EXPECT_EQ(people["directors"], std::set{PersonId("hall-director@hall-a")});
  EXPECT_TRUE(people["all"].contains(PersonId("clerk@hall-a"))) << "told as staff";
}

TEST(WhatGoesWhere, WhoStandsInForARoleCountsForBoth) {
  TellingState telling{.role = RoleId("shift-leader"), .acting = RoleId("hall-director")};
  ChannelConfig config;
  for (const char* role : {"shift-leader", "hall-director"}) {
    config.roles = {RoleId(role)};
    EXPECT_TRUE(Routes::takes(config, {telling.role, telling.acting}));
  }
  config.roles = {RoleId("guard")};
  EXPECT_FALSE(Routes::takes(config, {telling.role, telling.acting}));
}

TEST(WhatGoesWhere, AScreenGetsNothingOfWhatIsSilent) {
  OutboxWorld world(channel("screen", kHook + ", screen: true") + channel("phone", kHook));
  world.declare("robbery");
  EXPECT_EQ(channels_of(world.send_all()), (std::set<std::string>{"phone"}));
  world.declare("outage");
  EXPECT_EQ(channels_of(world.send_all()), (std::set<std::string>{"phone", "screen"}));
}

TEST(WhatGoesWhere, AlsoWhenTheNoticeWaitedSinceBeforeTheSilence) {
  OutboxWorld world(channel("screen", kHook + ", screen: true"));
  const IncidentId id = world.declare("outage");
  const auto first = world.leaving();
  ASSERT_FALSE(first.empty());
  // The same message again, of an incident that has turned silent in between.
  IncidentState silent = *world.find(id);
  silent.silent = true;
  Message message{.about = id, .pieces = {{1, 0, silent.notices[0].person, RoleId("hall-director")}}};
  std::vector<Piece> told;
  const Directory& directory = world.core->view().registry()->directory();
  EXPECT_FALSE(compose(message, silent, directory, {.group = false, .screen = true}, told));
  EXPECT_TRUE(compose(message, silent, directory, {.group = false, .screen = false}, told));
}

TEST(WhatGoesWhere, ADrillGoesToTheSameChannelsAndIsMarked) {
  OutboxWorld world(channel("all", kHook));
  world.declare("fire", true);
  const auto sent = world.send_all();
  ASSERT_FALSE(sent.empty());
  for (const auto& out : sent) EXPECT_TRUE(out.notice.drill);
}

TEST(WhatGoesWhere, OnePersonGetsOneMessageForOneMoment) {
  OutboxWorld world(channel("all", kHook));
  world.declare("fire");
  std::vector<PersonId> people;
  for (const auto& out : world.send_all()) people.push_back(out.notice.to.person);
  EXPECT_GT(people.size(), 3U);
  EXPECT_EQ(std::set<PersonId>(people.begin(), people.end()).size(), people.size());
}

TEST(WhatGoesWhere, AGroupChatGetsOneMessageForAllItsPeople) {
  OutboxWorld world(channel("group", kGroup));
  const IncidentId id = world.declare("fire");
  const auto sent = world.send_all();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].notice.others.size() + 1, world.find(id)->notices.size());
  for (const Text& line : sent[0].notice.lines) EXPECT_NE(line.zh.find("："), std::string::npos) << line.zh;
  world.write_reports();
  for (const NoticeState& notice : world.find(id)->notices) EXPECT_NE(notice.sent, kNever) << notice.n;
}

TEST(WhatGoesWhere, WhatWaitsTellsHowThingsStandWhenItLeaves) {
  OutboxWorld world(channel("directors", kHook + ", roles: [hall-director]"));
  const IncidentId id = world.declare("outage");
  const IncidentPtr state = world.find(id);
  // One open step of the director is done before the message leaves.
  const auto open = std::find_if(state->steps.begin(), state->steps.end(),
                                 [](const StepState& step) { return step.status == StepStatus::open; });
  ASSERT_NE(open, state->steps.end());
  const auto index = static_cast<std::size_t>(open - state->steps.begin());
  const Step& step = state->plan->steps[index];
  ASSERT_LT(step.asks, 0) << "a step that somebody marks";
  // On behalf of the director, who has not acknowledged anything.
  ASSERT_FALSE(world.act("duty-manager@hall-a", id, MarkStep{.step = step.id}).refused);
  const auto sent = world.send_all();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_FALSE(has_line(sent[0].notice, step.text.zh));
  EXPECT_EQ(sent[0].notice.id, to_string(NoticeId{id, world.notice_of(id, "hall-director@hall-a")->n}));
}

TEST(WhatGoesWhere, WhoHasAcknowledgedIsNotToldAnyMore) {
  OutboxWorld world(channel("all", kHook));
  const IncidentId id = world.declare("fire");
  const NoticeState* const mine = world.notice_of(id, "hall-director@hall-a");
  ASSERT_NE(mine, nullptr);
  ASSERT_FALSE(world.act("hall-director@hall-a", id, AcknowledgeNotice{mine->n}).refused);
  const auto sent = world.send_all();
  ASSERT_FALSE(sent.empty());
  for (const auto& out : sent) EXPECT_NE(out.notice.to.person, PersonId("hall-director@hall-a"));
}

TEST(WhatGoesWhere, OfAnEndedIncidentOnlyTheNewsOfTheEnd) {
  OutboxWorld world(channel("all", kHook));
  const IncidentId id = world.declare("fire");
  world.now += std::chrono::seconds{5};
  ASSERT_FALSE(world.act("hall-director@hall-a", id, RetractIncident{}).refused);
  const auto sent = world.send_all();
  ASSERT_FALSE(sent.empty());
  std::set<PersonId> people;
  for (const auto& out : sent) {
    ASSERT_EQ(out.notice.lines.size(), 1U);
    EXPECT_NE(out.notice.headline.zh.find("已撤销"), std::string::npos) << out.notice.headline.zh;
    EXPECT_TRUE(people.insert(out.notice.to.person).second) << "twice";
  }
}

TEST(WhatGoesWhere, NoPhoneInTheHallRingsWhileItIsSilent) {
  OutboxWorld world(channel("group", kGroup));
  const IncidentId id = world.declare("robbery");
  ASSERT_TRUE(world.find(id)->silent);
  const auto sent = world.send_all();
  ASSERT_EQ(sent.size(), 1U);
  const Directory& directory = world.core->view().registry()->directory();
  std::vector<Recipient> all = sent[0].notice.others;
  all.push_back(sent[0].notice.to);
  bool somebody_else = false;
  for (const Recipient& to : all) {
    const Person* person = directory.person(to.person);
    if (person->unit == UnitId("hall-a")) {
      EXPECT_TRUE(to.phone.empty()) << to.person.str();
    } else {
      somebody_else = somebody_else || !to.phone.empty();
    }
  }
  EXPECT_TRUE(somebody_else);
}

TEST(WhatGoesWhere, WhatNoChannelCarriesIsSentByTheScreens) {
  OutboxWorld world(channel("directors", kHook + ", roles: [hall-director]"));
  const IncidentId id = world.declare("fire");
  world.write_reports();
  EXPECT_EQ(world.notice_of(id, "hall-director@hall-a")->sent, kNever) << "waits for its channel";
  const NoticeState* const head = world.notice_of(id, "centre-head@centre");
  ASSERT_NE(head, nullptr);
  EXPECT_EQ(head->ways, std::vector{console_channel()});
  EXPECT_NE(head->sent, kNever);
}

TEST(WhatGoesWhere, ASuspicionGoesOutAndNotAfterItIsSettled) {
  OutboxWorld world(channel("all", kHook));
  RaiseSuspicion raise{
      .id = new_incident_id(world.now, world.random), .unit = UnitId("hall-a"), .type = PlanId("robbery")};
  raise.source = "panic-button";
  raise.fingerprint = "1";
  raise.confirm_by = {RoleId("general-group")};
  std::vector<Submission> batch(1);
  batch[0].unit = UnitId("hall-a");
  batch[0].command = UnitCommand(raise);
  ASSERT_TRUE(world.core->run(std::move(batch), world.now));
  const auto sent = world.leaving();
  ASSERT_FALSE(sent.empty());
  EXPECT_TRUE(sent[0].notice.silent);
  for (const auto& out : sent) world.answer(out, busy());
  std::vector<Submission> settle(1);
  settle[0].person = PersonId("general-group@centre");
  settle[0].unit = UnitId("hall-a");
  settle[0].command = UnitCommand(SettleSuspicion{.suspicion = raise.id, .confirmed = false});
  ASSERT_TRUE(world.core->run(std::move(settle), world.now));
  world.now += std::chrono::minutes{1};
  EXPECT_TRUE(world.leaving().empty());
}

}  // namespace
}  // namespace tingan::outbox::testing
