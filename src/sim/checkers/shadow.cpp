#include "sim/checkers/shadow.h"

#include <algorithm>

#include "codec/state_binary.h"
#include "core/incident/evolve.h"

namespace tingan::sim {

void ShadowChecker::on_record(const StoredRecord& stored, const Record& record) {
  for (const AnyEvent& any : record.events) {
    if (const auto* unit_event = std::get_if<UnitEvent>(&any)) {
      if (const auto* plan = std::get_if<PlanPublished>(unit_event))
        published_[{plan->plan, plan->version}] = plan->yaml;
      continue;
    }
    const auto& event = std::get<IncidentEvent>(any);
    if (const auto* declared = std::get_if<IncidentDeclared>(&event)) {
      PlanPtr plan = find_plan_(declared->plan, declared->plan_version);
      if (plan == nullptr) return verdict_.fail("an incident runs a plan that was never published");
      if (!shadows_.try_emplace(record.incident, Shadow{blank_incident(record.incident, std::move(plan)), 0}).second) {
        return verdict_.fail(fmt::format("record {}: an incident was declared twice", stored.gseq));
      }
    }
    const auto found = shadows_.find(record.incident);
    if (found == shadows_.end()) return verdict_.fail(fmt::format("record {} is of no incident", stored.gseq));
    evolve(found->second.state, event, record.time.at, record.by);
  }
  if (record.incident.none()) return;
  Shadow& shadow = shadows_.at(record.incident);
  shadow.gseq = stored.gseq;
  touched_.push_back(record.incident);
  check_silence(shadow);
}

// A plan that is silent while something holds is silent just then, unless it was started aloud.
void ShadowChecker::check_silence(const Shadow& shadow) {
  const IncidentState& state = shadow.state;
  if (state.status == IncidentStatus::closed || state.status == IncidentStatus::retracted) return;
  if (!state.plan->silent || state.silent_override == false) return;
  const bool wanted =
      holds(*state.plan->silent, [&](int fact) { return state.facts[static_cast<std::size_t>(fact)].value; });
  if (state.silent != wanted) {
    verdict_.fail(fmt::format("{} is {} when it must not be", to_string(state.id), wanted ? "loud" : "silent"));
  }
}

void ShadowChecker::compare_one(EngineCore& core, const Shadow& shadow, const char* when) {
  const IncidentId id = shadow.state.id;
  const IncidentPtr seen = core.view().find(id);
  if (seen == nullptr) return verdict_.fail(fmt::format("{}: {} is gone", when, to_string(id)));
  if (encode_state(*seen) != encode_state(shadow.state) || seen->plan_version != shadow.state.plan->version) {
    return verdict_.fail(
        fmt::format("{}: {} ({}) is not the fold of its records", when, to_string(id), shadow.state.plan_id.str()));
  }
  if (core.view().last_gseq_of(id) != shadow.gseq) {
    verdict_.fail(fmt::format("{}: {} stands at record {} and not {}", when, to_string(id),
                              core.view().last_gseq_of(id), shadow.gseq));
  }
  const IncidentPtr decided = core.lookup().find(id);
  if (decided == nullptr || !(encode_state(*decided) == encode_state(*seen))) {
    verdict_.fail(fmt::format("{}: what is decided about {} is not what is shown", when, to_string(id)));
  }
}

void ShadowChecker::compare(EngineCore& core, const char* when) {
  if (core.view().count() != shadows_.size()) {
    verdict_.fail(
        fmt::format("{}: {} incidents are shown, {} are in the record", when, core.view().count(), shadows_.size()));
  }
  for (const auto& [id, shadow] : shadows_) compare_one(core, shadow, when);
  const RegistryPtr registry = core.view().registry();
  for (const auto& [plan, yaml] : published_) {
    if (registry->plan(plan.first, plan.second) == nullptr || registry->yaml(plan.first, plan.second) != yaml) {
      verdict_.fail(fmt::format("{}: version {} of plan {} is not there", when, plan.second, plan.first.str()));
    }
  }
}

void ShadowChecker::on_quiet(Instant, EngineCore& core) {
  constexpr std::size_t kNowAndThen = 16;  // encoding two states takes as long as the moment itself
  if (++quiet_ % kNowAndThen != 0) return;
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  for (const IncidentId id : touched_) compare_one(core, shadows_.at(id), "live");
  touched_.clear();
}

void ShadowChecker::on_boot(EngineCore& core) { compare(core, "after a start"); }

void ShadowChecker::on_end(Instant, EngineCore& core) { compare(core, "at the end"); }

void ShadowChecker::before_write(const Batch& batch, const View& view) {
  for (const StoredRecord& record : batch.records) {
    if (view.last_gseq() >= record.gseq) {
      verdict_.fail(fmt::format("readers see record {} before it is durable", record.gseq));
    }
  }
  for (const auto& [id, shadow] : shadows_) {
    if (view.last_gseq_of(id) > shadow.gseq) {
      verdict_.fail(fmt::format("readers see {} as it is not yet durable", to_string(id)));
    }
  }
}

}  // namespace tingan::sim
