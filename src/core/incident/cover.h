// What the hall is shown after a stand-down under duress: an incident of its own, decided by the same rules and folded
// from events that the real one's log carries wrapped (docs/adr/0014-duress.md). So nothing that the hall sees can
// differ, and nothing that it does there touches what really runs.
#pragma once
#include "core/incident/draft.h"
#include "model/command.h"

namespace tingan {

// The incident as this person is to see it. The people of the hall see the cover while there is one.
bool is_of_hall(const Directory& directory, PersonId person, UnitId unit);
bool sees_cover(const Directory& directory, const Who& who, const IncidentState& state);
const IncidentState& shown_to(const Directory& directory, const Who& who, const IncidentState& state);

namespace detail {
// A command that carries the duress word: the hall sees it accepted, those above are told, the incident runs on.
bool is_under_duress(const IncidentCommand& command);
Expected<Decision> decide_under_duress(const IncidentState& state, const IncidentCommand& command,
                                       const DecideContext& context);
// A report of what became of the cover's own notices.
bool is_for_cover(const IncidentCommand& command);
// While there is a cover: the hall's commands are decided in it, all others behind it; its clocks run, too.
Expected<Decision> decide_with_cover(const IncidentState& state, const IncidentCommand& command,
                                     const DecideContext& context);
// Nothing is hidden any more once the incident has come out of its silence.
void lift_cover(Draft& draft);
// Without the people of the hall while there is a cover; those who lead above them instead where nobody is left.
Found without_covered(const Draft& draft, Found found);
}  // namespace detail

}  // namespace tingan
