// The bodies of all requests, taken apart and checked for shape. Pure: what the words mean is checked later.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/incident_event.h"
#include "model/organisation.h"

namespace tingan::api {

// Names and values as written; a JSON boolean is "true" or "false".
using Settings = std::vector<std::pair<std::string, std::string>>;

struct SignInBody {
  std::string user;
  std::string password;
};
struct PasswordBody {
  std::string old_password;
  std::string new_password;
};
struct DeclareBody {
  std::string unit;
  std::string type;
  Settings facts;
  std::string note;
  bool drill = false;
};
struct FactsBody {
  Settings set;
  std::string reason;
  std::string code;  // the hall's word, where the facts stand a silent incident down
};
struct StepBody {
  StepStatus state = StepStatus::done;  // started, done, skipped
  bool declined = false;                // or this: "I cannot"
  std::string note;
  std::string reason;
};
struct ReasonBody {
  std::string reason;
  std::string code;  // of a retract: the hall's word
};
struct WordsBody {
  std::string password;
  std::string stand_down;  // both, or neither: the hall has none any more
  std::string duress;
};
struct ProgressBody {
  std::string text;
};
// The six contents that a report must have (X6); absent ones are taken from the record.
struct ReportBody {
  std::string kind;
  std::map<std::string, std::string> content;
};
struct FormBody {
  std::string content;  // JSON of the object
};
struct PlanBody {
  std::string yaml;
};
// The organisation as text; `base` is the version that it was made from (0: not said).
struct OrganisationBody {
  std::string yaml;
  int base = 0;
};
struct ShiftsBody {
  std::string unit;
  int base = 0;
  std::vector<Shift> shifts;  // their `unit` is not set
};
struct PersonBody {
  std::string name;
  std::string unit;
  std::vector<std::string> roles;
  std::optional<std::string> phone;  // absent: as it was
  std::optional<std::string> email;
};
struct RehearsalBody {
  std::string plan;  // this, or `yaml`
  std::string yaml;
  std::string unit;
  Instant start{};
  int minutes = 180;
  Settings facts;
  std::vector<std::string> absent;
};
struct HandoverBody {
  std::optional<std::string> unit;
  std::string role;
  std::optional<std::string> from;
  std::string to;
  std::optional<Instant> until;
};
struct SubstitutionBody {
  std::optional<std::string> person;
  std::string stand_in;
  Instant from{};
  Instant to{};
};
struct PresenceBody {
  std::optional<std::string> person;
  bool present = true;
  std::optional<Instant> until;
};
struct HeadcountBody {
  std::vector<std::pair<std::string, Whereabouts>> staff;
  std::optional<int> customers_here;
  std::optional<int> customers_missing;
  std::string note;
};
// One alarm, whichever format it came in.
struct Alarm {
  std::string source;
  std::map<std::string, std::string> labels;
  std::string fingerprint;  // empty: the labels stand for it
  bool one_firing = false;  // the fingerprint names this very firing, not only the thing that fires
  bool resolved = false;
};

// Errors: `body.*`, `time.malformed`, each with the JSON pointer in `where`. An empty body stands for {} where nothing
// is required.
Expected<SignInBody> parse_sign_in(std::string_view body);
Expected<PasswordBody> parse_password(std::string_view body);
// {password}
Expected<std::string> parse_confirm(std::string_view body);
Expected<DeclareBody> parse_declare(std::string_view body);
Expected<FactsBody> parse_facts(std::string_view body);
Expected<StepBody> parse_step(std::string_view body);
Expected<ReasonBody> parse_retract(std::string_view body);
Expected<WordsBody> parse_words(std::string_view body);
Expected<ReasonBody> parse_reason(std::string_view body);
Expected<ProgressBody> parse_progress(std::string_view body);
Expected<ReportBody> parse_report(std::string_view body);
Expected<FormBody> parse_form(std::string_view body);
Expected<PlanBody> parse_plan_body(std::string_view body);
Expected<OrganisationBody> parse_organisation_body(std::string_view body);
Expected<ShiftsBody> parse_shifts(std::string_view body);
Expected<PersonBody> parse_person(std::string_view body);
Expected<RehearsalBody> parse_rehearsal(std::string_view body);
Expected<HandoverBody> parse_handover(std::string_view body);
Expected<SubstitutionBody> parse_substitution(std::string_view body);
// Error also `body.missing-field` where nothing at all was counted.
Expected<HeadcountBody> parse_headcount(std::string_view body);
Expected<PresenceBody> parse_presence(std::string_view body);
// Alertmanager's webhook (version 4) or {source, labels, fingerprint?}.
Expected<std::vector<Alarm>> parse_alarms(std::string_view body);
Expected<void> parse_nothing(std::string_view body);

// The names of a report's six contents, in their order.
const std::vector<std::string>& report_contents();

// Of one photo or voice note.
constexpr std::size_t kEvidenceBytesMax = 8 * 1024 * 1024;
constexpr std::size_t kOrganisationBytesMax = 1024 * 1024;
constexpr std::size_t kPlanBytesMax = 512 * 1024;
constexpr std::size_t kAlarmsMax = 1000;

}  // namespace tingan::api
