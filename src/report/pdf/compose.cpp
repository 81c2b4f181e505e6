#include "report/pdf/compose.h"

#include <algorithm>

namespace tingan::pdf {
namespace {

constexpr double kHairline = 0.4;
constexpr double kThinGrey = 0.75;

void horizontal(cairo_t* cairo, double x, double y, double width, double line, double grey) {
  cairo_set_source_rgb(cairo, grey, grey, grey);
  cairo_set_line_width(cairo, line);
  cairo_move_to(cairo, x, y);
  cairo_line_to(cairo, x + width, y);
  cairo_stroke(cairo);
}

void draw_marker(cairo_t* cairo, Marker marker, double x, double y, double size) {
  cairo_set_source_rgb(cairo, 0, 0, 0);
  cairo_set_line_width(cairo, size * 0.08);
  if (marker == Marker::box) {
    cairo_rectangle(cairo, x, y, size, size);
    cairo_stroke(cairo);
  } else if (marker == Marker::cross) {
    cairo_set_line_width(cairo, size * 0.16);
    cairo_move_to(cairo, x, y);
    cairo_line_to(cairo, x + size, y + size);
    cairo_move_to(cairo, x + size, y);
    cairo_line_to(cairo, x, y + size);
    cairo_stroke(cairo);
  }
}

class Composer {
 public:
  Composer(const Typesetter& typesetter, double width, double body_height)
      : typesetter_(typesetter), width_(width), body_height_(body_height) {}

  void operator()(const Paragraph& paragraph) {
    const double room = width_ - paragraph.indent;
    const auto lines = typesetter_.lines(paragraph.text, paragraph.style, room, paragraph.first_indent);
    pending_ = std::max(pending_, paragraph.before);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool last = i + 1 == lines.size();
      Slice slice;
      slice.extent.height = lines[i].height();
      slice.extent.keep_with_next = paragraph.heading || kept(i, lines.size());
      if (paragraph.heading && i == 0) slice.outline = paragraph.text;
      const bool rule = paragraph.rule_below && last;
      if (rule) slice.extent.height += 2;
      slice.draw = [line = lines[i], indent = paragraph.indent, rule, width = width_](cairo_t* cairo, double x,
                                                                                      double y) {
        line.draw(cairo, x + indent, y);
        if (rule) horizontal(cairo, x, y + line.height() + 1, width, kHairline, 0.35);
      };
      push(std::move(slice));
    }
    pending_ = paragraph.after;
  }

  void operator()(const Modules& modules) {
    constexpr double kQuiet = 4;  // squares of border on each side
    const double square = modules.side / (static_cast<double>(modules.rows.size()) + 2 * kQuiet);
    Slice slice;
    slice.extent.height = modules.side;
    slice.draw = [rows = modules.rows, square, left = (width_ - modules.side) / 2](cairo_t* cairo, double x, double y) {
      cairo_set_source_rgb(cairo, 0, 0, 0);
      for (std::size_t row = 0; row < rows.size(); ++row) {
        for (std::size_t column = 0; column < rows[row].size(); ++column) {
          if (!rows[row][column]) continue;
          cairo_rectangle(cairo, x + left + (kQuiet + static_cast<double>(column)) * square,
                          y + (kQuiet + static_cast<double>(row)) * square, square, square);
        }
      }
      cairo_fill(cairo);
    };
    push(std::move(slice));
    pending_ = modules.after;
  }

  void operator()(const Table& table) {
    std::vector<double> widths;
    double shares = 0;
    for (const Column& column : table.columns) shares += column.share;
    for (const Column& column : table.columns) widths.push_back(width_ * column.share / shares);
    const auto header = static_cast<int>(slices_.size());
    if (!table.header.empty()) add_row(table, table.header, widths, RowKind::header);
    const auto header_end = static_cast<int>(slices_.size());
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const auto first = slices_.size();
      add_row(table, table.rows[i], widths, RowKind::body);
      if (header_end > header) {
        for (auto at = first; at < slices_.size(); ++at) {
          slices_[at].extent.repeat = header;
          slices_[at].extent.repeat_end = header_end;
        }
      }
      // The last row does not stand alone on a page.
      if (i + 2 == table.rows.size() && i > 0) slices_.back().extent.keep_with_next = true;
    }
    pending_ = table.after;
  }

  void operator()(const Item& item) {
    const double marker = item.marker == Marker::none ? 0 : item.size * 1.8;
    const Style style{.size = item.size, .pitch = 1.5};
    const Style note_style{.size = item.size * 0.9, .bold = true, .pitch = 1.5 / 0.9, .align = Align::right};
    const double note = item.note.empty() ? 0 : typesetter_.width(item.note, note_style) + item.size;
    const auto first = slices_.size();
    const auto lines = typesetter_.lines(item.text, style, width_ - marker - note);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::vector<Line> note_line;
      if (i == 0 && note > 0) note_line = typesetter_.lines(item.note, note_style, note);
      push({{.height = lines[i].height()},
            [line = lines[i], note_line, i, marker, note, width = width_, kind = item.marker, size = item.size](
                cairo_t* cairo, double x, double y) {
              if (i == 0) draw_marker(cairo, kind, x, y + size * 0.3, size * 0.9);
              line.draw(cairo, x + marker, y);
              for (const Line& one : note_line) one.draw(cairo, x + width - note, y);
            },
            {}});
    }
    for (const Cell& detail : item.details) {
      const Style small{.size = item.size * 0.86, .bold = detail.bold, .grey = detail.grey, .pitch = 1.5};
      for (const Line& line : typesetter_.lines(detail.text, small, width_ - marker)) {
        push({{.height = line.height()},
              [line, marker](cairo_t* cairo, double x, double y) { line.draw(cairo, x + marker, y); },
              {}});
      }
    }
    keep_together(first);
    pending_ = item.after;
  }

  std::vector<Slice> finish() && { return std::move(slices_); }

 private:
  enum class RowKind { header, body };

  // No single line of a paragraph stands alone at the foot or at the head of a page.
  static bool kept(std::size_t line, std::size_t count) { return line + 1 < count && (line == 0 || line + 2 == count); }

  void push(Slice slice) {
    slice.extent.before = pending_;
    pending_ = 0;
    slices_.push_back(std::move(slice));
  }

  // Unless they are so tall that a page would stay half empty.
  void keep_together(std::size_t first) {
    double height = 0;
    for (std::size_t i = first; i < slices_.size(); ++i) height += slices_[i].extent.height;
    const bool whole = height <= body_height_ * 0.4;
    const std::size_t count = slices_.size() - first;
    for (std::size_t i = 0; i + 1 < count; ++i) {
      slices_[first + i].extent.keep_with_next = whole || kept(i, count);
    }
  }

  void add_row(const Table& table, const std::vector<Cell>& cells, const std::vector<double>& widths, RowKind kind) {
    constexpr double kSide = 3;
    constexpr double kAbove = 2;
    const bool header = kind == RowKind::header;
    std::vector<std::vector<Line>> columns;
    std::vector<double> lefts;
    double left = 0;
    std::size_t count = 1;
    for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
      const Style style{.size = table.size,
                        .bold = header || cells[i].bold,
                        .grey = cells[i].grey,
                        .pitch = 1.45,
                        .align = table.columns[i].align};
      columns.push_back(typesetter_.lines(cells[i].text, style, widths[i] - 2 * kSide));
      lefts.push_back(left + kSide);
      left += widths[i];
      count = std::max(count, columns.back().size());
    }
    const auto first = slices_.size();
    for (std::size_t k = 0; k < count; ++k) {
      const bool last = k + 1 == count;
      const double above = k == 0 ? kAbove : 0;
      const double height = table.size * 1.45 + above + (last ? kAbove : 0);
      std::vector<std::pair<double, Line>> parts;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (k < columns[i].size()) parts.emplace_back(lefts[i], columns[i][k]);
      }
      push({{.height = height},
            [parts, above, height, last, header, top = header && k == 0, width = width_](cairo_t* cairo, double x,
                                                                                         double y) {
              for (const auto& [at, line] : parts) line.draw(cairo, x + at, y + above);
              if (top) horizontal(cairo, x, y, width, 0.8, 0);
              if (last) horizontal(cairo, x, y + height, width, header ? 0.6 : kHairline, header ? 0 : kThinGrey);
            },
            {}});
    }
    keep_together(first);
    if (header) slices_.back().extent.keep_with_next = true;
  }

  const Typesetter& typesetter_;
  double width_;
  double body_height_;
  double pending_ = 0;
  std::vector<Slice> slices_;
};

}  // namespace

std::vector<Slice> compose(const std::vector<Block>& blocks, const Typesetter& typesetter, double width,
                           double body_height) {
  Composer composer(typesetter, width, body_height);
  for (const Block& block : blocks) std::visit(composer, block);
  return std::move(composer).finish();
}

}  // namespace tingan::pdf
