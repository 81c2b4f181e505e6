#include "core/acceptance/field_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tingan {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), digit); }

int number_of(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

bool day_exists(int year, int month, int day) {
  return std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
      .ok();
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool one_matches(char c, char wanted) {
  switch (wanted) {
    case '9':
      return digit(c);
    case 'A':
      return letter(c);
    case 'X':
      return digit(c) || letter(c);
    case '?':
      return true;
    default:
      return c == wanted;
  }
}

Error wrong(const BusinessField& field, const char* code, const Text& wanted) {
  return {code,
          {fmt::format("“{}”{}", field.title.zh, wanted.zh), fmt::format("Expected {} {}", field.title.en, wanted.en)},
          field.id};
}

std::optional<std::int64_t> quantity(const BusinessField& field, const std::string& text) {
  if (field.kind == FieldKind::money) return parse_money(text);
  if (field.kind == FieldKind::number) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
  }
  return static_cast<std::int64_t>(characters(text));
}

std::optional<Error> kind_trouble(const BusinessField& field, const std::string& text, LocalTime today) {
  switch (field.kind) {
    case FieldKind::mobile:
      if (!is_mobile(text))
        return wrong(field, "field.mobile", {"应为 11 位手机号", "to be a mobile number of 11 digits"});
      break;
    case FieldKind::resident_id:
      if (!is_resident_id(text, today)) {
        return wrong(field, "field.resident-id",
                     {"不是有效的 18 位身份证号（校验码或出生日期不对）",
                      "to be a resident id of 18 characters, but its check digit or date of birth is wrong"});
      }
      break;
    case FieldKind::passport:
      if (!is_passport(text)) return wrong(field, "field.passport", {"不是有效的护照号", "to be a passport number"});
      break;
    case FieldKind::date:
      if (!is_date(text))
        return wrong(field, "field.date", {"应为日期，如 2026-11-24", "to be a date such as 2026-11-24"});
      break;
    case FieldKind::money:
    case FieldKind::number:
      if (!quantity(field, text)) return wrong(field, "field.number", {"应为数字", "to be a number"});
      break;
    case FieldKind::choice:
      if (std::none_of(field.choices.begin(), field.choices.end(), [&](const auto& one) { return one.id == text; })) {
        return wrong(field, "field.choice", {"不在可选项内", "to be one of the choices"});
      }
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::optional<Error> trouble_with(const BusinessField& field, const std::string& text, LocalTime today) {
  if (text.empty()) {
    if (field.required) return wrong(field, "field.missing", {"必填", "to be filled in, but it is empty"});
    return std::nullopt;
  }
  if (auto trouble = kind_trouble(field, text, today)) return trouble;
  if (const auto value = quantity(field, text)) {
    if (field.min && *value < *field.min)
      return wrong(field, "field.too-small", {"太小或太短", "to be larger or longer"});
    if (field.max && *value > *field.max)
      return wrong(field, "field.too-large", {"太大或太长", "to be smaller or shorter"});
  }
  if (field.pattern && !matches(text, *field.pattern)) {
    return wrong(field, "field.pattern", {"格式不对", fmt::format("to look like {}", *field.pattern)});
  }
  return std::nullopt;
}

const BusinessField& name_field() {
  static const BusinessField field{
      .id = "name", .title = {"客户姓名", "the customer's name"}, .required = true, .max = 100};
  return field;
}
const BusinessField& mobile_field() {
  static const BusinessField field{
      .id = "mobile", .title = {"联系电话", "the contact number"}, .kind = FieldKind::mobile, .required = true};
  return field;
}

}  // namespace

bool is_mobile(std::string_view text) {
  return text.size() == 11 && all_digits(text) && text[0] == '1' && text[1] >= '3';
}

char resident_id_check(std::string_view seventeen) {
  static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};  // 2^(17-i) mod 11
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (seventeen[i] - '0') * kWeights[i];
  return "10X98765432"[sum % 11];
}

bool is_resident_id(std::string_view text, LocalTime today) {
  if (text.size() != 18 || !all_digits(text.substr(0, 17))) return false;
  const int year = number_of(text.substr(6, 4));
  const int month = number_of(text.substr(10, 2));
  const int day = number_of(text.substr(12, 2));
  if (year < 1850 || !day_exists(year, month, day)) return false;
  if (std::tuple(year, month, day) > std::tuple(today.year, today.month, today.day)) return false;
  const char last = text[17] == 'x' ? 'X' : text[17];
  return last == resident_id_check(text);
}

bool is_passport(std::string_view text) {
  return text.size() >= 5 && text.size() <= 9 && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return digit(c) || letter(c); }) &&
         std::any_of(text.begin(), text.end(), digit);
}

std::optional<std::int64_t> parse_money(std::string_view text) {
  const auto dot = std::min(text.find('.'), text.size());
  const std::string_view yuan = text.substr(0, dot);
  std::string_view fen = dot < text.size() ? text.substr(dot + 1) : std::string_view("0");
  if (!all_digits(yuan) || yuan.size() > 8 || !all_digits(fen) || fen.size() > 2) return std::nullopt;
  const std::int64_t value =
      std::int64_t{number_of(yuan)} * 100 + (fen.size() == 1 ? number_of(fen) * 10 : number_of(fen));
  if (value > 1000000000) return std::nullopt;
  return value;
}

bool is_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && all_digits(text.substr(0, 4)) &&
         all_digits(text.substr(5, 2)) && all_digits(text.substr(8, 2)) &&
         day_exists(number_of(text.substr(0, 4)), number_of(text.substr(5, 2)), number_of(text.substr(8, 2)));
}

bool matches(std::string_view text, std::string_view pattern) {
  // Greedy with one point to come back to for each `+`: patterns are short, texts are bounded.
  if (pattern.empty()) return text.empty();
  const bool repeats = pattern.size() > 1 && pattern[1] == '+';
  if (text.empty() || !one_matches(text[0], pattern[0])) return false;
  if (!repeats) return matches(text.substr(1), pattern.substr(1));
  std::size_t most = 1;
  while (most < text.size() && one_matches(text[most], pattern[0])) ++most;
  for (std::size_t taken = most; taken >= 1; --taken) {
    if (matches(text.substr(taken), pattern.substr(2))) return true;
  }
  return false;
}

std::vector<Error> check_filled(const BusinessType& type, const Filled& filled, Zone zone, Instant now) {
  const LocalTime today = local_time(now, zone);
  std::vector<Error> errors;
  const auto check = [&](const BusinessField& field, const std::string& text) {
    if (auto trouble = trouble_with(field, text, today)) errors.push_back(std::move(*trouble));
  };
  check(name_field(), filled.name);
  check(mobile_field(), filled.mobile);
  for (const BusinessField& field : type.fields) {
    const auto found = filled.fields.find(field.id);
    check(field, field.kind == FieldKind::signature && found == filled.fields.end()
                     ? filled.signature
                     : (found == filled.fields.end() ? std::string() : found->second));
  }
  for (const auto& [id, value] : filled.fields) {
    if (std::any_of(type.fields.begin(), type.fields.end(), [&](const auto& field) { return field.id == id; }))
      continue;
    errors.push_back(
        {"field.unknown",
         {fmt::format("此业务没有“{}”一项", id), fmt::format("Expected a field of this business, but got '{}'", id)},
         id});
  }
  for (const NeededDocument& document : type.documents) {
    const auto& have = filled.documents;
    if (!document.required || std::find(have.begin(), have.end(), document.id) != have.end()) continue;
    errors.push_back({"field.document-missing",
                      {fmt::format("请拍摄“{}”", document.title.zh),
                       fmt::format("Expected a picture of {}, but there is none", document.title.en)},
                      document.id});
  }
  return errors;
}

std::int64_t amount_of(const BusinessType& type, const Filled& filled) {
  if (!type.amount_field) return 0;
  const auto found = filled.fields.find(*type.amount_field);
  return found == filled.fields.end() ? 0 : parse_money(found->second).value_or(0);
}

std::string mask_name(std::string_view name) {
  if (name.empty()) return {};
  std::size_t first = 1;
  while (first < name.size() && (static_cast<unsigned char>(name[first]) & 0xc0) == 0x80) ++first;
  return std::string(name.substr(0, first)) + "*";
}

std::string mask(FieldKind kind, std::string_view text) {
  const auto ends = [&](std::size_t head, std::size_t tail) {
    if (text.size() <= head + tail) return std::string(text.empty() ? 0 : 3, '*');
    return std::string(text.substr(0, head)) + std::string(text.size() - head - tail, '*') +
           std::string(text.substr(text.size() - tail));
  };
  switch (kind) {
    case FieldKind::mobile:
      return ends(3, 4);
    case FieldKind::resident_id:
      return ends(4, 2);
    case FieldKind::passport:
      return ends(1, 2);
    case FieldKind::number:
    case FieldKind::money:
    case FieldKind::choice:
      return std::string(text);
    default:
      return mask_name(text);
  }
}

}  // namespace tingan
