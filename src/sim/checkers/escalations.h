// No escalation is lost, none early, none twice, and all in due order. What is expected is worked out here from the
// record of facts alone, in the words of docs/formats/plan.md: it fires when its time has come, `when` holds and
// `until` does not; once, or again every `repeat`; if `when` becomes true after `at`, at that moment. Shares no code
// with the program's own clocks.
#pragma once
#include <functional>
#include <map>
#include <set>

#include "sim/checkers/checker.h"

namespace tingan::sim {

using FindPlan = std::function<PlanPtr(PlanId, int version)>;

class EscalationChecker final : public Checker {
 public:
  EscalationChecker(Verdict& verdict, FindPlan find_plan) : Checker(verdict), find_plan_(std::move(find_plan)) {}

  void on_record(const StoredRecord& stored, const Record& record) override;
  void on_tick() override { last_in_tick_ = Instant::min(); }
  void on_commands() override { last_in_tick_.reset(); }
  void on_quiet(Instant now, EngineCore& core) override;
  std::size_t fired() const { return fired_; }
  std::size_t fired_late() const { return fired_late_; }

 private:
  struct Clock {
    bool running = false;
    Instant since{};  // running without a break from here on
    int rounds = 0;
    Instant last_due{};
  };
  struct Telling {
    std::vector<Reason> reasons;
    std::vector<std::uint32_t> notices;
    std::size_t need = 1;
  };
  struct Course {
    IncidentId id;
    PlanPtr plan;
    bool open = true;
    bool parent_role = false;
    Instant declared{};
    std::vector<ValueId> facts;
    std::vector<std::optional<Instant>> opened;  // by step: the first time
    std::vector<Clock> clocks;                   // by escalation
    std::vector<Telling> tellings;
    std::set<std::uint32_t> acknowledged;
  };

  struct Follower;
  bool wanted(const Course& course, const Escalation& escalation) const;
  bool has_been_acknowledged(const Course& course, const Escalation& escalation) const;
  // When it has to fire next; nothing: not as things stand.
  std::optional<Instant> planned(const Course& course, std::size_t index) const;
  std::optional<Instant> moment(const Course& course, std::size_t index) const;
  void look_again(Course& course, Instant at);
  void fired(Course& course, const EscalationFired& event, Instant at);
  std::string name(const Course& course, std::size_t index) const;

  FindPlan find_plan_;
  std::map<IncidentId, Course> courses_;
  std::optional<Instant> last_in_tick_;  // nothing: commands are being taken, each with its own incident's clocks
  std::size_t fired_ = 0;
  std::size_t fired_late_ = 0;
};

}  // namespace tingan::sim
