#include "base/time.h"

#include <cctype>
#include <charconv>

namespace tingan {
namespace {

using std::chrono::days;

tl::unexpected<Error> malformed(std::string_view text) {
  return fail("time.malformed", {fmt::format("时间“{}”写法不对，应如 2026-11-23T10:00:00+08:00", text),
                                 fmt::format("Expected a time like 2026-11-23T10:00:00+08:00, but got '{}'", text)});
}

// Reads exactly `width` digits at `pos`; -1 when they are not digits.
int digits(std::string_view text, std::size_t pos, std::size_t width) {
  if (pos + width > text.size()) return -1;
  int value = 0;
  for (std::size_t i = pos; i < pos + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

std::string format_rfc3339(Instant at, Zone zone) {
  const auto shifted = at + std::chrono::minutes{zone.minutes};
  const auto day = std::chrono::floor<days>(shifted);
  const std::chrono::year_month_day date{day};
  const auto ms = (shifted - day).count();
  const int offset = zone.minutes < 0 ? -zone.minutes : zone.minutes;
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), ms / 3600000,
                                ms / 60000 % 60, ms / 1000 % 60);
  if (ms % 1000 != 0) out += fmt::format(".{:03}", ms % 1000);
  out += fmt::format("{}{:02}:{:02}", zone.minutes < 0 ? '-' : '+', offset / 60, offset % 60);
  return out;
}

Expected<Zone> parse_zone(std::string_view text) {
  if (text == "Z" || text == "z") return Zone{0};
  const int hours = digits(text, 1, 2);
  const int minutes = digits(text, 4, 2);
  const bool shape = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':';
  if (!shape || hours < 0 || hours > 14 || minutes < 0 || minutes > 59) {
    return fail("time.malformed-zone", {fmt::format("时区“{}”写法不对，应如 +08:00", text),
                                        fmt::format("Expected a zone like +08:00, but got '{}'", text)});
  }
  const int total = hours * 60 + minutes;
  return Zone{text[0] == '-' ? -total : total};
}

Expected<Instant> parse_rfc3339(std::string_view text) {
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (text.size() < 20 || year < 0 || month < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      second < 0 || second > 59 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') ||
      text[13] != ':' || text[16] != ':') {
    return malformed(text);
  }
  const auto date = std::chrono::year{year} / month / day;
  if (!date.ok()) return malformed(text);
  std::size_t pos = 19;
  int millis = 0;
  if (text[pos] == '.') {
    int scale = 100;
    for (++pos; pos < text.size() && std::isdigit(static_cast<unsigned char>(text[pos])) != 0; ++pos, scale /= 10) {
      millis += (text[pos] - '0') * scale;
    }
  }
  const auto zone = parse_zone(text.substr(pos));
  if (!zone) return malformed(text);
  return Instant{std::chrono::sys_days{date}.time_since_epoch()} + std::chrono::hours{hour} +
         std::chrono::minutes{minute - zone->minutes} + std::chrono::seconds{second} + Duration{millis};
}

Expected<Duration> parse_duration(std::string_view text) {
  const auto bad = [&] {
    return fail("time.malformed-duration",
                {fmt::format("时长“{}”写法不对，应如 30s、5m、1h30m", text),
                 fmt::format("Expected a duration like 30s, 5m or 1h30m, but got '{}'", text)});
  };
  if (text.empty()) return bad();
  std::int64_t total = 0;
  constexpr std::int64_t kMost = std::int64_t{1000} * 3600 * 24 * 3660;  // ten years: anything longer is a mistake
  while (!text.empty()) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || value < 0 || value > kMost) return bad();
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    std::int64_t unit = 0;
    std::size_t width = 1;
    if (text.starts_with("ms")) {
      unit = 1;
      width = 2;
    } else if (text.starts_with('s')) {
      unit = 1000;
    } else if (text.starts_with('m')) {
      unit = 60000;
    } else if (text.starts_with('h')) {
      unit = 3600000;
    } else if (text.starts_with('d')) {
      unit = 86400000;
    } else {
      return bad();
    }
    if (value > kMost / unit) return bad();
    total += value * unit;
    text.remove_prefix(width);
  }
  if (total > kMost) return bad();
  return Duration{total};
}

std::string format_duration(Duration length) {
  auto ms = length.count();
  if (ms == 0) return "0m";
  std::string out;
  if (ms < 0) {
    out = "-";
    ms = -ms;
  }
  constexpr std::pair<std::int64_t, const char*> kUnits[] = {
      {86400000, "d"}, {3600000, "h"}, {60000, "m"}, {1000, "s"}, {1, "ms"}};
  for (const auto& [unit, name] : kUnits) {
    if (ms >= unit) out += fmt::format("{}{}", ms / unit, name);
    ms %= unit;
  }
  return out;
}

Text say_duration(Duration length) {
  const auto seconds = (length.count() + 500) / 1000;
  if (seconds < 60) return {fmt::format("{} 秒", seconds), fmt::format("{} s", seconds)};
  if (seconds < 600 && seconds % 60 != 0) {
    return {fmt::format("{} 分 {} 秒", seconds / 60, seconds % 60),
            fmt::format("{} min {} s", seconds / 60, seconds % 60)};
  }
  const auto minutes = (seconds + 30) / 60;
  if (minutes < 60) return {fmt::format("{} 分钟", minutes), fmt::format("{} min", minutes)};
  const auto hours = minutes / 60;
  if (minutes % 60 == 0) return {fmt::format("{} 小时", hours), fmt::format("{} h", hours)};
  return {fmt::format("{} 小时 {} 分", hours, minutes % 60), fmt::format("{} h {} min", hours, minutes % 60)};
}

LocalTime local_time(Instant at, Zone zone) {
  const auto shifted = at + std::chrono::minutes{zone.minutes};
  const auto day = std::chrono::floor<days>(shifted);
  const std::chrono::year_month_day date{day};
  const std::chrono::weekday weekday{day};
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<int>(static_cast<unsigned>(date.month())),
          .day = static_cast<int>(static_cast<unsigned>(date.day())),
          .weekday = static_cast<int>(weekday.iso_encoding()) - 1,
          .minute = static_cast<int>((shifted - day).count() / 60000)};
}

}  // namespace tingan
