#include "codec/csv_reader.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "codec/to_utf8.h"

namespace tingan {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Expected<TextTable> read() {
    while (at_ < text_.size()) {
      if (auto row = read_row(); !row) return tl::unexpected(row.error());
    }
    return std::move(table_);
  }

 private:
  std::string here() const {
    return fmt::format("row {}, column {}", table_.rows.size(), table_.rows.back().size() + 1);
  }
  bool at_line_end() const { return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }

  Expected<void> read_row() {
    if (table_.rows.size() >= kTableRowsMax) {
      return fail("table.too-large",
                  {fmt::format("最多 {} 行", kTableRowsMax),
                   fmt::format("Expected at most {} rows, but there are more", kTableRowsMax)},
                  fmt::format("row {}", table_.rows.size() + 1));
    }
    auto& row = table_.rows.emplace_back();
    if (!at_line_end()) {
      for (;;) {
        auto cell = text_[at_] == '"' ? quoted() : plain();
        if (!cell) return tl::unexpected(cell.error());
        if (auto added = add(row, std::move(*cell)); !added) return added;
        if (at_line_end()) break;
        ++at_;  // the comma
        if (!at_line_end()) continue;
        if (auto added = add(row, {}); !added) return added;
        break;
      }
    }
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    return {};
  }

  Expected<void> add(std::vector<std::string>& row, std::string cell) const {
    if (looks_like_formula(cell) && cell.front() == '\'') cell.erase(0, 1);
    if (row.size() >= kTableColumnsMax || cell.size() > kCellBytesMax) {
      return fail("table.too-large",
                  {fmt::format("最多 {} 列，每格最多 {} 字节", kTableColumnsMax, kCellBytesMax),
                   fmt::format("Expected at most {} columns and {} bytes a cell, but there is more", kTableColumnsMax,
                               kCellBytesMax)},
                  here());
    }
    row.push_back(std::move(cell));
    return {};
  }

  Expected<std::string> plain() {
    const auto end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    std::string cell(text_.substr(at_, end - at_));
    at_ = end;
    return cell;
  }

  Expected<std::string> quoted() {
    std::string cell;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '"') {
        cell += text_[at_];
        continue;
      }
      if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        cell += '"';
        ++at_;
        continue;
      }
      ++at_;
      if (at_line_end() || text_[at_] == ',') return cell;
      break;
    }
    return fail(
        "table.quote",
        {"引号不成对，或引号后面还有字", "Expected a closing quotation mark and then a comma or the end of the line"},
        here());
  }

  std::string_view text_;
  std::size_t at_ = 0;
  TextTable table_;
};

}  // namespace

Expected<TextTable> read_csv(std::string_view bytes) {
  if (bytes.size() > kTableBytesMax) {
    return fail("table.too-large", {fmt::format("文件最大 {} MB", kTableBytesMax / 1024 / 1024),
                                    fmt::format("Expected a file of at most {} MB", kTableBytesMax / 1024 / 1024)});
  }
  const auto text = to_utf8(bytes);
  if (!text) return tl::unexpected(text.error());
  if (text->find('\0') != std::string::npos) {
    return fail("table.binary", {"这不是 CSV 文件", "Expected a CSV file, but it holds binary data"});
  }
  return Reader(*text).read();
}

}  // namespace tingan
