#include "codec/xlsx_writer.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/encoding.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

// A private folder that goes with it.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "tingan-xlsx-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) folder_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

tl::unexpected<Error> write_failed(const char* why) {
  return fail("table.write-failed",
              {fmt::format("生成表格失败：{}", why), fmt::format("Expected to write a sheet, but: {}", why)});
}

// No more than 31 characters, none of []:*?/\ and no apostrophe at the ends.
std::string sheet_name(const std::string& title) {
  std::string out;
  std::size_t characters = 0;
  for (const char c : title) {
    if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U && ++characters > 31) break;
    out += std::string_view("[]:*?/\\'").find(c) == std::string_view::npos ? c : '-';
  }
  return out.empty() ? "Sheet1" : out;
}

std::size_t shown_width(const std::string& text) {
  std::size_t width = 0;
  for (const char c : text)
    width += static_cast<unsigned char>(c) < 0x80 ? 1U : ((static_cast<unsigned char>(c) & 0xc0U) == 0xc0U ? 2U : 0U);
  return width;
}

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

// "_x0041_" in a text means "A" to whoever reads the file: its underscore is written as an escape itself.
std::string escaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool looks = text[i] == '_' && i + 6 < text.size() && text[i + 1] == 'x' && is_hex(text[i + 2]) &&
                       is_hex(text[i + 3]) && is_hex(text[i + 4]) && is_hex(text[i + 5]) && text[i + 6] == '_';
    out += looks ? "_x005F_" : std::string(1, text[i]);
  }
  return out;
}

class Writer {
 public:
  Writer(const XlsxSheet& sheet, lxw_workbook* book) : sheet_(sheet), book_(book) {}

  lxw_error write() {
    lxw_doc_properties properties{};
    properties.created = static_cast<time_t>(to_millis(sheet_.made) / 1000);
    if (const auto set = workbook_set_properties(book_, &properties); set != LXW_NO_ERROR) return set;
    page_ = workbook_add_worksheet(book_, sheet_name(sheet_.title).c_str());
    if (page_ == nullptr) return LXW_ERROR_MEMORY_MALLOC_FAILED;
    text_ = workbook_add_format(book_);
    format_set_num_format(text_, "@");
    head_ = workbook_add_format(book_);
    format_set_num_format(head_, "@");
    format_set_bold(head_);
    format_set_bg_color(head_, 0xE5E6EB);
    format_set_text_wrap(head_);
    columns();
    for (std::size_t r = 0; r < sheet_.table.rows.size(); ++r) {
      for (std::size_t c = 0; c < sheet_.table.rows[r].size(); ++c) {
        if (const auto wrong = cell(r, c); wrong != LXW_NO_ERROR) return wrong;
      }
    }
    if (!sheet_.table.rows.empty()) worksheet_freeze_panes(page_, 1, 0);
    return LXW_NO_ERROR;
  }

 private:
  lxw_error cell(std::size_t r, std::size_t c) {
    const std::string text = escaped(sheet_.table.rows[r][c]);
    const auto row = static_cast<lxw_row_t>(r);
    const auto column = static_cast<lxw_col_t>(c);
    lxw_format* format = r == 0 ? head_ : text_;
    if (text.empty()) return worksheet_write_blank(page_, row, column, format);
    return worksheet_write_string(page_, row, column, text.c_str(), format);
  }

  void columns() {
    std::vector<std::size_t> widths;
    for (const auto& row : sheet_.table.rows) {
      widths.resize(std::max(widths.size(), row.size()), 8);
      for (std::size_t c = 0; c < row.size(); ++c)
        widths[c] = std::max(widths[c], std::min<std::size_t>(shown_width(row[c]), 40));
    }
    for (std::size_t c = 0; c < widths.size(); ++c) {
      const auto column = static_cast<lxw_col_t>(c);
      worksheet_set_column(page_, column, column, static_cast<double>(widths[c]) + 2, text_);
    }
    const auto last = static_cast<lxw_row_t>(sheet_.table.rows.size() + sheet_.blank_rows);
    for (auto [c, choices] : sheet_.choices) {  // a copy: the library takes what it could write to
      std::vector<char*> list;
      for (std::string& choice : choices) list.push_back(choice.data());
      list.push_back(nullptr);
      lxw_data_validation rule{};
      rule.validate = LXW_VALIDATION_TYPE_LIST;
      rule.value_list = list.data();
      rule.error_type = LXW_VALIDATION_ERROR_TYPE_WARNING;
      // A list that is too long for the format is left out: it only helps while filling in.
      worksheet_data_validation_range(page_, 1, static_cast<lxw_col_t>(c), last, static_cast<lxw_col_t>(c), &rule);
    }
  }

  const XlsxSheet& sheet_;
  lxw_workbook* book_;
  lxw_worksheet* page_ = nullptr;
  lxw_format* text_ = nullptr;
  lxw_format* head_ = nullptr;
};

}  // namespace

Expected<std::string> write_xlsx(const XlsxSheet& sheet) {
  for (const auto& row : sheet.table.rows) {
    for (const std::string& cell : row) {
      if (cell.size() <= kCellBytesMax && is_utf8(cell) && cell.find('\0') == std::string::npos) continue;
      return fail("table.too-large",
                  {"单元格内容太长或不是文字", "Expected cells of text, but one is too long or binary"});
    }
  }
  const Scratch scratch;
  if (scratch.folder().empty()) return write_failed("no temporary folder");
  std::string folder = scratch.folder();
  const std::string file = folder + "/table.xlsx";
  lxw_workbook_options options{};
  options.tmpdir = folder.data();
  lxw_workbook* book = workbook_new_opt(file.c_str(), &options);
  if (book == nullptr) return write_failed("out of memory");
  const lxw_error written = Writer(sheet, book).write();
  const lxw_error closed = workbook_close(book);
  if (written != LXW_NO_ERROR) return write_failed(lxw_strerror(written));
  if (closed != LXW_NO_ERROR) return write_failed(lxw_strerror(closed));
  std::ifstream in(file, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  if (!in) return write_failed("the file cannot be read back");
  return bytes.str();
}

}  // namespace tingan
