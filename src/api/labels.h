// What people read for a value.
#pragma once
#include "model/plan.h"

namespace tingan::api {

// The plan's label; 是/否 for a boolean without one; else the value itself.
Text value_label(const Fact& fact, ValueId value);

}  // namespace tingan::api
