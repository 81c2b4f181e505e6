// state x command x now -> events, or a refusal. Pure: no I/O, no clock, no exceptions. One function a group of
// commands, each in its own file.
#pragma once
#include "core/incident/draft.h"
#include "model/command.h"

namespace tingan {

// Refusals: plan.*, incident.unknown-fact, incident.unknown-value, incident.not-allowed.
Expected<Decision> decide_declare(PlanPtr plan, const Declare& command, const DecideContext& context);

// Every other command. Refusals: incident.ended, incident.not-allowed, incident.reason-needed, incident.unknown-fact,
// incident.unknown-value, incident.unknown-step, incident.step-not-open, incident.same-person,
// incident.gates-unmet (its `where`: gates.h),
// incident.retract-too-late, incident.not-ended, notice.unknown, report.unknown-kind, form.unknown, evidence.unknown,
// evidence.too-much, headcount.unknown-person, headcount.impossible.
Expected<Decision> decide(const IncidentState& state, const IncidentCommand& command, const DecideContext& context);

// The steps, notices and clocks are the plan's; this window is ours (interfaces: retract within 60 s).
constexpr Duration kRetractWindow{60000};

// Who should be at the assembly point of the unit now: those whom the roster has on the spot.
std::vector<PersonId> expected_at_assembly(const Directory& directory, UnitId unit, Instant now);

namespace detail {
// decide() without regard to covers (cover.h).
Expected<Decision> decide_plain(const IncidentState& state, const IncidentCommand& command,
                                const DecideContext& context);
Expected<Decision> state_facts(const IncidentState& state, const StateFacts& command, const DecideContext& context);
Expected<Decision> mark_step(const IncidentState& state, const MarkStep& command, const DecideContext& context);
Expected<Decision> acknowledge_notice(const IncidentState& state, const AcknowledgeNotice& command,
                                      const DecideContext& context);
Expected<Decision> report_delivery(const IncidentState& state, const ReportDelivery& command,
                                   const DecideContext& context);
Expected<Decision> note_progress(const IncidentState& state, const NoteProgress& command, const DecideContext& context);
Expected<Decision> draft_report(const IncidentState& state, const DraftReport& command, const DecideContext& context);
Expected<Decision> file_report(const IncidentState& state, const FileReport& command, const DecideContext& context);
Expected<Decision> file_form(const IncidentState& state, const FileForm& command, const DecideContext& context);
Expected<Decision> close(const IncidentState& state, const CloseIncident& command, const DecideContext& context);
Expected<Decision> reopen(const IncidentState& state, const ReopenIncident& command, const DecideContext& context);
Expected<Decision> retract(const IncidentState& state, const RetractIncident& command, const DecideContext& context);
Expected<Decision> join_parent(const IncidentState& state, const JoinParent& command, const DecideContext& context);
Expected<Decision> add_child(const IncidentState& state, const AddChild& command, const DecideContext& context);
Expected<Decision> reassign(const IncidentState& state, const ReassignSteps& command, const DecideContext& context);
Expected<Decision> decline_step(const IncidentState& state, const DeclineStep& command, const DecideContext& context);
Expected<Decision> add_evidence(const IncidentState& state, const AddEvidence& command, const DecideContext& context);
Expected<Decision> look_at_evidence(const IncidentState& state, const LookAtEvidence& command,
                                    const DecideContext& context);
Expected<Decision> take_headcount(const IncidentState& state, const TakeHeadcount& command,
                                  const DecideContext& context);
Expected<Decision> tick(const IncidentState& state, const Tick& command, const DecideContext& context);

bool is_ended(const IncidentState& state);
// When it ended and what to do then.
tl::unexpected<Error> ended(const IncidentState& state, const DecideContext& context);
tl::unexpected<Error> not_allowed(Text what);
tl::unexpected<Error> may_not_lead();
Actor actor_of(const DecideContext& context);
// The fact's index and the value, or a refusal that says what is known and what was probably meant.
Expected<int> check_setting(const Plan& plan, const FactSetting& setting);
}  // namespace detail

}  // namespace tingan
