// For tests only: the real engine over the memory store with an outbox core behind it, all on one virtual clock. What
// leaves is kept; the test says what became of it.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/check.h"
#include "runtime/bootstrap.h"
#include "runtime/outbox/outbox_core.h"
#include "store/memory/memory_event_log.h"
#include "store/memory/memory_key_store.h"

namespace tingan::outbox::testing {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

class SeededRandom : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) {
      state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
      byte = static_cast<std::uint8_t>(state_ >> 56);
    }
  }

 private:
  std::uint64_t state_ = 7;
};

class NoSigner : public Signer {
 public:
  std::string sign(std::string_view) override { return std::string(64, 's'); }
  std::string public_key() const override { return std::string(32, 'p'); }
};

// What matters of a channel to the core; the sending itself is the test's.
class SilentSender : public Sender {
 public:
  explicit SilentSender(const ChannelConfig& config)
      : group_(config.kind != "webhook" && config.kind != "smtp"), mail_(config.kind == "smtp"), paced_(group_) {}
  std::vector<Pace> paces() const override {
    return paced_ ? std::vector<Pace>{{20, std::chrono::minutes{1}}} : std::vector<Pace>{};
  }
  bool speaks_to_group() const override { return group_; }
  bool reaches(const Recipient& to) const override { return !mail_ || !to.email.empty(); }
  void send(const OutgoingNotice&, Done) override { FAIL() << "the core sends nothing itself"; }

 private:
  bool group_;
  bool mail_;
  bool paced_;
};

inline SendResult ok() { return {.ok = true}; }
inline SendResult busy(bool whole_channel = false, std::optional<Duration> after = {}) {
  return {.recoverable = true, .whole_channel = whole_channel, .error = {"channel.busy", {}, {}}, .retry_after = after};
}
inline SendResult refused() { return {.error = {"channel.refused", {}, {}}}; }

class RememberedPromises : public PromiseLedger {
 public:
  bool has(const std::string& key) const override { return keys_.contains(key); }
  void add(const std::string& key) override { keys_.insert(key); }
  std::size_t size() const { return keys_.size(); }

 private:
  std::set<std::string> keys_;
};

struct OutboxWorld {
  RememberedPromises ledger;  // outlives crashes, as the file does
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::shared_ptr<MemoryKeys> keys = std::make_shared<MemoryKeys>();
  SeededRandom random;
  NoSigner signer;
  MemoryKeyStore key_store{keys, random};
  Sealer sealer{key_store, random};
  std::unique_ptr<MemoryEventLog> log;
  std::unique_ptr<EngineCore> core;
  std::unique_ptr<OutboxCore> outbox;
  Instant now = *parse_rfc3339("2026-11-23T10:00:00+08:00");

  // `channels`: the entries of the organisation file, as YAML lines below `channels:`.
  explicit OutboxWorld(const std::string& channels) {
    boot();
    std::vector<PlanText> plans;
    for (const char* type : {"complaint", "fire", "outage", "robbery"}) {
      const std::string file = fmt::format("plans/{}.yaml", type);
      plans.push_back({file, read_file(file)});
    }
    publish(channels, plans);
  }

  void publish(const std::string& channels, const std::vector<PlanText>& plans = {}) {
    std::string yaml = read_file("org/demo.yaml");
    const std::string none = "channels: []";
    const std::size_t at = yaml.find(none);
    CHECK(at != std::string::npos);
    if (!channels.empty()) yaml.replace(at, none.size(), "channels:\n" + channels);
    const auto published = publish_shipped(*core, sealer, yaml, "org/demo.yaml", plans, now);
    CHECK(published);
  }

  // A crash: what stands in the log is what is left.
  void boot() {
    outbox.reset();
    core.reset();
    log = std::make_unique<MemoryEventLog>(disk);
    core = std::make_unique<EngineCore>(EnginePorts{*log, random, signer, sealer});
    CHECK(core->recover());
    const View& view = core->view();
    outbox = std::make_unique<OutboxCore>(
        [](const ChannelConfig& config) -> Expected<std::unique_ptr<Sender>> {
          if (config.url.find("wrong") != std::string::npos) return fail("channel.bad-config", {"错", "Wrong"});
          return std::make_unique<SilentSender>(config);
        },
        [&view](IncidentId id) { return view.find(id); }, random,
        OutboxCore::Promises{[&view](OrderId id) { return view.acceptance().order(id); }, &ledger});
    outbox->use(view.registry(), now);
    for (const IncidentPtr& incident : every()) outbox->recover(*incident, now);
    outbox->recover_suspicions(now);
    for (const Unit& unit : view.registry()->directory().organisation().units) {
      for (const OrderPtr& order : view.acceptance().of_unit(unit.id)) outbox->recover_promise(*order, now);
    }
    core->on_commit([this](const Commit& commit) { outbox->on_commit(commit, now); });
  }

  std::vector<IncidentPtr> every() const {
    std::vector<IncidentPtr> out;
    for (const Unit& unit : core->view().registry()->directory().organisation().units) {
      for (const IncidentPtr& incident : core->view().of_unit(unit.id)) out.push_back(incident);
    }
    return out;
  }

  Outcome act(const char* person, IncidentId incident, IncidentCommand command) {
    Outcome result;
    std::vector<Submission> batch(1);
    if (person != nullptr) batch[0].person = PersonId(person);
    batch[0].incident = incident;
    batch[0].command = std::move(command);
    batch[0].done = [&result](Outcome outcome) { result = std::move(outcome); };
    CHECK(core->run(std::move(batch), now));
    return result;
  }

  IncidentId declare(const char* type, bool drill = false, const char* unit = "hall-a") {
    Declare command{.id = new_incident_id(now, random), .unit = UnitId(unit), .type = PlanId(type)};
    command.drill = drill;
    const Outcome outcome = act((std::string("hall-director@") + unit).c_str(), IncidentId{}, command);
    CHECK(!outcome.refused);
    return outcome.incident->id;
  }

  // Everything that leaves now.
  std::vector<OutboxCore::Outgoing> leaving(std::size_t most = 10'000) { return outbox->take(now, most); }
  void answer(const OutboxCore::Outgoing& out, const SendResult& result) {
    outbox->result(out.channel, out.ticket, result, now);
  }
  // Sends until nothing is ready, every answer the same.
  std::vector<OutboxCore::Outgoing> send_all(const SendResult& result = ok()) {
    std::vector<OutboxCore::Outgoing> all;
    for (auto some = leaving(); !some.empty(); some = leaving()) {
      for (const auto& out : some) answer(out, result);
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }
  void write_reports() {
    now += kReportHold;
    for (const Report& report : outbox->reports(now, 10'000)) {
      const Outcome outcome = act(nullptr, report.incident, report.command);
      CHECK(!outcome.refused);
    }
  }
  // Time passes with every clock of the incidents; nothing is sent.
  void pass(Duration length) {
    const Instant until = now + length;
    while (core->next_deadline() <= until) {
      now = std::max(now, core->next_deadline());
      CHECK(core->tick(now));
    }
    now = until;
  }

  IncidentPtr find(IncidentId id) const { return core->view().find(id); }
  const NoticeState* notice_of(IncidentId id, const char* person) const {
    const IncidentPtr state = find(id);
    for (const NoticeState& notice : state->notices) {
      if (notice.person == PersonId(person)) return &notice;
    }
    return nullptr;
  }
};

inline std::string channel(const std::string& id, const std::string& rest) {
  return "  - {id: " + id + ", " + rest + "}\n";
}

}  // namespace tingan::outbox::testing
