// A report as data, ready to be laid out: the six contents that a report must have (X6), and the record behind them.
// What is not known yet is an empty text and is shown as such; what is late is shown, never hidden (X5).
#pragma once
#include <cstdint>
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
  std::string text;      // as written, or taken from the record; line breaks count; empty: not known yet
  bool written = false;  // by a person; otherwise the program took it from the record
};

struct ReportLine {
  Instant at{};
  std::string who;  // role, and the name where the reader may see it
  Text text;
};

// A step that is still to do, or that was late.
struct ReportStep {
  Text text;
  Text role;
  Text state;
  std::optional<Instant> due;
  bool late = false;
};

struct ReportEscalation {
  Text text;
  Text to;
  Instant due{};
  std::optional<Instant> fired;  // absent: still ahead
};

// How far one notice has come; only those that nobody acknowledged are named.
struct ReportNotices {
  int total = 0;
  int sent = 0;
  int delivered = 0;
  int seen = 0;
  int acknowledged = 0;
  struct Unanswered {
    std::string who;
    Text why;
    Instant at{};
    bool failed = false;  // no channel reached the person
  };
  std::vector<Unanswered> unanswered;
};

struct ReportGate {
  Text text;
  bool met = false;
};

// By number only: what somebody stated in a form is not for the readers of a report.
struct ReportForm {
  Text title;
  std::uint32_t number = 0;
  Instant filed{};
};

// One of the written reports that the plan asks for, whatever its state.
struct ReportClock {
  Text kind;
  std::optional<Instant> due;
  std::optional<Instant> filed;
  bool late = false;
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
  // Where the log stood: "hall-a:128:3f9a...", for 'tingan verify --head'; empty: nothing to name.
  std::string log_head;
  Instant made{};
  Zone zone;
  int number = 1;  // the how-manieth of its kind
  Text plan_title;
  Text state;  // 处置中 / Being dealt with
  Instant declared{};
  std::optional<Instant> contained;
  std::optional<Instant> closed;
  std::vector<ReportStep> open_steps;
  std::vector<ReportStep> late_steps;
  std::vector<ReportEscalation> escalations;
  ReportNotices notices;
  std::vector<ReportGate> gates;
  std::vector<ReportForm> forms;
  std::vector<ReportClock> reports;
};

}  // namespace tingan::report
