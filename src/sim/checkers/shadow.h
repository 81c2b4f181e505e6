// The state is the fold of the record, whatever road led to it: live, from a snapshot and the rest, or from the first
// record on; readers see nothing that is not durable; silence is kept as the plan has it.
#pragma once
#include <map>

#include "sim/checkers/checker.h"
#include "sim/checkers/escalations.h"

namespace tingan::sim {

class ShadowChecker final : public Checker {
 public:
  ShadowChecker(Verdict& verdict, FindPlan find_plan) : Checker(verdict), find_plan_(std::move(find_plan)) {}

  void on_record(const StoredRecord& stored, const Record& record) override;
  void on_quiet(Instant now, EngineCore& core) override;
  void on_boot(EngineCore& core) override;
  void on_end(Instant now, EngineCore& core) override;
  // A batch is about to be written: until it is there, readers see the world without it.
  void before_write(const Batch& batch, const View& view);

 private:
  struct Shadow {
    IncidentState state;
    std::uint64_t gseq = 0;
  };
  void compare(EngineCore& core, const char* when);
  void compare_one(EngineCore& core, const Shadow& shadow, const char* when);
  void check_silence(const Shadow& shadow);

  FindPlan find_plan_;
  std::map<IncidentId, Shadow> shadows_;
  std::vector<IncidentId> touched_;
  std::size_t quiet_ = 0;
  std::map<std::pair<PlanId, int>, std::string> published_;
};

}  // namespace tingan::sim
