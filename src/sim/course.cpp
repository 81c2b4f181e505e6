// The course from outside: how it is set up, what happens to the machine, how it heals and what is proven at the end.
#include "sim/course.h"

#include <algorithm>

#include "codec/record_json.h"
#include "runtime/log_verify.h"

namespace tingan::sim {
namespace {

constexpr Duration kMishapEvery = std::chrono::minutes{15};
constexpr std::uint64_t kSqliteEvery = 16;     // seeds
constexpr std::uint64_t kSignaturesEvery = 8;  // seeds: each takes longer than the rest of a course

}  // namespace

Course::Course(const NodeImage& image, const RunOptions& options, Duration healed_for)
    : image_(image),
      options_(options),
      healed_for_(healed_for),
      random_(options.seed),
      absorbed_(image.last_gseq),
      absorbed_hash_(image.batches.back().records.back().hash) {
  report_.seed = options.seed;
  report_.on_sqlite = options.seed % kSqliteEvery == 0;
  SeededRandom drawn = random_.fork("faults");
  faults_ = Faults::draw(drawn);
  keys_->keys = image.keys;
  disk_ = report_.on_sqlite ? sqlite_disk(image.batches) : memory_disk(image.batches);
  SimulatedNode::Parts parts{*disk_, faults_, random_, keys_, [this](const Batch& batch) {
                               if (node_->up() && node_->ready()) world_->before_write(batch);
                             }};
  parts.known = &image.folded;
  node_ = std::make_unique<SimulatedNode>(std::move(parts));
  courier_ = std::make_unique<Courier>(agenda_, faults_, random_.fork("network"),
                                       [this](std::shared_ptr<const Request> request) {
                                         if (!node_->up()) return false;
                                         inbox_.push_back({std::move(request), {}});
                                         return true;
                                       });
}

void Course::boot() {
  if (node_->up()) return;
  static const std::vector<int> scales = {1, 1, 2, 20};
  const int scale = random_.chance(faults_.rescale) ? random_.pick(scales) : 1;
  if (!node_->boot(machine(), scale)) {
    if (node_->failure()) return verdict_.fail("the node does not start: " + to_string(*node_->failure()));
    say("the power fails while it starts");
    agenda_.after(std::chrono::seconds{10}, [this] { boot(); });
    return;
  }
  ++report_.starts;
  say("the node runs; its clock shows {}, scale {}", format_rfc3339(node_->now(agenda_.now()), Zone{}), scale);
  absorb();
  for (const auto& checker : checkers_) checker->on_boot(node_->core());
  world_->up(node_->core());
  clocks_again_at_ = agenda_.now();
}

void Course::went_down(const char* how) {
  say("the node is down: {}", how);
  world_->down();
  for (const Arrival& arrival : inbox_) {
    if (arrival.request != nullptr) courier_->no_answer(arrival.request);
  }
  inbox_.clear();
  if (node_->failure()) return verdict_.fail("the store does not open: " + to_string(*node_->failure()));
  absorb();
  Duration down = random_.between(std::chrono::seconds{2}, std::chrono::minutes{3});
  if (random_.chance(faults_.long_down)) down = random_.between(std::chrono::minutes{10}, std::chrono::hours{4});
  if (random_.chance(faults_.wall_jump)) {
    const Duration jump = random_.between(Duration{0}, std::chrono::hours{3});
    wall_offset_ += random_.chance(500) ? jump : -jump;
    say("the wall clock jumps; it is off by {}", wall_offset_ / std::chrono::milliseconds{1});
  }
  agenda_.after(down, [this] { boot(); });
}

void Course::mishap() {
  if (healed_) return;
  agenda_.after(kMishapEvery, [this] { mishap(); });
  if (!node_->up()) return;
  if (random_.chance(faults_.power_cut)) {
    node_->cut_power();
    return went_down("power cut");
  }
  if (random_.chance(faults_.clean_stop)) {
    node_->stop();
    return went_down("stopped");
  }
  // Small pieces: a snapshot is spread over many of them, with commands in between.
  if (random_.chance(faults_.snapshot) && !node_->snapshot(1 + random_.below(3))) went_down("power cut in a snapshot");
}

void Course::act() {
  if (healed_) return;
  agenda_.after(random_.between(std::chrono::seconds{1}, std::chrono::minutes{5}), [this] { act(); });
  world_->act();
}

// Nothing fails any more.
void Course::heal() {
  healed_ = true;
  faults_ = Faults::none();
  say("healed");
  boot();
  world_->heal();
  process();
}

void Course::check_chains() {
  const auto identity = simulated_identity();
  if (options_.seed % kSignaturesEvery == 0) {
    const auto verified = verify_log(node_->durable(), {.public_key = identity->public_key()});
    if (!verified) return verdict_.fail("the log cannot be verified: " + to_string(verified.error()));
    if (!verified->sound()) verdict_.fail("the log does not verify: " + verified->bad->what.en);
    return;
  }
  ChainFollower follower;
  const auto records = node_->durable().read_after(0, absorbed_);
  if (!records) return verdict_.fail("the log cannot be read: " + to_string(records.error()));
  for (const StoredRecord& stored : *records) {
    const auto step = follower.follow(stored.bytes, stored.hash);
    if (step.bad) verdict_.fail(fmt::format("record {} breaks the chain: {}", stored.gseq, step.bad->what.en));
  }
}

void Course::finish() {
  if (courier_->waiting() > 0) {
    verdict_.fail(fmt::format("{} requests never got an answer, though nothing fails any more", courier_->waiting()));
  }
  const Instant now = node_->now(agenda_.now());
  for (const auto& checker : checkers_) checker->on_end(now, node_->core());
  world_->finish(report_);
  // Once more from the last snapshot, and once from the first record on: all roads lead to the same state.
  world_->down();
  node_->stop();
  boot();
  world_->down();
  node_->cut_power();
  if (auto dropped = node_->drop_snapshot(); !dropped) verdict_.fail(to_string(dropped.error()));
  boot();
  check_chains();
}

RunReport Course::run() {
  boot();
  agenda_.after(kMishapEvery, [this] { mishap(); });
  act();
  const Duration chaos = random_.between(std::chrono::minutes{30}, std::chrono::hours{2});
  while (!verdict_.failed() && step(chaos)) {
  }
  if (!verdict_.failed()) heal();
  while (!verdict_.failed() && step(chaos + healed_for_)) {
  }
  if (!verdict_.failed()) finish();
  report_.wrong = verdict_.what();
  report_.trace = to_hex(trace_);
  return report_;
}

}  // namespace tingan::sim
