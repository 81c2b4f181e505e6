// Clocks are derived: there is no timer table. The state says when it next needs attention, and what is due at a
// moment.
#pragma once
#include "core/incident/draft.h"

namespace tingan {

// When this incident next needs attention by itself; kNever: not before somebody acts.
Instant next_deadline(const IncidentState& state);

// Fires the one clock that is due earliest at or before the draft's time, stamped with both times. False: nothing is
// due.
bool fire_next_due(Draft& draft);

// The planned time of the escalation's next firing, if facts stay as they are; kNever: none.
Instant escalation_due(const IncidentState& state, int escalation);
// Its `until` holds (or it was acknowledged, where the plan means just that).
bool escalation_is_stopped(const IncidentState& state, int escalation);

// The plan's late rules, or the default: the hall director, ten minutes later the general group; above the hall the
// general group, then the centre head.
const std::vector<LateRule>& late_rules(const Plan& plan, const Step& step);

}  // namespace tingan
