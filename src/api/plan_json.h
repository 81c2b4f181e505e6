// A plan as the API gives it: everything that a person would read on paper.
#pragma once
#include "api/json_out.h"
#include "core/plancheck/plancheck.h"
#include "model/plan.h"

namespace tingan::api {

// Id, version, title, owner, how much there is.
void write_plan_row(JsonOut& out, const Plan& plan);
// Everything; `yaml` is the text that was published.
void write_plan(JsonOut& out, const Plan& plan, const std::string& yaml);
void write_finding(JsonOut& out, const Finding& finding);

}  // namespace tingan::api
