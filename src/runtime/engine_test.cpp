// The engine over the memory store: what is acknowledged is there after a crash, clocks are kept, several halls become
// one.
#include "runtime/engine.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/incident/evolve.h"
#include "runtime/bootstrap.h"
#include "store/memory/memory_event_log.h"
#include "store/memory/memory_key_store.h"

namespace tingan {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

class CountingRandom : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(++next_ * 167 >> 3);
  }

 private:
  std::uint64_t next_ = 0;
};

class NoSigner : public Signer {
 public:
  std::string sign(std::string_view) override { return std::string(64, 's'); }
  std::string public_key() const override { return std::string(32, 'p'); }
};

const Instant kStart = *parse_rfc3339("2026-11-23T10:00:00+08:00");

struct World {
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::shared_ptr<MemoryKeys> keys = std::make_shared<MemoryKeys>();
  CountingRandom random;
  NoSigner signer;
  MemoryKeyStore key_store{keys, random};
  Sealer sealer{key_store, random};
  std::unique_ptr<MemoryEventLog> log;
  std::unique_ptr<EngineCore> core;
  Instant now = kStart;

  World() {
    boot();
    publish();
  }

  void boot() {
    core.reset();
    log = std::make_unique<MemoryEventLog>(disk);
    core = std::make_unique<EngineCore>(EnginePorts{*log, random, signer, sealer});
    const auto recovered = core->recover();
    ASSERT_TRUE(recovered) << to_string(recovered.error());
  }

  void publish() {
    std::vector<PlanText> plans;
    for (const auto& entry : std::filesystem::directory_iterator("plans")) {
      if (entry.path().extension() == ".yaml") plans.push_back({entry.path().string(), read_file(entry.path())});
    }
    std::sort(plans.begin(), plans.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
    const auto published = publish_shipped(*core, sealer, read_file("org/demo.yaml"), "org/demo.yaml", plans, now);
    ASSERT_TRUE(published) << to_string(published.error());
  }

  Outcome act(const char* person, IncidentId incident, IncidentCommand command) {
    Outcome result;
    std::vector<Submission> batch(1);
    batch[0].person = PersonId(person);
    batch[0].incident = incident;
    batch[0].command = std::move(command);
    batch[0].done = [&result](Outcome outcome) { result = std::move(outcome); };
    EXPECT_TRUE(core->run(std::move(batch), now));
    return result;
  }

  Outcome declare(const char* person, const char* unit, const char* type, std::vector<FactSetting> facts = {},
                  bool drill = false) {
    Declare command{
        .id = new_incident_id(now, random), .unit = UnitId(unit), .type = PlanId(type), .facts = std::move(facts)};
    command.drill = drill;
    return act(person, IncidentId{}, command);
  }

  void pass(Duration length) {
    const Instant until = now + length;
    while (core->next_deadline() <= until) {
      now = std::max(now, core->next_deadline());
      ASSERT_TRUE(core->tick(now));
    }
    now = until;
  }

  IncidentPtr find(IncidentId id) { return core->view().find(id); }

  bool has_fired(IncidentId id, const char* escalation) {
    const IncidentPtr state = find(id);
    const int index = find_escalation(*state->plan, PartId(escalation));
    return state->escalations.at(static_cast<std::size_t>(index)).rounds > 0;
  }
};

FactSetting fact(const char* name, const char* value) { return {FactId(name), ValueId(value)}; }

std::string fact_value(const IncidentState& state, const char* name) {
  return state.facts.at(static_cast<std::size_t>(find_fact(*state.plan, FactId(name)))).value.str();
}

TEST(Engine, AnOutageEscalatesOnTimeAndSurvivesACrash) {
  World world;
  const Outcome declared = world.declare("hall-director@hall-a", "hall-a", "outage", {fact("cause", "system")});
  ASSERT_FALSE(declared.refused) << to_string(*declared.refused);
  const IncidentId id = declared.incident->id;
  EXPECT_FALSE(world.act("hall-director@hall-a", id, StateFacts{{fact("scope", "single")}, {}, false}).refused);
  world.pass(std::chrono::minutes{29});
  EXPECT_FALSE(world.has_fired(id, "half-hour"));
  world.boot();
  world.pass(std::chrono::minutes{1});
  EXPECT_TRUE(world.has_fired(id, "half-hour"));
  EXPECT_FALSE(world.has_fired(id, "one-hour"));
  const IncidentState before = *world.find(id);
  world.boot();
  EXPECT_EQ(before.notices, world.find(id)->notices);
  EXPECT_EQ(before.tellings, world.find(id)->tellings);
  EXPECT_EQ(before.steps, world.find(id)->steps);
  ASSERT_TRUE(world.core->snapshot(true));
  world.boot();
  EXPECT_EQ(before.steps, world.find(id)->steps);
  EXPECT_EQ(before.notices, world.find(id)->notices);
}

TEST(Engine, AClockWhoseTimeHadComeFiresBeforeALateCommand) {
  World world;
  const IncidentId id =
      world.declare("hall-director@hall-a", "hall-a", "outage", {fact("cause", "system")}).incident->id;
  EXPECT_FALSE(world.act("hall-director@hall-a", id, StateFacts{{fact("scope", "single")}, {}, false}).refused);
  world.now += std::chrono::minutes{45};  // the node was down: nobody has looked at the clocks
  world.boot();
  EXPECT_FALSE(world.act("hall-director@hall-a", id, StateFacts{{fact("restored", "true")}, {}, false}).refused);
  EXPECT_TRUE(world.has_fired(id, "half-hour"));
  EXPECT_FALSE(world.has_fired(id, "one-hour"));
}

TEST(Engine, TwoHallsBecomeOneEventAndADrillStaysOut) {
  World world;
  const IncidentId drill = world.declare("hall-director@hall-c", "hall-c", "outage", {}, true).incident->id;
  const IncidentId a = world.declare("hall-director@hall-a", "hall-a", "outage").incident->id;
  EXPECT_TRUE(world.find(a)->parent.none());
  world.pass(std::chrono::minutes{10});
  const Outcome second = world.declare("hall-director@hall-b", "hall-b", "outage");
  const IncidentPtr b = second.incident;
  ASSERT_FALSE(b->parent.none());
  EXPECT_EQ(fact_value(*b, "scope"), "multi");
  EXPECT_EQ(fact_value(*world.find(a), "scope"), "multi");
  EXPECT_EQ(world.find(a)->parent, b->parent);
  const IncidentPtr parent = world.find(b->parent);
  ASSERT_NE(parent, nullptr);
  EXPECT_EQ(parent->unit, UnitId("centre"));
  EXPECT_EQ(parent->children.size(), 2U);
  EXPECT_TRUE(world.find(drill)->parent.none());
  world.pass(std::chrono::hours{1});
  const Outcome late = world.declare("hall-director@hall-d", "hall-d", "outage");
  EXPECT_EQ(late.incident->parent, parent->id);
  EXPECT_FALSE(world.has_fired(a, "half-hour"));
}

TEST(Engine, AFullDiskRefusesChangesNothingAndRecovers) {
  World world;
  const IncidentId id = world.declare("hall-director@hall-a", "hall-a", "outage").incident->id;
  const IncidentState before = *world.find(id);
  world.disk->full = true;
  const Outcome refused = world.act("hall-director@hall-a", id, StateFacts{{fact("restored", "true")}, {}, false});
  ASSERT_TRUE(refused.refused);
  EXPECT_EQ(refused.refused->code, "store.full");
  EXPECT_EQ(*world.find(id), before);
  world.disk->full = false;
  EXPECT_FALSE(world.act("hall-director@hall-a", id, StateFacts{{fact("restored", "true")}, {}, false}).refused);
  EXPECT_EQ(fact_value(*world.find(id), "restored"), "true");
}

TEST(Engine, ASiegeThatTurnsToSmashingStartsTheRobberyPlanOnceAndAloud) {
  World world;
  const IncidentId siege = world.declare("guard@hall-a", "hall-a", "siege").incident->id;
  EXPECT_FALSE(world.act("guard@hall-a", siege, StateFacts{{fact("extreme_acts", "true")}, {}, false}).refused);
  ASSERT_EQ(world.find(siege)->chains.size(), 1U);
  const IncidentPtr robbery = world.find(world.find(siege)->chains[0].started);
  ASSERT_NE(robbery, nullptr);
  EXPECT_EQ(robbery->plan_id, PlanId("robbery"));
  EXPECT_FALSE(robbery->silent);
  EXPECT_EQ(robbery->caused_by, siege);
}

TEST(Engine, ARetractionWithinAMinuteTellsEveryoneAgain) {
  World world;
  const IncidentId id = world.declare("clerk@hall-a", "hall-a", "fire").incident->id;
  const std::size_t told = world.find(id)->notices.size();
  ASSERT_GT(told, 0U);
  std::set<PersonId> before;
  for (const NoticeState& notice : world.find(id)->notices) before.insert(notice.person);
  world.pass(std::chrono::seconds{30});
  EXPECT_FALSE(world.act("clerk@hall-a", id, RetractIncident{}).refused);
  EXPECT_EQ(world.find(id)->status, IncidentStatus::retracted);
  std::set<PersonId> again;
  for (std::size_t i = told; i < world.find(id)->notices.size(); ++i) again.insert(world.find(id)->notices[i].person);
  EXPECT_EQ(before, again);
  EXPECT_TRUE(world.act("clerk@hall-a", id, StateFacts{{fact("out", "true")}, {}, false}).refused);
  const IncidentId late = world.declare("clerk@hall-a", "hall-a", "fire").incident->id;
  world.pass(std::chrono::seconds{61});
  EXPECT_EQ(world.act("clerk@hall-a", late, RetractIncident{}).refused->code, "incident.retract-too-late");
}

TEST(Engine, ReplayingTheRecordsGivesTheStateAfterEveryStep) {
  World world;
  std::map<IncidentId, IncidentState> folded;
  world.core->on_commit([&](const Commit& commit) {
    for (const CommittedRecord& record : commit.records) {
      if (record.incident == nullptr) continue;
      auto [at, fresh] =
          folded.try_emplace(record.incident->id, blank_incident(record.incident->id, record.incident->plan));
      for (const AnyEvent& event : record.record->events) {
        evolve(at->second, std::get<IncidentEvent>(event), record.record->time.at, record.record->by);
      }
      EXPECT_EQ(at->second, *record.incident);
    }
  });
  const IncidentId a = world.declare("hall-director@hall-a", "hall-a", "outage").incident->id;
  world.pass(std::chrono::minutes{12});
  world.declare("hall-director@hall-b", "hall-b", "outage");
  world.pass(std::chrono::minutes{50});
  world.act("hall-director@hall-a", a, StateFacts{{fact("restored", "true")}, {}, false});
  world.declare("hall-director@hall-c", "hall-c", "robbery");
  world.pass(std::chrono::hours{3});
  EXPECT_GE(folded.size(), 4U);
}

}  // namespace
}  // namespace tingan
