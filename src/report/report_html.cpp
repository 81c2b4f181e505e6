#include "report/report_html.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "report/sheet.h"

namespace tingan::report {
namespace {

// Changing it changes kStyleSource below; a test compares them.
constexpr std::string_view kStyle = R"(
@page { size: A4; margin: 20mm 20mm 22mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; color: #444; } }
* { box-sizing: border-box; }
html { background: #f7f8fa; }
body { font-family: "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif; font-size: 10.5pt; line-height: 1.6; color: #1f2329; background: #fff; max-width: 210mm; margin: 8mm auto; padding: 20mm; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
h1 { font-size: 19pt; line-height: 1.4; text-align: center; margin: 0 0 1mm; }
h2 { font-size: 12pt; margin: 5mm 0 1mm; break-after: avoid; }
.annex h2 { font-size: 11pt; }
.sub, .faint, .head th, footer { color: #50565f; }
.sub { text-align: center; margin: 0 0 4mm; font-size: 9.5pt; }
p { margin: 0; }
:lang(zh) .text p { text-indent: 2em; }
table { width: 100%; border-collapse: collapse; font-size: 9pt; line-height: 1.45; }
th, td { text-align: left; vertical-align: top; font-weight: normal; padding: 1mm 1.2mm; border-bottom: 0.4pt solid #bfbfbf; }
thead { display: table-header-group; }
thead th { font-weight: bold; border-top: 0.8pt solid #000; border-bottom: 0.6pt solid #000; }
tr { break-inside: avoid; }
strong { font-weight: bold; }
.head th { white-space: nowrap; width: 14%; }
.time { white-space: nowrap; }
.signatures { margin: 12mm 0 6mm; font-size: 9.5pt; }
.mark { position: fixed; inset: 0; display: flex; align-items: center; justify-content: center; font-size: 60mm; font-weight: bold; color: rgba(0, 0, 0, 0.07); transform: rotate(-36deg); pointer-events: none; }
.marked { font-weight: bold; text-align: right; }
footer { margin-top: 8mm; font-size: 8pt; border-top: 0.4pt solid #bfbfbf; padding-top: 1mm; }
@media print { html { background: none; } body { margin: 0; padding: 0; max-width: none; color: #000; } }
@media (max-width: 640px) { body { margin: 0; padding: 5mm; } }
)";

constexpr std::string_view kStyleSource = "'sha256-/WtaIhOyZ0/4sGovab3RE8eKwybn06XlM5GxjUmfXRY='";

std::string cell(const SheetCell& cell) {
  const std::string text = escape_markup(cell.text);
  return cell.strong ? "<strong>" + text + "</strong>" : text;
}

void paragraphs(std::string& out, const SheetPart& part) {
  for (const std::string& text : part.paragraphs) {
    out += fmt::format("<p{}>{}</p>\n", part.faint ? " class=\"faint\"" : "", escape_markup(text));
  }
}

// Labels stand at the even places of a row.
void head_rows(std::string& out, const std::vector<std::vector<SheetCell>>& rows, int span) {
  for (const auto& row : rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i % 2 == 0) {
        out += fmt::format("<th scope=\"row\">{}</th>", cell(row[i]));
      } else if (span > 1) {
        out += fmt::format("<td colspan=\"{}\">{}</td>", span, cell(row[i]));
      } else {
        out += fmt::format("<td>{}</td>", cell(row[i]));
      }
    }
    out += "</tr>\n";
  }
}

void annex(std::string& out, const SheetPart& part) {
  out += fmt::format("<section class=\"annex\" id=\"{}\">\n<h2>{}</h2>\n", escape_markup(part.id),
                     escape_markup(part.heading));
  paragraphs(out, part);
  if (!part.table.rows.empty()) {
    out += "<table>\n<thead><tr>";
    for (const std::string& name : part.table.header) {
      out += fmt::format("<th scope=\"col\">{}</th>", escape_markup(name));
    }
    out += "</tr></thead>\n<tbody>\n";
    for (const auto& row : part.table.rows) {
      out += "<tr>";
      for (const SheetCell& one : row) out += fmt::format("<td>{}</td>", cell(one));
      out += "</tr>\n";
    }
    out += "</tbody>\n</table>\n";
  }
  out += "</section>\n";
}

}  // namespace

std::string_view report_style() { return kStyle; }
std::string_view report_style_source() { return kStyleSource; }

std::string report_html(const ReportDocument& document) {
  const Sheet sheet = sheet_of(document);
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n",
      sheet.language == "en" ? "en" : "zh-CN", kStyleSource, escape_markup(sheet.title), kStyle);
  if (!sheet.mark.empty()) {
    out += fmt::format("<div class=\"mark\" aria-hidden=\"true\">{0}</div>\n<p class=\"marked\">{0}</p>\n",
                       escape_markup(sheet.mark));
  }
  out += fmt::format("<h1>{}</h1>\n<p class=\"sub\">{}</p>\n<table class=\"head\">\n", escape_markup(sheet.title),
                     escape_markup(sheet.subtitle));
  head_rows(out, sheet.head, 1);
  head_rows(out, sheet.proof, 3);
  out += "</table>\n";
  for (const SheetPart& part : sheet.contents) {
    out += fmt::format("<section class=\"text\" id=\"{}\">\n<h2>{}</h2>\n", escape_markup(part.id),
                       escape_markup(part.heading));
    paragraphs(out, part);
    out += "</section>\n";
  }
  out += fmt::format("<p class=\"signatures\">{}</p>\n", escape_markup(sheet.signatures));
  for (const SheetPart& part : sheet.annexes) annex(out, part);
  out += fmt::format("<footer>{}</footer>\n</body>\n</html>\n", escape_markup(sheet.foot));
  return out;
}

}  // namespace tingan::report
