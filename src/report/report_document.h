// A report as data, ready to be laid out: the six contents that a report must have (X6), and the timeline behind them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "model/ids.h"

namespace tingan::report {

struct ReportSection {
  std::string id;        // place, time, type, effect, measures, outlook
  Text title;            // 单位与地点 / Hall and place
  std::string text;      // as written, or taken from the record; line breaks count
  bool written = false;  // by a person; otherwise the program took it from the record
};

struct ReportLine {
  Instant at{};
  std::string who;  // role, and the name where the reader may see it
  Text text;
};

struct ReportDocument {
  IncidentId incident;
  std::string kind;  // initial, follow-up, final
  Text kind_title;   // 初报 / Initial report
  Text incident_title;
  UnitId unit;
  Text unit_name;
  bool drill = false;
  std::string language = "zh";  // of the sections' texts, and what the document is to be set in
  std::string status;           // prefilled, drafted, filed
  std::optional<Instant> due;
  std::optional<Instant> filed;
  bool late = false;
  std::string author;  // who drafted or filed it; empty while prefilled
  std::vector<ReportSection> sections;
  std::vector<ReportLine> timeline;
  PlanId plan;
  int plan_version = 0;
  std::string plan_hash;
  Instant made{};
  Zone zone;
};

}  // namespace tingan::report
