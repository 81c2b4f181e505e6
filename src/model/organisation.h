// Who there is, where, when, and how they are reached (docs/formats/organisation.md).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "model/ids.h"
#include "model/plan.h"

namespace tingan {

// Minutes of the local day; `to` <= `from` runs past midnight.
struct MinuteSpan {
  int from = 0;
  int to = 0;
};

// Bit i is weekday i, 0 Monday .. 6 Sunday.
using Weekdays = unsigned;
constexpr Weekdays kEveryDay = 0x7f;

enum class UnitKind { company, centre, department, hall };

struct OpeningHours {
  Weekdays days = kEveryDay;
  MinuteSpan span;
};

struct Unit {
  UnitId id;
  UnitKind kind = UnitKind::hall;
  UnitId parent;  // empty at the top
  Text name;
  Text address;
  Text landmarks;
  Text assembly_point;
  std::string phone;
  std::vector<OpeningHours> hours;
  std::map<PartId, std::string> numbers;  // outside parties
  int line = 0;
};

struct Person {
  PersonId id;
  std::string name;  // personal data, like phone and email
  UnitId unit;
  std::vector<RoleId> roles;  // standing roles: the rights at any hour
  std::string phone;
  std::string email;
  int line = 0;
};

struct Shift {
  UnitId unit;
  Weekdays days = kEveryDay;
  MinuteSpan span;
  bool on_call = false;  // by phone, not on the spot
  std::map<RoleId, std::vector<PersonId>> people;
  int line = 0;
};

struct Holiday {
  int year = 0;
  int month = 0;
  int day = 0;
  int as_weekday = 6;  // the roster of this weekday counts
  Text title;
};

// A secret is named, never written down here. The organisation file is published over HTTP, so there it is a name that
// the operator gave (`serve --secret NAME=FILE`); the connectors' file is the operator's own and may also name a
// variable or a file of the host.
struct SecretRef {
  std::string env;
  std::string file;
  std::string name;

  friend bool operator==(const SecretRef&, const SecretRef&) = default;
};

struct ChannelConfig {
  ChannelId id;
  std::string kind;  // webhook, wecom, dingtalk, feishu, smtp
  std::string url;
  SecretRef secret;
  std::map<std::string, std::string> options;  // kind-specific: from, user, ...
  std::vector<UnitId> units;                   // incidents of these units; empty: all
  std::vector<RoleId> roles;                   // notices for these roles; empty: all
  bool screen = false;                         // a hall screen or speaker: nothing of a silent plan
  int line = 0;
};

struct AlarmMapping {
  std::string source;
  std::map<std::string, std::string> match;  // label -> value, '*' at the end is a prefix
  UnitId unit;                               // fixed, or ...
  std::string unit_label;                    // ... the label that names it
  PlanId type;
  std::vector<FactSetting> facts;
  bool suspicion = false;  // a person confirms first
  std::vector<RoleId> confirm_by;
  int line = 0;
};

struct Organisation {
  std::string id;
  int version = 0;
  std::string file;
  Text title;
  Zone zone;
  std::optional<Duration> correlation_window;
  std::vector<Holiday> holidays;
  std::map<RoleId, std::vector<RoleId>> fallbacks;
  std::vector<Unit> units;
  std::vector<Person> people;
  std::vector<Shift> roster;
  std::vector<ChannelConfig> channels;
  std::vector<AlarmMapping> alarms;
};

using OrganisationPtr = std::shared_ptr<const Organisation>;

const Unit* find_unit(const Organisation& organisation, UnitId id);
const Person* find_person(const Organisation& organisation, PersonId id);
// The unit without a parent: its log holds plans, people and rosters.
const Unit& top_unit(const Organisation& organisation);
// True when `unit` is `above` or stands anywhere below it.
bool is_within(const Organisation& organisation, UnitId unit, UnitId above);

}  // namespace tingan
