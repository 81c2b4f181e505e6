// One group commit in the making: commands are executed against the speculative state, their records pile up.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/incident/draft.h"
#include "core/roster/duty.h"
#include "runtime/board.h"
#include "runtime/unit_decide.h"

namespace tingan {

// What the engine keeps between batches: the speculative world and where each log stands.
struct World {
  Board board;
  AcceptanceBoard acceptance;
  RegistryPtr registry = Registry::empty();
  std::unordered_map<UnitId, UnitHead> heads;
  std::uint64_t last_gseq = 0;
  HybridTime last_time;
  std::vector<std::uint64_t> unit_gseqs;  // records with unit events: what the registry is folded from
};

class BatchBuilder {
 public:
  BatchBuilder(World& world, EnginePorts& ports, Instant now);

  // Executes one command with all that follows from it; clocks of its incident that are due come first. Refused: but
  // for those the world is as before.
  Outcome execute(const Submission& submission);
  // The outcome is kept under its key.
  void keep_answer(const Submission& submission, const Answer& answer);

  bool empty() const { return batch_.records.empty() && batch_.answers.empty(); }
  // Signs and hands over; then commit() or rollback().
  const Batch& seal();
  Commit commit();
  void rollback();

 private:
  struct Task {
    FollowUp follow_up;
    Who who;
  };

  Outcome execute_incident(const Submission& submission, const IncidentCommand& command);
  Outcome execute_unit(const Submission& submission, const UnitCommand& command);
  Outcome execute_acceptance(const Submission& submission, const AcceptanceCommand& command);
  // Runs the tasks and what follows from them; the first one's refusal is returned, later ones may be refused in
  // silence (a child that has ended needs no word from its parent).
  std::optional<Error> run_tasks(std::deque<Task> tasks);
  bool is_overdue(const FollowUp& task) const;
  // Decides and appends; what follows from it is put behind `tasks`.
  std::optional<Error> perform(const Task& task, std::deque<Task>& tasks);
  Expected<Decision> decide_one(const FollowUp& task, const Who& who);
  void append(UnitId unit, IncidentId incident, const Actor& by, std::vector<AnyEvent> events,
              std::uint64_t prev_of_incident, IncidentPtr state);
  Expected<void> apply_unit_events(const UnitDecision& decision);
  void pass_on_from(const Leaver& leaver, const Directory& directory, std::deque<Task>& tasks) const;
  UnitId above(UnitId unit) const;
  Expected<Who> resolve(const Submission& submission) const;

  World& world_;
  EnginePorts& ports_;
  Instant now_;
  Batch batch_;
  std::vector<CommittedRecord> committed_;
  // To go back.
  RegistryPtr registry_before_;
  std::vector<std::pair<UnitId, std::optional<UnitHead>>> heads_before_;
  std::uint64_t gseq_before_;
  HybridTime time_before_;
  std::size_t unit_gseqs_before_;
};

}  // namespace tingan
