// Time as an argument. An Instant is milliseconds since 1970-01-01T00:00:00Z; nobody but an implementation of
// ports/clock.h asks the machine for it.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tingan {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::time_point<std::chrono::system_clock, Duration>;

constexpr Instant kNever = Instant::max();

constexpr Instant from_millis(std::int64_t ms) { return Instant{Duration{ms}}; }
constexpr std::int64_t to_millis(Instant at) { return at.time_since_epoch().count(); }

// A fixed offset from UTC in minutes (+08:00 is 480). No daylight saving: docs/adr/0002-fixed-zone.md.
struct Zone {
  int minutes = 480;
  friend bool operator==(const Zone&, const Zone&) = default;
};

// RFC 3339 with the zone's offset; milliseconds only where there are some: "2026-11-23T10:00:00+08:00".
std::string format_rfc3339(Instant at, Zone zone);
// RFC 3339 with any offset. Error `time.malformed`.
Expected<Instant> parse_rfc3339(std::string_view text);
// "+08:00", "-03:30", "Z". Error `time.malformed-zone`.
Expected<Zone> parse_zone(std::string_view text);

// "30s", "5m", "1h30m", "2d", "250ms", "0m"; a leading minus is an error. Error `time.malformed-duration`.
Expected<Duration> parse_duration(std::string_view text);
// The shortest form that parse_duration reads back: "1h30m".
std::string format_duration(Duration length);
// As people say it: 1 小时 30 分 / 1 h 30 min. Rounded to seconds below ten minutes, to minutes above.
Text say_duration(Duration length);

// The local civil time of an instant. weekday: 0 Monday .. 6 Sunday; minute: 0..1439 of the day.
struct LocalTime {
  int year = 0;
  int month = 0;
  int day = 0;
  int weekday = 0;
  int minute = 0;
};
LocalTime local_time(Instant at, Zone zone);

}  // namespace tingan
