#include "runtime/outbox/outbox.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace tingan {
namespace {

constexpr std::size_t kLeavingAtOnce = 256;  // then commits and answers get a look
constexpr std::size_t kReportsAtOnce = 512;  // that the engine has not answered yet: people's commands go first
constexpr std::size_t kCommitsMax = 8192;    // waiting; beyond that they are found again in the state
constexpr Duration kLongestSleep{500};       // the wall clock may be set
constexpr Duration kCountsEvery{250};
constexpr Duration kPauseWhenFull{1000};  // the disk
constexpr Duration kEndedLately = std::chrono::hours{24};

struct SenderAnswer {
  ChannelId channel;
  std::uint64_t ticket = 0;
  SendResult result;
};

}  // namespace

struct Outbox::Impl : std::enable_shared_from_this<Outbox::Impl> {
  explicit Impl(OutboxPorts p)
      : ports(std::move(p)),
        core(ports.factory, [this](IncidentId id) { return ports.view.find(id); }, ports.random,
             {[this](OrderId id) { return ports.view.acceptance().order(id); }, ports.ledger}) {}

  void loop();
  void recover();
  void take_in(std::deque<Commit>& new_commits, std::deque<SenderAnswer>& new_answers);
  bool send_some();
  void report_some();
  void wait(std::unique_lock<std::mutex>& lock);
  void show_counts();
  void wake_up() { wake.notify_one(); }

  OutboxPorts ports;
  OutboxCore core;  // the thread's own
  std::atomic<bool> overrun{false};

  mutable std::mutex mutex;
  std::condition_variable wake;
  std::deque<Commit> commits;
  std::deque<SenderAnswer> answers;
  std::vector<outbox::Report> refused_reports;
  std::size_t reports_out = 0;
  bool paused = false;  // the disk is full: reports wait
  bool stopping = false;
  std::map<ChannelId, OutboxCore::Counts> shown;
  Instant shown_at{};
  std::thread thread;
};

// The state is the table: whatever it does not say was sent is looked at again. Ended incidents still have the news of
// their end to tell.
void Outbox::Impl::recover() {
  const Instant now = ports.wall_clock.now();
  const RegistryPtr registry = ports.view.registry();
  core.use(registry, now);
  for (const IncidentPtr& open : ports.view.open()) core.recover(*open, now);
  for (const Unit& unit : registry->directory().organisation().units) {
    for (const IncidentPtr& incident : ports.view.of_unit(unit.id)) {
      const bool ended = incident->status == IncidentStatus::closed || incident->status == IncidentStatus::retracted;
      if (ended && incident->ended_at + kEndedLately >= now) core.recover(*incident, now);
    }
  }
  core.recover_suspicions(now);
  core.recover_roster(now);
  for (const Unit& unit : registry->directory().organisation().units) {
    for (const OrderPtr& order : ports.view.acceptance().of_unit(unit.id)) core.recover_promise(*order, now);
  }
}

void Outbox::Impl::take_in(std::deque<Commit>& new_commits, std::deque<SenderAnswer>& new_answers) {
  const Instant now = ports.wall_clock.now();
  for (const SenderAnswer& answer : new_answers) core.result(answer.channel, answer.ticket, answer.result, now);
  for (const Commit& commit : new_commits) core.on_commit(commit, now);
  new_answers.clear();
  new_commits.clear();
}

// True: there may be more.
bool Outbox::Impl::send_some() {
  std::vector<OutboxCore::Outgoing> leaving = core.take(ports.wall_clock.now(), kLeavingAtOnce);
  for (OutboxCore::Outgoing& out : leaving) {
    const auto answered = [weak = weak_from_this(), channel = out.channel, ticket = out.ticket](SendResult result) {
      const auto self = weak.lock();
      if (self == nullptr) return;
      {
        const std::lock_guard lock(self->mutex);
        self->answers.push_back({channel, ticket, std::move(result)});
      }
      self->wake_up();
    };
    out.sender->send(out.notice, answered);
  }
  return leaving.size() == kLeavingAtOnce;
}

void Outbox::Impl::report_some() {
  std::size_t room = 0;
  std::vector<outbox::Report> back;
  {
    const std::lock_guard lock(mutex);
    back.swap(refused_reports);
    room = paused ? 0 : kReportsAtOnce - std::min(kReportsAtOnce, reports_out);
    paused = false;
  }
  const Instant now = ports.wall_clock.now();
  for (const outbox::Report& report : back) core.report_again(report, now + kPauseWhenFull);
  std::vector<outbox::Report> leaving = core.reports(now, room);
  if (leaving.empty()) return;
  {
    const std::lock_guard lock(mutex);
    reports_out += leaving.size();
  }
  for (outbox::Report& report : leaving) {
    Submission submission;
    submission.incident = report.incident;
    submission.command = IncidentCommand(report.command);
    submission.done = [weak = weak_from_this(), report = std::move(report)](const Outcome& outcome) {
      const auto self = weak.lock();
      if (self == nullptr) return;
      const std::lock_guard lock(self->mutex);
      --self->reports_out;
      if (outcome.refused && outcome.refused->code == "store.full") {
        self->refused_reports.push_back(report);
        self->paused = true;
      }
      self->wake_up();
    };
    ports.engine.submit(std::move(submission));
  }
}

void Outbox::Impl::wait(std::unique_lock<std::mutex>& lock) {
  const Instant now = ports.wall_clock.now();
  Instant next = core.next();
  // With no room for reports their turn comes when the engine has answered.
  if (next <= now && reports_out >= kReportsAtOnce) next = now + kLongestSleep;
  const Duration pause =
      next <= now ? Duration{1} : std::min(kLongestSleep, next == kNever ? kLongestSleep : next - now);
  wake.wait_for(lock, pause, [this] {
    return stopping || overrun || !commits.empty() || !answers.empty() || !refused_reports.empty();
  });
}

// Not in every round: there may be thousands of channels.
void Outbox::Impl::show_counts() {
  const Instant now = ports.wall_clock.now();
  if (now >= shown_at && now < shown_at + kCountsEvery) return;
  shown_at = now;
  auto counts = core.counts();
  const std::lock_guard lock(mutex);
  shown = std::move(counts);
}

void Outbox::Impl::loop() {
  recover();
  std::unique_lock lock(mutex);
  while (!stopping) {
    std::deque<Commit> new_commits;
    std::deque<SenderAnswer> new_answers;
    new_commits.swap(commits);
    new_answers.swap(answers);
    lock.unlock();
    take_in(new_commits, new_answers);
    if (overrun.exchange(false)) recover();
    const bool more = send_some();
    report_some();
    show_counts();
    lock.lock();
    if (!more) wait(lock);
  }
}

Outbox::Outbox(OutboxPorts ports) : impl_(std::make_shared<Impl>(std::move(ports))) {}
Outbox::~Outbox() { stop(); }

void Outbox::start() {
  impl_->thread = std::thread([impl = impl_.get()] { impl->loop(); });
}

void Outbox::stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->wake.notify_all();
  if (impl_->thread.joinable()) impl_->thread.join();
}

void Outbox::on_commit(const Commit& commit) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->stopping) return;
    if (impl_->commits.size() >= kCommitsMax) {
      impl_->commits.clear();
      impl_->overrun = true;
    }
    impl_->commits.push_back(commit);
  }
  impl_->wake_up();
}

std::map<ChannelId, OutboxCore::Counts> Outbox::counts() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->shown;
}

std::string Outbox::metrics() const {
  const auto by_channel = counts();
  std::string out;
  const auto family = [&](const char* name, const char* type, const char* help, const auto& value) {
    out += fmt::format("# HELP tingan_outbox_{0} {1}\n# TYPE tingan_outbox_{0} {2}\n", name, help, type);
    for (const auto& [id, counts] : by_channel) {
      out += fmt::format("tingan_outbox_{}{{channel=\"{}\"}} {}\n", name, id.str(), value(counts));
    }
  };
  using Counts = OutboxCore::Counts;
  family("queued_total", "counter", "Messages queued.", [](const Counts& c) { return c.queued; });
  family("sent_total", "counter", "Messages that the other side took.", [](const Counts& c) { return c.sent; });
  family("retried_total", "counter", "Tries after the first.", [](const Counts& c) { return c.retried; });
  family("dead_total", "counter", "Dead letters.", [](const Counts& c) { return c.dead; });
  family("moot_total", "counter", "Messages with nothing left to say when their turn came.",
         [](const Counts& c) { return c.moot; });
  family("waiting", "gauge", "Messages that wait.", [](const Counts& c) { return c.waiting; });
  family("in_flight", "gauge", "Messages on their way.", [](const Counts& c) { return c.in_flight; });
  family("broken", "gauge", "1: the entry is wrong or the other side is out of order.",
         [](const Counts& c) { return c.broken ? 1 : 0; });
  return out;
}

}  // namespace tingan
