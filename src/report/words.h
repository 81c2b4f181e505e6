// What documents say, in the plain written language of such papers.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "model/incident_state.h"
#include "model/plan.h"

namespace tingan::report {

Text role_name(RoleId id);   // 营业厅主任; staff, the program and outside parties too
Text party_name(PartId id);  // a role or an outside party
Text role_names(const std::vector<RoleId>& ids);
Text kind_title(const std::string& kind);  // 初报 / Initial report
Text status_name(IncidentStatus status);
Text step_status_name(StepStatus status);
// The plan's label of the value; 是/否 for a boolean without one; else the value itself.
Text value_label(const Fact& fact, ValueId value);
// 火势：火大，扑不住 / Size: large
Text say_fact(const Fact& fact, ValueId value);

Text not_known_yet();

// 2026年11月23日10时05分 / 23 Nov 2026, 10:05
Text say_time(Instant at, Zone zone);
// 10时05分 / 10:05 on the day of `day`, else with the date.
Text say_clock(Instant at, Instant day, Zone zone);
// For tables: 2026-11-23 10:05, 11-23 10:05:30.
std::string table_minute(Instant at, Zone zone);
std::string table_second(Instant at, Zone zone);

const std::string& in(const Text& text, const std::string& language);
Text join(const std::vector<Text>& parts, const Text& between);
Text operator+(const Text& a, const Text& b);

}  // namespace tingan::report
