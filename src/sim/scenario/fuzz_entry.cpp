#include "sim/scenario/fuzz_entry.h"

#include "base/check.h"
#include "sim/scenario/runner.h"
#include "sim/scenario/scenario_yaml.h"

namespace tingan::scenario {
namespace {

// Small enough to run a great many times a second.
constexpr const char* kOrganisation = R"(organisation: o
title: {zh: 小, en: small}
zone: "+08:00"
units:
  - {id: centre, kind: centre, name: {zh: 中心, en: centre}}
  - {id: hall-a, kind: hall, parent: centre, name: {zh: 厅, en: hall}}
  - {id: hall-b, kind: hall, parent: centre, name: {zh: 二厅, en: hall b}}
people:
  - {id: d, name: D, unit: hall-a, roles: [hall-director, clerk]}
  - {id: e, name: E, unit: hall-b, roles: [hall-director, guard]}
  - {id: g, name: G, unit: centre, roles: [general-group, centre-head]}
roster:
  - {unit: hall-a, days: mon-sun, from: "00:00", to: "24:00", people: {hall-director: [d], clerk: [d]}}
  - {unit: centre, days: mon-fri, from: "09:00", to: "18:00", people: {general-group: [g], centre-head: [g]}}
)";

constexpr const char* kPlan = R"(plan: outage
title: {zh: 故障, en: Outage}
severity: major
owner: {zh: 中心, en: centre}
issued: 2026-11-23
facts:
  scope: {title: {zh: 范围, en: Scope}, values: [unknown, single, multi], labels: {unknown: {zh: 不明, en: unknown}, single: {zh: 单厅, en: single}, multi: {zh: 多厅, en: multi}}, found_by: correlation}
  restored: {title: {zh: 恢复, en: Restored}, values: [false, true]}
steps:
  - {id: call, role: hall-director, when: {scope: single}, do: {zh: 打电话, en: Phone}, within: 5m, clauses: [S4.6]}
  - {id: each, role: clerk, each: true, do: {zh: 记录, en: Note}, clauses: [S4.1]}
  - {id: lead, role: general-group, when: {restored: false}, do: {zh: 牵头, en: Lead}, clauses: [S4.11]}
escalations:
  - {id: half, until: {restored: true}, at: 30m, repeat: 30m, tell: [general-group], say: {zh: 半小时, en: half an hour}, clauses: [S4.8]}
correlate: {across: units, at_least: 2, within: 30m, sets: {scope: multi}, parent: [lead]}
contained: {restored: true}
close:
  - {id: restored, text: {zh: 恢复, en: restored}, needs: {restored: true}, clauses: [S4.1]}
)";

constexpr const char* kBusiness = R"(business: bill
title: {zh: 缴费, en: Bill}
connector: billing
fields:
  - {id: amount, kind: money, required: true, title: {zh: 金额, en: Amount}}
caps: {field: amount, item_yuan: 100}
promise: {kind: done, within: 4h}
handling: 3m
keep_days: 1
steps: [{zh: 收款, en: Take the money}]
)";

const Prepared& setting() {
  static const auto prepared =
      Prepared::make({kOrganisation, "fuzz-organisation", {{"outage.yaml", kPlan}}, {{"bill.yaml", kBusiness}}});
  CHECK(prepared.has_value());
  return **prepared;
}

bool is_short(const Scenario& scenario) {
  return scenario.script.size() <= 50 && scenario.script.back().at <= std::chrono::hours{24};
}

}  // namespace

void read_any_scenario(std::string_view bytes) {
  const auto parsed = parse_scenario(bytes, "fuzz.yaml", {"S4.1", "S4.6", "S4.8", "S4.11"});
  if (!parsed) {
    CHECK(!parsed.error().empty());
    for (const Error& error : parsed.error()) {
      CHECK(error.code.starts_with("scenario."));
      CHECK(error.where.starts_with("fuzz.yaml:"));
      CHECK(!error.message.zh.empty() && !error.message.en.empty());
    }
    return;
  }
  CHECK(!parsed->script.empty());
  if (!is_short(*parsed)) return;
  const auto result = run_scenario(setting(), *parsed);
  CHECK(result.has_value() || result.error().code == "scenario.too-early");
}

}  // namespace tingan::scenario
