// The six contents of a report (X6), each written from the record.
#pragma once
#include "report/prefill.h"

namespace tingan::report {

struct SectionSource {
  const PrefillInput& input;
  const TimelineContext& words;
  const ReportDocument& document;  // its head and tables are filled already

  const IncidentState& state = input.state;
  const Plan& plan = *input.state.plan;
};

Text place_text(const SectionSource& source);
Text time_text(const SectionSource& source);
Text type_text(const SectionSource& source);
Text effect_text(const SectionSource& source);
Text measures_text(const SectionSource& source);
Text outlook_text(const SectionSource& source);

// Parts of them, empty where there is nothing to say (prefill_counts.cpp).
Text acceptance_text(const SectionSource& source);
Text headcount_text(const SectionSource& source);
Text declined_text(const SectionSource& source);

}  // namespace tingan::report
