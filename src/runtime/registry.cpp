#include "runtime/registry.h"

#include "codec/organisation_yaml.h"
#include "codec/plan_yaml.h"
#include "codec/record_json.h"

namespace tingan {
namespace {

Error unreadable(const std::vector<Error>& errors, const std::string& what) {
  const std::string first = errors.empty() ? "" : to_string(errors.front());
  return {"registry.unreadable",
          {fmt::format("日志里的{}读不出来：{}", what, first),
           fmt::format("Expected to read the {} in the log, but: {}", what, first)},
          what};
}

}  // namespace

struct RegistryApplier {
  Registry& next;
  Instant at;
  const Actor& by;
  Sealer& sealer;

  Expected<void> operator()(const PlanPublished& e) {
    auto plan = parse_plan(e.yaml, "plans/" + e.plan.str() + ".yaml", e.version);
    if (!plan) return tl::unexpected(unreadable(plan.error(), "plan " + e.plan.str()));
    next.plans_[e.plan][e.version] = {std::move(*plan), e.yaml, by != program_actor()};
    return {};
  }

  Expected<void> operator()(const OrganisationPublished& e) {
    auto parsed = parse_organisation(e.yaml, "organisation", e.version);
    if (!parsed) return tl::unexpected(unreadable(parsed.error(), "organisation"));
    Organisation organisation = **parsed;
    std::vector<PersonalDetails> details;
    for (const SealedPerson& person : e.people) {
      auto opened = sealer.open(person.details);
      if (!opened) return tl::unexpected(opened.error());
      if (*opened) details.push_back({person.person, std::move(**opened)});
    }
    if (auto restored = restore_details(organisation, details); !restored) return restored;
    next.organisation_yaml_ = e.yaml;
    next.organisation_hash_ = e.hash;
    next.organisation_is_own_ = by != program_actor();
    auto published = std::make_shared<const Organisation>(std::move(organisation));
    next.directory_ = std::make_shared<const Directory>(published, next.directory_->changes());
    forget_who_left();
    return {};
  }

  // Whoever is not in the organisation any more leaves nothing behind: a log-in name or a hall that is used again is
  // somebody else's, and must not open with the old password, hold the old handover or obey the old words.
  void forget_who_left() {
    const Directory& now = *next.directory_;
    const auto gone = [&](PersonId person) { return now.person(person) == nullptr; };
    std::erase_if(next.credentials_, [&](const auto& entry) { return gone(entry.first); });
    std::erase_if(next.words_, [&](const auto& entry) { return now.unit(entry.first) == nullptr; });
    std::erase_if(next.since_, [&](const auto& entry) { return gone(entry.first); });
    for (const Person& person : now.organisation().people) {
      next.since_.try_emplace(person.id, now.organisation().version);
    }
    RosterChanges changes = now.changes();
    const std::size_t before = changes.substitutions.size() + changes.handovers.size() + changes.presence.size();
    std::erase_if(changes.substitutions,
                  [&](const SubstitutionSet& one) { return gone(one.person) || gone(one.stand_in); });
    std::erase_if(changes.handovers, [&](const RoleHandedOver& one) {
      return gone(one.from) || gone(one.to) || now.unit(one.unit) == nullptr;
    });
    std::erase_if(changes.presence, [&](const PresenceStated& one) { return gone(one.person); });
    if (changes.substitutions.size() + changes.handovers.size() + changes.presence.size() == before) return;
    auto organisation = std::make_shared<const Organisation>(now.organisation());
    next.directory_ = std::make_shared<const Directory>(std::move(organisation), std::move(changes));
  }

  // What is over is forgotten here; the log keeps it.
  template <class Change>
  Expected<void> change_roster(std::vector<Change> RosterChanges::*list, const Change& change) {
    RosterChanges changes = next.directory_->changes();
    std::erase_if(changes.substitutions, [&](const SubstitutionSet& old) { return old.to <= at; });
    std::erase_if(changes.handovers, [&](const RoleHandedOver& old) { return old.until <= at; });
    std::erase_if(changes.presence, [&](const PresenceStated& old) { return old.until <= at; });
    (changes.*list).push_back(change);
    auto organisation = std::make_shared<const Organisation>(next.directory_->organisation());
    next.directory_ = std::make_shared<const Directory>(std::move(organisation), std::move(changes));
    return {};
  }
  Expected<void> operator()(const SubstitutionSet& e) { return change_roster(&RosterChanges::substitutions, e); }
  Expected<void> operator()(const RoleHandedOver& e) { return change_roster(&RosterChanges::handovers, e); }
  Expected<void> operator()(const PresenceStated& e) {
    RosterChanges changes = next.directory_->changes();
    std::erase_if(changes.presence, [&](const PresenceStated& old) { return old.person == e.person; });
    auto organisation = std::make_shared<const Organisation>(next.directory_->organisation());
    next.directory_ = std::make_shared<const Directory>(std::move(organisation), std::move(changes));
    return change_roster(&RosterChanges::presence, e);
  }
  Expected<void> operator()(const PasswordSet& e) {
    next.credentials_[e.person] = {e.verifier, e.must_change, at};
    return {};
  }
  Expected<void> operator()(const HallWordsSet& e) {
    if (e.stand_down.empty() && e.duress.empty()) {
      next.words_.erase(e.unit);
    } else {
      next.words_[e.unit] = {e.stand_down, e.duress};
    }
    return {};
  }
  Expected<void> operator()(const SecurityNoted&) { return {}; }
  Expected<void> operator()(const SuspicionRaised& e) {
    Suspicion suspicion;
    suspicion.raised = e;
    suspicion.at = at;
    suspicion.again_at = e.again_at;
    next.suspicions_[e.suspicion] = std::move(suspicion);
    return {};
  }
  Expected<void> operator()(const SuspicionToldAgain& e) {
    Suspicion& suspicion = next.suspicions_[e.suspicion];
    suspicion.round = e.round;
    suspicion.again_at = e.again_at;
    return {};
  }
  Expected<void> operator()(const SuspicionSettled& e) {
    Suspicion& suspicion = next.suspicions_[e.suspicion];
    suspicion.settled = true;
    suspicion.confirmed = e.confirmed;
    suspicion.incident = e.incident;
    suspicion.by = by;
    suspicion.settled_at = at;
    suspicion.again_at = kNever;
    return {};
  }
};

RegistryPtr Registry::empty() {
  auto registry = std::make_shared<Registry>();
  registry->directory_ = std::make_shared<const Directory>(std::make_shared<const Organisation>(), RosterChanges{});
  return registry;
}

Expected<RegistryPtr> Registry::evolved(const UnitEvent& event, Instant at, const Actor& by, Sealer& sealer) const {
  auto next = std::make_shared<Registry>(*this);
  if (auto applied = std::visit(RegistryApplier{*next, at, by, sealer}, event); !applied) {
    return tl::unexpected(applied.error());
  }
  return RegistryPtr(std::move(next));
}

PlanPtr Registry::plan(PlanId id) const {
  const auto found = plans_.find(id);
  return found == plans_.end() ? nullptr : found->second.rbegin()->second.plan;
}

PlanPtr Registry::plan(PlanId id, int version) const {
  const auto found = plans_.find(id);
  if (found == plans_.end()) return nullptr;
  const auto exact = found->second.find(version);
  return exact == found->second.end() ? nullptr : exact->second.plan;
}

std::vector<PlanPtr> Registry::newest_plans() const {
  std::vector<PlanPtr> plans;
  for (const auto& [id, all] : plans_) plans.push_back(all.rbegin()->second.plan);
  return plans;
}

std::vector<PlanPtr> Registry::versions(PlanId id) const {
  std::vector<PlanPtr> plans;
  if (const auto found = plans_.find(id); found != plans_.end()) {
    for (const auto& [version, entry] : found->second) plans.push_back(entry.plan);
  }
  return plans;
}

const std::string& Registry::yaml(PlanId id, int version) const {
  static const std::string none;
  const auto found = plans_.find(id);
  if (found == plans_.end()) return none;
  const auto exact = found->second.find(version);
  return exact == found->second.end() ? none : exact->second.yaml;
}

bool Registry::plan_is_own(PlanId id) const {
  const auto found = plans_.find(id);
  return found != plans_.end() && found->second.rbegin()->second.own;
}

const Credential* Registry::credential(PersonId person) const {
  const auto found = credentials_.find(person);
  return found == credentials_.end() ? nullptr : &found->second;
}

std::string Registry::access_stamp(PersonId person) const {
  const Credential* known = credential(person);
  return access_stamp(person, known == nullptr ? Sealed{} : known->verifier);
}

std::string Registry::access_stamp(PersonId person, const Sealed& verifier) const {
  const auto since = since_.find(person);
  if (since == since_.end()) return {};
  return to_hex(sha256(fmt::format("{} {}", since->second, verifier.box))).substr(0, 16);
}

const HallWords* Registry::words_of(UnitId hall) const {
  const auto found = words_.find(hall);
  return found == words_.end() ? nullptr : &found->second;
}

const Suspicion* Registry::suspicion(IncidentId id) const {
  const auto found = suspicions_.find(id);
  return found == suspicions_.end() ? nullptr : &found->second;
}

Instant Registry::next_deadline() const {
  Instant next = kNever;
  for (const auto& [id, suspicion] : suspicions_) {
    if (!suspicion.settled) next = std::min(next, suspicion.again_at);
  }
  return next;
}

}  // namespace tingan
