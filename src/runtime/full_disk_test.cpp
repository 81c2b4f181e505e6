// A full disk: what is urgent is written into the reserve, the rest is refused and changes nothing; and erasing waits
// while it is held.
#include <gtest/gtest.h>

#include "runtime/testing_acceptance.h"
#include "runtime/urgency.h"

namespace tingan {
namespace {

using namespace testing_acceptance;
using namespace std::chrono_literals;

// Gives up to so many steps; each lets the next append through.
class Reserve final : public DiskRoom {
 public:
  explicit Reserve(std::shared_ptr<MemoryDisk> disk) : disk_(std::move(disk)) {}
  Room room() const override { return !full_ ? Room::plenty : steps > 0 ? Room::reserve : Room::none; }
  bool give_up_some(Urgency urgency) override {
    full_ = true;
    if (urgency == Urgency::ordinary || steps == 0) return false;
    if (urgency == Urgency::clocks && steps <= most / 2) return false;
    --steps;
    disk_->full = false;
    return true;
  }
  void fill() { disk_->full = true; }
  void free() { disk_->full = full_ = false; }

  int most = 4;
  int steps = 4;

 private:
  std::shared_ptr<MemoryDisk> disk_;
  bool full_ = false;
};

struct FullDisk : HallNode {
  Reserve reserve{disk};

  FullDisk() : HallNode({PlanText{"plans/fire.yaml", file_text("plans/fire.yaml")}}) {
    core.reset();
    core = std::make_unique<EngineCore>(EnginePorts{*log, random, signer, sealer, &reserve});
    EXPECT_TRUE(core->recover());
  }
  Outcome as(const char* person, IncidentId incident, IncidentCommand command) {
    return run({.person = PersonId(person), .incident = incident, .command = std::move(command)});
  }
  Outcome declare(bool drill) {
    return as(
        "hall-director@hall-a", {},
        Declare{.id = new_incident_id(now, random), .unit = UnitId("hall-a"), .type = PlanId("fire"), .drill = drill});
  }
};

TEST(FullDisk, TakesADeclareAndItsAcknowledgementFromTheReserve) {
  FullDisk node;
  node.reserve.fill();
  const Outcome declared = node.declare(false);
  ASSERT_FALSE(declared.refused) << to_string(*declared.refused);
  ASSERT_FALSE(declared.incident->notices.empty());
  const NoticeState& notice = declared.incident->notices.front();
  node.reserve.fill();
  const Outcome seen = node.as(notice.person.str().c_str(), declared.incident->id, AcknowledgeNotice{notice.n});
  EXPECT_FALSE(seen.refused) << to_string(*seen.refused);
  EXPECT_EQ(node.reserve.steps, 2);
}

TEST(FullDisk, RefusesWhatCanWaitAndChangesNothing) {
  FullDisk node;
  node.reserve.fill();
  const auto before = node.core->view().last_gseq();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(node.declare(true).refused->code, "store.full") << "a drill can wait";
    EXPECT_EQ(node.take(order_id(1)).refused->code, "store.full") << "orders are taken on paper meanwhile";
  }
  EXPECT_EQ(node.core->view().last_gseq(), before);
  EXPECT_EQ(node.reserve.steps, 4) << "and draws nothing from the reserve";
  node.reserve.free();
  EXPECT_FALSE(node.declare(true).refused) << "it works again by itself";
}

TEST(FullDisk, InOneBatchTheUrgentGetsThroughAndTheRestIsRefused) {
  FullDisk node;
  node.reserve.fill();
  std::vector<std::string> codes(3);
  std::vector<Submission> batch;
  for (int i = 0; i < 3; ++i) {
    Declare command{.id = new_incident_id(node.now, node.random), .unit = UnitId("hall-a"), .type = PlanId("fire")};
    command.drill = i != 1;
    batch.push_back({.person = PersonId("hall-director@hall-a"), .command = IncidentCommand(command)});
    batch.back().done = [&codes, i](const Outcome& outcome) {
      codes[static_cast<std::size_t>(i)] = outcome.refused ? outcome.refused->code : "taken";
    };
  }
  ASSERT_TRUE(node.core->run(std::move(batch), node.now));
  EXPECT_EQ(codes, (std::vector<std::string>{"store.full", "taken", "store.full"}));
}

TEST(FullDisk, ClocksLeaveHalfOfTheReserveToPeople) {
  FullDisk node;
  const Outcome declared = node.declare(false);
  ASSERT_FALSE(declared.refused);
  for (int i = 0; i < 8 && node.core->next_deadline() != kNever; ++i) {
    node.reserve.fill();
    node.now = std::max(node.now, node.core->next_deadline());
    ASSERT_TRUE(node.core->tick(node.now));
  }
  EXPECT_EQ(node.reserve.steps, 2);
  node.reserve.fill();
  EXPECT_FALSE(node.declare(false).refused);
  node.reserve.steps = 0;
  node.reserve.fill();
  EXPECT_EQ(node.declare(false).refused->code, "store.full") << "used up: reading only";
}

TEST(FullDisk, ARefusalIsNeverTheAnswerOfItsKey) {
  FullDisk node;
  node.reserve.fill();
  const auto keyed = [&] {
    Declare command{.id = new_incident_id(node.now, node.random), .unit = UnitId("hall-a"), .type = PlanId("fire")};
    command.drill = true;
    Submission wish{.person = PersonId("hall-director@hall-a"), .command = IncidentCommand(command)};
    wish.key_scope = "who where";
    wish.key = "once";
    wish.render = [](const Outcome& outcome, const Registry&) {
      return Answer{outcome.refused ? 503 : 201, outcome.refused ? outcome.refused->code : "made"};
    };
    return node.run(std::move(wish));
  };
  EXPECT_EQ(keyed().answer.status, 503);
  node.reserve.free();
  EXPECT_EQ(keyed().answer.status, 201);
}

TEST(HeldErasures, WaitAndThenComeByThemselves) {
  HallNode node;
  node.core->hold_erasures(true);
  ASSERT_FALSE(node.take(order_id(1)).refused);
  ASSERT_FALSE(node.to_order(order_id(1), HandOrderBack{}).refused);
  const Instant due = node.order(order_id(1))->erase_at;
  node.now = due + 24h * 400;
  while (node.core->next_deadline() <= node.now) ASSERT_TRUE(node.core->tick(node.now));
  EXPECT_EQ(*node.core->tick(node.now), 0U) << "nothing stays due: the engine must not turn in circles";
  ASSERT_FALSE(node.to_order(order_id(1), ShowPerson{"x"}, "hall-director@hall-a").refused);
  node.boot();
  node.core->hold_erasures(true);
  EXPECT_GT(node.core->next_deadline(), node.now) << "and after a restart";
  EXPECT_FALSE(node.order(order_id(1))->erased);
  node.core->hold_erasures(false);
  ASSERT_TRUE(node.core->tick(node.now));
  EXPECT_TRUE(node.order(order_id(1))->erased);
}

}  // namespace
}  // namespace tingan
