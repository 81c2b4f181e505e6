#include "report/report_pdf.h"

#include "report/pdf/document.h"
#include "report/sheet.h"

namespace tingan::report {
namespace {

constexpr double kFaint = 0.35;

class Setter {
 public:
  explicit Setter(const Sheet& sheet) : sheet_(sheet) {}

  std::vector<pdf::Block> blocks() {
    const pdf::Style title{.size = 19, .bold = true, .pitch = 1.45, .align = pdf::Align::centre};
    add(pdf::Paragraph{.text = sheet_.title, .style = title, .after = 2});
    const pdf::Style subtitle{.size = 9.5, .grey = kFaint, .align = pdf::Align::centre};
    add(pdf::Paragraph{.text = sheet_.subtitle, .style = subtitle, .after = 8});
    head();
    for (const SheetPart& part : sheet_.contents) content(part);
    add(pdf::Paragraph{.text = sheet_.signatures, .style = {.size = 9.5}, .before = 26, .after = 14});
    for (const SheetPart& part : sheet_.annexes) annex(part);
    return std::move(blocks_);
  }

 private:
  bool chinese() const { return sheet_.language == "zh"; }
  void add(pdf::Block block) { blocks_.push_back(std::move(block)); }

  void head() {
    pdf::Table table{.columns = {{1.15}, {2.6}, {1.15}, {2.6}}, .after = 0};
    for (const auto& row : sheet_.head) table.rows.push_back(labelled(row));
    add(std::move(table));
    pdf::Table proof{.columns = {{1.15}, {6.35}}, .after = 8};
    for (const auto& row : sheet_.proof) proof.rows.push_back(labelled(row));
    add(std::move(proof));
  }

  // Labels, at the even places, stand back behind what they label.
  static std::vector<pdf::Cell> labelled(const std::vector<SheetCell>& row) {
    std::vector<pdf::Cell> cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back({row[i].text, row[i].strong, i % 2 == 0 ? kFaint : 0});
    }
    return cells;
  }

  void content(const SheetPart& part) {
    const pdf::Style heading{.size = 12, .bold = true, .pitch = 1.5};
    add(pdf::Paragraph{.text = part.heading, .style = heading, .before = 11, .after = 2, .heading = true});
    paragraphs(part, 10.5);
  }

  void annex(const SheetPart& part) {
    const pdf::Style heading{.size = 11, .bold = true, .pitch = 1.5};
    add(pdf::Paragraph{.text = part.heading, .style = heading, .before = 14, .after = 3, .heading = true});
    paragraphs(part, 9.5);
    if (part.table.rows.empty()) return;
    pdf::Table table;
    for (const double share : part.table.shares) table.columns.push_back({share});
    for (const std::string& cell : part.table.header) table.header.push_back({cell});
    for (const auto& row : part.table.rows) {
      std::vector<pdf::Cell> cells;
      for (const SheetCell& cell : row) cells.push_back({cell.text, cell.strong});
      table.rows.push_back(std::move(cells));
    }
    add(std::move(table));
  }

  void paragraphs(const SheetPart& part, double size) {
    for (const std::string& text : part.paragraphs) {
      const pdf::Style style{.size = size, .grey = part.faint ? kFaint : 0};
      // Chinese paragraphs begin two characters in.
      add(pdf::Paragraph{
          .text = text, .style = style, .after = chinese() ? 0.0 : 3.0, .first_indent = chinese() ? 2 * size : 0});
    }
  }

  const Sheet& sheet_;
  std::vector<pdf::Block> blocks_;
};

}  // namespace

Expected<std::string> report_pdf(const ReportDocument& document) {
  const Sheet sheet = sheet_of(document);
  pdf::Document paper;
  paper.language = sheet.language;
  paper.title = sheet.title;
  paper.author = document.author;
  paper.subject = sheet.subtitle;
  paper.made = document.made;
  paper.zone = document.zone;
  paper.running_head = sheet.title;
  paper.foot = sheet.foot;
  paper.watermark = sheet.mark;
  paper.blocks = Setter(sheet).blocks();
  return pdf::render(paper);
}

}  // namespace tingan::report
