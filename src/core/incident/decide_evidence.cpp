// Photos and voice notes, and who has looked at them.
#include "core/incident/decide.h"

namespace tingan::detail {
namespace {

// A shelf, not a camera: more pieces than this are a fault or an attack.
constexpr std::size_t kEvidenceMax = 200;

}  // namespace

// Also after the end: the recording that turns up later belongs to the incident.
Expected<Decision> add_evidence(const IncidentState& state, const AddEvidence& command, const DecideContext& context) {
  if (state.status == IncidentStatus::retracted) return ended();
  if (!may_add_to(context.directory, context.who, state)) {
    return not_allowed({"您不能给这个事件添加证据", "Expected someone concerned with this incident, but you are not"});
  }
  if (state.evidence.size() >= kEvidenceMax) {
    return fail(
        "evidence.too-much",
        {fmt::format("一个事件最多 {} 份证据", kEvidenceMax),
         fmt::format("Expected at most {} pieces of evidence an incident, but there are as many", kEvidenceMax)});
  }
  Draft draft(state, context, {context.who.person, acting_role(context.who)});
  draft.emit(EvidenceAdded{static_cast<std::uint32_t>(state.evidence.size() + 1), command.media, command.bytes,
                           command.blob, command.details});
  return std::move(draft).finish();
}

Expected<Decision> look_at_evidence(const IncidentState& state, const LookAtEvidence& command,
                                    const DecideContext& context) {
  if (command.n == 0 || command.n > state.evidence.size()) {
    return fail("evidence.unknown",
                {"没有这份证据", "Expected a known piece of evidence, but there is none of this number"}, "n");
  }
  const EvidenceState& piece = state.evidence[command.n - 1];
  const PersonId person = context.who.person;
  if (!may_see(context.directory, context.who, state)) {
    return not_allowed({"您不能看这份证据", "Expected someone concerned with this incident, but you are not"});
  }
  Draft draft(state, context, {person, acting_role(context.who)});
  const bool known = std::find(piece.seen_by.begin(), piece.seen_by.end(), person) != piece.seen_by.end();
  if (piece.by.person != person && !known) draft.emit(EvidenceSeen{command.n});
  return std::move(draft).finish();
}

}  // namespace tingan::detail
