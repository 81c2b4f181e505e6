// For tests of emergency acceptance: a node's engine over the memory store, which can crash at any moment.
#pragma once
#include <gtest/gtest.h>

#include <deque>
#include <fstream>
#include <sstream>

#include "core/acceptance/testing.h"
#include "runtime/bootstrap.h"
#include "runtime/replay/replay_worker.h"
#include "store/memory/memory_event_log.h"
#include "store/memory/memory_key_store.h"

namespace tingan::testing_acceptance {

inline std::string file_text(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

class CountedRandom : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(++next_ * 167 >> 3);
  }

 private:
  std::uint64_t next_ = 0;
};

class PlainSigner : public Signer {
 public:
  std::string sign(std::string_view) override { return std::string(64, 's'); }
  std::string public_key() const override { return std::string(32, 'p'); }
};

struct HallNode {
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::shared_ptr<MemoryKeys> keys = std::make_shared<MemoryKeys>();
  CountedRandom random;
  PlainSigner signer;
  MemoryKeyStore key_store{keys, random};
  Sealer sealer{key_store, random};
  std::unique_ptr<MemoryEventLog> log;
  std::unique_ptr<EngineCore> core;
  BusinessTypePtr type = std::make_shared<const BusinessType>(Desk::bill_payment());
  Instant now = *parse_rfc3339("2026-11-23T10:00:00+08:00");

  explicit HallNode(const std::vector<PlanText>& plans = {}) {
    boot();
    const auto published = publish_shipped(*core, sealer, file_text("org/demo.yaml"), "org/demo.yaml", plans, now);
    EXPECT_TRUE(published) << to_string(published.error());
    known_ = {core->view().registry(), core->view().last_gseq()};
  }
  void boot() {
    core.reset();
    log = std::make_unique<MemoryEventLog>(disk);
    core = std::make_unique<EngineCore>(EnginePorts{*log, random, signer, sealer});
    const auto recovered = core->recover(known_.registry == nullptr ? nullptr : &known_);
    EXPECT_TRUE(recovered) << to_string(recovered.error());
  }
  Outcome run(Submission submission) {
    Outcome result;
    std::vector<Submission> batch;
    auto inner = std::move(submission.done);
    submission.done = [&](Outcome outcome) {
      result = outcome;
      if (inner) inner(std::move(outcome));
    };
    batch.push_back(std::move(submission));
    EXPECT_TRUE(core->run(std::move(batch), now));
    return result;
  }
  Outcome to_order(OrderId id, OrderCommand command, const char* person = nullptr) {
    return run({.person = person == nullptr ? PersonId() : PersonId(person),
                .unit = UnitId("hall-a"),
                .order = id,
                .command = AcceptanceCommand(std::move(command))});
  }
  Outcome to_hall(HallCommand command, const char* person = nullptr) {
    return run({.person = person == nullptr ? PersonId() : PersonId(person),
                .unit = UnitId("hall-a"),
                .command = AcceptanceCommand(std::move(command))});
  }
  Outcome take(OrderId id, const char* person = nullptr, IncidentId incident = {}) {
    TakeOrder command{.business = type};
    command.incident = incident;
    command.personal = *sealer.seal(order_key(id), R"({"name":"张三","mobile":"13812345678"})");
    return to_order(id, command, person);
  }
  OrderPtr order(OrderId id) const { return core->view().acceptance().order(id); }
  HallPtr hall() const { return core->view().acceptance().hall(UnitId("hall-a")); }

 private:
  FoldedRegistry known_;
};

inline OrderId order_id(std::uint32_t n) {
  OrderId id;
  for (std::size_t i = 0; i < 4; ++i) id.bytes[i] = static_cast<std::uint8_t>(n >> (8 * (3 - i)));
  id.bytes[15] = 1;
  return id;
}

}  // namespace tingan::testing_acceptance
