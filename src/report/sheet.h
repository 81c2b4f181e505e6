// A report as a reader sees it, in one language and before it is drawn: what the PDF and the HTML page have in common.
#pragma once
#include <string>
#include <vector>

#include "report/report_document.h"

namespace tingan::report {

struct SheetCell {
  std::string text;
  bool strong = false;  // late, not met: what must not be overlooked
};

struct SheetTable {
  std::vector<double> shares;
  std::vector<std::string> header;
  std::vector<std::vector<SheetCell>> rows;
};

struct SheetPart {
  std::string id;
  std::string heading;
  std::vector<std::string> paragraphs;
  bool faint = false;  // the paragraphs say that nothing is known, or that there is nothing
  SheetTable table;
};

struct Sheet {
  std::string language;
  std::string mark;                           // 演练, or empty
  std::string title;                          // 湖滨路营业厅火灾情况初报
  std::string subtitle;                       // 第 1 号 · 填报稿
  std::vector<std::vector<SheetCell>> head;   // label, value, label, value
  std::vector<std::vector<SheetCell>> proof;  // label, value: ids and hashes
  std::vector<SheetPart> contents;            // the six
  std::string signatures;
  std::vector<SheetPart> annexes;
  std::string foot;  // plan, version, hash
};

Sheet sheet_of(const ReportDocument& document);

}  // namespace tingan::report
