#include "api/bodies.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"

namespace tingan::api {
namespace {

// The incident of the path with its body taken apart: the parts that every command needs.
template <class Parse>
auto body_for(Service& service, Call& call, const Parse& parse, IncidentPtr& incident)
    -> decltype(read_body_of(call, parse)) {
  auto found = incident_for(service, call, call.param(0));
  if (!found) return tl::unexpected(found.error());
  incident = std::move(*found);
  return read_body_of(call, parse);
}

Expected<Work> decline_step(Service& service, Call& call, IncidentId incident, PartId step, const std::string& reason) {
  auto work = work_on_incident(service, call, DeclineStep{.step = step, .reason = {}});
  if (!work) return work;
  work->seal = seal_into(service, incident, reason,
                         [](IncidentCommand& c) -> Sealed& { return std::get<DeclineStep>(c).reason; });
  return work;
}

}  // namespace

Expected<Work> state_facts(Service& service, Call& call) {
  IncidentPtr incident;
  const auto body = body_for(service, call, parse_facts, incident);
  if (!body) return tl::unexpected(body.error());
  auto set = bind_settings(*incident->plan, body->set, "/set");
  if (!set) return tl::unexpected(set.error());
  auto work = work_on_incident(service, call, StateFacts{.set = std::move(*set)});
  if (!work) return work;
  work->seal = seal_into(service, incident->id, body->reason,
                         [](IncidentCommand& c) -> Sealed& { return std::get<StateFacts>(c).reason; });
  const bool stands_down =
      would_stand_down(*incident, std::get<StateFacts>(std::get<IncidentCommand>(work->command)).set);
  if (auto checked = ask_for_word(service, call, *work, stands_down, body->code); !checked) {
    return tl::unexpected(checked.error());
  }
  return work;
}

Expected<Work> mark_step(Service& service, Call& call) {
  IncidentPtr incident;
  const auto body = body_for(service, call, parse_step, incident);
  if (!body) return tl::unexpected(body.error());
  const auto step = PartId::find(call.param(1));
  if (!step || find_step(*incident->plan, *step) < 0) {
    return fail("incident.unknown-step",
                {fmt::format("预案里没有步骤“{}”", call.param(1)),
                 fmt::format("Expected a step of the plan, but got '{}'", call.param(1))},
                "step");
  }
  if (body->declined) return decline_step(service, call, incident->id, *step, body->reason);
  auto work = work_on_incident(service, call,
                               MarkStep{.step = *step, .status = body->state, .has_reason = !body->reason.empty()});
  if (!work) return work;
  // One envelope a mark: the reason of a skip comes first, a note beside it follows.
  std::string words = body->reason;
  if (!body->note.empty()) words += (words.empty() ? "" : "\n") + body->note;
  work->seal = seal_into(service, incident->id, std::move(words),
                         [](IncidentCommand& c) -> Sealed& { return std::get<MarkStep>(c).note; });
  return work;
}

Expected<Work> close_incident(Service& service, Call& call) {
  IncidentPtr incident;
  const auto body = body_for(service, call, parse_close, incident);
  if (!body) return tl::unexpected(body.error());
  auto work = work_on_incident(service, call, CloseIncident{.skip = {}, .has_skip = !body->reason.empty()});
  if (!work || body->reason.empty()) return work;
  work->seal = seal_into(service, incident->id, body->reason,
                         [](IncidentCommand& c) -> Sealed& { return std::get<CloseIncident>(c).skip; });
  return work;
}

Expected<Work> reopen_incident(Service& service, Call& call) {
  IncidentPtr incident;
  const auto body = body_for(service, call, parse_reason, incident);
  if (!body) return tl::unexpected(body.error());
  auto work = work_on_incident(service, call, ReopenIncident{});
  if (!work) return work;
  work->seal = seal_into(service, incident->id, body->reason,
                         [](IncidentCommand& c) -> Sealed& { return std::get<ReopenIncident>(c).reason; });
  return work;
}

Expected<Work> retract_incident(Service& service, Call& call) {
  IncidentPtr incident;
  const auto body = body_for(service, call, parse_retract, incident);
  if (!body) return tl::unexpected(body.error());
  auto work = work_on_incident(service, call, RetractIncident{});
  if (!work) return work;
  work->seal = seal_into(service, incident->id, body->reason,
                         [](IncidentCommand& c) -> Sealed& { return std::get<RetractIncident>(c).reason; });
  if (auto checked = ask_for_word(service, call, *work, incident->silent, body->code); !checked) {
    return tl::unexpected(checked.error());
  }
  return work;
}

Expected<Work> note_progress(Service& service, Call& call) {
  IncidentPtr incident;
  const auto body = body_for(service, call, parse_progress, incident);
  if (!body) return tl::unexpected(body.error());
  auto work = work_on_incident(service, call, NoteProgress{});
  if (!work) return work;
  work->seal = seal_into(service, incident->id, body->text,
                         [](IncidentCommand& c) -> Sealed& { return std::get<NoteProgress>(c).text; });
  return work;
}

}  // namespace tingan::api
