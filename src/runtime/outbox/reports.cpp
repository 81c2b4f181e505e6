#include "runtime/outbox/reports.h"

#include <algorithm>

namespace tingan::outbox {

void Reports::add(IncidentId incident, bool in_cover, Rung rung, ChannelId channel, const std::string& error,
                  std::uint32_t n, Instant now) {
  const Key key{incident, in_cover, rung, channel, error};
  const auto [held, fresh] = notices_.try_emplace(key);
  if (fresh) order_.push_back({now, key});
  if (std::find(held->second.begin(), held->second.end(), n) == held->second.end()) held->second.push_back(n);
}

void Reports::again(const Report& report, Instant now) {
  for (const std::uint32_t n : report.command.notices) {
    add(report.incident, report.command.in_cover, report.command.rung, report.command.channel, report.command.error, n,
        now);
  }
}

std::vector<Report> Reports::take(Instant now, std::size_t most) {
  std::vector<Report> out;
  while (!order_.empty() && out.size() < most && order_.front().since + kReportHold <= now) {
    const Key key = order_.front().key;
    order_.pop_front();
    const auto held = notices_.find(key);
    const auto& [incident, in_cover, rung, channel, error] = key;
    out.push_back(
        {incident,
         {.notices = std::move(held->second), .rung = rung, .channel = channel, .error = error, .in_cover = in_cover}});
    notices_.erase(held);
  }
  return out;
}

Instant Reports::next() const { return order_.empty() ? kNever : order_.front().since + kReportHold; }

}  // namespace tingan::outbox
