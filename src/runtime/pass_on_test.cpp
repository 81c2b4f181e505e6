// Whoever leaves while a step is open: the step and its notice pass on at once, and nothing more goes to the one who
// left. By a handover, by "not here", by a stand-in (at once or when its time comes), by being taken out of the
// organisation.
#include <gtest/gtest.h>

#include "core/incident/telling.h"
#include "runtime/outbox/testing.h"

namespace tingan::outbox::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr const char* kDirector = "hall-director@hall-a";
constexpr const char* kManager = "duty-manager@hall-a";
constexpr const char* kLeader = "shift-leader@hall-a";

struct Leaving : OutboxWorld {
  explicit Leaving(const std::string& channels = "") : OutboxWorld(channels) {}

  std::string unit_act(const char* person, UnitCommand command) {
    std::string code;
    std::vector<Submission> batch(1);
    if (person != nullptr) batch[0].person = PersonId(person);
    batch[0].unit = UnitId("hall-a");
    batch[0].command = std::move(command);
    batch[0].done = [&code](const Outcome& outcome) { code = outcome.refused ? outcome.refused->code : ""; };
    EXPECT_TRUE(core->run(std::move(batch), now));
    return code;
  }
  std::string hand(const char* by, const char* from, const char* to) {
    return unit_act(by,
                    RoleHandedOver{{}, UnitId("hall-a"), RoleId("hall-director"), PersonId(from), PersonId(to), {}});
  }
  // Open steps that this person has.
  std::size_t steps_of(IncidentId id, const char* person) {
    std::size_t count = 0;
    for (const StepState& step : find(id)->steps) {
      const bool open = step.status == StepStatus::open || step.status == StepStatus::started;
      if (open && std::count(step.people.begin(), step.people.end(), PersonId(person)) > 0) ++count;
    }
    return count;
  }
  // Those of the role itself: what all staff on duty were asked to do stays with those who are there.
  std::size_t steps_of_role(IncidentId id, const char* role, const char* person) {
    const IncidentPtr state = find(id);
    std::size_t count = 0;
    for (std::size_t i = 0; i < state->steps.size(); ++i) {
      const StepState& step = state->steps[i];
      const bool open = step.status == StepStatus::open || step.status == StepStatus::started;
      const bool has = std::count(step.people.begin(), step.people.end(), PersonId(person)) > 0;
      if (open && has && state->plan->steps[i].role == RoleId(role)) ++count;
    }
    return count;
  }
  // Every notice of this person that some telling still counts on.
  std::size_t waited_for(IncidentId id, const char* person) {
    const IncidentPtr state = find(id);
    std::size_t count = 0;
    for (const TellingState& telling : state->tellings) {
      for (const std::uint32_t n : telling.notices) {
        if (!telling.ended && state->notices[n - 1].person == PersonId(person)) ++count;
      }
    }
    return count;
  }
  std::size_t told(IncidentId id, const char* person) {
    const IncidentPtr state = find(id);
    return static_cast<std::size_t>(
        std::count_if(state->notices.begin(), state->notices.end(),
                      [&](const NoticeState& notice) { return notice.person == PersonId(person); }));
  }
  // Messages about the incident that leave for this person from now on, whatever the time.
  std::size_t sent_to(IncidentId id, const char* person, Duration length) {
    std::size_t count = 0;
    for (Duration passed{}; passed <= length; passed += minutes{5}) {
      for (const auto& out : send_all()) {
        if (out.notice.incident == id && out.notice.to.person == PersonId(person)) ++count;
      }
      pass(minutes{5});
    }
    return count;
  }
  void expect_passed(IncidentId id, const char* from, const char* to) {
    EXPECT_EQ(steps_of(id, from), 0U);
    EXPECT_GT(steps_of(id, to), 0U);
    EXPECT_EQ(waited_for(id, from), 0U);
    EXPECT_GT(waited_for(id, to), 0U);
    EXPECT_EQ(sent_to(id, from, hours{2}), 0U);
    const IncidentState before = *find(id);
    boot();
    EXPECT_TRUE(before.steps == find(id)->steps);
    EXPECT_TRUE(before.tellings == find(id)->tellings);
  }
};

const char* const kHook = "kind: webhook, url: \"https://example.org/hook\"";

TEST(PassOn, AHandoverTakesWhatIsOpenAlong) {
  Leaving world(channel("all", kHook));
  const IncidentId fire = world.declare("fire");
  const std::size_t open = world.steps_of(fire, kDirector);
  ASSERT_GT(open, 0U);
  ASSERT_EQ(world.hand(kDirector, kDirector, kManager), "");
  EXPECT_GE(world.steps_of(fire, kManager), open);
  world.expect_passed(fire, kDirector, kManager);
}

TEST(PassOn, AHandoverAtTheCentreReachesTheHalls) {
  Leaving world;
  const IncidentId fire = world.declare("fire");
  const std::size_t waited = world.waited_for(fire, "general-group@centre");
  ASSERT_GT(waited, 0U);
  ASSERT_EQ(world.unit_act("general-group@centre", RoleHandedOver{{},
                                                                  UnitId("centre"),
                                                                  RoleId("general-group"),
                                                                  PersonId("general-group@centre"),
                                                                  PersonId("back-office@centre"),
                                                                  {}}),
            "");
  EXPECT_EQ(world.waited_for(fire, "general-group@centre"), 0U);
  EXPECT_GT(world.waited_for(fire, "back-office@centre"), 0U);
}

TEST(PassOn, AnUndoneHandoverGivesItBack) {
  Leaving world;
  const IncidentId fire = world.declare("fire");
  const std::size_t open = world.steps_of_role(fire, "hall-director", kDirector);
  ASSERT_GT(open, 0U);
  ASSERT_EQ(world.hand(kDirector, kDirector, kManager), "");
  const IncidentId handover = world.core->view().registry()->directory().changes().handovers.front().set.id;
  EXPECT_EQ(world.unit_act("clerk@hall-a", UndoHandover{handover}), "roster.not-allowed");
  ASSERT_EQ(world.unit_act(kDirector, UndoHandover{handover}), "");
  EXPECT_EQ(world.steps_of_role(fire, "hall-director", kDirector), open);
  EXPECT_GT(world.waited_for(fire, kDirector), 0U);
  EXPECT_EQ(world.unit_act(kDirector, UndoHandover{handover}), "roster.unknown-handover");
}

TEST(PassOn, WhoSaysNotHereIsAskedNoMore) {
  Leaving world(channel("all", kHook));
  const IncidentId fire = world.declare("fire");
  ASSERT_EQ(world.unit_act(kDirector, PresenceStated{PersonId(kDirector), false, {}}), "");
  world.expect_passed(fire, kDirector, kManager);
}

TEST(PassOn, AStandInTakesOverWhenTheTimeComes) {
  Leaving world(channel("all", kHook));
  const IncidentId fire = world.declare("fire");
  const SubstitutionSet set{PersonId(kDirector), PersonId(kLeader), world.now + minutes{10}, world.now + hours{6}};
  ASSERT_EQ(world.unit_act("general-group@centre", set), "");
  EXPECT_GT(world.steps_of(fire, kDirector), 0U);
  world.boot();  // the clock is in the log
  world.pass(minutes{9});
  EXPECT_GT(world.steps_of(fire, kDirector), 0U);
  world.pass(minutes{1});
  EXPECT_EQ(world.core->next_deadline() > world.now, true);
  world.expect_passed(fire, kDirector, kLeader);
}

TEST(PassOn, AStandInFromNowOnTakesOverAtOnce) {
  Leaving world(channel("all", kHook));
  const IncidentId fire = world.declare("fire");
  const SubstitutionSet set{PersonId(kDirector), PersonId(kLeader), world.now, world.now + hours{6}};
  ASSERT_EQ(world.unit_act("general-group@centre", set), "");
  world.expect_passed(fire, kDirector, kLeader);
}

TEST(PassOn, WhoIsTakenOutOfTheOrganisationIsAskedNoMore) {
  Leaving world;
  const IncidentId fire = world.declare("fire");
  ASSERT_GT(world.steps_of(fire, kDirector), 0U);
  std::string yaml = read_file("org/demo.yaml");
  std::string without;
  std::stringstream lines(yaml);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(std::string("- {id: ") + kDirector) != std::string::npos) continue;
    if (line.find(std::string("hall-director: [") + kDirector) != std::string::npos) continue;
    without += line + "\n";
  }
  ASSERT_TRUE(publish_shipped(*world.core, world.sealer, without, "org/demo.yaml", {}, world.now));
  ASSERT_EQ(world.core->view().registry()->directory().person(PersonId(kDirector)), nullptr);
  world.expect_passed(fire, kDirector, kManager);
}

TEST(PassOn, WhoDoesNotHoldTheRoleTakesNothingAlong) {
  Leaving world;
  const IncidentId robbery = world.declare("robbery");
  const IncidentState before = *world.find(robbery);
  EXPECT_EQ(world.hand("clerk@hall-a", kDirector, "clerk@hall-a"), "roster.not-allowed");
  EXPECT_EQ(world.hand("clerk@hall-a", "clerk@hall-a", kManager), "roster.not-holder");
  EXPECT_TRUE(before == *world.find(robbery));
}

TEST(RosterNews, WhoIsReplacedAndWhoTakesOverAreToldOnce) {
  Leaving world(channel("all", kHook));
  const auto heard = [&](const char* person) {
    std::size_t count = 0;
    for (const auto& out : world.send_all()) {
      if (out.notice.incident_title.en == "Change of duty" && out.notice.to.person == PersonId(person)) ++count;
    }
    return count;
  };
  ASSERT_EQ(world.hand("general-group@centre", kDirector, kManager), "");
  std::map<std::string, std::size_t> told;
  for (const auto& out : world.send_all()) {
    if (out.notice.incident_title.en == "Change of duty") ++told[out.notice.to.person.str()];
  }
  EXPECT_EQ(told[kDirector], 1U);
  EXPECT_EQ(told[kManager], 1U);
  EXPECT_EQ(told.size(), 2U);
  world.boot();
  world.outbox->recover_roster(world.now);
  EXPECT_EQ(heard(kDirector), 0U);  // the ledger knows
  ASSERT_EQ(world.unit_act(kLeader, PresenceStated{PersonId("guide@hall-a"), false, {}}), "");
  EXPECT_EQ(heard("guide@hall-a"), 1U);
}

}  // namespace
}  // namespace tingan::outbox::testing
