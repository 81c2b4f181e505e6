// What a node knows beside its incidents: plans in all their versions, the organisation and its roster changes,
// passwords, suspicions. A fold over unit events; immutable once published, so that any thread may keep one.
#pragma once
#include <map>
#include <memory>
#include <vector>

#include "core/roster/directory.h"
#include "model/record.h"
#include "runtime/seal.h"

namespace tingan {

struct Credential {
  Sealed verifier;  // Argon2id string
  bool must_change = false;
  Instant set_at{};
};

struct HallWords {
  Sealed stand_down;
  Sealed duress;
};

struct Suspicion {
  SuspicionRaised raised;
  Instant at{};
  int round = 0;
  Instant again_at = kNever;
  bool settled = false;
  bool confirmed = false;
  IncidentId incident;
  Actor by;  // who settled
  Instant settled_at{};
};

class Registry {
 public:
  // The newest version of a plan, or one that an incident is pinned to; nullptr: unknown.
  PlanPtr plan(PlanId id) const;
  PlanPtr plan(PlanId id, int version) const;
  std::vector<PlanPtr> newest_plans() const;
  std::vector<PlanPtr> versions(PlanId id) const;
  const std::string& yaml(PlanId id, int version) const;
  // A person of this node published what is in force now; the texts that ship with the program must not replace it.
  bool plan_is_own(PlanId id) const;
  bool organisation_is_own() const { return organisation_is_own_; }
  // Never null; before the first organisation is published it is an empty one.
  const Directory& directory() const { return *directory_; }
  DirectoryPtr directory_ptr() const { return directory_; }
  const std::string& organisation_yaml() const { return organisation_yaml_; }
  const std::string& organisation_hash() const { return organisation_hash_; }
  const Credential* credential(PersonId person) const;
  // Under what the person gets in just now: another text after a new password, and after having been away from the
  // organisation. A session that began under another text is over. Empty: nobody of that name.
  std::string access_stamp(PersonId person) const;
  // The same, as it will be with this verifier.
  std::string access_stamp(PersonId person, const Sealed& verifier) const;
  const HallWords* words_of(UnitId hall) const;  // nullptr: has none
  const Suspicion* suspicion(IncidentId id) const;
  const std::map<IncidentId, Suspicion>& suspicions() const { return suspicions_; }
  // The earliest moment at which an unsettled suspicion wants to be told again.
  Instant next_deadline() const;

  // The registry after the event. `sealer` opens people's details (an erased person reads as the id).
  // Errors: `registry.unreadable` when a published text does not parse any more.
  Expected<std::shared_ptr<const Registry>> evolved(const UnitEvent& event, Instant at, const Actor& by,
                                                    Sealer& sealer) const;

  static std::shared_ptr<const Registry> empty();

 private:
  struct Version {
    PlanPtr plan;
    std::string yaml;
    bool own = false;
  };
  std::map<PlanId, std::map<int, Version>> plans_;
  DirectoryPtr directory_;
  std::string organisation_yaml_;
  std::string organisation_hash_;
  bool organisation_is_own_ = false;
  std::map<PersonId, Credential> credentials_;
  std::map<PersonId, int> since_;  // the version of the organisation that brought the person in
  std::map<UnitId, HallWords> words_;
  std::map<IncidentId, Suspicion> suspicions_;

  friend struct RegistryApplier;
};

using RegistryPtr = std::shared_ptr<const Registry>;

}  // namespace tingan
