// What the hall is shown after a stand-down under duress is what it would see after a real one, member by member; and
// the incident runs on.
#include "core/incident/cover.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "codec/organisation_yaml.h"
#include "codec/plan_yaml.h"
#include "codec/state_binary.h"
#include "core/incident/clocks.h"
#include "core/incident/decide.h"

namespace tingan {
namespace {

std::string read_file(const char* path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

const Instant kDay = *parse_rfc3339("2026-11-23T10:00:00+08:00");

// Two worlds with the same robbery: in one the stand-down is meant, in the other it is forced.
class Duress : public testing::TestWithParam<const char*> {
 protected:
  Duress() { meant_ = forced_ = declared(); }

  IncidentState declared() {
    const auto decision = decide_declare(plan_, {.id = IncidentId{{1}}, .unit = UnitId("hall-a"), .type = plan_->id},
                                         as("hall-director@hall-a"));
    return decision->state;
  }
  const DecideContext& as(const char* person) {
    context_.emplace(DecideContext{now_, directory_, *who_is(directory_, PersonId(person)), {}, kNever});
    return *context_;
  }
  static Expected<Decision> act(IncidentState& state, const IncidentCommand& command, const DecideContext& context,
                                std::vector<IncidentEvent>* events = nullptr) {
    auto decision = decide(state, command, context);
    if (!decision) return decision;
    IncidentState folded = state;
    for (const IncidentEvent& event : decision->events) evolve(folded, event, context.now, decision->by);
    EXPECT_TRUE(folded == decision->state);
    state = decision->state;
    if (events != nullptr) events->insert(events->end(), decision->events.begin(), decision->events.end());
    return decision;
  }
  IncidentCommand stand_down(bool under_duress) const {
    if (std::string_view(GetParam()) == "retract") return RetractIncident{{"incident:x", "AA"}, under_duress};
    return StateFacts{{{FactId("alarm_real"), ValueId("false")}}, {}, false, under_duress};
  }
  void both_stand_down() {
    now_ += std::chrono::seconds{30};
    ASSERT_TRUE(act(meant_, stand_down(false), as("hall-director@hall-a")));
    ASSERT_TRUE(act(forced_, stand_down(true), as("hall-director@hall-a"), &events_));
  }
  const IncidentState& seen(const char* person) {
    return shown_to(directory_, *who_is(directory_, PersonId(person)), forced_);
  }
  void pass(IncidentState& state, Duration length, std::vector<IncidentEvent>* events = nullptr) {
    const Instant began = now_;
    const Instant until = now_ + length;
    while (next_deadline(state) <= until) {
      now_ = std::max(now_, next_deadline(state));
      const DecideContext clock{now_, directory_, program_who(), {}, kNever};
      ASSERT_TRUE(act(state, Tick{}, clock, events));
    }
    now_ = began;
  }

  PlanPtr plan_ = *parse_plan(read_file("plans/robbery.yaml"), "plans/robbery.yaml", 1);
  Directory directory_{*parse_organisation(read_file("org/demo.yaml"), "org/demo.yaml"), RosterChanges{}};
  Instant now_ = kDay;
  std::optional<DecideContext> context_;
  IncidentState meant_;
  IncidentState forced_;
  std::vector<IncidentEvent> events_;
};

TEST_P(Duress, TheHallSeesExactlyWhatARealStandDownShows) {
  both_stand_down();
  EXPECT_TRUE(seen("hall-director@hall-a") == meant_);
  EXPECT_TRUE(seen("clerk@hall-a") == meant_);
  EXPECT_EQ(&seen("general-group@centre"), &forced_);
  EXPECT_TRUE(forced_.silent);
  EXPECT_EQ(forced_.status, IncidentStatus::open);
}

TEST_P(Duress, HoursLaterItStillDoes) {
  both_stand_down();
  pass(meant_, std::chrono::hours{3});
  pass(forced_, std::chrono::hours{3});
  EXPECT_TRUE(seen("guard@hall-a") == meant_);
}

TEST_P(Duress, WhatTheHallDoesIsAnsweredAlike) {
  both_stand_down();
  const std::vector<IncidentCommand> commands = {MarkStep{.step = PartId("stay-calm")},
                                                 StateFacts{{{FactId("injured"), ValueId("true")}}, {}, false, false},
                                                 AcknowledgeNotice{1},
                                                 NoteProgress{{"incident:x", "AA"}, false},
                                                 stand_down(true),
                                                 CloseIncident{}};
  for (const IncidentCommand& command : commands) {
    const auto real = act(meant_, command, as("hall-director@hall-a"));
    const auto cover = act(forced_, command, as("hall-director@hall-a"));
    ASSERT_EQ(real.has_value(), cover.has_value());
    if (!real) {
      EXPECT_EQ(to_string(real.error()), to_string(cover.error()));
    }
    EXPECT_TRUE(seen("hall-director@hall-a") == meant_);
  }
  EXPECT_EQ(forced_.status, IncidentStatus::open);
}

TEST_P(Duress, ARoleThatIsHandedOverGoesToTheSamePersonInBoth) {
  both_stand_down();
  const RoleHandedOver handed{IncidentId{{9}},
                              UnitId("hall-a"),
                              RoleId("hall-director"),
                              PersonId("hall-director@hall-a"),
                              PersonId("duty-manager@hall-a"),
                              now_ + kRetractWindow};
  const Directory after(directory_.organisation_ptr(), RosterChanges{{}, {{handed, {}, now_, kNever, {}}}, {}});
  const DecideContext program{now_, after, program_who(), {}, kNever};
  const ReassignSteps handover{PersonId("hall-director@hall-a"), RoleId("hall-director")};
  const auto real = act(meant_, handover, program);
  ASSERT_TRUE(act(forced_, handover, program));
  EXPECT_TRUE(!real || seen("clerk@hall-a") == meant_);
}

TEST_P(Duress, ThoseAboveAreToldAtOnceAndNobodyInTheHallIsTold) {
  both_stand_down();
  pass(forced_, std::chrono::hours{1}, &events_);
  std::vector<std::string> told;
  for (const IncidentEvent& event : events_) {
    const auto* one = std::get_if<Told>(&event);
    if (one == nullptr) continue;
    for (const NewNotice& notice : one->notices) {
      EXPECT_NE(directory_.person(notice.person)->unit, UnitId("hall-a"));
      if (one->reasons.front().kind == ReasonKind::duress) told.push_back(notice.person.str());
    }
  }
  EXPECT_NE(std::find(told.begin(), told.end(), "general-group@centre"), told.end());
  EXPECT_NE(std::find(told.begin(), told.end(), "centre-head@centre"), told.end());
  EXPECT_GT(forced_.escalations.front().rounds, 0);  // nobody has verified: it goes on asking
}

TEST_P(Duress, TheCoverIsLiftedWhenTheyAreGoneAndTheHallGetsItsSteps) {
  both_stand_down();
  ASSERT_TRUE(act(forced_, StateFacts{{{FactId("robbers_present"), ValueId("false")}}, {}, false, false},
                  as("general-group@centre"), &events_));
  EXPECT_TRUE(forced_.cover.empty());
  EXPECT_FALSE(forced_.silent);
  EXPECT_EQ(&seen("clerk@hall-a"), &forced_);
  const bool director_told = std::any_of(forced_.notices.begin(), forced_.notices.end(), [&](const NoticeState& one) {
    return one.queued == now_ && one.person == PersonId("hall-director@hall-a");
  });
  EXPECT_TRUE(director_told);
}

TEST_P(Duress, ACoverOutlivesPacking) {
  both_stand_down();
  auto back = decode_state(encode_state(forced_));
  ASSERT_TRUE(back);
  back->plan = forced_.plan;
  ASSERT_EQ(back->cover.size(), 1U);
  back->cover.front().plan = forced_.plan;
  EXPECT_TRUE(*back == forced_);
}

TEST_P(Duress, WhoMayNotStandDownIsRefusedAlikeAndNothingIsForked) {
  now_ += std::chrono::seconds{30};
  const auto meant = act(meant_, stand_down(false), as("guard@hall-b"));
  const auto forced = act(forced_, stand_down(true), as("guard@hall-b"));
  ASSERT_FALSE(meant);
  ASSERT_FALSE(forced);
  EXPECT_EQ(to_string(meant.error()), to_string(forced.error()));
  EXPECT_TRUE(forced_.cover.empty());
}

INSTANTIATE_TEST_SUITE_P(Routes, Duress, testing::Values("retract", "fact"));

}  // namespace
}  // namespace tingan
