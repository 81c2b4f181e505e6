#include "sim/simulated_channel.h"

#include <algorithm>

namespace tingan::sim {
namespace {

constexpr int kTries = 4;

}  // namespace

void SimulatedChannel::start(EngineCore& core) {
  ++life_;
  std::vector<IncidentPtr> open = core.view().open();
  std::sort(open.begin(), open.end(), [](const auto& a, const auto& b) { return a->id < b->id; });
  for (const IncidentPtr& state : open) send_waiting(*state);
  core.on_commit([this](const Commit& commit) { take(commit); });
}

void SimulatedChannel::send_waiting(const IncidentState& state) {
  for (const NoticeState& notice : state.notices) {
    if (notice.sent == kNever && notice.failed_channels == 0) send(state.id, notice.n, 0);
  }
}

void SimulatedChannel::take(const Commit& commit) {
  for (const CommittedRecord& record : commit.records) {
    for (const AnyEvent& any : record.record->events) {
      const auto* event = std::get_if<IncidentEvent>(&any);
      if (event == nullptr) continue;
      if (std::holds_alternative<IncidentReopened>(*event)) send_waiting(*record.incident);
      if (const auto* told = std::get_if<Told>(event)) {
        for (const NewNotice& notice : told->notices) send(record.record->incident, notice.n, 0);
      }
      if (const auto* again = std::get_if<ToldAgain>(event)) {
        for (const std::uint32_t n : again->notices) send(record.record->incident, n, 0);
      }
    }
  }
}

void SimulatedChannel::send(IncidentId incident, std::uint32_t notice, int tries) {
  Duration takes = random_.between(Duration{100}, std::chrono::seconds{3});
  if (random_.chance(faults_.channel_slow)) takes += random_.between(Duration{0}, std::chrono::minutes{4});
  const bool fails = random_.chance(faults_.channel_fails);
  agenda_.after(takes, [=, this, life = life_] {
    if (life != life_) return;
    if (fails && tries + 1 < kTries) return send(incident, notice, tries + 1);
    if (fails) return report(incident, notice, Rung::failed);
    ++messages_;
    report(incident, notice, Rung::sent);
    if (random_.chance(500)) report(incident, notice, Rung::delivered);
    if (random_.chance(300)) hooks_.person_reads(incident, notice);
  });
}

void SimulatedChannel::report(IncidentId incident, std::uint32_t notice, Rung rung) {
  ReportDelivery delivery{.notices = {notice}, .rung = rung, .channel = ChannelId("simulated")};
  if (rung == Rung::failed) delivery.error = "channel.unreachable";
  Submission submission;
  submission.incident = incident;
  submission.command = IncidentCommand(std::move(delivery));
  hooks_.report(std::move(submission));
}

}  // namespace tingan::sim
