// A plan by its id or by its file, for the verbs that show one.
#pragma once
#include <string>

#include "base/error.h"
#include "model/plan.h"
#include "report/role_card.h"

namespace tingan {

// `named` is a file, or an id looked for in `folder` (default: the shipped plans). What is wrong with the file goes to
// standard error. Errors `plan.unknown-plan`, `plan.broken`.
Expected<PlanPtr> find_plan(const std::string& named, const std::string& folder);
// A role of the glossary, or `staff`; empty is absent. Error `plan.unknown-role`.
Expected<std::optional<RoleId>> find_card_role(const std::string& named);

}  // namespace tingan
