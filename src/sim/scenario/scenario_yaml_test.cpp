// A broken scenario is named at its line with what was probably meant, and never run.
#include "sim/scenario/scenario_yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/testing.h"

namespace tingan::scenario {
namespace {

using ::testing::HasSubstr;

// "code@line: message" of each mistake.
std::string mistakes(const std::string& yaml, const std::vector<std::string>& clauses = {}) {
  const auto parsed = parse_scenario(yaml, "x.yaml", clauses);
  std::string out;
  if (parsed) return out;
  for (const Error& error : parsed.error()) {
    EXPECT_THAT(error.where, HasSubstr("x.yaml:"));
    EXPECT_FALSE(error.message.zh.empty());
    out += error.code + "@" + error.where.substr(7) + ": " + error.message.en + "\n";
  }
  return out;
}

std::string with_line(const std::string& line) {
  return "title: t\nstart: 2026-11-23T10:00:00+08:00\nscript:\n"
         "  - {at: 0m, declare: {as: i1, unit: hall-a, type: outage, by: clerk}}\n  - " +
         line + "\n";
}

struct Damage {
  const char* line;
  const char* said;
};

class DamagedLine : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedLine, IsNamedAtItsPlace) {
  EXPECT_THAT(mistakes(with_line(GetParam().line)), HasSubstr(GetParam().said)) << GetParam().line;
}

INSTANTIATE_TEST_SUITE_P(
    All, DamagedLine,
    ::testing::Values(
        Damage{"{expect: {incident: i1, state: open}}", "scenario.missing-key@5"},
        Damage{"{at: 1m}", "scenario.empty-line@5"}, Damage{"{at: 1m, fakt: {incident: i1}}", "did you mean 'fact'"},
        Damage{"{at: one, expect: {incident: i1, state: open}}", "scenario.malformed-duration@5"},
        Damage{"{at: -1m, expect: {incident: i1, state: open}}", "scenario.malformed-duration@5"},
        Damage{"{at: 9000h, expect: {incident: i1, state: open}}", "scenario.too-long@5"},
        Damage{"{at: 1m, fact: {incident: i1, set: {}, by: clerk}}", "scenario.empty@5"},
        Damage{"{at: 1m, fact: {incident: i1, by: clerk}}", "scenario.missing-key@5"},
        Damage{"{at: 1m, fact: {incident: i1, set: {restored: [true]}, by: clerk}}", "scenario.wrong-type@5"},
        Damage{"{at: 1m, fact: {set: {restored: true}, by: clerk}}", "scenario.missing-key@5"},
        Damage{"{at: 1m, fact: {incident: i2, set: {restored: true}}}", "unknown incident 'i2'; did you mean 'i1'"},
        Damage{"{at: 1m, close: {incident: i1, by: hall-directer}}", "did you mean 'hall-director'"},
        Damage{"{at: 1m, close: [i1]}", "scenario.wrong-type@5"}, Damage{"{at: 1m, close: }", "scenario.wrong-type@5"},
        Damage{"{at: 1m, done: {incident: i1, by: clerk}}", "scenario.missing-key@5"},
        Damage{"{at: 1m, done: {incident: i1, clause: S4.1, step: x, by: clerk}}", "exactly one of them"},
        Damage{"{at: 1m, close: {incident: i1}, fact: {incident: i1, set: {a: b}}}", "scenario.two-actions@5"},
        Damage{"{at: 1m, report: {incident: i1}}", "scenario.missing-key@5"},
        Damage{"{at: 1m, restart: {down: soon}}", "scenario.malformed-duration@5"},
        Damage{"{at: 1m, declare: {as: a.b, unit: hall-a, type: fire}}", "scenario.malformed-id@5"},
        Damage{"{at: 1m, declare: {as: i2, type: fire}}", "scenario.missing-key@5"},
        Damage{"{at: 1m, expect: {incident: i1, fired: true}}", "Expected 'clause' or 'step'"},
        Damage{"{at: 1m, expect: {incident: i1, prohibited: true}}", "Expected 'clause'"},
        Damage{"{at: 1m, expect: {incident: i1}}", "scenario.empty@5"},
        Damage{"{at: 1m, expect: {clause: S4.1, fired: true}}", "scenario.missing-key@5"},
        Damage{"{at: 1m, expect: {incident: i1, rejected: true}}", "scenario.no-action@5"},
        Damage{"{at: 1m, expect: {incident: i1, state: opened}}", "did you mean 'open'"},
        Damage{"{at: 1m, expect: {incident: i1, clause: S4.1, fired: maybe}}", "scenario.wrong-type@5"},
        Damage{"{at: 1m, expect: {incident: i1, clause: S4.1, fierd: true}}", "did you mean 'fired'"},
        Damage{"{at: 1m, expect: {incident: i1, clause: S4.1, fired: true, people: many}}", "some or none"},
        Damage{"{at: 1m, expect: {incident: i1, clause: S4.1, fired: true, to: [suport-centre]}}",
               "did you mean 'support-centre'"},
        Damage{"just words", "scenario.wrong-type@5"}));

TEST(ScenarioYaml, TheHeadIsChecked) {
  EXPECT_THAT(mistakes(""), HasSubstr("scenario.syntax@1"));
  EXPECT_THAT(mistakes("[]"), HasSubstr("scenario.wrong-type@1"));
  EXPECT_THAT(mistakes("start: yesterday\nscript: [{at: 0m, restart: {down: 1m}}]"), HasSubstr("malformed-time@1"));
  EXPECT_THAT(mistakes("script: [{at: 0m, restart: {down: 1m}}]"), HasSubstr("to have 'start'"));
  EXPECT_THAT(mistakes("start: 2026-11-23T10:00:00+08:00\nscript: []"), HasSubstr("scenario.empty@2"));
  EXPECT_THAT(mistakes("start: 2026-11-23T10:00:00+08:00\nscript: {}"), HasSubstr("scenario.wrong-type@2"));
  EXPECT_THAT(mistakes("start: 2026-11-23T10:00:00+08:00\nscrpt: []"), HasSubstr("did you mean 'script'"));
  EXPECT_THAT(mistakes("start: 2026-11-23T10:00:00+08:00\nscript:\n  - {at: 0m, restart: {down: 1m}"),
              HasSubstr("scenario.syntax@"));
}

TEST(ScenarioYaml, LinesStandInOrderOfTime) {
  EXPECT_THAT(mistakes(with_line("{at: 5m, restart: {down: 1m}}\n  - {at: 4m, restart: {down: 1m}}")),
              HasSubstr("scenario.not-in-order@6"));
}

TEST(ScenarioYaml, AClauseThatNobodyKnowsIsAMistakeWhereTheyAreKnown) {
  const std::string yaml = with_line("{at: 1m, expect: {incident: i1, clause: S4.99, fired: false}}");
  EXPECT_EQ(mistakes(yaml), "");
  EXPECT_THAT(mistakes(yaml, {"S4.9", "S4.8"}), HasSubstr("unknown clause 'S4.99'; did you mean 'S4.9'"));
}

TEST(ScenarioYaml, EveryMistakeIsFoundInOnePass) {
  const std::string all = mistakes(with_line("{at: 1m, close: {incident: i9, by: cleark}}\n  - {at: x, expekt: 1}"));
  EXPECT_THAT(all, HasSubstr("unknown incident 'i9'"));
  EXPECT_THAT(all, HasSubstr("did you mean 'clerk'"));
  EXPECT_THAT(all, HasSubstr("malformed-duration@6"));
  EXPECT_THAT(all, HasSubstr("did you mean 'expect'"));
}

TEST(ScenarioYaml, WhatTheInterfacesPromiseIsRead) {
  const auto parsed = parse_scenario(with_line("{at: 90s, skip: {incident: i1, clause: S4.6, reason: why}}\n"
                                               "  - {at: 1h, restart: {down: 20m}}\n"
                                               "  - {at: 1h30m, expect: {incident: i1, clause: S4.8, fired: true, "
                                               "at: 30m, to: [general-group], people: some, open: true, silent: "
                                               "false, drill: false, prohibited: true}}"),
                                     "x.yaml");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->script.size(), 4U);
  EXPECT_EQ(parsed->script[1].at, std::chrono::seconds{90});
  EXPECT_EQ(parsed->script[2].action->down, std::chrono::minutes{20});
  const Expect& expect = *parsed->script[3].expect;
  EXPECT_EQ(expect.at, std::chrono::minutes{30});
  EXPECT_EQ(expect.to, std::vector<RoleId>{RoleId("general-group")});
  EXPECT_TRUE(*expect.some_people && *expect.open && *expect.prohibited && !*expect.silent && !*expect.drill);
}

}  // namespace
}  // namespace tingan::scenario
