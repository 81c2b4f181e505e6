#include "sim/scenario/virtual_node.h"

#include "base/check.h"
#include "codec/business_yaml.h"
#include "runtime/node_identity.h"
#include "runtime/replay/replay_worker.h"

namespace tingan::scenario {
namespace {

// The world is made at this time; a scenario starts later.
const Instant kCreation = from_millis(946684800000);  // 2000-01-01
constexpr std::uint64_t kCreationSeed = 20000101;
constexpr std::size_t kClocksMax = 1000000;

constexpr std::uint64_t kOfficeSeed = 4100;

Expected<BusinessCatalogue> read_business(const std::vector<PlanText>& texts) {
  BusinessCatalogue out;
  for (const PlanText& text : texts) {
    auto type = parse_business_type(text.yaml, text.file);
    if (!type) return tl::unexpected(type.error().front());
    out[(*type)->id] = *type;
  }
  return out;
}

std::unique_ptr<Signer> make_signer(RehearsalRandom& random) {
  std::array<std::uint8_t, 32> seed{};
  random.fill(seed);
  return NodeIdentity::from_seed(seed);
}

}  // namespace

void RehearsalRandom::fill(std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size();) {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z ^= z >> 31;
    for (std::size_t k = 0; k < 8 && i < out.size(); ++k, ++i) out[i] = static_cast<std::uint8_t>(z >> (8 * k));
  }
}

Expected<std::shared_ptr<const Prepared>> Prepared::make(const Setting& setting) {
  auto business = read_business(setting.business);
  if (!business) return tl::unexpected(business.error());
  auto disk = std::make_shared<MemoryDisk>();
  auto keys = std::make_shared<MemoryKeys>();
  RehearsalRandom random(kCreationSeed);
  MemoryKeyStore key_store(keys, random);
  Sealer sealer(key_store, random);
  const std::unique_ptr<Signer> signer = make_signer(random);
  MemoryEventLog log(disk);
  EngineCore core(EnginePorts{log, random, *signer, sealer});
  if (auto recovered = core.recover(); !recovered) return tl::unexpected(recovered.error());
  auto published =
      publish_shipped(core, sealer, setting.organisation_yaml, setting.organisation_file, setting.plans, kCreation);
  if (!published) return tl::unexpected(published.error());
  auto prepared = std::make_shared<Prepared>();
  prepared->records_ = std::move(disk->records);
  prepared->batches_ = std::move(disk->batches);
  prepared->units_ = std::move(disk->units);
  prepared->keys_ = std::move(keys->keys);
  prepared->folded_ = {core.view().registry(), prepared->records_.size()};
  prepared->business_ = std::move(*business);
  return std::shared_ptr<const Prepared>(std::move(prepared));
}

VirtualNode::VirtualNode(Instant at, std::uint64_t seed)
    : now_(at), random_(seed), key_store_(keys_, random_), office_(seed ^ kOfficeSeed) {
  office_.advance(at);
}

Expected<std::unique_ptr<VirtualNode>> VirtualNode::start(const Prepared& prepared, Instant at, std::uint64_t seed) {
  if (at <= kCreation) {
    return fail("scenario.too-early", {"演练的开始时间须在 2000 年以后",
                                       "Expected a rehearsal to start after the year 2000, but it starts earlier"});
  }
  std::unique_ptr<VirtualNode> node(new VirtualNode(at, seed));
  node->disk_->records = prepared.records_;
  node->disk_->batches = prepared.batches_;
  node->disk_->units = prepared.units_;
  node->keys_->keys = prepared.keys_;
  node->folded_ = prepared.folded_;
  node->business_ = prepared.business_;
  node->signer_ = make_signer(node->random_);
  if (auto booted = node->boot(); !booted) return tl::unexpected(booted.error());
  return node;
}

Expected<void> VirtualNode::boot() {
  log_ = std::make_unique<MemoryEventLog>(disk_);
  core_ = std::make_unique<EngineCore>(EnginePorts{*log_, random_, *signer_, sealer_});
  if (auto recovered = core_->recover(&folded_); !recovered) return recovered;
  registry_ = core_->view().registry();
  core_->on_commit([this](const Commit& commit) { take(commit); });
  boot_replay();
  return {};
}

void VirtualNode::boot_replay() {
  tasks_.clear();
  submissions_.clear();
  ReplayDriver::Doors doors;
  doors.submit = [this](Submission submission) { submissions_.push_back(std::move(submission)); };
  doors.open = [this](const OrderState& order) { return open_for_entry(order, sealer_); };
  doors.seal = [this](OrderId id, const std::string& reason) { return sealer_.seal(order_key(id), reason); };
  doors.post = [this](std::function<void(Instant)> task) { tasks_.push_back(std::move(task)); };
  driver_ = std::make_unique<ReplayDriver>(core_->view().acceptance(), office_, std::move(doors));
  replay_at_ = now_;
}

OrderPtr VirtualNode::order(OrderId id) const {
  const auto found = orders_.find(id);
  return found == orders_.end() ? nullptr : found->second;
}

HallPtr VirtualNode::hall(UnitId unit) const {
  const auto found = halls_.find(unit);
  if (found != halls_.end()) return found->second;
  AcceptanceHall blank;
  blank.unit = unit;
  return std::make_shared<const AcceptanceHall>(std::move(blank));
}

std::vector<OrderPtr> VirtualNode::orders(UnitId unit) const {
  std::vector<OrderPtr> out;
  for (const auto& [id, order] : orders_) {
    if (order->unit == unit) out.push_back(order);
  }
  return out;
}

BusinessTypePtr VirtualNode::business(BusinessId id) const {
  const auto found = business_.find(id);
  return found == business_.end() ? nullptr : found->second;
}

IncidentPtr VirtualNode::find(IncidentId id) const {
  const auto found = incidents_.find(id);
  return found == incidents_.end() ? nullptr : found->second;
}

Expected<Sealed> VirtualNode::seal(IncidentId incident, const std::string& words) {
  return sealer_.seal("incident:" + to_string(incident), words);
}

void VirtualNode::take(const Commit& commit) {
  registry_ = commit.registry;
  for (const CommittedRecord& record : commit.records) {
    for (const OrderPtr& order : record.acceptance.orders) orders_[order->id] = order;
    if (record.acceptance.hall != nullptr) halls_[record.acceptance.hall->unit] = record.acceptance.hall;
    if (record.incident == nullptr) continue;
    incidents_[record.incident->id] = record.incident;
    for (const AnyEvent& event : record.record->events) {
      const auto* of_incident = std::get_if<IncidentEvent>(&event);
      const auto* told = of_incident == nullptr ? nullptr : std::get_if<Told>(of_incident);
      if (told == nullptr) continue;
      for (const NewNotice& notice : told->notices) undelivered_[record.incident->id].push_back(notice.n);
    }
  }
  if (listener_) listener_(commit);
}

// As if every message arrived at once.
Expected<void> VirtualNode::deliver() {
  while (!undelivered_.empty()) {
    std::vector<Submission> reports;
    for (auto& [incident, notices] : undelivered_) {
      for (const Rung rung : {Rung::sent, Rung::delivered}) {
        reports.push_back({.incident = incident,
                           .command = IncidentCommand(ReportDelivery{notices, rung, ChannelId("rehearsal"), {}})});
      }
    }
    undelivered_.clear();
    if (auto ran = core_->run(std::move(reports), now_); !ran) return ran;
  }
  return {};
}

Expected<Outcome> VirtualNode::act(Submission submission) {
  CHECK(is_up());
  Outcome result;
  submission.done = [&result](Outcome outcome) { result = std::move(outcome); };
  std::vector<Submission> batch;
  batch.push_back(std::move(submission));
  if (auto ran = core_->run(std::move(batch), now_); !ran) return tl::unexpected(ran.error());
  if (auto delivered = deliver(); !delivered) return tl::unexpected(delivered.error());
  return result;
}

// Everything that entering afterwards can do at this moment.
Expected<void> VirtualNode::replay() {
  while (is_up()) {
    office_.advance(now_);
    if (!submissions_.empty()) {
      std::vector<Submission> next;
      next.push_back(std::move(submissions_.front()));
      submissions_.pop_front();
      if (auto ran = core_->run(std::move(next), now_); !ran) return ran;
    } else if (!tasks_.empty()) {
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      task(now_);
    } else {
      replay_at_ = driver_->step(now_);
      if (submissions_.empty() && tasks_.empty()) return {};
    }
  }
  office_.advance(now_);
  return {};
}

Instant VirtualNode::next_moment() {
  if (!is_up()) return office_.next();
  const Instant replay = replay_at_ <= now_ ? now_ + Duration{1} : replay_at_;
  return std::min({core_->next_deadline(), office_.next(), replay});
}

Expected<void> VirtualNode::pass_until(Instant upto) {
  if (auto replayed = replay(); !replayed) return replayed;
  while (next_moment() <= upto) {
    now_ = std::max(now_, next_moment());
    if (++fired_ > kClocksMax) {
      return fail("scenario.no-end", {"演练太长：闹钟响了一百万次以上",
                                      "Expected a rehearsal to end, but over a million clocks have fired"});
    }
    if (is_up() && core_->next_deadline() <= now_) {
      const auto ticked = core_->tick(now_);
      if (!ticked) return tl::unexpected(ticked.error());
      if (auto delivered = deliver(); !delivered) return delivered;
    }
    if (auto replayed = replay(); !replayed) return replayed;
  }
  now_ = std::max(now_, upto);
  office_.advance(now_);
  return {};
}

void VirtualNode::crash() {
  office_.hang_up();
  driver_.reset();
  tasks_.clear();
  submissions_.clear();
  core_.reset();
  log_.reset();
  undelivered_.clear();
}

Expected<void> VirtualNode::come_back() {
  if (auto booted = boot(); !booted) return booted;
  return pass_until(now_);
}

}  // namespace tingan::scenario
