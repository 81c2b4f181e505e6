#include "report/pdf/typeset.h"

#include <algorithm>

namespace tingan::pdf {
namespace {

constexpr const char* kFamilies = "Noto Sans CJK SC,Source Han Sans SC,Noto Sans SC,sans-serif";

// What people wrote may hold anything: broken UTF-8 becomes U+FFFD, control characters become spaces.
std::string printable(const std::string& text) {
  gchar* valid = g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()));
  std::string out(valid);
  g_free(valid);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }, ' ');
  return out;
}

}  // namespace

Line::Line(std::shared_ptr<PangoLayout> layout, int index, const Style& style, double width, double first_indent)
    : layout_(std::move(layout)), index_(index), style_(style) {
  PangoLayoutLine* line = pango_layout_get_line_readonly(layout_.get(), index_);
  if (line->is_paragraph_start) offset_ = first_indent;
  if (style_.align == Align::left) return;
  PangoRectangle logical;
  pango_layout_line_get_extents(line, nullptr, &logical);
  const double rest = width - pango_units_to_double(logical.width);
  offset_ = style_.align == Align::right ? rest : rest / 2;
}

void Line::draw(cairo_t* cairo, double x, double y) const {
  // The em box of a Chinese font reaches from 0.88 above the baseline to 0.12 below; it is centred in the line.
  constexpr double kAscent = 0.88;
  const double baseline = y + (height() - style_.size) / 2 + kAscent * style_.size;
  cairo_set_source_rgb(cairo, style_.grey, style_.grey, style_.grey);
  cairo_move_to(cairo, x + offset_, baseline);
  pango_cairo_show_layout_line(cairo, pango_layout_get_line_readonly(layout_.get(), index_));
}

Typesetter::Typesetter(cairo_t* cairo, const std::string& language) : context_(pango_cairo_create_context(cairo)) {
  pango_context_set_language(context_.get(), pango_language_from_string(language == "en" ? "en" : "zh-cn"));
  // Positions are rounded to whole units otherwise, which sets Chinese unevenly in small sizes.
  pango_context_set_round_glyph_positions(context_.get(), FALSE);
}

std::shared_ptr<PangoLayout> Typesetter::layout(const std::string& text, const Style& style) const {
  std::shared_ptr<PangoLayout> out(pango_layout_new(context_.get()), GObjectDeleter{});
  PangoFontDescription* font = pango_font_description_new();
  pango_font_description_set_family_static(font, kFamilies);
  pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
  pango_layout_set_font_description(out.get(), font);
  pango_font_description_free(font);
  const std::string clean = printable(text);
  pango_layout_set_text(out.get(), clean.data(), static_cast<int>(clean.size()));
  return out;
}

std::vector<Line> Typesetter::lines(const std::string& text, const Style& style, double width,
                                    double first_indent) const {
  const auto set = layout(text, style);
  pango_layout_set_wrap(set.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_width(set.get(), pango_units_from_double(std::max(width, style.size)));
  pango_layout_set_indent(set.get(), pango_units_from_double(first_indent));
  std::vector<Line> out;
  const int count = pango_layout_get_line_count(set.get());
  for (int i = 0; i < count; ++i) out.emplace_back(set, i, style, width, first_indent);
  return out;
}

double Typesetter::width(const std::string& text, const Style& style) const {
  const auto set = layout(text, style);
  int width = 0;
  pango_layout_get_size(set.get(), &width, nullptr);
  return pango_units_to_double(width);
}

bool Typesetter::has_chinese() const {
  return pango_layout_get_unknown_glyphs_count(layout("厅安应急预案", {}).get()) == 0;
}

}  // namespace tingan::pdf
