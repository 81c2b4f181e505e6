// Damages the shipped plans and the demo organisation, one at a time: each must be found, with the right line.
#include "core/plancheck/plancheck.h"

#include <gtest/gtest.h>

#include "codec/organisation_yaml.h"
#include "codec/plan_yaml.h"
#include "core/plancheck/plancheck_testing.h"

namespace tingan {
namespace {

using namespace plancheck_testing;

struct Place {
  std::string code;
  int line = 0;
  Finding::Level level = Finding::Level::error;
};

const std::map<std::string, PlanPtr>& shipped_plans() {
  static const std::map<std::string, PlanPtr> plans = [] {
    std::map<std::string, PlanPtr> out;
    for (const auto& [name, text] : shipped())
      out[name] = parse_plan(text, "plans/" + name + ".yaml").value_or(nullptr);
    return out;
  }();
  return plans;
}

template <class Parts>
void add_clauses(const Parts& parts, std::set<ClauseId>& out) {
  for (const auto& part : parts) out.insert(part.clauses.begin(), part.clauses.end());
}

// What the shipped plans name counts as known: docs/clauses.yaml is read by the command line.
const std::set<ClauseId>& shipped_clauses() {
  static const std::set<ClauseId> clauses = [] {
    std::set<ClauseId> out;
    for (const auto& [name, plan] : shipped_plans()) {
      out.insert(plan->clauses.begin(), plan->clauses.end());
      add_clauses(plan->steps, out);
      add_clauses(plan->escalations, out);
      add_clauses(plan->prohibitions, out);
      add_clauses(plan->scripts, out);
      add_clauses(plan->chains, out);
      add_clauses(plan->gates, out);
      for (const auto* need : {&plan->initial, &plan->follow_up, &plan->final}) {
        if (*need) out.insert((*need)->clauses.begin(), (*need)->clauses.end());
      }
    }
    return out;
  }();
  return clauses;
}

// All findings of one plan file in the library, mistakes of reading included.
std::vector<Place> findings_of(const std::string& plan, const std::string& text, const std::string& organisation) {
  const std::string file = "plans/" + plan + ".yaml";
  std::vector<Place> out;
  CheckInput input;
  for (const auto& [name, original] : shipped_plans()) {
    if (name != plan) input.plans.push_back(original);
  }
  const auto parsed = parse_plan(text, file);
  if (parsed) {
    input.plans.push_back(*parsed);
  } else {
    for (const Error& error : parsed.error()) {
      out.push_back(
          {error.code, std::stoi(error.where.substr(error.where.find_last_of(':') + 1)), Finding::Level::error});
    }
  }
  const auto people = parse_organisation(organisation, "org/demo.yaml");
  EXPECT_TRUE(people.has_value());
  input.organisation = people.value_or(nullptr);
  input.known_clauses = shipped_clauses();
  for (const char* form :
       {"complaint", "found-property", "injury-record", "media-enquiry", "robbery-statement", "theft-record"}) {
    input.known_forms.insert(FormId(form));
  }
  for (const Finding& finding : check_plans(input)) {
    EXPECT_GT(finding.line, 0);
    EXPECT_FALSE(finding.message.zh.empty());
    EXPECT_FALSE(finding.message.en.empty());
    if (finding.file == file) out.push_back({finding.code, finding.line, finding.level});
  }
  return out;
}

std::string text_of(const std::vector<Place>& places) {
  std::string out;
  for (const Place& place : places) out += fmt::format(" {}:{}", place.line, place.code);
  return out;
}

constexpr int kAnywhere = 1000;

struct Damage {
  const char* plan;
  Edit edit;
  const char* code;
  int line_offset = 0;  // of the finding, from the line of the change
};

const Damage kDamages[] = {
    // A role renamed
    {"outage", {"id: start-acceptance", "role: hall-director", "role: hall-manager"}, "plan.unknown-role"},
    {"outage", {"id: one-hour", "company-leader", "company-boss"}, "plan.unknown-role"},
    {"fire", {"reports:", "security-dept", "security"}, "plan.unknown-role"},
    // Deadlines
    {"outage", {"id: half-hour", "at: 30m", "at: 90m"}, "plan.escalation-order"},
    {"outage", {"id: one-hour", "at: 60m", "at: 10m"}, "plan.escalation-order"},
    {"outage", {"id: half-hour", "at: 30m", "at: -30m"}, "plan.malformed-duration"},
    {"outage", {"id: find-scope", "within: 5m", "within: 0m"}, "plan.deadline-not-positive"},
    {"outage", {"id: progress-due", "repeat: 30m", "repeat: 0m"}, "plan.deadline-not-positive"},
    {"outage", {"reports:", "initial: {within: 1h", "initial: {within: 48h"}, "plan.report-order"},
    {"outage", {"reports:", "final: {within: 24h", "final: {within: 5m"}, "plan.report-order"},
    {"media", {"id: reply-late", "at: 1h", "at: 1m"}, "plan.deadline-contradiction"},
    {"fire", {"late:", "after: 2m", "after: 0m"}, "plan.late-order"},
    {"outage", {"correlate:", "within: 30m", "within: 0m"}, "plan.deadline-not-positive"},
    {"robbery", {"acknowledge:", "repeat: 1m", "repeat: 0s"}, "plan.deadline-not-positive"},
    // Gates
    {"outage",
     {"- {id: restored,", "{restored: true}", "{all: [{restored: true}, {restored: false}]}"},
     "plan.gate-unreachable"},
    {"outage", {"- {id: restored,", "{restored: true}", "{restored: done}"}, "plan.unknown-value"},
    {"outage", {"- {id: restored,", "{restored: true}", "{repair_done: true}"}, "plan.cannot-close"},
    {"surge", {"- {id: relieved,", "{relieved: true}", "{relieved: false}"}, "plan.closes-uncontained"},
    {"outage",
     {"- {id: restored,", "{restored: true}", "{children: {restored: true}}"},
     "plan.children-outside-parent"},
    {"outage", {"- {id: orders-entered,", "steps: [enter-orders]", "steps: [enter-order]"}, "plan.unknown-step"},
    {"outage",
     {"- {id: orders-entered,", "restored: true, steps: [enter-orders]", "restored: false"},
     "plan.gates-conflict"},
    {"media", {"- {id: left,", "{left: true}", "{report: follow_up}"}, "plan.report-not-asked"},
    {"fire",
     {"  corrected:", "only_stated_by: [hall-director, safety-officer, security-dept, centre-head]",
      "only_stated_by: []"},
     "plan.fact-nobody-can-set"},
    {"fire",
     {"- {id: corrected,", "needs: {corrected: true}", "needs: {corrected: true, out: false}"},
     "plan.gates-conflict"},
    {"siege", {"- {id: robbery-over,", "[smash-and-rob]", "[smash-and-robb]"}, "plan.unknown-chain"},
    {"fire", {"- {id: not-by-one-alone,", "[cause_found,", "[cause_fond,"}, "plan.unknown-fact"},
    // Met from the start, by what nobody stated or did
    {"fight", {"- {id: calm,", ", steps: [say-out-of-hand]", ""}, "plan.gate-met-by-default"},
    {"forced-entry", {"- {id: controlled,", ", steps: [say-out-of-control]", ""}, "plan.gate-met-by-default"},
    {"injury", {"- {id: claim-settled,", "handed_over: true, ", ""}, "plan.gate-met-by-default"},
    {"found-property", {"- {id: signed,", "any: [{returned: true}, {kept: true}], ", ""}, "plan.gate-met-by-default"},
    {"media", {"- {id: answered,", "{papers: missing}", "{papers: [unknown, missing]}"}, "plan.gate-met-by-default"},
    // Demanded, and yet withdrawn by what the closing asks for
    {"fire", {"- id: call-119\n", "role: staff", "phase: burning\n    role: staff"}, "plan.must-dropped", kAnywhere},
    {"illness", {"- id: call-120", "role: staff", "phase: help\n    role: staff"}, "plan.must-dropped", kAnywhere},
    {"media",
     {"- id: reply\n", "{reply_fixed: true}", "{reply_fixed: true, left: false}"},
     "plan.must-dropped",
     kAnywhere},
    // Words about what nobody is asked for, and questions that nobody asks
    {"fire",
     {"- id: ask-casualties", "asks: casualties", "why: {zh: 问, en: Ask} #"},
     "plan.speaks-unstated",
     kAnywhere},
    {"robbery", {"- id: see-armed", "asks: armed", "why: {zh: 问, en: Ask} #"}, "plan.speaks-unstated", kAnywhere},
    {"theft", {"- id: ask-signs", "asks: signs", "why: {zh: 问, en: Ask} #"}, "plan.question-not-asked", kAnywhere},
    {"outage", {"- id: ask-cause", "asks: cause", "why: {zh: 问, en: Ask} #"}, "plan.question-not-asked", kAnywhere},
    // Conditions
    {"outage",
     {"id: call-support-centre", "when: {scope: single}", "when: {scope: single, restored: true}"},
     "plan.step-never-starts"},
    {"outage", {"id: half-hour", "until: {restored: true}", "until: {restored: false}"}, "plan.until-holds-at-start"},
    {"outage",
     {"id: half-hour", "when: {not: {scope: multi}}", "when: {restored: true}"},
     "plan.escalation-never-fires",
     1},
    {"outage",
     {"id: callback-words", "when: {restored: false}",
      "when: {restored: false, repair_done: [true, false], not: {restored: false}}"},
     "plan.condition-never-true"},
    {"siege",
     {"id: smash-and-rob", "when: {extreme_acts: true}", "when: {extreme_acts: false}"},
     "plan.chain-at-start"},
    {"outage",
     {"id: power, title", "when: {cause: power, restored: false}",
      "when: {cause: power, not: {cause: [power, system]}}"},
     "plan.condition-never-true"},
    // Nobody
    {"outage", {"id: half-hour", "tell: [general-group]", "tell: []"}, "plan.nobody-told"},
    {"outage", {"reports:", "to: [service-dept, centre-head]", "to: []"}, "plan.nobody-told"},
    // Order
    {"outage", {"id: enter-orders", "role: clerk", "after: [check-orders]\n    role: clerk"}, "plan.after-circle"},
    {"outage", {"id: check-orders", "after: [enter-orders]", "after: [lead-repair]"}, "plan.crosses-parent"},
    // Acts
    {"fire", {"steps:", "act: use-stairs", "act: use-lift"}, "plan.act-conflict"},
    {"forced-entry", {"id: no-blocking", "business_hours: false", "business_hours: true"}, "plan.act-conflict"},
    {"media", {"id: no-early-reply", "reply_fixed: false", "reply_fixed: true"}, "plan.act-conflict"},
    {"injury", {"prohibitions:", "while: {serious: true}", "while: {serious: false}"}, "plan.act-conflict", 1},
    // Texts
    {"outage",
     {"id: take-orders", ", en: \"Take every order that can be taken on paper; have the customer sign\"", ""},
     "plan.missing-translation"},
    {"outage",
     {"id: take-orders", "en: \"Take every order that can be taken on paper; have the customer sign\"",
      "en: 把能办的业务人工预受理，请客户签字"},
     "plan.untranslated"},
    {"outage", {"id: board-words", "{phone}", "{phon}"}, "plan.unknown-placeholder", -1},
    {"fire", {"id: words-for-119", "{fact:casualties}", "{fact:victims}"}, "plan.unknown-placeholder", -1},
    // Names that point outward
    {"outage", {"id: call-support-centre", "clauses: [S4.6]", "clauses: [S4.66]"}, "plan.unknown-clause"},
    {"siege", {"id: smash-and-rob", "start: robbery", "start: robery"}, "plan.unknown-plan"},
    {"siege", {"id: smash-and-rob", "robbers_present: true", "robbers: true"}, "plan.unknown-fact"},
    {"siege", {"id: smash-and-rob", "robbers_present: true", "robbers_present: yes"}, "plan.unknown-value"},
    {"robbery", {"id: write-statement", "form: robbery-statement", "form: robery-statement"}, "plan.unknown-form"},
    {"outage", {"correlate:", "sets: {scope: multi}", "sets: {scope: unknown}"}, "plan.correlate-sets"},
    {"surge", {"chains:", "start: crowding", "start: surge"}, "plan.chain-loop"},
    // Who may say what
    {"media",
     {"only_stated_by: [service-dept]", "service-dept", "company-leader"},
     "plan.asker-may-not-state",
     kAnywhere},
    {"outage", {"repair_done:", "of: restored", "of: cause"}, "plan.handed-down-value"},
};

TEST(PlanCheck, TheShippedPlansHoldAgainstTheDemoRoster) {
  for (const auto& [name, text] : shipped()) {
    for (const Place& place : findings_of(name, text, read("org/demo.yaml"))) {
      EXPECT_NE(place.level, Finding::Level::error) << name << ":" << place.line << " " << place.code;
    }
  }
}

TEST(PlanCheck, FindsEveryDamageAtItsLine) {
  const std::string organisation = read("org/demo.yaml");
  for (const Damage& damage : kDamages) {
    std::string text = shipped().at(damage.plan);
    const int line = apply(text, damage.edit);
    const auto places = findings_of(damage.plan, text, organisation);
    const bool found = std::any_of(places.begin(), places.end(), [&](const Place& place) {
      const bool here = damage.line_offset == kAnywhere || place.line == line + damage.line_offset;
      return place.code == damage.code && here && place.level == Finding::Level::error;
    });
    EXPECT_TRUE(found) << damage.plan << ".yaml:" << line << " '" << damage.edit.to << "' expected " << damage.code
                       << ", got" << text_of(places);
  }
}

// A plan of nobody's library, with each of the four faults once; at its line, with its clause.
TEST(PlanCheck, FindsInAnyPlanWhatAnIncidentWouldLose) {
  const std::string text = R"(plan: leak
title: {zh: 漏水, en: Leak}
severity: minor
owner: {zh: 中心, en: Centre}
issued: 2026-11-23
facts:
  worse: {title: {zh: 变大, en: Worse}, values: [false, true]}
  dry: {title: {zh: 已干, en: Dry}, values: [false, true], ask: {zh: 干了吗？, en: "Is it dry?"}}
steps:
  - {id: shut, role: guard, when: {dry: false}, do: {zh: 关总阀, en: Shut the valve}, must: true, clauses: [S5]}
  - {id: mop, role: guard, do: {zh: 拖干, en: Mop it up}, clauses: [S1]}
scripts:
  - {id: words, audience: operator, say: {zh: "变大了吗：{fact:worse}", en: "Worse: {fact:worse}"}, clauses: [S3]}
close:
  - {id: dry, text: {zh: 已干, en: It is dry}, needs: {dry: true}, clauses: [S5]}
  - {id: calm, text: {zh: 没变大, en: Not worse}, needs: {worse: false}, clauses: [S4.1]}
)";
  const auto plan = parse_plan(text, "leak.yaml");
  ASSERT_TRUE(plan) << to_string(plan.error().front());
  CheckInput input;
  input.plans = {*plan};
  std::map<std::string, std::pair<int, std::vector<ClauseId>>> found;
  for (const Finding& one : check_plans(input)) {
    if (one.level == Finding::Level::error) found[one.code] = {one.line, one.clauses};
  }
  using Spot = std::pair<int, std::vector<ClauseId>>;
  EXPECT_EQ(found.size(), 4U);
  EXPECT_EQ(found["plan.must-dropped"], (Spot{10, {ClauseId("S5")}}));
  EXPECT_EQ(found["plan.gate-met-by-default"], (Spot{16, {ClauseId("S4.1")}}));
  EXPECT_EQ(found["plan.speaks-unstated"], (Spot{13, {ClauseId("S3")}}));
  EXPECT_EQ(found["plan.question-not-asked"], (Spot{8, {ClauseId("S5")}}));
}

TEST(PlanCheck, SwappedEscalationsAreFoundAtBothPlaces) {
  std::string text = shipped().at("outage");
  const int first = apply(text, {"id: half-hour", "at: 30m", "at: 60m"});
  const int second = apply(text, {"id: one-hour", "at: 60m", "at: 30m"});
  std::set<int> lines;
  for (const Place& place : findings_of("outage", text, read("org/demo.yaml"))) {
    if (place.code == "plan.escalation-order") lines.insert(place.line);
  }
  EXPECT_EQ(lines, (std::set<int>{first, second}));
}

// What stands under `from` up to the end of its line goes, everywhere.
std::string without(std::string text, const std::string& from) {
  for (auto place = text.find(from); place != std::string::npos; place = text.find(from)) {
    text.erase(place, text.find('\n', place) - place);
  }
  return text;
}

TEST(PlanCheck, ARoleTakenOffTheRosterIsFoundWhereAnEscalationTellsIt) {
  const std::string& plan = shipped().at("outage");
  const int line = line_at(plan, plan.find("tell: [general-group, centre-head, company-leader]"));
  const auto places = findings_of("outage", plan, without(read("org/demo.yaml"), "      company-leader: ["));
  const bool found = std::any_of(places.begin(), places.end(), [&](const Place& place) {
    return place.code == "plan.role-unheld" && place.line == line && place.level == Finding::Level::error;
  });
  EXPECT_TRUE(found) << text_of(places);
}

TEST(PlanCheck, AnHourWithoutAnybodyIsAnErrorAndWithAStandInAWarning) {
  std::string nights_off = read("org/demo.yaml");
  apply(nights_off, {"  - unit: hall-b\n    days: mon-sun\n    from: \"18:30\"", "on_call: false", "on_call: false #"});
  apply(nights_off, {"  - unit: hall-b\n    days: mon-sun\n    from: \"18:30\"\n    to: \"08:30\"\n    on_call: true",
                     "hall-director: [hall-director@hall-b]", "clerk: [clerk@hall-b] #"});
  apply(nights_off, {"on_call: true\n    people:\n      clerk: [clerk@hall-b] #", "      clerk: [clerk@hall-b]\n", ""});
  const auto gaps = findings_of("outage", shipped().at("outage"), nights_off);
  EXPECT_TRUE(std::any_of(gaps.begin(), gaps.end(), [](const Place& place) {
    return place.code == "plan.role-gap" && place.level == Finding::Level::warning;
  })) << text_of(gaps);
  // No roster at all and nobody holds anything.
  std::string empty = read("org/demo.yaml");
  empty = empty.substr(0, empty.find("people:\n")) + "people: []\nroster: []\nchannels: []\nalarms: []\n";
  const auto nobody = findings_of("outage", shipped().at("outage"), empty);
  EXPECT_TRUE(std::any_of(nobody.begin(), nobody.end(), [](const Place& place) {
    return place.code == "plan.role-nobody" && place.level == Finding::Level::error;
  })) << text_of(nobody);
}

TEST(PlanCheck, ManyFactsInOneConditionDoNotRunForEver) {
  std::string text =
      "plan: big\ntitle: {zh: 大, en: Big}\nseverity: minor\nowner: {zh: 中心, en: Centre}\nissued: "
      "2026-11-23\nfacts:\n";
  std::string any;
  for (int i = 0; i < 60; ++i) {
    text += fmt::format("  f{}: {{title: {{zh: 事实, en: Fact}}, values: [false, true]}}\n", i);
    any += fmt::format("{}{{any: [{{f{}: true, f{}: false}}, {{f{}: false, f{}: true}}]}}", i == 0 ? "" : ", ", i,
                       (i * 7 + 3) % 60, i, (i * 7 + 3) % 60);
  }
  text +=
      fmt::format("steps:\n  - {{id: s, role: clerk, when: {{all: [{}]}}, do: {{zh: 做, en: Do}}, ours: true}}\n", any);
  text += "close:\n  - {id: g, text: {zh: 好, en: Good}, needs: {f1: true}}\n";
  const auto plan = parse_plan(text, "big.yaml");
  ASSERT_TRUE(plan) << to_string(plan.error().front());
  CheckInput input;
  input.plans = {*plan};
  check_plans(input);
}

}  // namespace
}  // namespace tingan
