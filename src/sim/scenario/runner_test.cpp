// The runner itself: who acts, what counts as fired, refusals, restarts, names, determinism.
#include "sim/scenario/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/testing.h"

namespace tingan::scenario {
namespace {

using ::testing::HasSubstr;
using testing::must_parse;
using testing::must_run;
using testing::rehearse;

const std::string kOutage =
    "  - {at: 0m, declare: {as: i1, unit: hall-a, type: outage, facts: {cause: system}, by: hall-director}}\n"
    "  - {at: 3m, fact: {incident: i1, set: {scope: single}, by: hall-director}}\n";

TEST(Runner, ALineWithoutExpectMustBeAccepted) {
  EXPECT_EQ(rehearse(kOutage), "");
  EXPECT_THAT(rehearse(kOutage + "  - {at: 4m, close: {incident: i1, by: hall-director}}\n"),
              HasSubstr("incident.gates-unmet"));
}

TEST(Runner, TheCodeOfARefusalIsHeldToo) {
  const std::string close = kOutage + "  - {at: 4m, close: {incident: i1, by: hall-director}, expect: ";
  EXPECT_EQ(rehearse(close + "{rejected: true, code: incident.gates-unmet}}\n"), "");
  EXPECT_EQ(rehearse(close + "{code: incident.gates-unmet}}\n"), "");
  EXPECT_THAT(rehearse(close + "{rejected: true, code: incident.ended}}\n"), HasSubstr("but got incident.gates-unmet"));
  EXPECT_THAT(rehearse(close + "{rejected: false}}\n"), HasSubstr("Expected it to be accepted"));
}

TEST(Runner, AnExpectBesideAnActionLooksAtWhatTheActionMade) {
  EXPECT_EQ(rehearse(kOutage + "  - {at: 4m, done: {incident: i1, clause: S4.7, by: hall-director}, expect: {clause: "
                               "S4.7, open: false}}\n"),
            "");
  EXPECT_THAT(rehearse(kOutage + "  - {at: 4m, done: {incident: i1, clause: S4.7, by: hall-director}, expect: {clause: "
                                 "S4.7, open: true}}\n"),
              HasSubstr("Expected an open step of S4.7"));
}

TEST(Runner, AnExpectSeesWhatIsDueAtItsOwnMoment) {
  EXPECT_EQ(rehearse(kOutage + "  - {at: 1799s, expect: {incident: i1, clause: S4.8, fired: false}}\n"
                               "  - {at: 30m, expect: {incident: i1, clause: S4.8, fired: true, at: 30m}}\n"),
            "");
}

TEST(Runner, DoneSkipAndAckWithNothingOpenAreRefused) {
  EXPECT_EQ(rehearse(kOutage +
                     "  - {at: 4m, done: {incident: i1, clause: S4.9, by: general-group}, expect: {rejected: true}}\n"
                     "  - {at: 4m, skip: {incident: i1, clause: S4.9, reason: r}, expect: {rejected: true}}\n"
                     "  - {at: 4m, ack: {incident: i1, clause: S4.9, by: general-group}, expect: {rejected: true}}\n"
                     "  - {at: 4m, done: {incident: i1, step: no-such-step, by: clerk}, expect: {code: "
                     "incident.unknown-step}}\n"
                     "  - {at: 5m, ack: {incident: i1, clause: S4.7, by: centre-head}}\n"
                     "  - {at: 5m, ack: {incident: i1, clause: S4.7, by: centre-head}, expect: {rejected: true}}\n"),
            "");
}

TEST(Runner, WhatEverybodyDoesForHimselfIsDoneByEverybodyOfTheRole) {
  EXPECT_EQ(rehearse("  - {at: 0m, declare: {as: i1, unit: hall-a, type: robbery, by: clerk}}\n"
                     "  - {at: 1m, fact: {incident: i1, set: {robbers_present: false}, by: hall-director}}\n"
                     "  - {at: 2m, expect: {incident: i1, clause: S5R.9, open: true}}\n"
                     "  - {at: 3m, done: {incident: i1, step: write-statement, by: clerk}}\n"
                     "  - {at: 3m, expect: {incident: i1, step: write-statement, open: false}}\n"),
            "");
}

TEST(Runner, UnknownNamesOfTheWorldAreRefusalsOfThatLine) {
  EXPECT_EQ(
      rehearse("  - {at: 0m, declare: {as: i1, unit: hall-x, type: fire}, expect: {code: unit.unknown}}\n"
               "  - {at: 0m, declare: {as: i1, unit: hall-a, type: flood}, expect: {code: incident.unknown-type}}\n"
               "  - {at: 0m, declare: {as: i1, unit: hall-a, type: fire, facts: {size: tiny}}, expect: {code: "
               "incident.unknown-value}}\n"
               "  - {at: 0m, declare: {as: i1, unit: hall-a, type: fire, facts: {colour: red}}, expect: {code: "
               "incident.unknown-fact}}\n"
               "  - {at: 1m, fact: {incident: i1, set: {out: true}}, expect: {code: incident.unknown}}\n"
               "  - {at: 1m, declare: {as: i1, unit: hall-a, type: fire}}\n"
               "  - {at: 1m, declare: {as: i1, unit: hall-b, type: fire}, expect: {code: scenario.name-taken}}\n"
               "  - {at: 2m, close: {incident: i1, by: guard@hall-q}, expect: {code: unit.unknown}}\n"),
      "");
}

TEST(Runner, AnExpectOnAnIncidentThatNeverCameFails) {
  EXPECT_THAT(rehearse("  - {at: 0m, declare: {as: i1, unit: hall-x, type: fire}, expect: {rejected: true}}\n"
                       "  - {at: 0m, expect: {incident: i1, clause: S4.8, fired: false}}\n"),
              HasSubstr("never declared"));
}

TEST(Runner, SomebodyOfAnotherHallActsOnlyWhereHeMay) {
  EXPECT_EQ(rehearse(kOutage +
                     "  - {at: 4m, fact: {incident: i1, set: {restored: true}, by: hall-director@hall-b}, expect: "
                     "{rejected: true, code: incident.not-allowed}}\n"
                     "  - {at: 4m, done: {incident: i1, clause: S4.7, by: hall-director@hall-b}, expect: {rejected: "
                     "true}}\n"),
            "");
}

TEST(Runner, WhileTheNodeIsDownNothingHappensAndThenEverythingInOrder) {
  const Result result = must_run(
      must_parse("start: 2026-11-23T10:00:00+08:00\nscript:\n" + kOutage +
                 "  - {at: 25m, restart: {down: 40m}}\n"
                 "  - {at: 40m, fact: {incident: i1, set: {restored: true}, by: clerk}, expect: {code: node.down}}\n"
                 "  - {at: 64m, expect: {incident: i1, clause: S4.8, fired: false}}\n"
                 "  - {at: 65m, expect: {incident: i1, clause: S4.8, fired: true, at: 30m}}\n"
                 "  - {at: 65m, expect: {incident: i1, clause: S4.9, fired: true, at: 60m}}\n"));
  EXPECT_EQ(testing::unmet(result), "");
  std::vector<std::int64_t> due;
  for (const Entry& entry : result.entries) {
    if (entry.event != "escalation-fired") continue;
    EXPECT_EQ(entry.at - result.start, std::chrono::minutes{65});
    due.push_back((*entry.due - result.start).count() / 60000);
  }
  EXPECT_EQ(due, (std::vector<std::int64_t>{30, 60}));
}

TEST(Runner, ParentsAndChainedIncidentsHaveNames) {
  EXPECT_EQ(rehearse("  - {at: 0m, declare: {as: i1, unit: hall-a, type: outage, by: clerk}}\n"
                     "  - {at: 1m, declare: {as: i2, unit: hall-b, type: outage, by: clerk}}\n"
                     "  - {at: 2m, expect: {incident: i2.parent, state: open}}\n"
                     "  - {at: 2m, progress: {incident: i1, text: a switch is being replaced, by: support-centre}}\n"
                     "  - {at: 3m, fact: {incident: i1.parent, set: {restored: true}, by: support-centre}}\n"
                     "  - {at: 3m, declare: {as: i3, unit: hall-c, type: siege, by: guard}}\n"
                     "  - {at: 4m, fact: {incident: i3, set: {extreme_acts: true}, by: guard}}\n"
                     "  - {at: 4m, expect: {incident: i3.robbery, silent: false, state: open}}\n"),
            "");
}

TEST(Runner, TheSameScenarioGivesTheSameEventsEveryTime) {
  const Scenario scenario = must_parse("start: 2026-11-23T10:00:00+08:00\nscript:\n" + kOutage +
                                       "  - {at: 25m, restart: {down: 5m}}\n  - {at: 180m, ack: {incident: i1, "
                                       "clause: S4.9}}\n");
  const auto lines = [&] {
    std::string out;
    for (const Entry& entry : must_run(scenario).entries) {
      JsonWriter writer;
      write_entry(writer, entry, scenario.start);
      out += writer.view();
      out += '\n';
    }
    return out;
  };
  const std::string once = lines();
  EXPECT_EQ(once, lines());
  EXPECT_GT(once.size(), 10000U);
}

}  // namespace
}  // namespace tingan::scenario
