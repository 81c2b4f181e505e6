#include "api/password_rules.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

#include "api/embedded.h"

namespace tingan::api {
namespace {

constexpr std::size_t kWordMin = 3;
constexpr std::size_t kWordMax = 24;
constexpr std::size_t kRunMin = 3;
constexpr std::size_t kRowMin = 4;

const std::unordered_set<std::string_view>& common_words() {
  static const std::unordered_set<std::string_view> words = [] {
    std::unordered_set<std::string_view> out;
    std::string_view text = embedded_file("common-passwords.txt");
    while (!text.empty()) {
      const auto end = std::min(text.find('\n'), text.size());
      const std::string_view line = text.substr(0, end);
      if (!line.empty() && line.front() != '#') out.insert(line);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
  }();
  return words;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The letter that the sign stands in for.
char unmasked(char c) {
  switch (c) {
    case '@':
    case '4':
      return 'a';
    case '3':
      return 'e';
    case '1':
    case '!':
      return 'i';
    case '0':
      return 'o';
    case '$':
    case '5':
      return 's';
    case '7':
      return 't';
    default:
      return c;
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// How many characters from `at` on are one thing that is tried first; 0: none.
class Finder {
 public:
  Finder(std::string_view password, const std::vector<std::string_view>& known) {
    for (const char c : password) {
      plain_ += lower(c);
      letters_ += unmasked(lower(c));
    }
    for (const std::string_view word : known) {
      std::string small;
      for (const char c : word) small += lower(c);
      if (small.size() >= kWordMin) known_.push_back(std::move(small));
    }
  }

  std::size_t size() const { return plain_.size(); }

  std::size_t longest_at(std::size_t at) const {
    return std::max({word_at(at), run_at(at), row_at(at), repeated_at(at), date_at(at)});
  }

 private:
  std::size_t word_at(std::size_t at) const {
    for (std::size_t length = std::min(kWordMax, size() - at); length >= kWordMin; --length) {
      for (const std::string* text : {&plain_, &letters_}) {
        const std::string_view part = std::string_view(*text).substr(at, length);
        if (common_words().contains(part)) return length;
        if (std::find(known_.begin(), known_.end(), part) != known_.end()) return length;
      }
    }
    return 0;
  }

  // aaa, abc, 321.
  std::size_t run_at(std::size_t at) const {
    std::size_t best = 0;
    for (const int step : {-1, 0, 1}) {
      std::size_t length = 1;
      while (at + length < size() && plain_[at + length] - plain_[at + length - 1] == step) ++length;
      if (length >= kRunMin) best = std::max(best, length);
    }
    return best;
  }

  std::size_t row_at(std::size_t at) const {
    static constexpr std::array<std::string_view, 13> kRows = {
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "!@#$%^&*()", "1qaz",           "2wsx",
        "3edc",       "4rfv",      "5tgb",    "6yhn",       "7ujm",       "qazwsxedcrfvtgb"};
    std::size_t best = 0;
    for (const std::string_view row : kRows) {
      const std::string back(row.rbegin(), row.rend());
      for (const std::string_view keys : {row, std::string_view(back)}) {
        for (std::size_t from = 0; from < keys.size(); ++from) {
          std::size_t length = 0;
          while (at + length < size() && from + length < keys.size() && plain_[at + length] == keys[from + length]) {
            ++length;
          }
          if (length >= kRowMin) best = std::max(best, length);
        }
      }
    }
    return best;
  }

  // The same two to four characters again and again: abab, 123123.
  std::size_t repeated_at(std::size_t at) const {
    std::size_t best = 0;
    for (std::size_t period = 2; period <= 4; ++period) {
      std::size_t length = period;
      while (at + length < size() && plain_[at + length] == plain_[at + length - period]) ++length;
      if (length >= 2 * period) best = std::max(best, length);
    }
    return best;
  }

  // 19xx and 20xx, with or without month and day.
  std::size_t date_at(std::size_t at) const {
    std::size_t digits = 0;
    while (digits < 8 && at + digits < size() && is_digit(plain_[at + digits])) ++digits;
    if (digits < 4) return 0;
    const std::string_view century = std::string_view(plain_).substr(at, 2);
    if (century != "19" && century != "20") return 0;
    return digits == 8 ? 8 : digits >= 6 ? 6 : 4;
  }

  std::string plain_;
  std::string letters_;
  std::vector<std::string> known_;
};

}  // namespace

std::size_t guessing_length(std::string_view password, const std::vector<std::string_view>& known) {
  const Finder finder(password, known);
  // The fewest pieces from each place to the end.
  std::vector<std::size_t> left(finder.size() + 1, 0);
  for (std::size_t at = finder.size(); at-- > 0;) {
    left[at] = left[at + 1] + 1;
    const std::size_t longest = finder.longest_at(at);
    for (std::size_t length = 2; length <= longest; ++length) left[at] = std::min(left[at], left[at + length] + 1);
  }
  return left.front();
}

}  // namespace tingan::api
