#include "sim/scenario/actions.h"

#include <algorithm>

#include "base/suggest.h"
#include "model/vocabulary.h"
#include "sim/scenario/acceptance_acts.h"

namespace tingan::scenario {
namespace {

bool is_active(StepStatus status) { return status == StepStatus::open || status == StepStatus::started; }

bool contains(const std::vector<PersonId>& people, PersonId person) {
  return std::find(people.begin(), people.end(), person) != people.end();
}

Error unknown_unit(const Directory& directory, UnitId unit) {
  std::vector<std::string> known;
  for (const Unit& one : directory.organisation().units) known.push_back(one.id.str());
  const std::string near = closest_word(unit.str(), known);
  Error error{"unit.unknown",
              {fmt::format("没有单位“{}”", unit.str()), fmt::format("Expected a known unit, but got '{}'", unit.str())},
              "unit"};
  if (!near.empty()) {
    error.message.zh += fmt::format("；是不是“{}”？", near);
    error.message.en += fmt::format("; did you mean '{}'?", near);
  }
  return error;
}

Error nobody(RoleId role) {
  const RoleInfo* info = find_role(role);
  const std::string name = info == nullptr ? role.str() : info->name.zh;
  return {"roster.nobody",
          {fmt::format("这时没有人担任“{}”", name),
           fmt::format("Expected somebody to hold the role '{}' at this time, but nobody does", role.str())},
          "by"};
}

Error no_incident(const std::string& name) {
  return {"incident.unknown",
          {fmt::format("没有事件“{}”", name), fmt::format("Expected an incident '{}', but there is none", name)},
          "incident"};
}

RoleId leader_of(const Directory& directory, UnitId unit) {
  const Unit* known = directory.unit(unit);
  return RoleId(known != nullptr && known->kind != UnitKind::hall ? "general-group" : "hall-director");
}

// Why somebody was told: the clause of the step, escalation or report behind it.
bool reason_carries(const Plan& plan, const Reason& reason, ClauseId clause) {
  if (const int step = find_step(plan, reason.part); step >= 0) {
    return carries(plan, plan.steps[static_cast<std::size_t>(step)].clauses, clause);
  }
  if (const int escalation = find_escalation(plan, reason.part); escalation >= 0) {
    return carries(plan, plan.escalations[static_cast<std::size_t>(escalation)].clauses, clause);
  }
  const ReportNeed* need = report_need(plan, reason.part.str());
  return need != nullptr && carries(plan, need->clauses, clause);
}

}  // namespace

Expected<Refusal> Actions::perform(const Action& action) {
  const bool of_office =
      action.kind == Action::Kind::acceptance && action.acceptance.kind == AcceptanceAct::Kind::back_office;
  if (!stage_.node().is_up() && !of_office) {
    return Refusal(Error{"node.down", {"节点停机中", "Expected a running node, but it is down"}, {}});
  }
  if (action.kind == Action::Kind::declare) return declare(action);
  if (action.kind == Action::Kind::roster) return change_duty(action);
  if (action.kind == Action::Kind::acceptance) return AcceptanceActs(stage_, timeline_, start_).perform(action);
  const Scene scene = stage_.find(action.incident);
  if (scene.incident == nullptr) return Refusal(no_incident(action.incident));
  switch (action.kind) {
    case Action::Kind::fact:
      return state_facts(action, scene);
    case Action::Kind::done:
    case Action::Kind::started:
    case Action::Kind::skip:
      return mark(action, scene);
    case Action::Kind::ack:
      return acknowledge(action, scene);
    default:
      return lead(action, scene);
  }
}

Expected<Cast> Actions::cast(const Action& action, UnitId unit, RoleId otherwise) const {
  const Directory& directory = stage_.node().directory();
  const RoleId role = action.by ? action.by->role : otherwise;
  if (action.by && !action.by->unit.empty()) unit = action.by->unit;
  if (directory.unit(unit) == nullptr) return tl::unexpected(unknown_unit(directory, unit));
  Cast found = cast_for(directory, unit, role, stage_.node().now());
  if (found.people.empty()) return tl::unexpected(nobody(role));
  return found;
}

Expected<Refusal> Actions::submit(const IncidentState& incident, PersonId person, RoleId role,
                                  IncidentCommand command) {
  auto outcome =
      stage_.node().act({.person = person, .preferred = role, .incident = incident.id, .command = std::move(command)});
  if (!outcome) return tl::unexpected(outcome.error());
  return outcome->refused;
}

Expected<Refusal> Actions::declare(const Action& action) {
  const Directory& directory = stage_.node().directory();
  if (directory.unit(action.unit) == nullptr) return Refusal(unknown_unit(directory, action.unit));
  if (!action.incident.empty() && stage_.find(action.incident).incident != nullptr) {
    return Refusal(Error{"scenario.name-taken",
                         {fmt::format("“{}”已经是另一个事件的名字", action.incident),
                          fmt::format("Expected a fresh name, but '{}' names another incident", action.incident)},
                         "as"});
  }
  const auto who = cast(action, action.unit, leader_of(directory, action.unit));
  if (!who) return Refusal(who.error());
  Declare command{.id = stage_.node().new_id(), .unit = action.unit, .type = action.type, .facts = action.set};
  command.drill = action.drill;
  auto note = stage_.node().seal(command.id, action.words);
  if (!note) return tl::unexpected(note.error());
  command.note = std::move(*note);
  const IncidentId id = command.id;
  if (!action.incident.empty()) timeline_.name(id, action.incident);
  auto outcome = stage_.node().act(
      {.person = who->people.front(), .preferred = who->role, .incident = id, .command = IncidentCommand(command)});
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->refused) {
    timeline_.forget(id);
  } else if (!action.incident.empty()) {
    stage_.put(action.incident, id);
  }
  return outcome->refused;
}

Expected<Refusal> Actions::state_facts(const Action& action, const Scene& scene) {
  const IncidentState& incident = *scene.incident;
  RoleId otherwise = leader_of(stage_.node().directory(), scene.unit);
  for (const FactSetting& setting : action.set) {
    const int index = find_fact(*incident.plan, setting.fact);
    if (index < 0) continue;
    const auto& only = incident.plan->facts[static_cast<std::size_t>(index)].only_stated_by;
    if (only && !only->empty() && std::find(only->begin(), only->end(), otherwise) == only->end()) {
      otherwise = only->front();
    }
  }
  const auto who = cast(action, scene.unit, otherwise);
  if (!who) return Refusal(who.error());
  auto reason = stage_.node().seal(incident.id, action.words);
  if (!reason) return tl::unexpected(reason.error());
  return submit(incident, who->people.front(), who->role,
                StateFacts{action.set, std::move(*reason), false, action.duress});
}

std::vector<Actions::Target> Actions::targets(const Action& action, const IncidentPtr& incident) const {
  std::vector<Target> out;
  for (const IncidentPtr& one : stage_.with_parent(incident)) {
    for (std::size_t i = 0; i < one->steps.size(); ++i) {
      const Step& step = one->plan->steps[i];
      if (step.of_parent != one->parent_role) continue;
      const bool wanted = action.clause.empty()
                              ? step.id == action.step
                              : carries(*one->plan, step.clauses, action.clause) && is_active(one->steps[i].status);
      if (wanted) out.push_back({one, step.id});
    }
  }
  // Nothing of that name: the engine says so.
  if (out.empty() && !action.step.empty()) out.push_back({incident, action.step});
  return out;
}

// What everybody does for himself is done by everybody of the role; all else by one of them.
std::vector<PersonId> Actions::markers(const Target& target, const Cast& cast) const {
  const int index = find_step(*target.incident->plan, target.step);
  if (index < 0) return {cast.people.front()};
  const auto i = static_cast<std::size_t>(index);
  const std::vector<PersonId>& theirs = target.incident->steps[i].people;
  std::vector<PersonId> out;
  for (const PersonId person : cast.people) {
    if (contains(theirs, person)) out.push_back(person);
  }
  if (out.empty()) out.push_back(cast.people.front());
  if (!target.incident->plan->steps[i].each) out.resize(1);
  return out;
}

Expected<Refusal> Actions::mark(const Action& action, const Scene& scene) {
  const StepStatus status = action.kind == Action::Kind::skip      ? StepStatus::skipped
                            : action.kind == Action::Kind::started ? StepStatus::started
                                                                   : StepStatus::done;
  Refusal first = Error{"incident.step-not-open",
                        {fmt::format("条款 {} 没有待办的步骤", action.clause.str()),
                         fmt::format("Expected an open step of clause {}, but there is none", action.clause.str())},
                        "clause"};
  bool accepted = false;
  bool refused = false;
  for (const Target& target : targets(action, scene.incident)) {
    const int index = find_step(*target.incident->plan, target.step);
    const RoleId own = index < 0 ? leader_of(stage_.node().directory(), scene.unit)
                                 : target.incident->plan->steps[static_cast<std::size_t>(index)].role;
    const auto who = cast(action, scene.unit, own);
    if (!who) return Refusal(who.error());
    auto words = stage_.node().seal(target.incident->id, action.words);
    if (!words) return tl::unexpected(words.error());
    for (const PersonId person : markers(target, *who)) {
      const MarkStep command{target.step, status, *words, !action.words.empty()};
      auto refusal = submit(*target.incident, person, who->role, command);
      if (!refusal) return tl::unexpected(refusal.error());
      accepted = accepted || !*refusal;
      if (*refusal && !std::exchange(refused, true)) first = std::move(*refusal);
    }
  }
  return accepted ? Refusal() : first;
}

Expected<Refusal> Actions::acknowledge(const Action& action, const Scene& scene) {
  std::vector<PersonId> people;
  if (action.by) {
    const auto who = cast(action, scene.unit, RoleId());
    if (!who) return Refusal(who.error());
    people = who->people;
  }
  bool found = false;
  for (const IncidentPtr& one : stage_.with_parent(scene.incident)) {
    std::vector<std::uint32_t> notices;
    for (const TellingState& telling : one->tellings) {
      const bool about = std::any_of(telling.reasons.begin(), telling.reasons.end(), [&](const Reason& reason) {
        return action.clause.empty() ? reason.part == action.step : reason_carries(*one->plan, reason, action.clause);
      });
      if (!about) continue;
      for (const std::uint32_t n : telling.notices) {
        const NoticeState& notice = one->notices[n - 1];
        if (notice.acknowledged != kNever || (action.by && !contains(people, notice.person))) continue;
        if (std::find(notices.begin(), notices.end(), n) == notices.end()) notices.push_back(n);
      }
    }
    for (const std::uint32_t n : notices) {
      const RoleId role = action.by ? action.by->role : RoleId();
      auto refusal = submit(*one, one->notices[n - 1].person, role, AcknowledgeNotice{n});
      if (!refusal) return tl::unexpected(refusal.error());
      if (*refusal) return *refusal;
      found = true;
    }
  }
  if (found) return Refusal();
  return Refusal(Error{"notice.none-waiting",
                       {"没有等待签收的通知", "Expected a notice that waits to be acknowledged, but there is none"},
                       "ack"});
}

// What those do who lead: close, reopen, retract, report, file a record, tell how it goes.
Expected<Refusal> Actions::lead(const Action& action, const Scene& scene) {
  IncidentPtr incident = scene.incident;
  RoleId otherwise = leader_of(stage_.node().directory(), incident->unit);
  if (action.kind == Action::Kind::report) {
    if (const ReportNeed* need = report_need(*incident->plan, action.report)) otherwise = need->by;
    if (incident->parent_role) otherwise = RoleId("general-group");
  }
  if (action.kind == Action::Kind::record) {
    for (const Step& step : incident->plan->steps) {
      if (step.form == action.form) otherwise = step.role;
    }
  }
  if (action.kind == Action::Kind::progress) {
    otherwise = RoleId("support-centre");
    const RoleId role = action.by ? action.by->role : otherwise;
    // What the centre says of an event of several halls is said to all of them (S4.12).
    if (!is_hall_role(role)) incident = stage_.with_parent(incident).back();
  }
  auto who = cast(action, scene.unit, otherwise);
  if (!who) return Refusal(who.error());
  PersonId person = who->people.front();
  if (action.kind == Action::Kind::retract && !action.by) {
    person = incident->declared_by.person;
    who->role = incident->declared_by.role;
  }
  const bool paper = action.kind == Action::Kind::report || action.kind == Action::Kind::record;
  const std::string words = paper ? "{}" : action.words;
  auto sealed = stage_.node().seal(incident->id, words);
  if (!sealed) return tl::unexpected(sealed.error());
  IncidentCommand command = CloseIncident{*sealed, !action.words.empty()};
  if (action.kind == Action::Kind::reopen) command = ReopenIncident{std::move(*sealed)};
  if (action.kind == Action::Kind::retract) command = RetractIncident{std::move(*sealed), action.duress};
  if (action.kind == Action::Kind::report) command = FileReport{action.report, std::move(*sealed)};
  if (action.kind == Action::Kind::record) command = FileForm{action.form, std::move(*sealed)};
  if (action.kind == Action::Kind::progress) command = NoteProgress{std::move(*sealed), false};
  return submit(*incident, person, who->role, std::move(command));
}

}  // namespace tingan::scenario
