// Telling people: who gets a notice, and what happens while nobody acknowledges.
#pragma once
#include "core/incident/draft.h"

namespace tingan {

// Somebody should be told something.
struct Wish {
  RoleId role;
  Reason reason;
  AckPolicy policy;
  bool all = false;  // everyone told must acknowledge, as in an `each` step
};

// Groups the wishes by role: one telling a role, one notice a person. Records how people were found (fallback, one unit
// up).
void tell(Draft& draft, const std::vector<Wish>& wishes);
// Tells these people for the wish's role, however they were found.
void tell_found(Draft& draft, const Wish& wish, const Found& found);
// The telling's clock has come: tells again, or passes on to the next person, role or unit.
void tell_again_or_pass_on(Draft& draft, const TellingState& telling);
// Somebody has left who was told in `before` (the telling as it was): what it still stands for is told to whom the
// roster has in that role now, and to the next in line where nobody else of the telling is left.
void tell_rest_to_others(Draft& draft, const TellingState& before, std::vector<Reason> reasons, PersonId leaver);
// Everyone who was told anything is told this, once, without a clock (retraction).
void tell_everyone_told(Draft& draft, const Reason& reason);
// Tellings whose every reason is over: steps done, escalations stopped.
void end_moot_tellings(Draft& draft);
// Enough of those told have acknowledged.
bool is_satisfied(const IncidentState& state, const TellingState& telling);
// The acknowledgement of these notices, with what it means for escalations. Notices that are acknowledged already are
// left out.
void acknowledge(Draft& draft, const std::vector<std::uint32_t>& notices);

const AckPolicy& policy_of(const Plan& plan, const Step& step);
const AckPolicy& policy_of(const Plan& plan, const Escalation& escalation);

}  // namespace tingan
