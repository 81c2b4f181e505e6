// A step that goes from one person to another: who comes next, and who has to know where nobody does.
#pragma once
#include "core/incident/draft.h"

namespace tingan::detail {

// Whom the step is asked of next: the others of the role, then the roles that stand in, then those who lead one unit
// up. Neither `leaver` nor who has declined.
Found next_of_step(const Draft& draft, const Step& step, const StepState& now, PersonId leaver);
// Nobody can do it: those who answer for the incident have to know.
void tell_that_nobody_is_left(Draft& draft, PartId step);

}  // namespace tingan::detail
