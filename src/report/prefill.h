// Writes a report as far as the record goes: the six contents (X6) and what stands behind them. Pure; the same input
// gives the same document. What the record does not hold is said to be not known yet, for a person to fill in.
#pragma once
#include <map>

#include "model/incident_state.h"
#include "model/organisation.h"
#include "report/report_document.h"
#include "report/timeline.h"

namespace tingan::report {

// Orders taken by hand during the incident in one hall (S4.1-S4.4): numbers, nothing of the customers.
struct ReportAcceptance {
  struct Broken {
    std::string number;
    Instant due{};
  };
  Text hall;
  std::uint32_t taken = 0;
  std::uint32_t callbacks = 0;  // of those taken
  std::uint32_t entered = 0;
  std::uint32_t rejected = 0;
  std::uint32_t handed_back = 0;
  std::uint32_t waiting = 0;
  std::uint32_t promises_kept = 0;
  std::string missing;  // numbers of the hall, "000012-000014"; empty: none
  std::vector<Broken> broken;
};

struct PrefillInput {
  const IncidentState& state;  // with its pinned plan
  const Organisation& organisation;
  const std::vector<TimelineEntry>& entries;  // in order
  std::string kind = "initial";               // initial, follow-up, final
  std::string language = "zh";
  Instant now{};
  // What the rules say of the incident; they are not this room's to decide.
  std::vector<std::pair<PartId, bool>> gates;            // met or not
  std::vector<std::pair<PartId, Instant>> next_firings;  // of escalations still ahead
  std::vector<ReportAcceptance> acceptance;              // by hall; empty: nothing was taken by hand
  // The filing in `entries` that the document is of; absent: the next report of this kind.
  const TimelineEntry* filing = nullptr;
  std::function<std::string(PersonId)> name_of;  // absent: the organisation's names
  std::function<Text(const Text&)> fill;         // placeholders of the plan's texts; absent: as they stand
  std::map<FormId, Text> form_titles;
};

ReportDocument prefill(const PrefillInput& input);

}  // namespace tingan::report
