// Notices: one a person and moment, numbered without a gap, sent once, told again once a round, never after its end;
// and in the end all of them end.
#pragma once
#include <map>
#include <set>

#include "sim/checkers/checker.h"

namespace tingan::sim {

class NoticeChecker final : public Checker {
 public:
  using Checker::Checker;
  void on_record(const StoredRecord& stored, const Record& record) override;
  void on_end(Instant now, EngineCore& core) override;

 private:
  struct Telling {
    int round = 0;
    bool ended = false;
    std::set<std::uint32_t> open;  // not acknowledged
  };
  struct Course {
    std::uint32_t next_notice = 1;
    std::map<std::uint32_t, Telling> tellings;
    std::set<std::uint32_t> sent;
    std::set<std::uint32_t> acknowledged;
  };
  void told(Course& course, const Told& event, std::set<PersonId>& now, std::uint64_t gseq);
  void told_again(Course& course, const ToldAgain& event, std::uint64_t gseq);
  void progressed(Course& course, const NoticeProgressed& event, std::uint64_t gseq);

  std::map<IncidentId, Course> courses_;
};

}  // namespace tingan::sim
