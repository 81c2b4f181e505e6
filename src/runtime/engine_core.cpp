#include <map>

#include "base/check.h"
#include "runtime/engine_core_impl.h"

namespace tingan {
namespace {

Error key_reused() {
  return {"idempotency.reused",
          {"这个 Idempotency-Key 已用于另一个请求",
           "Expected the same request under this Idempotency-Key, but the body differs"},
          "Idempotency-Key"};
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

Instant EngineCore::next_deadline() {
  return std::min(impl_->world.board.next_deadline(), impl_->world.registry->next_deadline());
}

// The outcome of every submission of one batch, by position; twins under one key share the first one's.
struct Slot {
  Outcome outcome;
  bool answered_before = false;  // from the store: true whatever becomes of this batch
};

static Expected<Slot> take(EngineCore::Impl& impl, BatchBuilder& builder, const Submission& submission,
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

Expected<void> EngineCore::run(std::vector<Submission> submissions, Instant now) {
  BatchBuilder builder(impl_->world, impl_->ports, now);
  std::map<std::pair<std::string, std::string>, StoredAnswer> in_batch;
  std::vector<Slot> slots;
  slots.reserve(submissions.size());
  std::optional<Error> failure;
  for (const Submission& submission : submissions) {
    auto slot = take(*impl_, builder, submission, in_batch);
    if (!slot) {
      failure = slot.error();
      break;
    }
    slots.push_back(std::move(*slot));
  }
  if (!failure && !builder.empty()) {
    if (auto appended = impl_->ports.log.append(builder.seal()); !appended) failure = appended.error();
  }
  if (failure) {
    builder.rollback();
    slots.resize(submissions.size());
    for (std::size_t i = 0; i < submissions.size(); ++i) {
      if (slots[i].answered_before) continue;
      slots[i].outcome = Outcome{};
      slots[i].outcome.refused = failure;
      if (submissions[i].render)
        slots[i].outcome.answer = submissions[i].render(slots[i].outcome, *impl_->world.registry);
    }
  } else {
    impl_->show(builder.commit());
  }
  for (std::size_t i = 0; i < submissions.size(); ++i) {
    if (submissions[i].done) submissions[i].done(std::move(slots[i].outcome));
  }
  if (failure && failure->code != "store.full") return tl::unexpected(*failure);
  return {};
}

void EngineCore::Impl::show(Commit commit) {
  std::vector<PublishedView::Change> changes;
  for (const CommittedRecord& record : commit.records) {
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

Expected<std::size_t> EngineCore::tick(Instant now, std::size_t limit) {
  World& world = impl_->world;
  now = std::max(now, world.last_time.at);
  BatchBuilder builder(world, impl_->ports, now);
  std::size_t count = 0;
  // One clock after the other, the earliest of all incidents each time: so they fire in the order in which they were
  // due.
  for (; count < limit && world.board.next_deadline() <= now; ++count) {
    const auto [at, id] = world.board.due(now, 1).front();
    builder.execute({.incident = id, .command = IncidentCommand(Tick{at})});
  }
  if (world.registry->next_deadline() <= now) {
    builder.execute({.command = UnitCommand(TickSuspicions{})});
    ++count;
  }
  if (builder.empty()) return count;
  if (auto appended = impl_->ports.log.append(builder.seal()); !appended) {
    builder.rollback();
    if (appended.error().code != "store.full") return tl::unexpected(appended.error());
    return std::size_t{0};  // the clocks stay due, and the caller tries again later
  }
  impl_->show(builder.commit());
  return count;
}

IncidentId new_incident_id(Instant now, Random& random) {
  std::array<std::uint8_t, 10> entropy{};
  random.fill(entropy);
  return make_incident_id(to_millis(now), entropy);
}

}  // namespace tingan
