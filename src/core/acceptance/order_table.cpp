#include "core/acceptance/order_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>

#include "base/encoding.h"

namespace tingan {
namespace {

constexpr std::string_view kOnPaper = "paper";  // value of a signature or photo that is on the paper form

struct PromiseName {
  PromiseKind kind;
  const char* key;
  Text title;
};

const std::array<PromiseName, 4>& promise_names() {
  static const std::array<PromiseName, 4> names = {{{PromiseKind::done, "done", {"办好", "done"}},
                                                    {PromiseKind::come_again, "come-again", {"再来", "come again"}},
                                                    {PromiseKind::home_visit, "home-visit", {"上门", "home visit"}},
                                                    {PromiseKind::call_back, "call-back", {"回电", "call back"}}}};
  return names;
}

const std::vector<Text>& yes_no() {
  static const std::vector<Text> both = {{"是", "yes"}, {"否", "no"}};
  return both;
}

bool is_on_paper(FieldKind kind) { return kind == FieldKind::signature || kind == FieldKind::photo; }

// Spaces at the ends, the wide one of Chinese keyboards included.
std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kWide = "\xe3\x80\x80";
  for (;;) {
    if (!text.empty() &&
        (text.front() == ' ' || text.front() == '\t' || text.front() == '\n' || text.front() == '\r')) {
      text.remove_prefix(1);
    } else if (!text.empty() &&
               (text.back() == ' ' || text.back() == '\t' || text.back() == '\n' || text.back() == '\r')) {
      text.remove_suffix(1);
    } else if (text.starts_with(kWide)) {
      text.remove_prefix(kWide.size());
    } else if (text.ends_with(kWide)) {
      text.remove_suffix(kWide.size());
    } else {
      return text;
    }
  }
}

// Wide letters, digits and signs (U+FF01 to U+FF5E), which Chinese keyboards write, as ASCII.
std::string narrow(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i + 2 < text.size() && text[i] == '\xef') {
      const unsigned code =
          ((static_cast<unsigned char>(text[i + 1]) & 0x3fU) << 6U) | (static_cast<unsigned char>(text[i + 2]) & 0x3fU);
      if (code >= 0xf01 && code <= 0xf5e) {
        out += static_cast<char>(code - 0xf01 + 0x21);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

void remove_all(std::string& text, std::string_view what) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at)) text.erase(at, what.size());
}

// "1.38001E+10": a program took the digits for a number and threw some away.
bool was_shortened(std::string_view text) {
  const auto e = text.find_first_of("eE");
  return e != std::string_view::npos && e > 0 && e + 2 < text.size() && (text[e + 1] == '+' || text[e + 1] == '-') &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(e),
                     [](char c) { return (c >= '0' && c <= '9') || c == '.'; }) &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(e) + 2, text.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

// "2026/1/4", "2026年1月4日" -> "2026-01-04"; anything else as it stands.
std::string iso_date(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = std::string_view(text).substr(i);
    const bool sign = rest.starts_with("年") || rest.starts_with("月");
    if (sign || rest.front() == '/' || rest.front() == '.') {
      plain += '-';
    } else {
      plain += rest.front();
    }
    i += sign ? std::string_view("年").size() : 1;
  }
  remove_all(plain, "日");
  int year = 0;
  int month = 0;
  int day = 0;
  int read = 0;
  if (std::sscanf(plain.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &read) != 3 ||
      static_cast<std::size_t>(read) != plain.size()) {
    return text;
  }
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

bool is_yes(std::string_view text) {
  static constexpr std::array kYes = {"是", "有", "√", "✓", "y", "Y", "yes", "Yes", "YES", "1", "TRUE", "true"};
  return std::find(kYes.begin(), kYes.end(), text) != kYes.end();
}
bool is_no(std::string_view text) {
  static constexpr std::array kNo = {"", "否", "无", "没有", "×", "n", "N", "no", "No", "NO", "0", "FALSE", "false"};
  return std::find(kNo.begin(), kNo.end(), text) != kNo.end();
}

// As a form field of this kind is written.
std::string as_field(const BusinessField& field, std::string_view cell) {
  std::string text(cell);
  switch (field.kind) {
    case FieldKind::mobile:
    case FieldKind::resident_id:
    case FieldKind::passport:
      text = narrow(text);
      remove_all(text, " ");
      if (field.kind == FieldKind::mobile) remove_all(text, "-");
      return text;
    case FieldKind::money:
      text = narrow(text);
      for (const char* sign : {"￥", "¥", "\xef\xbf\xa5", "元", ",", " "}) remove_all(text, sign);
      return text;
    case FieldKind::number:
      return narrow(text);
    case FieldKind::date:
      return iso_date(narrow(text));
    case FieldKind::choice:
      for (const FieldChoice& choice : field.choices) {
        if (text == choice.title.zh || text == choice.title.en) return choice.id;
      }
      return text;
    default:
      return text;
  }
}

struct RowReading {
  OrderRow row;
  Zone zone;

  void wrong(const std::string& column, const char* code, const char* zh, const char* en) {
    row.troubles.push_back({column, {code, {zh, en}, column}});
  }
  void tick(const std::string& column, std::string_view cell, const std::function<void()>& yes) {
    if (is_yes(cell)) return yes();
    if (!is_no(cell)) wrong(column, "field.tick", "应填“是”或“否”", "Expected yes or no");
  }
  void time(const std::string& column, std::string_view cell, std::optional<Instant>& into) {
    if (cell.empty()) return;
    into = read_minute(cell, zone);
    if (!into) wrong(column, "field.time", "时间应如 2026-11-24 10:05", "Expected a time such as 2026-11-24 10:05");
  }
  void promise(std::string_view cell) {
    if (cell.empty()) return;
    for (const PromiseName& name : promise_names()) {
      if (cell == name.key || cell == name.title.zh || cell == name.title.en) row.promise = name.kind;
    }
    if (!row.promise) {
      wrong("promise", "promise.unknown", "承诺应为 办好、再来、上门、回电 之一",
            "Expected done, come again, home visit or call back");
    }
  }
  void field(const BusinessField& one, const std::string& column, std::string_view cell) {
    if (is_on_paper(one.kind)) {
      return tick(column, cell, [&] { row.filled.fields[one.id] = std::string(kOnPaper); });
    }
    if (cell.empty()) return;
    const bool digits = one.kind != FieldKind::text && one.kind != FieldKind::address && one.kind != FieldKind::choice;
    if (digits && was_shortened(cell)) return shortened(column);
    row.filled.fields[one.id] = as_field(one, cell);
  }
  void shortened(const std::string& column) {
    wrong(column, "field.shortened", "表格软件把号码缩成了科学计数，请把这一格设为文本再填",
          "Expected all digits, but a spreadsheet shortened them: format the cell as text");
  }
  void cell_of(const BusinessType& type, const std::string& key, std::string_view cell) {
    if (key == "form_number") {
      row.number = narrow(cell);
    } else if (key == "customer_name") {
      row.filled.name = std::string(cell);
    } else if (key == "customer_mobile") {
      if (was_shortened(cell)) shortened(key);
      row.filled.mobile = as_field({.kind = FieldKind::mobile}, cell);
    } else if (key == "taken_at") {
      time(key, cell, row.taken_at);
    } else if (key == "promise_due") {
      time(key, cell, row.promise_due);
    } else if (key == "promise") {
      promise(cell);
    } else if (key == "district") {
      row.district = std::string(cell);
    } else if (key.starts_with("doc.")) {
      tick(key, cell, [&] { row.filled.documents.push_back(key.substr(4)); });
    } else {
      for (const BusinessField& one : type.fields) {
        if (key.compare(6, std::string::npos, one.id) == 0) field(one, key, cell);
      }
    }
  }
};

}  // namespace

std::vector<OrderColumn> order_columns(const BusinessType& type) {
  std::vector<OrderColumn> out = {{"form_number", {"单上号码", "Form number"}, true, {}},
                                  {"customer_name", {"客户姓名", "Customer's name"}, true, {}},
                                  {"customer_mobile", {"联系手机", "Contact mobile"}, true, {}}};
  for (const BusinessField& field : type.fields) {
    OrderColumn column{"field." + field.id, field.title, field.required, {}};
    for (const FieldChoice& choice : field.choices) column.choices.push_back(choice.title);
    if (is_on_paper(field.kind)) column.choices = yes_no();
    out.push_back(std::move(column));
  }
  for (const NeededDocument& document : type.documents) {
    out.push_back({"doc." + document.id, document.title, document.required, yes_no()});
  }
  out.push_back({"taken_at", {"受理时间", "Taken at"}, false, {}});
  OrderColumn promise{"promise", {"承诺", "Promise"}, false, {}};
  for (const PromiseName& name : promise_names()) promise.choices.push_back(name.title);
  out.push_back(std::move(promise));
  out.push_back({"promise_due", {"承诺时间", "Promised by"}, false, {}});
  out.push_back({"district", {"片区", "District"}, false, {}});
  return out;
}

std::string column_head(const OrderColumn& column) { return fmt::format("{} ({})", column.title.zh, column.key); }

namespace {

bool is_named(std::string_view name, const OrderColumn& column) {
  return name == column.key || name.ends_with("(" + column.key + ")") || name.ends_with("（" + column.key + "）");
}
bool is_titled(std::string_view name, const OrderColumn& column) {
  return name == column.title.zh || name == column.title.en;
}

}  // namespace

std::optional<std::size_t> OrderTableReader::number_column(const std::vector<std::string>& head) {
  const OrderColumn number = order_columns(BusinessType{}).front();
  for (std::size_t i = 0; i < head.size(); ++i) {
    const std::string_view name = trimmed(head[i]);
    if (is_named(name, number) || is_titled(name, number)) return i;
  }
  return std::nullopt;
}

Expected<OrderTableReader> OrderTableReader::of_head(const BusinessType& type, const std::vector<std::string>& head) {
  std::vector<OrderColumn> columns = order_columns(type);
  std::vector<int> places(columns.size(), -1);
  for (std::size_t i = 0; i < head.size(); ++i) {
    const std::string_view name = trimmed(head[i]);
    if (name.empty()) continue;
    auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return is_named(name, one); });
    if (found == columns.end()) {
      found = std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return is_titled(name, one); });
    }
    const std::string where = fmt::format("row 1, column {}", i + 1);
    if (found == columns.end()) {
      std::vector<std::string_view> keys;
      for (const OrderColumn& one : columns) keys.push_back(one.key);
      return fail("table.unknown-column",
                  {fmt::format("表头“{}”不认识，请用本业务的模板", name),
                   fmt::format("Expected one of {}, but got '{}'", fmt::join(keys, ", "), name)},
                  where);
    }
    int& place = places[static_cast<std::size_t>(found - columns.begin())];
    if (place >= 0) {
      return fail("table.twice",
                  {fmt::format("表头“{}”出现了两次", name),
                   fmt::format("Expected the column '{}' once, but it stands there twice", name)},
                  where);
    }
    place = static_cast<int>(i);
  }
  for (std::size_t i = 0; i < 3; ++i) {  // without number, name and mobile no row can be an order
    if (places[i] >= 0) continue;
    return fail("table.missing-column",
                {fmt::format("表头缺少“{}”", column_head(columns[i])),
                 fmt::format("Expected a column '{}', but there is none", columns[i].key)},
                "row 1");
  }
  return OrderTableReader(type, std::move(columns), std::move(places));
}

OrderRow OrderTableReader::read(const std::vector<std::string>& cells, Zone zone) const {
  RowReading reading{{}, zone};
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (places_[i] < 0 || static_cast<std::size_t>(places_[i]) >= cells.size()) continue;
    const std::string seen = without_hidden(cells[static_cast<std::size_t>(places_[i])]);
    reading.cell_of(type_, columns_[i].key, trimmed(seen));
  }
  return std::move(reading.row);
}

bool OrderTableReader::is_blank(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) { return trimmed(cell).empty(); });
}

std::string column_of(const Error& error) {
  if (error.where == "name") return "customer_name";
  if (error.where == "mobile") return "customer_mobile";
  return (error.code == "field.document-missing" ? "doc." : "field.") + error.where;
}

std::optional<Instant> read_minute(std::string_view text, Zone zone) {
  if (const auto whole = parse_rfc3339(text)) return *whole;
  std::string plain = narrow(text);
  std::replace(plain.begin(), plain.end(), '/', '-');
  std::replace(plain.begin(), plain.end(), 'T', ' ');
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int read = 0;
  const int parts = std::sscanf(plain.c_str(), "%4d-%2d-%2d %2d:%2d%n", &year, &month, &day, &hour, &minute, &read);
  if (parts != 5) return std::nullopt;
  std::string_view rest = std::string_view(plain).substr(static_cast<std::size_t>(read));
  if (!rest.empty()) {
    int more = 0;
    if (std::sscanf(rest.data(), ":%2d%n", &second, &more) != 1 || static_cast<std::size_t>(more) != rest.size())
      return std::nullopt;
  }
  const char sign = zone.minutes < 0 ? '-' : '+';
  const int offset = std::abs(zone.minutes);
  const auto at = parse_rfc3339(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", year, month, day, hour,
                                            minute, second, sign, offset / 60, offset % 60));
  if (!at) return std::nullopt;
  return *at;
}

}  // namespace tingan
