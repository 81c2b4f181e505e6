// "I cannot", evidence and the headcount, decided over the shipped fire plan and the demo organisation.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "codec/organisation_yaml.h"
#include "codec/plan_yaml.h"
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
const Sealed kWords{"incident:x", "AA"};

class FireInHall : public testing::Test {
 protected:
  FireInHall() {
    const auto decision =
        decide_declare(plan_, {.id = IncidentId{{1}}, .unit = UnitId("hall-a"), .type = plan_->id}, as("guide@hall-a"));
    state_ = decision->state;
  }
  const DecideContext& as(const char* person) {
    context_.emplace(DecideContext{now_, directory_, *who_is(directory_, PersonId(person)), {}, kNever});
    return *context_;
  }
  // The refusal's code; empty when it was taken.
  std::string act(const char* person, const IncidentCommand& command) {
    auto decision = decide(state_, command, as(person));
    if (!decision) return decision.error().code;
    state_ = decision->state;
    events_ = decision->events;
    return "";
  }
  std::string decline(const char* person, const char* step, Sealed why = kWords) {
    return act(person, DeclineStep{PartId(step), std::move(why)});
  }
  const StepState& step(const char* id) const {
    return state_.steps[static_cast<std::size_t>(find_step(*plan_, PartId(id)))];
  }
  std::vector<std::string> people(const char* id) const {
    std::vector<std::string> out;
    for (const PersonId person : step(id).people) out.push_back(person.str());
    return out;
  }
  std::vector<std::string> told_for(ReasonKind kind) const {
    std::vector<std::string> out;
    for (const IncidentEvent& event : events_) {
      const auto* told = std::get_if<Told>(&event);
      if (told == nullptr || told->reasons.front().kind != kind) continue;
      for (const NewNotice& notice : told->notices) out.push_back(notice.person.str());
    }
    return out;
  }
  using Names = std::vector<std::string>;

  PlanPtr plan_ = *parse_plan(read_file("plans/fire.yaml"), "plans/fire.yaml", 1);
  Directory directory_{*parse_organisation(read_file("org/demo.yaml"), "org/demo.yaml"), RosterChanges{}};
  Instant now_ = kDay;
  std::optional<DecideContext> context_;
  IncidentState state_;
  std::vector<IncidentEvent> events_;
};

TEST_F(FireInHall, DeclinedGoesToTheRolesThatStandInThenUpAndNobodyIsAskedTwice) {
  ASSERT_EQ(people("cordon"), Names{"guard@hall-a"});
  EXPECT_EQ(decline("guard@hall-a", "cordon"), "");
  EXPECT_EQ(people("cordon"), Names{"shift-leader@hall-a"});
  EXPECT_EQ(told_for(ReasonKind::passed_on), Names{"shift-leader@hall-a"});
  EXPECT_EQ(step("cordon").status, StepStatus::open);
  EXPECT_EQ(decline("shift-leader@hall-a", "cordon"), "");
  EXPECT_EQ(people("cordon"), Names{"duty-manager@hall-a"});
  EXPECT_EQ(decline("duty-manager@hall-a", "cordon"), "");
  EXPECT_EQ(people("cordon"), Names{"general-group@centre"});
  EXPECT_EQ(decline("general-group@centre", "cordon"), "");
  EXPECT_EQ(people("cordon"), Names{"centre-head@centre"});
  EXPECT_EQ(step("cordon").declined.size(), 4U);
}

TEST_F(FireInHall, WhenNobodyIsLeftTheDirectorAndTheGeneralGroupAreTold) {
  for (int i = 0; i < 12 && !people("cordon").empty(); ++i) {
    EXPECT_EQ(decline(people("cordon").front().c_str(), "cordon"), "");
  }
  EXPECT_EQ(people("cordon"), Names{});
  const Names told = told_for(ReasonKind::nobody_left);
  EXPECT_NE(std::find(told.begin(), told.end(), "hall-director@hall-a"), told.end());
  EXPECT_NE(std::find(told.begin(), told.end(), "general-group@centre"), told.end());
  EXPECT_EQ(step("cordon").status, StepStatus::open);
}

TEST_F(FireInHall, DecliningNeedsAReasonAndTheStepToBeOnesOwn) {
  EXPECT_EQ(decline("guard@hall-a", "cordon", {}), "incident.reason-needed");
  EXPECT_EQ(decline("clerk@hall-a", "cordon"), "incident.not-allowed");
  EXPECT_EQ(decline("guard@hall-b", "cordon"), "incident.not-allowed");
  EXPECT_EQ(decline("guard@hall-a", "no-such-step"), "incident.unknown-step");
  EXPECT_EQ(act("guard@hall-a", MarkStep{.step = PartId("cordon")}), "");
  EXPECT_EQ(decline("guard@hall-a", "cordon"), "incident.step-not-open");
}

// "I cannot" is an answer, not a promise: it acknowledges nothing, and the reminders go to the next one alone.
TEST_F(FireInHall, DecliningAcknowledgesNothing) {
  EXPECT_EQ(decline("guard@hall-a", "cordon"), "");
  for (const NoticeState& notice : state_.notices) EXPECT_EQ(notice.acknowledged, kNever);
  EXPECT_EQ(decline("guard@hall-a", "cordon"), "");
  EXPECT_TRUE(events_.empty());  // said already
}

TEST_F(FireInHall, EvidenceIsNumberedAndEachFirstLookIsRecorded) {
  const AddEvidence photo{"image/jpeg", 9, std::string(64, 'a'), kWords};
  EXPECT_EQ(act("clerk@hall-a", photo), "");
  EXPECT_EQ(act("clerk@hall-b", photo), "incident.not-allowed");
  EXPECT_EQ(act("guard@hall-a", photo), "");
  ASSERT_EQ(state_.evidence.size(), 2U);
  EXPECT_EQ(act("clerk@hall-a", LookAtEvidence{1}), "");
  EXPECT_TRUE(events_.empty());  // the own one
  EXPECT_EQ(act("general-group@centre", LookAtEvidence{1}), "");
  EXPECT_EQ(events_.size(), 1U);
  EXPECT_EQ(act("general-group@centre", LookAtEvidence{1}), "");
  EXPECT_TRUE(events_.empty());
  EXPECT_EQ(act("general-group@centre", LookAtEvidence{3}), "evidence.unknown");
  EXPECT_EQ(act("clerk@hall-b", LookAtEvidence{1}), "incident.not-allowed");
}

TEST_F(FireInHall, TheFirstCountNamesTheWholeRosterAndLaterOnesChangeWhatTheySay) {
  TakeHeadcount count{
      {{PersonId("clerk@hall-a"), Whereabouts::here}, {PersonId("guard@hall-a"), Whereabouts::missing}}, 12, 1, kWords};
  EXPECT_EQ(act("shift-leader@hall-a", count), "");
  const auto in_state = [&](Whereabouts wanted) {
    return std::count_if(state_.headcount.staff.begin(), state_.headcount.staff.end(),
                         [&](const PersonCounted& one) { return one.state == wanted; });
  };
  EXPECT_EQ(in_state(Whereabouts::unknown), 5);  // the seven on the roster at ten o'clock
  now_ += std::chrono::minutes{2};
  EXPECT_EQ(act("shift-leader@hall-a", TakeHeadcount{{{PersonId("guard@hall-a"), Whereabouts::here}}, {}, 0, {}}), "");
  EXPECT_EQ(in_state(Whereabouts::missing), 0);
  EXPECT_EQ(in_state(Whereabouts::here), 2);
  EXPECT_EQ(state_.headcount.customers_here, 12);
  EXPECT_EQ(state_.headcount.customers_missing, 0);
  EXPECT_EQ(state_.headcount.at, now_);
}

TEST_F(FireInHall, ImpossibleCountsAreRefused) {
  const PersonCounted clerk{PersonId("clerk@hall-a"), Whereabouts::here};
  EXPECT_EQ(act("guard@hall-a", TakeHeadcount{{clerk, clerk}, {}, {}, {}}), "headcount.impossible");
  EXPECT_EQ(act("guard@hall-a", TakeHeadcount{{}, -1, {}, {}}), "headcount.impossible");
  EXPECT_EQ(act("guard@hall-a", TakeHeadcount{{{PersonId("nobody"), Whereabouts::here}}, {}, {}, {}}),
            "headcount.unknown-person");
  EXPECT_EQ(act("clerk@hall-b", TakeHeadcount{{clerk}, {}, {}, {}}), "incident.not-allowed");
}

}  // namespace
}  // namespace tingan
