#include "base/suggest.h"

#include <algorithm>

namespace tingan {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string closest_word(std::string_view written, const std::vector<std::string>& known) {
  constexpr std::size_t kLongest = 64;  // nobody mistypes longer names; keeps hostile input cheap
  if (written.empty() || written.size() > kLongest) return {};
  const std::size_t limit = std::max<std::size_t>(1, written.size() / 3);
  std::string best;
  std::size_t best_distance = limit + 1;
  for (const std::string& word : known) {
    if (word.empty() || word.size() > kLongest) continue;
    std::size_t distance = edit_distance(written, word);
    const auto dash = word.find('-');
    if (written.size() >= 3 && dash != std::string::npos) {
      distance = std::min(distance, edit_distance(written, std::string_view(word).substr(0, dash)) + 1);
    }
    if (distance < best_distance) {
      best = word;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace tingan
