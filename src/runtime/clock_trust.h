// Whether the machine's clock may be believed: at a start, before anything that is due by it happens, and for a day
// afterwards, before anything is erased by it (docs/adr/0018-clock-and-disk.md).
#pragma once
#include <atomic>
#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/time.h"

namespace tingan {

// What is known at a start.
struct ClockEvidence {
  Instant wall;
  Instant last_seen;            // of the last record, or when the node was last up; 1970: never
  bool something_due = false;   // a clock of the node would fire because of the time that has passed
  bool kernel_vouches = false;  // the system keeps its clock by a time server, and it is this time
  bool accepted = false;        // --accept-clock
};

enum class ClockVerdict {
  steady,    // goes on from where it was
  believed,  // far ahead, and somebody or the time server stands for it: erasing waits a day
  behind     // before the last record: the node goes on from that, and waits for the clock
};

// So long a node may have been down, where something would fire at once, and in any case.
constexpr Duration kGapWithClocksDue = std::chrono::hours{4};
constexpr Duration kGapMax = std::chrono::hours{24};
// A clock is behind from here on; less is what slewing levels.
constexpr Duration kBehind = std::chrono::minutes{5};
// Nothing is erased before the clock has gone unquestioned for so long, while the node ran.
constexpr Duration kConfirmedAfter = std::chrono::hours{24};
// The wall clock and the node's are shown as apart from here on; while they are, the time does not count as confirming.
constexpr Duration kApart = std::chrono::minutes{1};

// Error `clock.ahead`: hours ahead of the last sign of life, and nothing vouches for it.
Expected<ClockVerdict> judge_clock(const ClockEvidence& evidence);

// The system clock is kept by a time server (NTP, PTP), and the kernel's own time agrees with `wall` to two seconds.
bool kernel_vouches_for(Instant wall);

// What a node notes beside its log: file `clock` in the data folder.
struct ClockNote {
  Instant last_seen{};
  Duration confirmed{};  // how long the clock has gone unquestioned while the node ran
};
// nullopt: none, or not readable: the log's own time must do.
std::optional<ClockNote> read_clock_note(const std::filesystem::path& file);
// Errors: `file.full`, `file.unwritable`; losing it costs a question at the next start.
Expected<void> write_clock_note(const std::filesystem::path& file, const ClockNote& note);

// Counts how long the clock has been confirmed. One thread, but for confirmed().
class ClockTrust {
 public:
  // `scale`: how many times as fast the node's clock runs than the machine's.
  ClockTrust(Instant now, Duration confirmed_before, double scale = 1.0)
      : last_(now), scale_(scale), confirmed_(confirmed_before) {}
  // `offset`: the wall clock's from the node's. More than an hour apart, and the day begins anew.
  void look(Instant now, Duration offset);
  Duration confirmed() const { return confirmed_; }
  bool erasing_allowed() const { return confirmed() >= kConfirmedAfter; }

 private:
  Instant last_;
  double scale_;
  std::atomic<Duration> confirmed_;
};

}  // namespace tingan
