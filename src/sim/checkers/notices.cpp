#include "sim/checkers/notices.h"

namespace tingan::sim {

void NoticeChecker::told(Course& course, const Told& event, std::set<PersonId>& now, std::uint64_t gseq) {
  if (!course.tellings.try_emplace(event.telling, Telling{0, !event.again_at, {}}).second) {
    verdict_.fail(fmt::format("record {}: telling {} was told twice", gseq, event.telling));
  }
  Telling& telling = course.tellings[event.telling];
  for (const NewNotice& notice : event.notices) {
    if (notice.n != course.next_notice++) {
      verdict_.fail(fmt::format("record {}: notice {} is out of order", gseq, notice.n));
    }
    if (!now.insert(notice.person).second) {
      verdict_.fail(fmt::format("record {}: {} got two notices at the same moment", gseq, notice.person.str()));
    }
    telling.open.insert(notice.n);
  }
  for (const std::uint32_t n : event.shared) {
    if (!course.acknowledged.contains(n)) telling.open.insert(n);
  }
}

void NoticeChecker::told_again(Course& course, const ToldAgain& event, std::uint64_t gseq) {
  Telling& telling = course.tellings[event.telling];
  if (event.round != ++telling.round) {
    verdict_.fail(fmt::format("record {}: telling {} was told again as round {}", gseq, event.telling, event.round));
  }
  if (telling.ended) verdict_.fail(fmt::format("record {}: telling {} goes on after its end", gseq, event.telling));
  for (const std::uint32_t n : event.notices) {
    if (course.acknowledged.contains(n)) {
      verdict_.fail(fmt::format("record {}: notice {} was sent again after it was acknowledged", gseq, n));
    }
  }
}

void NoticeChecker::progressed(Course& course, const NoticeProgressed& event, std::uint64_t gseq) {
  for (const std::uint32_t n : event.notices) {
    if (n == 0 || n >= course.next_notice) {
      verdict_.fail(fmt::format("record {}: notice {} was reported, but there is none", gseq, n));
    }
    if (event.rung == Rung::sent && !course.sent.insert(n).second) {
      verdict_.fail(fmt::format("record {}: notice {} was sent for the second time", gseq, n));
    }
    if (event.rung == Rung::acknowledged && !course.acknowledged.insert(n).second) {
      verdict_.fail(fmt::format("record {}: notice {} was acknowledged for the second time", gseq, n));
    }
  }
}

void NoticeChecker::on_record(const StoredRecord& stored, const Record& record) {
  if (record.incident.none()) return;
  Course& course = courses_[record.incident];
  std::set<PersonId> now;
  for (const AnyEvent& any : record.events) {
    const auto* event = std::get_if<IncidentEvent>(&any);
    if (event == nullptr) continue;
    if (const auto* e = std::get_if<Told>(event)) told(course, *e, now, stored.gseq);
    if (const auto* e = std::get_if<ToldAgain>(event)) told_again(course, *e, stored.gseq);
    if (const auto* e = std::get_if<NoticeProgressed>(event)) progressed(course, *e, stored.gseq);
    if (const auto* e = std::get_if<TellingEnded>(event)) {
      for (const std::uint32_t id : e->tellings) course.tellings[id].ended = true;
    }
  }
}

void NoticeChecker::on_end(Instant now, EngineCore& core) {
  constexpr Duration kLongEnough = std::chrono::minutes{90};
  for (const IncidentPtr& state : core.view().open()) {
    for (const TellingState& telling : state->tellings) {
      std::size_t acknowledged = 0;
      Instant queued = Instant::min();
      for (const std::uint32_t n : telling.notices) {
        const NoticeState& notice = state->notices[n - 1];
        if (notice.acknowledged != kNever) ++acknowledged;
        if (notice.sent == kNever && notice.failed_channels == 0 && notice.queued + kLongEnough < now) {
          verdict_.fail(fmt::format("notice {}.{} was never sent", to_string(state->id), n));
        }
        queued = std::max(queued, notice.queued);
      }
      const bool heard = acknowledged >= telling.need;
      if (!telling.ended && !heard && queued + kLongEnough < now) {
        verdict_.fail(fmt::format("telling {} of {} neither ended nor was heard", telling.id, to_string(state->id)));
      }
    }
  }
}

}  // namespace tingan::sim
