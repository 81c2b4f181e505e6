#include "api/accept.h"

#include <charconv>
#include <vector>

#include "net/http.h"

namespace tingan::api {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view cut(std::string_view& rest, char separator) {
  const auto end = std::min(rest.find(separator), rest.size());
  const std::string_view part = trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

struct Range {
  std::string_view type;
  double weight = 1;
};

std::vector<Range> ranges_of(std::string_view accept) {
  std::vector<Range> ranges;
  while (!accept.empty()) {
    std::string_view one = cut(accept, ',');
    Range range{cut(one, ';')};
    while (!one.empty()) {
      const std::string_view parameter = cut(one, ';');
      if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
      range.weight = 0;  // what cannot be read counts as not wanted
      std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), range.weight);
    }
    if (!range.type.empty()) ranges.push_back(range);
  }
  return ranges;
}

// 3: the type itself, 2: "text/*", 1: "*/*", 0: another.
int closeness(std::string_view range, std::string_view offer) {
  if (net::equals_ignoring_case(range, offer)) return 3;
  if (range == "*/*") return 1;
  const bool of_kind = range.ends_with("/*") && range.size() <= offer.size() &&
                       net::equals_ignoring_case(range.substr(0, range.size() - 1), offer.substr(0, range.size() - 1));
  return of_kind ? 2 : 0;
}

}  // namespace

std::optional<std::size_t> choose_type(std::string_view accept, std::span<const std::string_view> offers) {
  const std::vector<Range> ranges = ranges_of(accept);
  if (ranges.empty()) return offers.empty() ? std::nullopt : std::optional<std::size_t>(0);
  std::optional<std::size_t> best;
  double best_weight = 0;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    // The most specific range that fits decides, however little it weighs.
    int closest = 0;
    double weight = 0;
    for (const Range& range : ranges) {
      const int close = closeness(range.type, offers[i]);
      if (close <= closest) continue;
      closest = close;
      weight = range.weight;
    }
    if (weight > best_weight) {
      best = i;
      best_weight = weight;
    }
  }
  return best;
}

}  // namespace tingan::api
