// The timeline in words: what a reader of a report or a register sees of an incident's events.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/incident_event.h"
#include "model/plan.h"
#include "report/report_document.h"

namespace tingan::report {

// One event of one record. `note` is the opened text of what the event has sealed, where the reader may see it; of a
// filed form it is never shown.
struct TimelineEntry {
  Instant at{};
  Actor by;
  IncidentEvent event;
  std::string note;
};

struct TimelineContext {
  const Plan& plan;
  Zone zone;
  std::function<std::string(PersonId)> name_of;  // empty string: the reader may not see it
  std::function<Text(const Text&)> fill;         // placeholders of the plan's texts
  std::function<Text(UnitId)> unit_name;
  std::function<Text(FormId)> form_title;

  std::string person(PersonId id) const;
  Text filled(const Text& text) const;
  // 营业厅主任 王一
  Text who(const Actor& actor) const;
};

// Nothing for what only machines care about (a message on its way, a report's draft).
std::optional<Text> say_event(const TimelineContext& context, const TimelineEntry& entry);
// The same, with a short sentence for those as well: for the full record, where nothing is left out.
Text say_any_event(const TimelineContext& context, const TimelineEntry& entry);
std::vector<ReportLine> timeline_of(const TimelineContext& context, const std::vector<TimelineEntry>& entries,
                                    const std::string& language);

}  // namespace tingan::report
