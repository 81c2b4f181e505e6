// The course inside: one moment of the node after the other, in the order of the real engine's loop.
#include "codec/record_json.h"
#include "sim/course.h"

namespace tingan::sim {
namespace {

constexpr std::size_t kAllClocks = 4096;
constexpr Duration kReportAgain = std::chrono::seconds{5};
constexpr Duration kDiskFullPause = std::chrono::seconds{1};

std::string events_of(const Record& record) {
  std::string names;
  for (const AnyEvent& event : record.events) names += (names.empty() ? "" : ", ") + std::string(event_name(event));
  return names;
}

}  // namespace

// On to the next thing that happens, at `until` at the latest; false: it is `until`.
bool Course::step(Duration until) {
  Duration next = agenda_.next().value_or(until);
  if (node_->up()) {
    const Instant due = node_->core().next_deadline();
    if (due != kNever) next = std::min(next, std::max(node_->steady_at(due), clocks_again_at_));
    if (world_at_ != kNever) next = std::min(next, std::max(node_->steady_at(world_at_), agenda_.now() + Duration{1}));
  }
  agenda_.advance(std::min(next, until));
  process();
  return next < until;
}

void Course::process() {
  if (!node_->up()) return;
  const Instant now = node_->now(agenda_.now());
  fire_clocks(now);
  if (node_->up() && !inbox_.empty()) take_requests(now);
  while (node_->up() && !verdict_.failed()) {
    world_at_ = world_->work(now);
    if (inbox_.empty()) break;
    take_requests(now);
  }
  if (!node_->up() || node_->core().next_deadline() <= now) return;
  for (const auto& checker : checkers_) checker->on_quiet(now, node_->core());
}

void Course::fire_clocks(Instant now) {
  if (agenda_.now() < clocks_again_at_) return;
  while (node_->core().next_deadline() <= now) {
    const bool waits = random_.chance(faults_.clocks_wait);
    for (const auto& checker : checkers_) checker->on_tick();
    const auto fired = node_->tick(now, waits ? 1 : kAllClocks);
    absorb();
    if (!fired) return went_down("while clocks fired");
    if (*fired == 0) clocks_again_at_ = agenda_.now() + kDiskFullPause;
    if (waits) clocks_again_at_ = agenda_.now() + random_.between(Duration{1}, std::chrono::minutes{1});
    if (waits || *fired == 0) return;
  }
}

// There was no room on the disk: who works for the program keeps its word until the node has it.
void Course::again_later(const Submission& submission) {
  agenda_.after(kReportAgain, [this, submission] {
    if (node_->up()) inbox_.push_back({nullptr, submission});
  });
}

void Course::take_requests(Instant now) {
  std::vector<Arrival> batch = std::exchange(inbox_, {});
  std::vector<std::optional<Outcome>> outcomes(batch.size());
  std::vector<Submission> submissions;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Submission submission = batch[i].request == nullptr
                                ? batch[i].submission
                                : to_submission(*batch[i].request, {node_->sealer(), node_->random(), now});
    submission.done = [this, &outcomes, i](Outcome outcome) {
      // Whatever becomes of the node a moment later: who is answered now must be able to rely on it.
      if (!outcome.refused && outcome.gseq > node_->durable_gseq())
        verdict_.fail("an answer came before it was durable");
      outcomes[i] = std::move(outcome);
    };
    submissions.push_back(std::move(submission));
  }
  for (const auto& checker : checkers_) checker->on_commands();
  const bool up = node_->run(std::move(submissions), now);
  absorb();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (batch[i].request == nullptr) {
      const bool full = up && outcomes[i] && outcomes[i]->refused && outcomes[i]->refused->code == "store.full";
      if (batch[i].submission.done) {
        if (up && outcomes[i]) batch[i].submission.done(*outcomes[i]);
      } else if (full) {
        again_later(batch[i].submission);
      }
      continue;
    }
    if (!up) {
      courier_->no_answer(batch[i].request);
      continue;
    }
    if (!outcomes[i]) {
      verdict_.fail("request " + batch[i].request->token + " was taken, but never answered");
      continue;
    }
    if (!courier_->answer(batch[i].request, *outcomes[i])) continue;
    ++report_.answers;
    mix(outcomes[i]->answer.body);
    say("{} {} by {}: {}{}", batch[i].request->token, batch[i].request->what, batch[i].request->person.str(),
        outcomes[i]->answer.body, outcomes[i]->replayed ? " (again)" : "");
    for (const auto& checker : checkers_) checker->on_reply(*batch[i].request, *outcomes[i], absorbed_);
    if (heard_) heard_(*batch[i].request, *outcomes[i]);
  }
  if (!up) went_down("while it wrote");
}

// Shows the checkers what has become durable since they last looked.
void Course::absorb() {
  if (absorbed_ > 0) {
    const auto last = node_->durable().read(absorbed_);
    if (!last || last->hash != absorbed_hash_) {
      return verdict_.fail(fmt::format("record {} was durable and is lost or changed", absorbed_));
    }
  }
  const auto records = node_->durable().read_after(absorbed_, kAllClocks);
  if (!records) return verdict_.fail("the log cannot be read: " + to_string(records.error()));
  for (const StoredRecord& stored : *records) {
    const auto record = decode_record(stored.bytes);
    if (!record) return verdict_.fail("a record cannot be read: " + to_string(record.error()));
    world_->recorded(*record);
    say("  #{} {}/{} {} {} by {}: {}", stored.gseq, stored.unit.str(), stored.seq,
        format_rfc3339(record->time.at, Zone{}), record->incident.none() ? "" : to_string(record->incident),
        record->by.person.str(), events_of(*record));
    for (const auto& checker : checkers_) checker->on_record(stored, *record);
    mix({reinterpret_cast<const char*>(stored.hash.data()), stored.hash.size()});
    absorbed_ = stored.gseq;
    absorbed_hash_ = stored.hash;
    ++report_.records;
  }
}

void Course::mix(std::string_view bytes) {
  std::string joined(reinterpret_cast<const char*>(trace_.data()), trace_.size());
  trace_ = sha256(joined.append(bytes));
}

}  // namespace tingan::sim
