// What ties incidents together: halls with the same trouble become one event, a chain starts its plan, and drill and
// real never mix.
#pragma once
#include <map>

#include "sim/checkers/checker.h"
#include "sim/checkers/escalations.h"

namespace tingan::sim {

class BondChecker final : public Checker {
 public:
  BondChecker(Verdict& verdict, FindPlan find_plan, DirectoryPtr directory)
      : Checker(verdict), find_plan_(std::move(find_plan)), directory_(std::move(directory)) {}

  void on_record(const StoredRecord& stored, const Record& record) override;
  void on_quiet(Instant now, EngineCore& core) override;

 private:
  struct Course {
    UnitId unit;
    PlanPtr plan;
    bool drill = false;
    bool parent_role = false;
    bool open = true;
    Instant declared{};
    IncidentId parent;
  };
  void declared(IncidentId id, const IncidentDeclared& event, Instant at);
  void tied(IncidentId a, IncidentId b, const char* how);
  UnitId above(UnitId unit) const;

  FindPlan find_plan_;
  DirectoryPtr directory_;
  std::map<IncidentId, Course> courses_;
  std::vector<IncidentId> wanted_;                          // must have joined a parent, by the time that all is quiet
  std::vector<std::pair<IncidentId, IncidentId>> chained_;  // cause, and what it said that it started
};

}  // namespace tingan::sim
