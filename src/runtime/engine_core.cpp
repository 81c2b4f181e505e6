#include <map>

#include "base/check.h"
#include "runtime/engine_core_impl.h"
#include "runtime/urgency.h"

namespace tingan {
namespace {

Error key_reused() {
  return {"idempotency.reused",
          {"这个 Idempotency-Key 已用于另一个请求",
           "Expected the same request under this Idempotency-Key, but the body differs"},
          "Idempotency-Key"};
}

Error disk_is_full() {
  return {"store.full",
          {"磁盘已满，只收真实事件的上报、静默报警和确认；腾出空间后自动恢复",
           "Expected room on the disk, but it is full: only declares, silent alarms and acknowledgements of real "
           "incidents are taken. It works again once there is room"},
          {}};
}

Outcome replay(const StoredAnswer& stored, const Submission& submission) {
  Outcome outcome;
  if (stored.body_hash != submission.body_hash) {
    outcome.refused = key_reused();
    return outcome;
  }
  outcome.answer = {stored.status, stored.body};
  outcome.replayed = true;
  return outcome;
}

// Incidents that are kept as they are, not packed: some ten megabytes.
constexpr std::size_t kHotIncidents = 1024;

bool keyed(const Submission& submission) { return !submission.key.empty(); }

}  // namespace

EngineCore::EngineCore(EnginePorts ports) : impl_(std::make_unique<Impl>(ports)) {}
EngineCore::~EngineCore() = default;

const View& EngineCore::view() const { return impl_->view; }
const IncidentLookup& EngineCore::lookup() const { return impl_->world.board; }
Instant EngineCore::last_time() const { return impl_->world.last_time.at; }
void EngineCore::on_commit(std::function<void(const Commit&)> listener) {
  impl_->listeners.push_back(std::move(listener));
}

void EngineCore::hold_erasures(bool held) { impl_->world.acceptance.hold_erasures(held); }

Instant EngineCore::next_deadline() {
  return std::min({impl_->world.board.next_deadline(), impl_->world.registry->next_deadline(),
                   impl_->world.acceptance.next_deadline()});
}

// The outcome of every submission of one batch, by position; twins under one key share the first one's.
struct Slot {
  Outcome outcome;
  bool answered_before = false;  // from the store: true whatever becomes of this batch
};

static Expected<Slot> take(EngineCore::Impl& impl, BatchBuilder& builder, const Submission& submission, bool admitted,
                           std::map<std::pair<std::string, std::string>, StoredAnswer>& in_batch) {
  Slot slot;
  if (keyed(submission)) {
    if (const auto twin = in_batch.find({submission.key_scope, submission.key}); twin != in_batch.end()) {
      slot.outcome = replay(twin->second, submission);
      return slot;
    }
    auto stored = impl.ports.log.answer(submission.key_scope, submission.key);
    if (!stored) return tl::unexpected(stored.error());
    if (*stored) {
      slot.outcome = replay(**stored, submission);
      slot.answered_before = true;
      return slot;
    }
  }
  if (!admitted) {
    slot.outcome.refused = disk_is_full();
    if (submission.render) slot.outcome.answer = submission.render(slot.outcome, *impl.world.registry);
    return slot;  // never kept under its key: it may come again
  }
  slot.outcome = builder.execute(submission);
  if (submission.render) slot.outcome.answer = submission.render(slot.outcome, *impl.world.registry);
  if (keyed(submission) && submission.render) {
    builder.keep_answer(submission, slot.outcome.answer);
    in_batch[{submission.key_scope, submission.key}] = {submission.key_scope,     submission.key,
                                                        submission.body_hash,     slot.outcome.answer.status,
                                                        slot.outcome.answer.body, Instant{}};
  }
  return slot;
}

namespace {

bool is_full(const std::optional<Error>& failure) { return failure && failure->code == "store.full"; }

struct Attempt {
  std::vector<Slot> slots;
  std::optional<Error> failure;
};

// Decides and commits those that are at least so urgent; the others are refused, unless they were answered before.
Attempt attempt(EngineCore::Impl& impl, const std::vector<Submission>& submissions,
                const std::vector<Urgency>& urgencies, Urgency least, Instant now) {
  Attempt done;
  BatchBuilder builder(impl.world, impl.ports, now);
  std::map<std::pair<std::string, std::string>, StoredAnswer> in_batch;
  done.slots.reserve(submissions.size());
  for (std::size_t i = 0; i < submissions.size() && !done.failure; ++i) {
    const bool admitted = least == Urgency::ordinary || urgencies[i] >= least;
    auto slot = take(impl, builder, submissions[i], admitted, in_batch);
    if (slot) {
      done.slots.push_back(std::move(*slot));
    } else {
      done.failure = slot.error();
    }
  }
  if (!done.failure && !builder.empty()) {
    if (auto appended = impl.ports.log.append(builder.seal()); !appended) done.failure = appended.error();
  }
  if (done.failure) {
    builder.rollback();
  } else {
    impl.show(builder.commit());
  }
  return done;
}

std::vector<Urgency> urgencies_of(const EngineCore::Impl& impl, const std::vector<Submission>& submissions) {
  std::vector<Urgency> out;
  if (impl.ports.room == nullptr) return out;
  for (const Submission& submission : submissions) {
    const IncidentPtr incident = submission.incident.none() ? nullptr : impl.world.board.find(submission.incident);
    out.push_back(urgency_of(submission.command, incident != nullptr && incident->drill));
  }
  return out;
}

// A full disk: what is urgent is tried again in what the reserve gives up for it, the more urgent the further.
Attempt attempt_all(EngineCore::Impl& impl, const std::vector<Submission>& submissions, Instant now) {
  DiskRoom* const room = impl.ports.room;
  const std::vector<Urgency> urgencies = urgencies_of(impl, submissions);
  const bool full = room != nullptr && room->room() >= Room::reserve;
  Attempt done = attempt(impl, submissions, urgencies, full ? Urgency::clocks : Urgency::ordinary, now);
  for (Urgency least = Urgency::clocks; room != nullptr && is_full(done.failure);) {
    const bool any = std::any_of(urgencies.begin(), urgencies.end(), [&](Urgency one) { return one >= least; });
    if (any && room->give_up_some(least)) {
      done = attempt(impl, submissions, urgencies, least, now);
    } else if (least == Urgency::clocks) {
      least = Urgency::people;
    } else {
      break;
    }
  }
  return done;
}

}  // namespace

Expected<void> EngineCore::run(std::vector<Submission> submissions, Instant now) {
  Attempt done = attempt_all(*impl_, submissions, now);
  const std::optional<Error>& failure = done.failure;
  std::vector<Slot>& slots = done.slots;
  if (failure) {
    slots.resize(submissions.size());
    for (std::size_t i = 0; i < submissions.size(); ++i) {
      if (slots[i].answered_before) continue;
      slots[i].outcome = Outcome{};
      slots[i].outcome.refused = failure;
      if (submissions[i].render)
        slots[i].outcome.answer = submissions[i].render(slots[i].outcome, *impl_->world.registry);
    }
  }
  for (std::size_t i = 0; i < submissions.size(); ++i) {
    if (submissions[i].done) submissions[i].done(std::move(slots[i].outcome));
  }
  if (failure && !is_full(failure)) return tl::unexpected(*failure);
  return {};
}

void EngineCore::Impl::show(Commit commit) {
  std::vector<PublishedView::Change> changes;
  for (const CommittedRecord& record : commit.records) {
    view.publish(record.acceptance);
    if (record.incident == nullptr) continue;
    const IncidentState& state = *record.incident;
    const bool open = state.status == IncidentStatus::open || state.status == IncidentStatus::contained;
    changes.push_back({state.id, state.unit, open, Held(record.incident), record.stored->gseq});
  }
  view.publish(changes, commit.registry, world.last_gseq);
  view.replace(world.board.cool(kHotIncidents));
  since_snapshot += commit.records.size();
  if (commit.records.empty()) return;
  for (const auto& listener : listeners) listener(commit);
}

namespace {

// One clock after the other, the earliest of all incidents each time: so they fire in the order in which they were due.
std::size_t fire_due(World& world, BatchBuilder& builder, Instant now, std::size_t limit) {
  std::size_t count = 0;
  for (; count < limit && world.board.next_deadline() <= now; ++count) {
    const auto [at, id] = world.board.due(now, 1).front();
    builder.execute({.incident = id, .command = IncidentCommand(Tick{at})});
  }
  for (const auto& [at, id] : world.acceptance.due(now, limit)) {
    builder.execute({.order = id, .command = AcceptanceCommand(OrderCommand(TickOrder{}))});
    ++count;
  }
  if (world.registry->next_deadline() <= now) {
    builder.execute({.command = UnitCommand(TickSuspicions{})});
    ++count;
  }
  return count;
}

}  // namespace

Expected<std::size_t> EngineCore::tick(Instant now, std::size_t limit) {
  World& world = impl_->world;
  DiskRoom* const room = impl_->ports.room;
  now = std::max(now, world.last_time.at);
  for (;;) {
    BatchBuilder builder(world, impl_->ports, now);
    const std::size_t count = fire_due(world, builder, now, limit);
    if (builder.empty()) return count;
    const auto appended = impl_->ports.log.append(builder.seal());
    if (appended) {
      impl_->show(builder.commit());
      return count;
    }
    builder.rollback();
    if (appended.error().code != "store.full") return tl::unexpected(appended.error());
    // The clocks stay due, and the caller tries again later.
    if (room == nullptr || !room->give_up_some(Urgency::clocks)) return std::size_t{0};
  }
}

IncidentId new_incident_id(Instant now, Random& random) {
  std::array<std::uint8_t, 10> entropy{};
  random.fill(entropy);
  return make_incident_id(to_millis(now), entropy);
}

}  // namespace tingan
