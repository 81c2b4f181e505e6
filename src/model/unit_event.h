// What happens to a unit beside its incidents: plans, people, rosters, alarms. Kept in the unit's own log (the
// organisation's and the plans' in the top unit's).
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/actor.h"
#include "model/incident_event.h"

namespace tingan {

// The whole text stands in the log: what ran can always be read again.
struct PlanPublished {
  static constexpr const char* kName = "plan-published";
  static constexpr int kVersion = 1;
  PlanId plan;
  int version = 0;
  std::string hash;
  std::string yaml;
  friend bool operator==(const PlanPublished&, const PlanPublished&) = default;
};
BOOST_DESCRIBE_STRUCT(PlanPublished, (), (plan, version, hash, yaml))

struct SealedPerson {
  PersonId person;
  Sealed details;  // {"name","phone","email"} under the key person:<id>
  friend bool operator==(const SealedPerson&, const SealedPerson&) = default;
};
BOOST_DESCRIBE_STRUCT(SealedPerson, (), (person, details))

// `yaml` is the organisation file with the persons' names, phones and mail addresses taken out.
struct OrganisationPublished {
  static constexpr const char* kName = "organisation-published";
  static constexpr int kVersion = 1;
  int version = 0;
  std::string hash;  // of the original text
  std::string yaml;
  std::vector<SealedPerson> people;
  friend bool operator==(const OrganisationPublished&, const OrganisationPublished&) = default;
};
BOOST_DESCRIBE_STRUCT(OrganisationPublished, (), (version, hash, yaml, people))

// `stand_in` takes `person`'s shifts in [from, to).
struct SubstitutionSet {
  static constexpr const char* kName = "substitution-set";
  static constexpr int kVersion = 1;
  PersonId person;
  PersonId stand_in;
  Instant from;
  Instant to;
  friend bool operator==(const SubstitutionSet&, const SubstitutionSet&) = default;
};
BOOST_DESCRIBE_STRUCT(SubstitutionSet, (), (person, stand_in, from, to))

// From now on, and until the end of `from`'s shift, `to` holds the role at the unit: also for what is already open.
struct RoleHandedOver {
  static constexpr const char* kName = "role-handed-over";
  static constexpr int kVersion = 1;
  UnitId unit;
  RoleId role;
  PersonId from;
  PersonId to;
  Instant until;
  friend bool operator==(const RoleHandedOver&, const RoleHandedOver&) = default;
};
BOOST_DESCRIBE_STRUCT(RoleHandedOver, (), (unit, role, from, to, until))

// Here or not here, whatever the roster says, until `until`.
struct PresenceStated {
  static constexpr const char* kName = "presence-stated";
  static constexpr int kVersion = 1;
  PersonId person;
  bool present = true;
  Instant until;
  friend bool operator==(const PresenceStated&, const PresenceStated&) = default;
};
BOOST_DESCRIBE_STRUCT(PresenceStated, (), (person, present, until))

struct PasswordSet {
  static constexpr const char* kName = "password-set";
  static constexpr int kVersion = 1;
  PersonId person;
  Sealed verifier;  // Argon2id string under the key person:<id>
  bool must_change = false;
  friend bool operator==(const PasswordSet&, const PasswordSet&) = default;
};
BOOST_DESCRIBE_STRUCT(PasswordSet, (), (person, verifier, must_change))

// The words with which people of a hall stand a silent incident down: one that is meant, one that is said under threat
// (docs/adr/0014-duress.md). Both empty: the hall has none any more.
struct HallWordsSet {
  static constexpr const char* kName = "hall-words-set";
  static constexpr int kVersion = 1;
  UnitId unit;
  Sealed stand_down;  // Argon2id strings under the key unit:<id>
  Sealed duress;
  friend bool operator==(const HallWordsSet&, const HallWordsSet&) = default;
};
BOOST_DESCRIBE_STRUCT(HallWordsSet, (), (unit, stand_down, duress))

// A machine says that something may be wrong; a person confirms or dismisses.
struct SuspicionRaised {
  static constexpr const char* kName = "suspicion-raised";
  static constexpr int kVersion = 1;
  IncidentId suspicion;  // same shape of id as an incident's
  UnitId unit;
  PlanId plan;
  std::vector<FactSetting> facts;
  std::string source;
  std::string fingerprint;  // the same alarm sent again does not raise a second one
  std::vector<RoleId> confirm_by;
  std::vector<PersonId> told;
  Instant again_at;
  friend bool operator==(const SuspicionRaised&, const SuspicionRaised&) = default;
};
BOOST_DESCRIBE_STRUCT(SuspicionRaised, (),
                      (suspicion, unit, plan, facts, source, fingerprint, confirm_by, told, again_at))

struct SuspicionToldAgain {
  static constexpr const char* kName = "suspicion-told-again";
  static constexpr int kVersion = 1;
  IncidentId suspicion;
  int round = 0;
  std::vector<PersonId> told;
  Instant again_at;
  friend bool operator==(const SuspicionToldAgain&, const SuspicionToldAgain&) = default;
};
BOOST_DESCRIBE_STRUCT(SuspicionToldAgain, (), (suspicion, round, told, again_at))

struct SuspicionSettled {
  static constexpr const char* kName = "suspicion-settled";
  static constexpr int kVersion = 1;
  IncidentId suspicion;
  bool confirmed = false;
  IncidentId incident;  // confirmed: the incident that was declared
  Sealed reason;
  friend bool operator==(const SuspicionSettled&, const SuspicionSettled&) = default;
};
BOOST_DESCRIBE_STRUCT(SuspicionSettled, (), (suspicion, confirmed, incident, reason))

// One line of the log of what touches security: who did what to whom, from where, how often. No names, no numbers, no
// free text: a person is the log-in name, an address stands without its last part.
struct SecurityNote {
  std::string kind;    // "sign-in", "sign-in-failed", "refused", "look" ... (docs/formats/log.md)
  PersonId person;     // who; empty: nobody that is known
  std::string target;  // whom or what: a person, a unit, a channel, a plan, a route; may be empty
  std::string code;    // of a refusal; else empty
  std::string from;    // "192.0.2.*"; empty: not from outside
  std::uint32_t count = 1;
  Instant first;
  Instant last;
  friend bool operator==(const SecurityNote&, const SecurityNote&) = default;
};
BOOST_DESCRIBE_STRUCT(SecurityNote, (), (kind, person, target, code, from, count, first, last))

// Stands in a log of its own (kSecurityLog), beside those of the units, chained and signed like them. Changes no state.
struct SecurityNoted {
  static constexpr const char* kName = "security-noted";
  static constexpr int kVersion = 1;
  std::vector<SecurityNote> notes;
  friend bool operator==(const SecurityNoted&, const SecurityNoted&) = default;
};
BOOST_DESCRIBE_STRUCT(SecurityNoted, (), (notes))

// No unit can have this name: it is no id of an organisation.
inline constexpr const char* kSecurityLog = "@security";

using UnitEvent =
    std::variant<PlanPublished, OrganisationPublished, SubstitutionSet, RoleHandedOver, PresenceStated, PasswordSet,
                 HallWordsSet, SuspicionRaised, SuspicionToldAgain, SuspicionSettled, SecurityNoted>;

}  // namespace tingan
