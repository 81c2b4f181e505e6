#include "codec/plan_yaml.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace tingan {
namespace {

const char* const kSmall = R"(plan: outage
title: {zh: 停电, en: Power cut}
severity: major
owner: {zh: 中心, en: Centre}
issued: 2026-11-23
clauses: [S1]
facts:
  scope:
    title: {zh: 范围, en: Extent}
    values: [unknown, single, multi]
    labels: {unknown: {zh: 不明, en: Unknown}, single: {zh: 单厅, en: One}, multi: {zh: 多厅, en: Many}}
    found_by: correlation
  restored: {title: {zh: 恢复, en: Back}, values: [false, true], also_stated_by: [support-centre]}
phases:
  - {id: respond, title: {zh: 处置, en: Respond}, when: {restored: false}}
acknowledge: {repeat: 2m, then: [centre-head]}
steps:
  - id: call
    phase: respond
    role: hall-director
    when: {scope: single}
    do: {zh: 打电话, en: Phone}
    within: 5m
    call: support-centre
    acknowledge: {need: all}
    clauses: [S4.6]
  - id: lead
    role: general-group
    after: [call]
    on: half-hour
    do: {zh: 牵头, en: Lead}
    asks: restored
    ours: true
escalations:
  - id: half-hour
    when: {not: {scope: multi}}
    until: {restored: true}
    at: 30m
    from: call
    tell: [general-group]
    say: {zh: 请处理, en: Please act}
correlate: {across: units, at_least: 2, within: 30m, sets: {scope: multi}, parent: [lead, all-back]}
reports: {initial: {within: 1h, to: [service-dept]}, follow_up: {every: 4h}, final: {within: 24h, by: duty-manager}}
close:
  - {id: restored, text: {zh: 恢复, en: Back}, needs: {restored: true, steps: [call], report: final}}
  - {id: all-back, text: {zh: 全恢复, en: All back}, needs: {children: {restored: true}}}
)";

std::string changed(const std::string& from, const std::string& to) {
  std::string text = kSmall;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

int line_in_small(const std::string& needle) {
  const std::string text = kSmall;
  return 1 + static_cast<int>(
                 std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(needle)), '\n'));
}

TEST(PlanYaml, BindsEveryReference) {
  const auto plan = parse_plan(kSmall, "outage.yaml", 3);
  ASSERT_TRUE(plan) << to_string(plan.error().front());
  const Plan& p = **plan;
  EXPECT_EQ(p.version, 3);
  EXPECT_EQ(p.hash.size(), 64U);
  ASSERT_EQ(p.steps.size(), 2U);
  const Step& call = p.steps[0];
  EXPECT_EQ(call.when.kind, Condition::Kind::all);  // the phase's and its own
  EXPECT_EQ(call.when.parts.size(), 2U);
  EXPECT_EQ(call.when.parts[1].fact_index, 0);
  EXPECT_EQ(call.acknowledge->need, 0);
  EXPECT_EQ(call.acknowledge->repeat, Duration{120000});  // merged from the plan's
  EXPECT_EQ(call.acknowledge->then.size(), 1U);
  EXPECT_FALSE(call.of_parent);
  const Step& lead = p.steps[1];
  EXPECT_EQ(lead.on, 0);
  EXPECT_EQ(lead.after, std::vector<int>{0});
  EXPECT_EQ(lead.asks, 1);
  EXPECT_TRUE(lead.of_parent);
  EXPECT_EQ(p.escalations[0].from, 0);
  EXPECT_TRUE(p.gates[1].of_parent);
  EXPECT_TRUE(p.gates[1].needs.children.has_value());
  EXPECT_EQ(p.gates[0].needs.report, "final");
  EXPECT_EQ(p.gates[0].needs.steps, std::vector<int>{0});
  EXPECT_FALSE(p.late);  // the default depends on where the incident is
  EXPECT_EQ(p.final->to, p.initial->to);
  EXPECT_EQ(p.final->by, RoleId("duty-manager"));
  EXPECT_EQ(line_of(p, call.line, "within"), line_in_small("within: 5m"));
  EXPECT_EQ(p.facts[1].labels[1].zh, "是");
}

struct Damage {
  const char* from;
  const char* to;
  const char* code;
  const char* english;  // part of the message
};

// What closing may never drop, who else may do it, what doing it states, and what a value means.
TEST(PlanYaml, ReadsWhatClosingHangsOn) {
  const std::string work = R"(ours: true
    must: {unless: {scope: multi}}
    also_by: [back-office]
    states: {restored: true}
    second_to: call)";
  std::string text = changed("ours: true", work);
  const std::string facts = "values: [false, true], also_stated_by: [support-centre]";
  text.replace(text.find(facts), facts.size(), "values: [false, true], danger: [false]");
  const std::string gate = "needs: {children: {restored: true}}";
  text.replace(text.find(gate), gate.size(), "needs: {apart: {facts: [scope, restored], or_after: 24h}}");
  const auto plan = parse_plan(text, "outage.yaml");
  ASSERT_TRUE(plan) << to_string(plan.error().front());
  const Step& lead = (*plan)->steps[1];
  EXPECT_TRUE(lead.must && lead.must_unless);
  EXPECT_EQ(lead.must_when.fact, FactId("scope"));
  EXPECT_EQ(lead.also_by, std::vector<RoleId>{RoleId("back-office")});
  EXPECT_EQ(lead.states, (std::vector<FactSetting>{{FactId("restored"), ValueId("true")}}));
  EXPECT_EQ(lead.second_to, 0);
  const Fact& scope = (*plan)->facts[static_cast<std::size_t>(find_fact(**plan, FactId("scope")))];
  const Fact& restored = (*plan)->facts[static_cast<std::size_t>(find_fact(**plan, FactId("restored")))];
  EXPECT_FALSE(scope.answered_by(ValueId("unknown")));
  EXPECT_TRUE(scope.answered_by(ValueId("single")));
  EXPECT_TRUE(restored.dangerous(ValueId("false")));
  EXPECT_FALSE(restored.dangerous(ValueId("true")));
  ASSERT_TRUE((*plan)->gates[1].needs.apart);
  EXPECT_EQ((*plan)->gates[1].needs.apart->facts.size(), 2U);
  EXPECT_EQ((*plan)->gates[1].needs.apart->persons, 2);
  EXPECT_EQ((*plan)->gates[1].needs.apart->or_after, std::chrono::hours{24});
}

TEST(PlanYaml, NamesEveryMistakeWithItsLine) {
  const Damage kDamages[] = {
      {"role: hall-director", "role: hall-directer", "plan.unknown-role", "did you mean 'hall-director'"},
      {"call: support-centre", "call: suport", "plan.unknown-party", "did you mean 'support-centre'"},
      {"within: 5m", "within: -5m", "plan.malformed-duration", "-5m"},
      {"within: 5m", "within: soon", "plan.malformed-duration", "soon"},
      {"within: 5m", "witin: 5m", "plan.unknown-key", "did you mean 'within'"},
      {"do: {zh: 打电话, en: Phone}", "do: {zh: 打电话}", "plan.missing-translation", "English"},
      {"do: {zh: 打电话, en: Phone}", "do: {zh: 打电话, en: ''}", "plan.missing-translation", "English"},
      {"when: {scope: single}", "when: {scop: single}", "plan.unknown-fact", "did you mean 'scope'"},
      {"when: {scope: single}", "when: {scope: singel}", "plan.unknown-value", "did you mean 'single'"},
      {"after: [call]", "after: [cal]", "plan.unknown-step", "did you mean 'call'"},
      {"on: half-hour", "on: hour", "plan.unknown-escalation", "hour"},
      {"asks: restored", "asks: restord", "plan.unknown-fact", "restored"},
      {"phase: respond", "phase: responds", "plan.unknown-phase", "respond"},
      {"id: lead", "id: call", "plan.duplicate-id", "call"},
      {"    at: 30m\n", "", "plan.missing-key", "'at'"},
      {"parent: [lead, all-back]", "parent: [leed, all-back]", "plan.unknown-part", "lead"},
      {"tell: [general-group]", "tell: general-group", "plan.wrong-type", "list"},
      {"report: final", "report: last", "plan.unknown-word", "final"},
      {"issued: 2026-11-23", "issued: 23.11.2026", "plan.malformed-date", "23.11.2026"},
      {"severity: major", "severity: mayor", "plan.unknown-word", "major"},
      {"    ours: true", "    ours: maybe", "plan.wrong-type", "true or false"},
      {"sets: {scope: multi}", "sets: {scope: many}", "plan.unknown-value", "many"},
      {"title: {zh: 停电, en: Power cut}", "title: &t {zh: 停电, en: Power cut}", "plan.alias", "anchor"},
      {"within: 5m", "within: 5m\n    within: 6m", "plan.duplicate-key", "within"},
      {"values: [false, true]", "values: [false]", "plan.wrong-values", "restored"},
  };
  for (const Damage& damage : kDamages) {
    const auto plan = parse_plan(changed(damage.from, damage.to), "outage.yaml");
    ASSERT_FALSE(plan) << damage.to;
    const auto& errors = plan.error();
    const auto hit = std::find_if(errors.begin(), errors.end(), [&](const Error& error) {
      return error.code == damage.code && error.message.en.find(damage.english) != std::string::npos;
    });
    ASSERT_NE(hit, errors.end()) << damage.to << ": " << to_string(errors.front());
    EXPECT_FALSE(hit->message.zh.empty());
    const int line = std::stoi(hit->where.substr(hit->where.find(':') + 1));
    const int expected = line_in_small(damage.from);
    // A missing key is reported where the part begins, a doubled one at its second place.
    EXPECT_LE(std::abs(line - expected), std::string_view(damage.code) == "plan.missing-key" ? 5 : 1) << damage.to;
  }
}

TEST(PlanYaml, FindsSeveralMistakesInOnePass) {
  std::string text = changed("role: hall-director", "role: hall-directer");
  text.replace(text.find("within: 5m"), 10, "within: xx");
  text.replace(text.find("asks: restored"), 14, "asks: rstored ");
  const auto plan = parse_plan(text, "outage.yaml");
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().size(), 3U);
}

TEST(PlanYaml, RefusesHostileText) {
  const std::vector<std::string> texts = {
      "",
      "\n\n",
      "just a word",
      "- a\n- b",
      "plan: [",
      "plan: {a: ",
      "a: &a [x]\nb: *a",
      "a: !tag x",
      "---\na: b\n---\nc: d",
      std::string(2 << 20, 'a'),
      std::string(5000, '['),
      std::string(5000, '{'),
      "plan: \x04 outage",
      "plan: \xff\xfe",
      std::string("plan: a\0b", 9),
      "? [a, b]\n: c",
      "~: x",
  };
  for (const std::string& text : texts) {
    const auto plan = parse_plan(text, "x.yaml");
    ASSERT_FALSE(plan) << text.substr(0, 40);
    EXPECT_FALSE(plan.error().empty());
    EXPECT_TRUE(plan.error().front().where.starts_with("x.yaml:")) << plan.error().front().where;
  }
}

TEST(PlanYaml, ReadsTheShippedPlans) {
  if (!std::filesystem::exists("plans")) GTEST_SKIP();
  for (const auto& entry : std::filesystem::directory_iterator("plans")) {
    if (entry.path().extension() != ".yaml") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    const auto plan = parse_plan(text.str(), entry.path().string());
    if (plan) continue;
    for (const Error& error : plan.error()) ADD_FAILURE() << to_string(error);
  }
}

}  // namespace
}  // namespace tingan
