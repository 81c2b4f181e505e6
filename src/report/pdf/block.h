// What a document is made of, before it is set: paragraphs, tables and list items, top to bottom.
#pragma once
#include <string>
#include <variant>
#include <vector>

namespace tingan::pdf {

enum class Align { left, centre, right };

struct Style {
  double size = 10.5;  // points
  bool bold = false;
  double grey = 0;     // 0 black .. 1 white
  double pitch = 1.6;  // distance of baselines, in sizes
  Align align = Align::left;
};

struct Paragraph {
  std::string text;  // '\n' starts a new line
  Style style;
  double before = 0;
  double after = 0;
  double indent = 0;        // of all lines
  double first_indent = 0;  // of the first line, beyond `indent`
  bool heading = false;     // never alone at the foot of a page; listed in the outline
  bool rule_below = false;
};

struct Column {
  double share = 1;  // of the table's width
  Align align = Align::left;
};

struct Cell {
  std::string text;
  bool bold = false;
  double grey = 0;
};

// Rows move to the next page whole, unless they are very tall; the header stands again on every page.
struct Table {
  std::vector<Column> columns;
  std::vector<Cell> header;  // empty: none
  std::vector<std::vector<Cell>> rows;
  double size = 9;
  double after = 0;
};

enum class Marker { none, box, cross };

// One entry of a list: a mark to tick, a text, a note at the right (a deadline), and smaller lines under it.
struct Item {
  Marker marker = Marker::none;
  std::string text;
  std::string note;
  std::vector<Cell> details;
  double size = 10.5;
  double after = 4;
};

// Dark and light squares (a QR code), in the middle, with the light border that readers need.
struct Modules {
  std::vector<std::vector<bool>> rows;  // true: dark
  double side = 140;                    // of the whole, border included
  double after = 0;
};

using Block = std::variant<Paragraph, Table, Item, Modules>;

}  // namespace tingan::pdf
