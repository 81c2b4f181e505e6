// Writes a report as far as the record goes: the six contents (X6) and what stands behind them. Pure; the same input
// gives the same document. What the record does not hold is said to be not known yet, for a person to fill in.
#pragma once
#include <map>

#include "model/incident_state.h"
#include "model/organisation.h"
#include "report/report_document.h"
#include "report/timeline.h"

namespace tingan::report {

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
  // The filing in `entries` that the document is of; absent: the next report of this kind.
  const TimelineEntry* filing = nullptr;
  std::function<std::string(PersonId)> name_of;  // absent: the organisation's names
  std::function<Text(const Text&)> fill;         // placeholders of the plan's texts; absent: as they stand
  std::map<FormId, Text> form_titles;
};

ReportDocument prefill(const PrefillInput& input);

}  // namespace tingan::report
