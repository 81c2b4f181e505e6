// A whole document as PDF bytes. Pure: the date is an argument, so the same input gives the same bytes.
#pragma once
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "report/pdf/block.h"
#include "report/pdf/paper.h"

namespace tingan::pdf {

struct Document {
  Paper paper;
  std::string language = "zh";
  std::string title;
  std::string author;
  std::string subject;
  Instant made{};
  Zone zone;
  std::string running_head;  // at the top of every page but the first
  std::string foot;          // at the foot of every page: plan, version, hash
  std::string watermark;     // large and pale across every page; also at its top
  std::vector<Block> blocks;
};

// Errors: `report.font-missing` (no font for Chinese), `report.pdf-failed`.
Expected<std::string> render(const Document& document);

}  // namespace tingan::pdf
