#include "core/acceptance/paper_number.h"

#include <algorithm>
#include <charconv>

#include "core/acceptance/decide.h"

namespace tingan {
namespace {

constexpr std::string_view kCodeHead = "TA1:";
constexpr std::size_t kCheckDigits = 2;
constexpr std::size_t kDigitsMax = 9;

bool digits_only(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string number_check(std::string_view number) {
  int rest = 0;
  const auto add = [&rest](int value) { rest = (rest * (value > 9 ? 100 : 10) + value) % 97; };
  for (const char c : number) {
    if (c >= '0' && c <= '9') add(c - '0');
    if (c >= 'a' && c <= 'z') add(c - 'a' + 10);
    if (c >= 'A' && c <= 'Z') add(c - 'A' + 10);
  }
  const int check = 98 - rest * 100 % 97;
  return {static_cast<char>('0' + check / 10), static_cast<char>('0' + check % 10)};
}

std::optional<std::uint32_t> read_paper_number(UnitId unit, std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.starts_with(kCodeHead)) text.remove_prefix(kCodeHead.size());
  const std::string head = unit.str() + "-";
  if (text.starts_with(head)) text.remove_prefix(head.size());
  std::string_view check;
  if (const auto cut = text.find_first_of("-: "); cut != std::string_view::npos) {
    check = text.substr(cut + 1);
    text = text.substr(0, cut);
    if (check.size() != kCheckDigits || !digits_only(check)) return std::nullopt;
  }
  if (!digits_only(text) || text.size() > kDigitsMax) return std::nullopt;
  std::uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (number == 0 || (!check.empty() && number_check(order_number(unit, number)) != check)) return std::nullopt;
  return number;
}

}  // namespace tingan
