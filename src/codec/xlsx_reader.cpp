#include "codec/xlsx_reader.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/encoding.h"
#include "base/time.h"
#include "codec/xlsx_archive.h"

namespace tingan {
namespace {

constexpr std::size_t kSheetBytesMax = 8 * 1024 * 1024;
constexpr std::size_t kStringsBytesMax = 8 * 1024 * 1024;
constexpr std::size_t kSmallPartBytesMax = 1024 * 1024;
constexpr std::size_t kShownBytesMax = 16 * 1024 * 1024;
constexpr std::size_t kStringsMax = kTableRowsMax * 20;

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

void add_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0U | (code >> 6U));
    out += static_cast<char>(0x80U | (code & 0x3fU));
  } else {
    out += static_cast<char>(0xe0U | (code >> 12U));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3fU));
    out += static_cast<char>(0x80U | (code & 0x3fU));
  }
}

// "_x000D_" stands for a character that XML cannot hold.
std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool looks = text[i] == '_' && i + 6 < text.size() && text[i + 1] == 'x' && is_hex(text[i + 2]) &&
                       is_hex(text[i + 3]) && is_hex(text[i + 4]) && is_hex(text[i + 5]) && text[i + 6] == '_';
    unsigned code = 0;
    if (looks) std::from_chars(text.data() + i + 2, text.data() + i + 6, code, 16);
    if (!looks || code == 0 || (code >= 0xd800 && code < 0xe000)) {
      out += text[i];
      continue;
    }
    add_utf8(out, code);
    i += 6;
  }
  return out;
}

// All texts of a string item, without the hints how Chinese and Japanese are pronounced.
std::string text_of(const pugi::xml_node& item) {
  std::string out;
  for (const pugi::xml_node& part : item.children()) {
    if (local_name(part) == "t") {
      for (const pugi::xml_node& text : part.children()) out += text.value();
    } else if (local_name(part) == "r") {
      for (const pugi::xml_node& text : child(part, "t").children()) out += text.value();
    }
  }
  return unescaped(out);
}

std::optional<std::size_t> whole(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "BC12" -> column 54; nullopt: no cell's name.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0;
  std::size_t letters = 0;
  for (; letters < reference.size() && reference[letters] >= 'A' && reference[letters] <= 'Z'; ++letters) {
    if (letters == 3) return std::nullopt;
    column = column * 26 + static_cast<std::size_t>(reference[letters] - 'A') + 1;
  }
  if (letters == 0) return std::nullopt;
  return column - 1;
}

// Numbers of formats that Excel brings along and that show dates, Chinese ones included.
bool is_date_format(std::size_t id) {
  return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
}

// A format that somebody wrote: days or years outside of quotes and brackets.
bool is_date_code(std::string_view code) {
  char until = 0;
  for (const char c : code) {
    if (until != 0) {
      if (c == until) until = 0;
    } else if (c == '"') {
      until = '"';
    } else if (c == '[') {
      until = ']';
    } else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') {
      return true;
    }
  }
  return false;
}

// Days since 1899-12-30, or since 1904-01-01.
std::string date_text(double serial, bool from_1904) {
  constexpr double kLast = 2958465;  // 9999-12-31
  if (from_1904) serial += 1462;
  if (!(serial >= 1) || serial > kLast) return {};
  constexpr std::int64_t kEpochDays = 25569;  // 1970-01-01
  const auto minutes = std::llround(serial * 24 * 60) - kEpochDays * 24 * 60;
  const LocalTime local = local_time(from_millis(minutes * 60000), Zone{0});
  std::string out = fmt::format("{:04}-{:02}-{:02}", local.year, local.month, local.day);
  if (local.minute != 0) out += fmt::format(" {:02}:{:02}", local.minute / 60, local.minute % 60);
  return out;
}

std::string number_text(double value) {
  if (std::abs(value) < 1e15 && value == std::floor(value)) return fmt::format("{}", static_cast<std::int64_t>(value));
  return fmt::format("{:.15g}", value);
}

class Sheet {
 public:
  explicit Sheet(const XlsxArchive& archive) : archive_(archive) {}

  Expected<TextTable> read() {
    auto part = first_sheet();
    if (!part) return tl::unexpected(part.error());
    if (auto strings = read_strings(); !strings) return tl::unexpected(strings.error());
    if (auto styles = read_styles(); !styles) return tl::unexpected(styles.error());
    const auto sheet = archive_.xml(*part, kSheetBytesMax);
    if (!sheet) return tl::unexpected(sheet.error());
    for (const pugi::xml_node& row : child((*sheet)->document_element(), "sheetData").children()) {
      if (local_name(row) != "row") continue;
      if (auto good = read_row(row); !good) return tl::unexpected(good.error());
    }
    return std::move(table_);
  }

 private:
  // By the workbook's order and its relations, as programs do that name their parts otherwise.
  Expected<std::string> first_sheet() {
    const auto book = archive_.xml("xl/workbook.xml", kSmallPartBytesMax);
    if (!book) return tl::unexpected(book.error());
    const pugi::xml_node root = (*book)->document_element();
    const std::string_view since = child(root, "workbookPr").attribute("date1904").value();
    from_1904_ = since == "1" || since == "true";
    std::string wanted;
    for (const pugi::xml_attribute& one : child(child(root, "sheets"), "sheet").attributes()) {
      const std::string_view name = one.name();
      if (name.ends_with(":id")) wanted = one.value();
    }
    const auto relations = archive_.xml("xl/_rels/workbook.xml.rels", kSmallPartBytesMax);
    if (!relations) return tl::unexpected(relations.error());
    for (const pugi::xml_node& one : (*relations)->document_element().children()) {
      if (wanted.empty() || wanted != one.attribute("Id").value()) continue;
      const std::string target = one.attribute("Target").value();
      return target.starts_with('/') ? target.substr(1) : "xl/" + target;
    }
    return fail("table.not-xlsx", {"文件里没有工作表", "Expected a workbook with a sheet, but there is none"},
                "xl/workbook.xml");
  }

  Expected<void> read_strings() {
    if (!archive_.has("xl/sharedStrings.xml")) return {};
    const auto part = archive_.xml("xl/sharedStrings.xml", kStringsBytesMax);
    if (!part) return tl::unexpected(part.error());
    for (const pugi::xml_node& item : (*part)->document_element().children()) {
      if (local_name(item) != "si") continue;
      if (strings_.size() >= kStringsMax) return too_large("xl/sharedStrings.xml");
      strings_.push_back(text_of(item));
    }
    return {};
  }

  Expected<void> read_styles() {
    if (!archive_.has("xl/styles.xml")) return {};
    const auto part = archive_.xml("xl/styles.xml", kSmallPartBytesMax);
    if (!part) return tl::unexpected(part.error());
    const pugi::xml_node root = (*part)->document_element();
    std::vector<std::size_t> written;
    for (const pugi::xml_node& one : child(root, "numFmts").children()) {
      const auto id = whole(one.attribute("numFmtId").value());
      if (id && is_date_code(one.attribute("formatCode").value())) written.push_back(*id);
    }
    for (const pugi::xml_node& one : child(root, "cellXfs").children()) {
      if (local_name(one) != "xf") continue;
      const std::size_t id = whole(one.attribute("numFmtId").value()).value_or(0);
      dates_.push_back(is_date_format(id) || std::find(written.begin(), written.end(), id) != written.end());
    }
    return {};
  }

  static tl::unexpected<Error> too_large(std::string where) {
    return fail("table.too-large",
                {fmt::format("最多 {} 行 {} 列，每格最多 {} 字节", kTableRowsMax, kTableColumnsMax, kCellBytesMax),
                 fmt::format("Expected at most {} rows, {} columns and {} bytes a cell, but there is more",
                             kTableRowsMax, kTableColumnsMax, kCellBytesMax)},
                std::move(where));
  }

  Expected<void> read_row(const pugi::xml_node& row) {
    const std::size_t number = whole(row.attribute("r").value()).value_or(table_.rows.size() + 1);
    if (number == 0 || number > kTableRowsMax) return too_large(fmt::format("row {}", number));
    // Rows that come out of order or twice are no sheet of any program.
    if (number <= table_.rows.size()) {
      return fail("table.xml", {"行的次序不对", "Expected rows in order, but they are not"},
                  fmt::format("row {}", number));
    }
    table_.rows.resize(number);
    auto& cells = table_.rows.back();
    for (const pugi::xml_node& cell : row.children()) {
      if (local_name(cell) != "c") continue;
      const std::size_t column = column_of(cell.attribute("r").value()).value_or(cells.size());
      const std::string where = fmt::format("row {}, column {}", number, column + 1);
      if (column >= kTableColumnsMax) return too_large(where);
      std::string text = cell_text(cell);
      if (text.size() > kCellBytesMax) return too_large(where);
      bytes_ += text.size();  // many cells may show one long text
      if (bytes_ > kShownBytesMax) return too_large(where);
      if (!is_utf8(text)) return fail("table.xml", {"单元格不是文字", "Expected text in the cell"}, where);
      if (column >= cells.size()) cells.resize(column + 1);
      cells[column] = std::move(text);
    }
    return {};
  }

  std::string cell_text(const pugi::xml_node& cell) const {
    const std::string_view type = cell.attribute("t").value();
    if (type == "inlineStr") return text_of(child(cell, "is"));
    const std::string value = child(cell, "v").child_value();
    if (type == "s") {
      const auto index = whole(value);
      return index && *index < strings_.size() ? strings_[*index] : std::string();
    }
    if (type == "str") return unescaped(value);
    if (type == "b") return value == "1" ? "TRUE" : "FALSE";
    if (type == "e" || value.empty()) return value;
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size() || !std::isfinite(number)) return value;
    const std::size_t style = whole(cell.attribute("s").value()).value_or(0);
    if (style < dates_.size() && dates_[style]) {
      if (std::string date = date_text(number, from_1904_); !date.empty()) return date;
    }
    return number_text(number);
  }

  const XlsxArchive& archive_;
  std::vector<std::string> strings_;
  std::vector<bool> dates_;  // by style
  bool from_1904_ = false;
  std::size_t bytes_ = 0;
  TextTable table_;
};

}  // namespace

Expected<TextTable> read_xlsx(std::string_view bytes) {
  if (bytes.size() > kTableBytesMax) {
    return fail("table.too-large", {fmt::format("文件最大 {} MB", kTableBytesMax / 1024 / 1024),
                                    fmt::format("Expected a file of at most {} MB", kTableBytesMax / 1024 / 1024)});
  }
  const auto archive = XlsxArchive::open(bytes);
  if (!archive) return tl::unexpected(archive.error());
  return Sheet(*archive).read();
}

}  // namespace tingan
