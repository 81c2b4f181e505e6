#include "core/incident/advance.h"

#include "base/check.h"
#include "core/incident/clocks.h"
#include "core/incident/telling.h"

namespace tingan {
namespace {

template <class Container>
auto& at(Container& container, int index) {
  return container[static_cast<std::size_t>(index)];
}

bool is_active(StepStatus status) { return status == StepStatus::open || status == StepStatus::started; }

bool out_of_the_way(const IncidentState& state, int index) {
  const StepStatus status = at(state.steps, index).status;
  return status == StepStatus::done || status == StepStatus::skipped || status == StepStatus::withdrawn ||
         !applies(state, at(state.plan->steps, index));
}

bool may_open(const IncidentState& state, const Step& step) {
  if (step.on >= 0 && at(state.escalations, step.on).rounds == 0) return false;
  return std::all_of(step.after.begin(), step.after.end(), [&](int before) { return out_of_the_way(state, before); });
}

bool opens_now(const IncidentState& state, std::size_t index) {
  const Step& step = state.plan->steps[index];
  const StepStatus status = state.steps[index].status;
  const bool shut = status == StepStatus::waiting || status == StepStatus::withdrawn;
  return shut && applies(state, step) && may_open(state, step);
}

StepOpening opening_of(const Draft& draft, const Step& step) {
  StepOpening opening{.step = step.id};
  if (step.within) opening.due = draft.now() + *step.within;
  const Directory& directory = draft.context().directory;
  opening.people = directory.who(draft.state().unit, step.role, draft.now()).people;
  for (const RoleId role : step.also_by) {
    for (const PersonId person : directory.who(draft.state().unit, role, draft.now()).people) {
      const bool named = std::find(opening.people.begin(), opening.people.end(), person) != opening.people.end();
      if (!named) opening.people.push_back(person);
    }
  }
  return opening;
}

// The question is answered by whatever route. One that is a must is asked anew: what was known before does not answer
// it (a false alarm: the hall is phoned, whatever was said of the robbers until then).
bool is_answered(const IncidentState& state, std::size_t index) {
  const Step& step = state.plan->steps[index];
  if (step.asks < 0 || !at(state.facts, step.asks).known) return false;
  return !step.must ||
         (is_active(state.steps[index].status) && at(state.facts, step.asks).at > state.steps[index].opened);
}

void move_steps(const Draft& draft, PlanAdvanced& move) {
  const IncidentState& state = draft.state();
  for (std::size_t i = 0; i < state.steps.size(); ++i) {
    const Step& step = draft.plan().steps[i];
    const StepStatus status = state.steps[i].status;
    const bool answered = is_answered(state, i);
    if (is_active(status)) {
      if (!applies(state, step)) {
        move.withdrawn.push_back(step.id);
      } else if (answered) {
        move.answered.push_back(step.id);
      }
    } else if (opens_now(state, i)) {
      move.opened.push_back(opening_of(draft, step));
      if (answered) move.answered.push_back(step.id);
    }
  }
}

// Only in a fire may two things share a list; here the flags of scripts and of prohibitions move the same way.
template <class Parts>
void move_flags(const Draft& draft, const Parts& parts, const std::vector<bool>& now_on, std::vector<PartId>& on,
                std::vector<PartId>& off) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool want = belongs(draft.state(), parts[i].of_parent) && draft.holds(parts[i].when);
    if (want && !now_on[i]) on.push_back(parts[i].id);
    if (!want && now_on[i]) off.push_back(parts[i].id);
  }
}

void move_silence(const Draft& draft, PlanAdvanced& move) {
  const bool wanted = wants_silence(draft.state());
  if (wanted != draft.state().silent) move.silent = wanted;
}

void move_status(const Draft& draft, PlanAdvanced& move) {
  const IncidentState& state = draft.state();
  if (!draft.plan().has_contained) return;
  const bool contained = draft.holds(draft.plan().contained);
  if (contained != (state.status == IncidentStatus::contained)) move.contained = contained;
}

PlanAdvanced next_move(const Draft& draft) {
  PlanAdvanced move;
  const IncidentState& state = draft.state();
  move_silence(draft, move);
  move_status(draft, move);
  move_steps(draft, move);
  move_flags(draft, draft.plan().scripts, state.scripts_on, move.scripts_on, move.scripts_off);
  move_flags(draft, draft.plan().prohibitions, state.prohibitions_on, move.prohibitions_on, move.prohibitions_off);
  return move;
}

// FNV-1a over the incident and the chain: the started incident's id is derived, so that a replay cannot start a second
// one.
IncidentId derived_id(const IncidentState& state, PartId chain, Instant now) {
  std::array<std::uint8_t, 10> entropy{};
  std::uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 1099511628211ULL; };
  for (const std::uint8_t byte : state.id.bytes) mix(byte);
  for (const char c : chain.str()) mix(static_cast<std::uint8_t>(c));
  for (std::size_t i = 0; i < 8; ++i) entropy[i] = static_cast<std::uint8_t>(hash >> (8 * i));
  mix(0xff);
  entropy[8] = static_cast<std::uint8_t>(hash);
  entropy[9] = static_cast<std::uint8_t>(hash >> 8);
  return make_incident_id(to_millis(now), entropy);
}

void start_chains(Draft& draft) {
  for (const Chain& chain : draft.plan().chains) {
    const auto& fired = draft.state().chains;
    const bool before =
        std::any_of(fired.begin(), fired.end(), [&](const ChainLink& link) { return link.chain == chain.id; });
    if (!before && !draft.state().parent_role && draft.holds(chain.when)) {
      draft.emit(ChainFired{chain.id, derived_id(draft.state(), chain.id, draft.now())});
    }
  }
}

// Steps that opened and were answered at once need nobody's attention.
void collect_openings(const Draft& draft, const PlanAdvanced& move, std::vector<Wish>& wishes) {
  for (const StepOpening& opening : move.opened) {
    const Step& step = at(draft.plan().steps, find_step(draft.plan(), opening.step));
    const bool answered = std::find(move.answered.begin(), move.answered.end(), step.id) != move.answered.end();
    if (!answered) {
      wishes.push_back({step.role, {ReasonKind::step, step.id}, policy_of(draft.plan(), step), step.each});
      for (const RoleId role : step.also_by) {
        wishes.push_back({role, {ReasonKind::step, step.id}, policy_of(draft.plan(), step), step.each});
      }
    }
    for (const RoleId role : step.tell) {
      wishes.push_back({role, {ReasonKind::informs, step.id}, policy_of(draft.plan(), step), false});
    }
  }
}

}  // namespace

std::vector<int> openings(const IncidentState& state) {
  std::vector<int> out;
  for (std::size_t i = 0; i < state.steps.size(); ++i) {
    if (opens_now(state, i)) out.push_back(static_cast<int>(i));
  }
  return out;
}

bool wants_silence(const IncidentState& state) {
  const bool while_holds = !state.plan->silent || holds(*state.plan->silent, [&state](int fact) {
    return state.facts[static_cast<std::size_t>(fact)].value;
  });
  return state.silent_override.value_or(state.plan->silent.has_value()) && while_holds;
}

bool belongs(const IncidentState& state, bool of_parent) { return of_parent == state.parent_role; }

bool applies(const IncidentState& state, const Step& step) {
  return belongs(state, step.of_parent) &&
         holds(step.when, [&state](int fact) { return state.facts[static_cast<std::size_t>(fact)].value; });
}

void advance(Draft& draft) {
  // Each round opens or settles at least one part, and no part moves back within one decision but by a clock; the bound
  // only guards against a fault in this file.
  const std::size_t most = 8 * (draft.plan().steps.size() + draft.plan().escalations.size() + 4);
  for (std::size_t round = 0;; ++round) {
    CHECK(round < most);
    const PlanAdvanced move = next_move(draft);
    if (!(move == PlanAdvanced{})) {
      std::vector<Wish> wishes;
      collect_openings(draft, move, wishes);
      draft.emit(move);
      tell(draft, wishes);
      continue;
    }
    if (!fire_next_due(draft)) break;
  }
  start_chains(draft);
  end_moot_tellings(draft);
}

}  // namespace tingan
