#include "runtime/clock_trust.h"

#include <sys/timex.h>

#include <cstdio>

#include "base/file.h"

namespace tingan {
namespace {

constexpr Zone kShown{};

Error ahead(const ClockEvidence& evidence) {
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(evidence.wall - evidence.last_seen).count();
  const std::string wall = format_rfc3339(evidence.wall, kShown);
  const std::string seen = format_rfc3339(evidence.last_seen, kShown);
  return {"clock.ahead",
          {fmt::format("本机时钟是 {}，比节点最后一次在运行的 {} 晚了 {} 小时，没有时间服务器可以证明它。时钟若是错的，"
                       "到期的提醒会一下子全部发出，到期的客户资料会被永久删除。请先看钟：对的（例如放假停机），"
                       "加上 --accept-clock 再启动；不对，先把时钟调好",
                       wall, seen, hours),
           fmt::format("Expected a clock near {}, when this node was last up, but it says {}: {} hours ahead, and no "
                       "time server stands for it. Were it wrong, everything due would fire at once and what is due "
                       "for erasing would be gone for good. Look at it: where it is right (the node was off over a "
                       "holiday), start again with --accept-clock; where not, set the clock first",
                       seen, wall, hours)},
          "--accept-clock"};
}

}  // namespace

Expected<ClockVerdict> judge_clock(const ClockEvidence& evidence) {
  if (evidence.last_seen <= Instant{}) return ClockVerdict::steady;
  const Duration gap = evidence.wall - evidence.last_seen;
  if (gap < -kBehind) return ClockVerdict::behind;
  if (gap <= (evidence.something_due ? kGapWithClocksDue : kGapMax)) return ClockVerdict::steady;
  if (evidence.accepted || evidence.kernel_vouches) return ClockVerdict::believed;
  return tl::unexpected(ahead(evidence));
}

bool kernel_vouches_for(Instant wall) {
  timex kernel{};
  if (::adjtimex(&kernel) == TIME_ERROR || (kernel.status & STA_UNSYNC) != 0) return false;
  const Duration apart = wall - from_millis(static_cast<std::int64_t>(kernel.time.tv_sec) * 1000);
  return apart > -std::chrono::seconds{2} && apart < std::chrono::seconds{2};
}

std::optional<ClockNote> read_clock_note(const std::filesystem::path& file) {
  const auto text = read_whole_file(file);
  if (!text) return std::nullopt;
  std::int64_t seen = 0;
  std::int64_t confirmed = 0;
  if (std::sscanf(text->c_str(), "tingan-clock 1 %ld %ld", &seen, &confirmed) != 2) return std::nullopt;
  if (seen < 0 || confirmed < 0) return std::nullopt;
  return ClockNote{from_millis(seen), Duration{confirmed}};
}

Expected<void> write_clock_note(const std::filesystem::path& file, const ClockNote& note) {
  return write_private_file(file,
                            fmt::format("tingan-clock 1 {} {}\n", to_millis(note.last_seen), note.confirmed.count()));
}

void ClockTrust::look(Instant now, Duration offset) {
  constexpr Duration kQuestioned = std::chrono::hours{1};
  // A look a second; a machine that slept is not taken for one that ran.
  const Duration longest_step{static_cast<std::int64_t>(60000 * scale_)};
  const Duration step = now - last_;
  last_ = now;
  const Duration apart = std::chrono::abs(offset);
  if (apart > kQuestioned) {
    confirmed_ = Duration::zero();
  } else if (apart <= kApart && step > Duration::zero()) {
    confirmed_ = confirmed_.load() + std::min(step, longest_step);
  }
}

}  // namespace tingan
