// The card as text for the terminal and as HTML for print.
#include "base/encoding.h"
#include "report/role_card.h"

namespace tingan {
namespace {

std::string in_language(const Text& text, Language language) {
  if (language == Language::zh) return text.zh;
  if (language == Language::en) return text.en;
  return text.zh == text.en || text.en.empty() ? text.zh : text.zh + " / " + text.en;
}

// Both languages stand one under the other, the second one smaller.
std::string in_html(const Text& text, Language language) {
  if (language != Language::both) return escape_markup(in_language(text, language));
  if (text.zh == text.en) return escape_markup(text.zh);
  return fmt::format("{}<span class=\"en\" lang=\"en\">{}</span>", escape_markup(text.zh), escape_markup(text.en));
}

constexpr const char* kStyle = R"(
@page { size: A4; margin: 15mm 15mm 20mm; }
body { font-family: "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", sans-serif; font-size: 11pt; line-height: 1.5; margin: 0 auto; max-width: 180mm; color: #111; }
h1 { font-size: 20pt; margin: 0; }
h2 { font-size: 13pt; margin: 6mm 0 2mm; border-bottom: 1px solid #888; break-after: avoid; }
.sub, .detail, .clauses, footer { color: #444; font-size: 9pt; }
ul { list-style: none; margin: 0; padding: 0; }
li { break-inside: avoid; padding: 1.5mm 0 1.5mm 8mm; position: relative; }
li::before { content: "☐"; position: absolute; left: 0; }
li.no::before { content: "✕"; }
.mark { font-weight: bold; float: right; margin-left: 4mm; }
.en { display: block; color: #444; font-size: 9pt; }
.detail { display: block; }
footer { position: fixed; bottom: 0; left: 0; right: 0; text-align: center; }
@media screen { body { padding: 8mm; } footer { position: static; margin-top: 8mm; } }
)";

void draw_row(std::string& out, const CardRow& row, Language language) {
  out += row.forbidden ? "<li class=\"no\">" : "<li>";
  if (!row.mark.empty()) {
    const Language mark_language = language == Language::en ? Language::en : Language::zh;
    out += fmt::format("<span class=\"mark\">{}</span>", escape_markup(in_language(row.mark, mark_language)));
  }
  out += in_html(row.text, language);
  for (const Text& detail : row.details)
    out += fmt::format("<span class=\"detail\">{}</span>", in_html(detail, language));
  if (!row.clauses.empty()) out += fmt::format("<span class=\"clauses\">{}</span>", escape_markup(row.clauses));
  out += "</li>\n";
}

}  // namespace

std::string role_card_html(const Plan& plan, const RoleCardOptions& options) {
  const Card card = role_card(plan, options);
  const Language language = options.language;
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head><meta "
      "charset=\"utf-8\"><title>{}</title><style>{}</style></head>\n<body>\n",
      language == Language::en ? "en" : "zh-CN", escape_markup(in_language(card.title, language)), kStyle);
  out += fmt::format("<h1>{}</h1>\n<p class=\"sub\">{}</p>\n", in_html(card.title, language),
                     in_html(card.subtitle, language));
  for (const CardSection& section : card.sections) {
    out += fmt::format("<h2>{}</h2>\n<ul>\n", in_html(section.title, language));
    for (const CardRow& row : section.rows) draw_row(out, row, language);
    out += "</ul>\n";
  }
  out += fmt::format("<footer>{}</footer>\n</body>\n</html>\n", escape_markup(card.foot));
  return out;
}

std::string role_card_text(const Plan& plan, const RoleCardOptions& options) {
  const Card card = role_card(plan, options);
  const auto say = [&](const Text& text) { return in_language(text, options.language); };
  std::string out = fmt::format("{}\n{}\n", say(card.title), say(card.subtitle));
  for (const CardSection& section : card.sections) {
    out += fmt::format("\n{}\n", say(section.title));
    for (const CardRow& row : section.rows) {
      out += fmt::format("  {} {}", row.forbidden ? "✕" : "☐", say(row.text));
      if (!row.mark.empty()) out += fmt::format("  [{}]", say(row.mark));
      if (!row.clauses.empty()) out += fmt::format("  ({})", row.clauses);
      out += '\n';
      for (const Text& detail : row.details) out += fmt::format("      {}\n", say(detail));
    }
  }
  out += fmt::format("\n{}\n", card.foot);
  return out;
}

}  // namespace tingan
